"""Everything that is fitted on labelled sets together: statistics of ordinary clips, curves, the decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from fitting import Example, fit_curves
from observe import LabelledSet, Observed, Row, ordinary_over
from scipy.optimize import minimize

from audiojudge_cli.judges.embedded.calibration import (
    Calibration,
    Curve,
    default_path,
    load_calibration,
    music_path,
    numbers_path,
    traits_path,
)
from audiojudge_cli.judges.embedded.heads import Heads
from audiojudge_cli.judges.embedded.judge import probability
from audiojudge_cli.probes.ordinary import Ordinary
from audiojudge_cli.results.rule import Calibrated

NO_OPINION = Curve((), (), (), (), 0.0)
"""For kinds that neither labelled sets nor generated clips have taught."""

DECISION_RIDGE = 0.01
"""Per row, on the weights of the decision."""


HAND_FLOOR = 0.2
"""A curve that nothing has tested is never surer than this."""


def _by_hand(features: Mapping[str, tuple[float, float, float]], bias: float, why: str) -> Curve:
    names = tuple(sorted(features))
    means, scales, weights = zip(*(features[name] for name in names), strict=True)
    return Curve(names, means, scales, weights, bias, floor=HAND_FLOOR, fitted=f"set by hand: {why}")


BY_HAND: Mapping[str, Curve] = {
    "event.guess": _by_hand(
        {"main_likeness": (-1.0, 3.3, 1.6), "rank": (-2.2, 2.2, 0.7)},
        0.0,
        "a little flatter than `event`, weighed by likeness; one guess in five is wrong",
    ),
    "duration": _by_hand({"match": (0.0, 1.0, 3.0)}, 4.0, "10 % off is .73, 20 % off .2"),
    "pitch.medium": _by_hand(
        {"centred": (0.0, 1.0, 8.0)}, 1.8, "within a third of an octave of the usual is likelier than not"
    ),
    "passing": _by_hand({"swell": (3.0, 6.0, 1.5)}, 0.0, "what passes is louder in the middle than at either end"),
    "alone": _by_hand(
        {"beneath": (0.5, 2.6, 1.9), "others": (-1.9, 0.5, 1.1)},
        -0.2,
        "of 194 pieces of FluidR3, half of them of one instrument, heads trained without it tell .84 (AUC .91)",
    ),
    "singer": _by_hand(
        {"tag": (0.0, 1.0, 1.5)},
        0.0,
        "tags of women's and men's voices stand a spread apart where one of them sings",
    ),
    "rate.moderate": _by_hand({"centred": (0.0, 1.0, 5.0)}, 2.0, "2.1 to 3.7 words per second"),
    "tempo.moderate": _by_hand({"centred": (0.0, 1.0, 5.0)}, 1.8, "80 to 135 BPM"),
}
"""Of kinds with few labelled items or none: all numbers are conventions, so none is surer than `HAND_FLOOR`."""


UNSURE: Mapping[str, float] = {"mood": 0.25, "arousal": 0.25, "near": 0.15, "whisper": 0.15}
"""Least floors of kinds that a set left out was right on in fewer than three of four items, or that rest on a dozen."""


class Defaulting(dict[str, Curve]):
    """Curves by kind, with no opinion about unknown kinds."""

    def __missing__(self, key: str) -> Curve:
        """Return the curve without an opinion."""
        return NO_OPINION


@dataclass(frozen=True)
class Fitted:
    """What some sets teach.

    Attributes:
        ordinary: Statistics of their clips.
        calibration: Curves by kind.
        rule: The decision.
    """

    ordinary: Ordinary
    calibration: Calibration
    rule: Calibrated


def fit(sets: Sequence[LabelledSet], heads: Heads, *, note: str = "") -> Fitted:
    """Return what these sets teach.

    The decision is fitted on answers by curves that have not seen the set of the clip (with a single set: that have).
    """
    ordinary = ordinary_over(sets)
    rows = {one.name: one.rows(ordinary, heads) for one in sets}
    curves = _curves([row for found in rows.values() for row in found], note)
    answers, matches = [], []
    for name, found in rows.items():
        others = [row for other, theirs in rows.items() if other != name for row in theirs]
        held_out = _curves(others, "") if others else curves
        for row in found:
            for items in (row.gold, row.own):  # the decision meets both: rubrics written with care, and ours
                if ps := p_items(items, held_out):
                    answers.append(ps)
                    matches.append(row.match)
    rule = fit_rule(answers, matches, f"{len(matches)} captions of {len(rows)} sets; {note}" if note else "")
    return Fitted(ordinary, curves, rule)


def generated_curves() -> dict[str, Curve]:
    """Return the curves fitted on generated clips: priors of the kinds they know."""
    paths = (traits_path(), music_path(), numbers_path())
    return {kind: curve for path in paths for kind, curve in load_calibration(path).curves.items()}


def words_curves() -> dict[str, Curve]:
    """Return the curves of spoken sentences, of which gold rubrics teach too little: `fit_words.py` fits them."""
    return {kind: load_calibration(default_path()).curves[kind] for kind in ("words.many", "words.characters")}


def _curves(rows: Iterable[Row], note: str) -> Calibration:
    known = {**BY_HAND, **generated_curves()}
    told = [one for found in examples(rows) for one in (found, *_mirrored(found))]
    fitted = fit_curves(told, known, note=note)
    unsure = {
        kind: replace(fitted[kind], floor=max(floor, fitted[kind].floor))
        for kind, floor in UNSURE.items()
        if kind in fitted
    }
    return Calibration(Defaulting({**known, **fitted, **unsure, **words_curves()}))


def examples(rows: Iterable[Row]) -> list[Example]:
    """Return what the gold items of these rows teach."""
    found: dict[tuple[str, str, str], Example] = {}
    for row in rows:
        for seen in row.gold:
            if seen.reading is None or seen.gold is None:
                continue
            holds = seen.gold != seen.negated
            key = (row.audio, seen.reading.kind, seen.item.question)
            found[key] = Example(seen.reading.kind, seen.reading.features, holds, row.audio, row.source)
            for kind, features in seen.reading.given.items():
                # What must hold first holds wherever the item itself does.
                if holds:
                    found[row.audio, kind, "given"] = Example(kind, features, True, row.audio, row.source)
    return list(found.values())


def _mirrored(one: Example) -> list[Example]:
    """Return what an item about the other sex would teach: a voice that is no man's is a woman's, and as sure."""
    if one.kind != "sex":
        return []
    return [replace(one, features={name: -value for name, value in one.features.items()}, holds=not one.holds)]


def p_items(seen: Iterable[Observed], calibration: Calibration) -> list[float]:
    """Return p_yes of the verified items."""
    found = []
    for one in seen:
        if one.reading is not None:
            p = probability(one.reading, calibration)
            found.append(1.0 - p if one.negated else p)
    return found


def values(rows: Sequence[Row], pick: Callable[[Row], Sequence[Observed]], fitted: Fitted) -> np.ndarray:
    """Return the decision value of each row, NaN where nothing was verified."""
    decided = [fitted.rule.decide(p_items(pick(row), fitted.calibration)).value for row in rows]
    return np.array([np.nan if value is None else value for value in decided])


def fit_rule(answers: Sequence[Sequence[float]], matches: Sequence[bool], note: str = "") -> Calibrated:
    """Return the decision that fits these clips: logistic regression on what `Calibrated` looks at.

    Weights of the mean and of the lowest are kept at zero or above, so that no answer ever counts against itself.
    Right and wrong captions weigh the same.
    """
    looks = np.array([[1.0, *Calibrated.features(ps)] for ps in answers])
    truth = np.array(matches, dtype=float)
    weight = np.where(truth > 0, 0.5 / truth.mean(), 0.5 / (1.0 - truth.mean())) / len(truth)
    ridge = np.array([0.0] + [DECISION_RIDGE] * (looks.shape[1] - 1))

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        logits = looks @ theta
        nll = float(weight @ (np.logaddexp(0.0, logits) - truth * logits))
        slope = looks.T @ (weight * (1.0 / (1.0 + np.exp(-logits)) - truth))
        return nll + 0.5 * float(ridge @ theta**2), slope + ridge * theta

    bounds = [(None, None), (0.0, None), (0.0, None), (0.0, None)]
    found = minimize(loss, np.array([1.0, 1.0, 1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=bounds).x
    bias, mean_odds, min_log, count_log = (float(round(value, 3)) for value in found)
    return Calibrated(bias, mean_odds, min_log, count_log, fitted=note)
