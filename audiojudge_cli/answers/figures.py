"""Figures over many answers, with intervals, and how far they spread over templates."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from audiojudge_cli.answers.metrics import BOUNDS, RATES, MetricName
from audiojudge_cli.answers.scoring import Scored

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric over some answers.

    Attributes:
        value: Errors over words for error rates, the mean otherwise; None without any.
        low: Lower end of the 95 % interval; None with fewer than two questions.
        high: Upper end.
        rows: Answers behind it.
        failed: Answers without a value; they are not in the figure.
    """

    value: float | None
    low: float | None
    high: float | None
    rows: int
    failed: int


@dataclass(frozen=True, slots=True)
class Template:
    """The figure under one instruction template."""

    name: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Spread:
    """How far the figures of the templates lie apart.

    Attributes:
        templates: Number of templates with a figure.
        mean: Of their figures.
        low: The lowest.
        high: The highest.
        sd: Standard deviation over the templates (n - 1).
        same: Whether all templates were asked the same questions.
    """

    templates: int
    mean: float
    low: float
    high: float
    sd: float
    same: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A metric of one model on one set of questions.

    Attributes:
        model: As in the rows; empty where they name none.
        task: Short name.
        dataset: As in the rows; empty where they name none.
        metric: The metric.
        figure: Over all rows; the questions are drawn as a whole, with their answers under all templates.
        templates: By name; empty where rows name none.
        spread: None with fewer than two templates that have a figure.
    """

    model: str
    task: str
    dataset: str
    metric: MetricName
    figure: Figure
    templates: tuple[Template, ...] = ()
    spread: Spread | None = None


def groups_of(scored: Sequence[Scored]) -> list[Group]:
    """Return the figures by task, data set, metric and model, in the order in which they first occur."""
    found: dict[tuple[str, str, str, MetricName], list[Scored]] = {}
    for one in scored:
        found.setdefault((one.task, one.answer.dataset, one.answer.model, one.metric), []).append(one)
    groups = []
    for (task, dataset, model, metric), rows in found.items():
        by_template: dict[str, list[Scored]] = {}
        for one in rows:
            by_template.setdefault(one.answer.template, []).append(one)
        templates: tuple[Template, ...] = ()
        if set(by_template) != {""}:
            templates = tuple(Template(name, figure_of(some, metric)) for name, some in by_template.items())
        groups.append(
            Group(model, task, dataset, metric, figure_of(rows, metric), templates, _spread(templates, by_template))
        )
    return groups


def figure_of(rows: Sequence[Scored], metric: MetricName) -> Figure:
    """Return a metric over answers; the order of the rows does not change it."""
    import numpy as np

    from audiojudge_cli.stats.estimators import ratio

    good = [(one.answer.id, one.value) for one in rows if one.value is not None]
    numbers: dict[str, int] = {}
    clusters = np.array([numbers.setdefault(name, len(numbers)) for name, _ in good], dtype=np.int64)
    tops = np.array([value.top for _, value in good], dtype=np.float64)
    bottoms = np.array([value.bottom for _, value in good], dtype=np.float64)
    # Only 0 and 1 are shares of cases, whose interval must not close where all agree.
    share = metric == "exact"
    bounds = BOUNDS.get(metric)
    if bounds is None:  # an error rate has no end of its own; that of many rows is at most the worst of them
        bounds = (0.0, float((tops / bottoms).max(initial=0.0)))
    found = ratio(tops, bottoms, clusters, share=share, bounds=bounds)
    ends = found.interval(LEVEL)
    low, high = (None, None) if ends is None else ends
    return Figure(_rounded(found.value), _rounded(low), _rounded(high), len(good), len(rows) - len(good))


def lower_is_better(metric: MetricName) -> bool:
    """Return whether a metric counts errors."""
    return metric in RATES


def _spread(templates: Sequence[Template], rows: dict[str, list[Scored]]) -> Spread | None:
    values = [one.figure.value for one in templates if one.figure.value is not None]
    if len(values) < 2:
        return None
    asked = [sorted(one.answer.id for one in some if one.value is not None) for some in rows.values()]
    mean, deviation = statistics.fmean(values), statistics.stdev(values)
    same = all(each == asked[0] for each in asked)
    return Spread(len(values), round(mean, 4), min(values), max(values), round(deviation, 4), same)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
