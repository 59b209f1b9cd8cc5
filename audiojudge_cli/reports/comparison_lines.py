"""What a comparison found, as lines for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from audiojudge_cli.reports.tables import aligned, cell, interval, number
from audiojudge_cli.results.terminal import Screen
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.terminal import safe_line, shorten

_ASKED = {"both": "quality and alignment"}
_WIDEST = 28
_MATRIX = 12
"""Systems whose matrix fits into 80 columns; of more, `summary.json` has it."""


def ending_lines(summary: Mapping[str, Any], screen: Screen) -> list[str]:
    """Return what a run of `compare`, `rank` or `select` found, in place of its scores; nothing for any other."""
    if "comparison" in summary:
        return comparison_lines(summary["comparison"], screen)
    if "selection" in summary:
        return _selection(summary["selection"], screen)
    return []


def _selection(found: Mapping[str, Any], screen: Screen) -> list[str]:
    chosen = screen.paint(str(found["selected"]), "bold")
    asked = _ASKED.get(found["by"], found["by"])
    lines = [
        f"selected  {chosen} of {counted(found['clips'], 'clip')} for {counted(found['prompts'], 'prompt')}, by {asked}"
    ]
    lines += _heard(found.get("heard"), screen)
    if found["without"]:
        lines.append(f"          {counted(found['without'], 'prompt')} without: no clip could be judged")
    return lines


def comparison_lines(found: Mapping[str, Any], screen: Screen) -> list[str]:
    """Return wins and ties of each system, the ranking where there is one, and how far people agree.

    Args:
        found: `comparison` of `summary.json`.
        screen: Where the lines go.
    """
    parts = [_head(found, screen), _systems(found, screen), _subsets(found, screen), _agreement(found, screen)]
    parts += [_ranking(found["ranking"], screen)]
    lines: list[str] = []
    for part in parts:
        lines += ["", *part] if lines and part else part
    return lines


def _head(found: Mapping[str, Any], screen: Screen) -> list[str]:
    pairs = found["pairs"]
    told = [f"{pairs['decided']} decided", counted(pairs["tie"], "tie")]
    told += [f"{pairs[name]} {name}" for name in ("unverifiable", "error") if pairs[name]]
    asked = _ASKED.get(found["by"], found["by"])
    lines = [f"pairs     {screen.paint(str(pairs['total']), 'bold')} ({', '.join(told)}), by {asked}"]
    lines += _heard(found.get("heard"), screen)
    for reason, count in found["undecided"].items():
        lines.append(f"          {count}: {shorten(safe_line(reason), max(20, screen.columns - 20))}")
    return lines


def _heard(found: Mapping[str, Any] | None, screen: Screen) -> list[str]:
    """Return who heard both clips of each pair, and how much the order of the two mattered."""
    if found is None:
        return []
    votes = "" if found["votes"] == 1 else f", {found['votes']} votes in either order"
    lines = [f"heard     {shorten(safe_line(found['judge']['name']), max(20, screen.columns - 40))}{votes}"]
    if (bias := found["bias"]) is not None:
        between = "" if bias["low"] is None else f" ({interval(bias['low'], bias['high'], signed=True)})"
        lines.append(f"          coming first is worth {number(bias['value'], signed=True)} points{between}")
    if found["contradicted"]:
        told = f"{found['contradicted']} of {counted(found['couples'], 'pair')}"
        lines.append(f"          {told} told the other way round by the other order: ties")
    if found["failed"]:
        lines.append(f"          {counted(found['failed'], 'pair')} could not be compared")
    return lines


def _table(systems: Mapping[str, Any], screen: Screen) -> list[str]:
    rows = [("system", "wins", "ties", "losses", "win rate", "95 % interval")]
    for name, one in systems.items():
        rate = one["win_rate"]
        wins, ties, losses = (str(one[key]) for key in ("wins", "ties", "losses"))
        told = number(rate["value"]), interval(rate["low"], rate["high"])
        rows.append((cell(name, _WIDEST, middle=True), wins, ties, losses, *told))
    first, *rest = aligned(rows, right=range(1, 6))
    return [screen.paint(first, "bold"), *rest]


def _systems(found: Mapping[str, Any], screen: Screen) -> list[str]:
    return _table(found["systems"], screen)


def _subsets(found: Mapping[str, Any], screen: Screen) -> list[str]:
    if len(found["subsets"]) < 2:
        return []
    lines: list[str] = []
    for name, systems in found["subsets"].items():
        lines += [f"{cell(name, _WIDEST)}:", *(f"  {line}" for line in _table(systems, screen))]
    return lines


def _agreement(found: Mapping[str, Any], screen: Screen) -> list[str]:
    agreed = found["agreement"]
    if agreed is None:
        return []
    rate = agreed["accuracy"]
    told = f"{agreed['right']} right, {counted(agreed['tied'], 'tie')}, {agreed['wrong']} wrong"
    left = [f"{agreed[name]} {text}" for name, text in _LEFT_OUT.items() if agreed[name]]
    lines = [f"agreement with people {screen.paint(number(rate['value']), 'bold')} ({told}; a tie counts half)"]
    if rate["low"] is not None:
        lines.append(f"  95 % interval {interval(rate['low'], rate['high'])}")
    return [*lines, *(f"  left out: {text}" for text in left)]


_LEFT_OUT = {"human_ties": "that people call a tie", "undecided": "that could not be compared"}


def _ranking(found: Mapping[str, Any] | None, screen: Screen) -> list[str]:
    if found is None:
        return []
    if "apart" in found:
        apart = "; ".join(cell(", ".join(group), _WIDEST) for group in found["apart"])
        return [f"no ranking: these have not met, directly or through others: {apart}"]
    names = [one["system"] for one in found["strengths"]]
    rows = [("", "system", "strength", "95 % interval", "to the next")]
    gaps = [*(_gap(gap) for gap in found["gaps"]), ""]
    for at, (one, gap) in enumerate(zip(found["strengths"], gaps, strict=True), start=1):
        strength = (number(one["strength"], signed=True), interval(one["low"], one["high"], signed=True))
        rows.append((str(at), cell(one["system"], _WIDEST, middle=True), *strength, gap))
    first, *rest = aligned(rows, right=(0, 2, 3))
    return [screen.paint(first, "bold"), *rest, *_matrix(found["wins"], names, screen)]


def _gap(gap: Mapping[str, Any]) -> str:
    if gap["shown"]:
        return "sure"
    if gap["more_prompts"] is None:
        return "not sure"
    return f"not sure: {gap['more_prompts']:,} more prompts"


def _matrix(wins: Mapping[str, Any], names: list[str], screen: Screen) -> list[str]:
    if not 2 < len(names) <= _MATRIX:
        return []
    rows = [("wins of row against column, ties as half", *(f"{at}" for at in range(1, len(names) + 1)))]
    for at, one in enumerate(names, start=1):
        cells = ("" if one == other else _share(wins[one][other]) for other in names)
        rows.append((f"{at} {cell(one, _WIDEST, middle=True)}", *cells))
    first, *rest = aligned(rows, right=range(1, len(names) + 1))
    return ["", screen.paint(first, "bold"), *rest]


def _share(met: Mapping[str, int]) -> str:
    total = sum(met.values())
    return "-" if not total else f"{(met['wins'] + met['ties'] / 2) / total:.2f}"
