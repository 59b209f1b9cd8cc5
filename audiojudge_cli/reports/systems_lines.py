"""Systems of one run against each other, as lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from audiojudge_cli.gates.compare import Change
from audiojudge_cli.gates.prompted import CAPTION
from audiojudge_cli.gates.systems import Answer, Duel, Lone, Systems
from audiojudge_cli.reports.diff_lines import ends, label
from audiojudge_cli.reports.tables import aligned, cell, number, p_value
from audiojudge_cli.results.terminal import Screen
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.terminal import safe_line

_NAME = 24
"""Columns for the name of a system: two of them stand beside five numbers."""


def systems_lines(found: Systems, screen: Screen) -> list[str]:
    """Return who the systems are, how they compare, where they differ most, and what could not be paired."""
    parts = [_who(found), [safe_line(note) for note in found.notes]]
    if len(found.duels) == 1:
        parts += _duel(found.duels[0], found, screen)
    else:
        parts += [_pairs(found, name, screen) for name in figures(found)]
        parts.append([ahead(duel, thing(found)) for duel in found.duels])
    parts.append([correction(found)])
    if len(found.duels) > 1:
        parts.append(["name two with --systems to see subsets, dimensions and captions"])
    lines: list[str] = []
    for part in parts:
        lines += ["", *part] if lines and part else part
    return lines


def headline(found: Systems) -> str:
    """Return what is compared."""
    pairing = "caption" if found.pair_by == CAPTION else found.pair_by
    what = f"{len(found.systems)} systems by {found.by}, paired by {pairing}"
    common = f": {counted(found.duels[0].prompts, f'common {thing(found)}')}" if len(found.duels) == 1 else ""
    return safe_line(f"{found.folder}: {what}{common}")


def thing(found: Systems) -> str:
    """Return what prompts are called."""
    return "caption" if found.pair_by == CAPTION else "prompt"


def figures(found: Systems) -> list[str]:
    """Return the names of all rows, in order."""
    return list(dict.fromkeys(label(change) for duel in found.duels for change in duel.changes))


def correction(found: Systems) -> str:
    """Return in words what the p-values are, and over how many comparisons they are corrected."""
    parts = [f"{counted(number, 'comparison')} of {what}" for number, what in _families(found) if number]
    return (
        f"p: sign-flip test over {thing(found)}s that two systems are alike, corrected for many comparisons "
        f"(Holm, {' and '.join(parts)}); intervals are not corrected"
    )


def ahead(duel: Duel, what: str) -> str:
    """Return who has the higher score how often."""
    one, other = (safe_line(name) for name in (duel.first, duel.second))
    more, less, even = counted(duel.ahead[1], what), duel.ahead[0], duel.even
    return f"{other} scores higher on {more}, {one} on {less}, both the same on {even}"


def repeats(found: Systems) -> list[tuple[str, ...]]:
    """Return a table of the systems, a head first."""
    what = f"{thing(found)}s"
    head = (safe_line(found.by), "clips", what, "more than once")
    rows = [(cell(one.name, _NAME, middle=True), one.clips, one.prompts, one.repeated) for one in found.systems]
    return [head, *((name, *map(str, numbers)) for name, *numbers in rows)]


def remarks(found: Systems) -> list[str]:
    """Return what was averaged, and what has no partner, in words."""
    what = thing(found)
    lines = [f"clips of one system for one {what} are averaged"] if any(one.repeated for one in found.systems) else []
    for duel in found.duels:
        names = (safe_line(duel.first), safe_line(duel.second))
        both = "" if len(found.duels) == 1 else f"{names[0]} and {names[1]}: "
        if duel.other_rubric:
            left = "left out" if found.pair_by == CAPTION else "compared all the same"
            lines.append(f"{both}{counted(duel.other_rubric, f'common {what}')} with other rubrics: {left}")
        for name, count in zip(names, duel.unscored, strict=True):
            if count:
                lines.append(f"{both}{counted(count, f'common {what}')} without a score of {name}")
        if len(found.duels) > 1:
            lone = (duel.only_first.count, duel.only_second.count)
            lines += [f"{both}{duel.prompts} common, {lone[0]} and {lone[1]} without a partner"] if any(lone) else []
    return lines


def _families(found: Systems) -> Iterator[tuple[int, str]]:
    yield found.judged, "what was judged"
    yield found.measured, "what was measured"


def _who(found: Systems) -> list[str]:
    return [headline(found), *aligned(repeats(found), right=(1, 2, 3)), *remarks(found)]


def _duel(duel: Duel, found: Systems, screen: Screen) -> Iterator[list[str]]:
    names = [cell(name, _NAME, middle=True) for name in (duel.first, duel.second)]
    head = ("", *names, "change", "95 % interval", "p", f"{thing(found)}s")
    rows = [(cell(label(change), 40), *figures_of(change)) for change in duel.changes]
    yield _painted([head, *rows], duel.changes, screen, right=(1, 2, 3, 5, 6))
    if any(duel.ahead) or duel.even:
        yield [ahead(duel, thing(found))]
    yield _answers(f"{names[1]} is ahead most", duel.best_of_second, "green", screen)
    yield _answers(f"{names[0]} is ahead most", duel.best_of_first, "red", screen)
    for name, lone in zip(names, (duel.only_first, duel.only_second), strict=True):
        yield _lone(name, lone, thing(found), screen)


def _pairs(found: Systems, name: str, screen: Screen) -> list[str]:
    """Return the table of one figure, a row for each pair."""
    rows: list[tuple[str, ...]] = [
        ("first", "second", "first", "second", "change", "95 % interval", "p", f"{thing(found)}s")
    ]
    changes = []
    for duel in found.duels:
        for change in duel.changes:
            if label(change) == name:
                names = (cell(each, _NAME, middle=True) for each in (duel.first, duel.second))
                rows.append((*names, *figures_of(change)))
                changes.append(change)
    if not any(change.change for change in changes):
        return [f"{screen.paint(name, 'bold')}  the same in every pair"]
    return [screen.paint(name, "bold"), *_painted(rows, changes, screen, right=(2, 3, 4, 6, 7))]


def figures_of(change: Change) -> tuple[str, str, str, str, str, str]:
    """Return the numbers of a row: both systems, the change, its interval, p and the number of prompts."""
    moved = number(change.change, signed=True)
    return number(change.old), number(change.new), moved, ends(change), p_value(change.p_value), str(change.pairs)


def _painted(
    rows: Sequence[Sequence[str]], changes: Sequence[Change], screen: Screen, *, right: Sequence[int]
) -> list[str]:
    if not changes:
        return ["no figure has a value on both sides"]
    head, *body = aligned(rows, right=right)
    styles = ["red" if change.is_worse else "green" if change.is_better else "" for change in changes]
    painted = [screen.paint(line, style) if style else line for line, style in zip(body, styles, strict=True)]
    return [screen.paint(head, "bold"), *painted]


def _answers(title: str, answers: Sequence[Answer], style: str, screen: Screen) -> list[str]:
    lines = [screen.paint(title, "bold")] if answers else []
    for one in answers:
        rise = screen.paint(number(one.second - one.first, signed=True), style)
        told = cell(one.prompt, screen.columns - 26)
        lines.append(f"{rise}  {number(one.first)} -> {number(one.second)}  {told}")
    return lines


def _lone(name: str, lone: Lone, what: str, screen: Screen) -> list[str]:
    if not lone.count:
        return []
    left = lone.count - len(lone.prompts)
    more = [f"  and {left} more"] if left else []
    head = screen.paint(f"{counted(lone.count, what)} of {name} alone", "bold")
    return [head, *(f"  {cell(prompt, screen.columns - 2)}" for prompt in lone.prompts), *more]
