"""The outcome of a gate as lines for the terminal."""

from __future__ import annotations

from audiojudge_cli.gates.outcome import GateResult, Ruling
from audiojudge_cli.reports.tables import aligned, cell, interval, number
from audiojudge_cli.results.terminal import Screen
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.terminal import safe_line, width

_TICKS = {"pass": "✓", "fail": "✗", "not-enough-data": "?"}
_STYLES = {"pass": "green", "fail": "red", "not-enough-data": "yellow"}
_HEAD = ("", "rule", "value", "interval")


def gate_lines(result: GateResult, screen: Screen, *, ticks: bool) -> list[str]:
    """Return the table of rules, the notes and the verdict.

    Args:
        result: Of the gate.
        screen: Where the lines go.
        ticks: Whether verdicts are signs (terminals) or words (logs).
    """
    rows = [_HEAD, *(_row(ruling, screen, ticks=ticks) for ruling in result.rulings)]
    head, *body = aligned(rows, right=(2,))
    lines = [screen.paint(head, "bold")]
    for ruling, line, row in zip(result.rulings, body, rows[1:], strict=True):
        lines += _with_reason(_painted(line, row[0], _style(ruling), screen), width(line), ruling, screen)
    if result.shortage:
        lines += ["", f"not judged enough: {result.shortage}"]
    lines += ["", *(f"note: {note}" for note in result.notes)] if result.notes else []
    return [*lines, "", *_foot(result, screen)]


def _row(ruling: Ruling, screen: Screen, *, ticks: bool) -> tuple[str, ...]:
    mark = _TICKS[ruling.verdict] if ticks else ruling.verdict
    if ruling.rule.severity == "warn" and ruling.verdict != "pass":
        mark = "!" if ticks else f"warn: {mark}"
    title = cell(ruling.rule.title, max(30, screen.columns // 2))
    return mark, title, number(ruling.value), interval(ruling.low, ruling.high)


def _with_reason(line: str, columns: int, ruling: Ruling, screen: Screen) -> list[str]:
    """Return the line with the reason behind it, or under it where the screen is too narrow."""
    reason = safe_line(ruling.reason)
    if columns + 2 + width(reason) <= screen.columns:
        return [f"{line}  {screen.paint(reason, 'dim')}"]
    return [line, f"     {screen.paint(reason, 'dim')}"]


def _style(ruling: Ruling) -> str:
    return "yellow" if ruling.rule.severity == "warn" and ruling.verdict != "pass" else _STYLES[ruling.verdict]


def _painted(line: str, mark: str, style: str, screen: Screen) -> str:
    return screen.paint(mark, style) + line[len(mark) :]


def _foot(result: GateResult, screen: Screen) -> list[str]:
    failing = sum(ruling.fails_gate for ruling in result.rulings)
    word = {"pass": "gate passed", "fail": "gate failed", "not-enough-data": "gate failed: not enough data"}
    rules = counted(len(result.rulings), "rule")
    count = f"{failing} of {rules}" if failing else rules
    against = f" against {safe_line(result.baseline)}" if result.baseline else ""
    return [
        f"{screen.paint(word[result.verdict], _STYLES[result.verdict])} ({count}; rule set {result.rules.hash})",
        f"{safe_line(result.run)}{against}: {counted(result.clips, 'clip')}, {safe_line(result.told)}",
    ]
