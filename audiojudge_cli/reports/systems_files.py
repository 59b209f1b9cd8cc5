"""Systems of one run against each other, as Markdown and as JSON data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from audiojudge_cli.gates.compare import Change
from audiojudge_cli.gates.systems import Answer, Duel, Lone, Systems
from audiojudge_cli.reports.diff_lines import label
from audiojudge_cli.reports.markdown import page, table, text
from audiojudge_cli.reports.systems_lines import (
    ahead,
    correction,
    figures_of,
    headline,
    remarks,
    repeats,
    thing,
)
from audiojudge_cli.reports.tables import number

SCHEMA = "audiojudge.systems/1"
_LINE = 300
"""Columns of a remark: the sentence on the correction is longer than a caption."""


def systems_markdown(found: Systems) -> str:
    """Return a page for a pull request."""
    head, *rows = repeats(found)
    lines = ["## audiojudge diff", "", text(headline(found), columns=_LINE), ""]
    lines += table(tuple(map(text, head)), [tuple(map(text, row)) for row in rows], right=(1, 2, 3))
    for remark in (*remarks(found), *found.notes):
        lines += ["", f"{text(remark, columns=_LINE)}."]
    for duel in found.duels:
        lines += _duel(duel, found, alone=len(found.duels) == 1)
    return page([*lines, "", f"{text(correction(found), columns=2 * _LINE)}."])


def _duel(duel: Duel, found: Systems, *, alone: bool) -> Iterator[str]:
    one, other = text(duel.first), text(duel.second)
    yield from ("", f"### {one} and {other}", "")
    head = ("figure", one, other, "change", "95 % interval", "p", f"{thing(found)}s")
    yield from table(head, [_row(change) for change in duel.changes], right=(1, 2, 3, 5, 6))
    if any(duel.ahead) or duel.even:
        yield from ("", f"{text(ahead(duel, thing(found)), columns=_LINE)}.")
    if alone:
        yield from _answers(f"{other} is ahead most", (one, other), duel.best_of_second, thing(found))
        yield from _answers(f"{one} is ahead most", (one, other), duel.best_of_first, thing(found))
        for name, lone in ((one, duel.only_first), (other, duel.only_second)):
            if lone.count:
                yield from ("", f"**{lone.count} of {name} alone:** {'; '.join(map(text, lone.prompts))}")


def _row(change: Change) -> tuple[str, ...]:
    old, new, moved, *rest = figures_of(change)
    return (text(label(change)), old, new, f"**{moved}**" if change.surely else moved, *rest)


def _answers(title: str, names: tuple[str, str], answers: Sequence[Answer], what: str) -> list[str]:
    if not answers:
        return []
    rows = [
        (text(one.prompt), number(one.first), number(one.second), number(one.second - one.first, signed=True))
        for one in answers
    ]
    return ["", f"#### {title}", "", *table((what, *names, "change"), rows, right=(1, 2, 3))]


def systems_data(found: Systems) -> dict[str, Any]:
    """Return the comparison as JSON data; docs/systems.md documents every field."""
    return {
        "schema": SCHEMA,
        "run": found.folder,
        "by": found.by,
        "pair_by": found.pair_by,
        "judge": {"name": found.judge.name, "fingerprint": found.judge.fingerprint},
        "systems": [
            {"name": one.name, "clips": one.clips, "prompts": one.prompts, "repeated": one.repeated}
            for one in found.systems
        ],
        "pairs": [_duel_data(duel) for duel in found.duels],
        "comparisons": {"judged": found.judged, "measured": found.measured},
        "notes": list(found.notes),
    }


def _duel_data(duel: Duel) -> dict[str, Any]:
    return {
        "first": duel.first,
        "second": duel.second,
        "prompts": duel.prompts,
        "ahead": {"first": duel.ahead[0], "second": duel.ahead[1], "even": duel.even},
        "changes": [_change_data(change) for change in duel.changes],
        "best_of_first": [_answer_data(one) for one in duel.best_of_first],
        "best_of_second": [_answer_data(one) for one in duel.best_of_second],
        "only_first": _lone_data(duel.only_first),
        "only_second": _lone_data(duel.only_second),
        "other_rubric": duel.other_rubric,
        "unscored": {"first": duel.unscored[0], "second": duel.unscored[1]},
    }


def _change_data(change: Change) -> dict[str, Any]:
    numbers = {"first": change.old, "second": change.new}
    numbers |= {"change": change.change}
    ends = {"low": change.low, "high": change.high, "p_value": change.p_value}
    return {
        "kind": change.kind,
        "name": change.name,
        **{name: None if value is None else round(value, 6) for name, value in (numbers | ends).items()},
        "no_interval": change.no_interval,
        "prompts": change.pairs,
        "captions": change.captions,
    }


def _answer_data(one: Answer) -> dict[str, Any]:
    return {
        "prompt": one.prompt,
        "first": round(one.first, 6),
        "second": round(one.second, 6),
        "change": round(one.second - one.first, 6),
        "clips": {"first": one.clips[0], "second": one.clips[1]},
    }


def _lone_data(lone: Lone) -> dict[str, Any]:
    return {"count": lone.count, "prompts": list(lone.prompts)}
