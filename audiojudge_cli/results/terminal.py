"""The summary of a run as lines for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audiojudge_cli.results.quality_lines import fault_counts, figure_rows, quality_line
from audiojudge_cli.results.rating_lines import agreement_rows, rating_rows, unrated_lines, wording_lines
from audiojudge_cli.results.record import NOBODY, RecordItem
from audiojudge_cli.results.worst import WorstClip
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.terminal import safe_line, shorten, width

_MAX_NAMES = 3
_MIN_EVIDENCE = 16
_MIN_NAME = 10
_MAX_RULE = 24
"""Columns of a decision rule at most: `0.5*mean + 0.5*min` is shown, the coefficients of a fitted one are not."""
_STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}


@dataclass(frozen=True, slots=True)
class Screen:
    """Where lines go.

    Attributes:
        columns: Width of the terminal.
        colour: Whether escape sequences may be used.
    """

    columns: int = 100
    colour: bool = False

    def paint(self, text: str, style: str) -> str:
        """Return `text` in a style: bold, dim, red, green, yellow."""
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.colour and text else text


def summary_lines(summary: Mapping[str, Any], worst: Sequence[WorstClip], screen: Screen) -> list[str]:
    """Return what a person wants to know first about a run: figures, subsets, failures, worst clips."""
    if summary["judge"]["name"] == NOBODY.name:
        parts = [_measured_head(summary, screen), _figures(summary, screen), _failures(summary, screen)]
        parts.append(_faulty(worst, screen))
    elif summary.get("ratings"):
        parts = [_rated_head(summary, screen), _ratings(summary, screen), _agreement(summary, screen)]
        parts += [_unrated(summary, screen), _failures(summary, screen)]
    else:
        parts = [_head(summary, screen), _subsets(summary, screen), _failures(summary, screen), _worst(worst, screen)]
    lines: list[str] = []
    for part in parts:
        lines += ["", *part] if lines and part else part
    return lines


def fault_lines(summary: Mapping[str, Any]) -> list[str]:
    """Return one line about the items that a judge stumbled over; none where there is no such item."""
    if not summary["faults"]:
        return []
    kinds = ", ".join(f"{safe_line(kind)} {count}" for kind, count in summary["fault_kinds"].items())
    told = f"{counted(summary['faults'], 'fault')} in {counted(summary['clips']['faulted'], 'clip')} ({kinds})"
    return [f"{told}: those items count as unverifiable; items.csv tells them in the column fault"]


def _clips(summary: Mapping[str, Any], screen: Screen) -> str:
    clips = summary["clips"]
    kinds = ("ok", "partial", "unverifiable", "error", "pending")
    parted = ", ".join(f"{clips[kind]} {kind}" for kind in kinds if clips[kind])
    return f"clips     {screen.paint(str(clips['total']), 'bold')}" + (f" ({parted})" if parted else "")


def _measured_head(summary: Mapping[str, Any], screen: Screen) -> list[str]:
    return [_clips(summary, screen), f"faults    {fault_counts(summary['quality'])}"]


def _rated_head(summary: Mapping[str, Any], screen: Screen) -> list[str]:
    coverage = summary["coverage"]
    told = f"{_percent(coverage['value'])} ({coverage['verified']} of {coverage['items']} ratings given)"
    return [_clips(summary, screen), f"coverage  {told}", *wording_lines(summary["ratings"])]


def _ratings(summary: Mapping[str, Any], screen: Screen) -> list[str]:
    return _headed(_named_last(rating_rows(summary["ratings"]), screen), screen)


def _agreement(summary: Mapping[str, Any], screen: Screen) -> list[str]:
    rows = agreement_rows(summary["ratings"])
    return _headed(_aligned(rows), screen) if rows else []


def _unrated(summary: Mapping[str, Any], screen: Screen) -> list[str]:
    # Whole, however narrow the screen: it is what is to be mended.
    lines = [f"  {safe_line(line)}" for line in unrated_lines(summary["ratings"])]
    return _headed(["not rated", *lines], screen) if lines else []


def _headed(lines: list[str], screen: Screen) -> list[str]:
    return [screen.paint(lines[0], "bold"), *lines[1:]]


def _figures(summary: Mapping[str, Any], screen: Screen) -> list[str]:
    rows = figure_rows(summary["quality"])
    if len(rows) < 2:
        return []
    return _headed(_named_last(rows, screen), screen)


def _named_last(rows: Sequence[Sequence[str]], screen: Screen) -> list[str]:
    """Return aligned rows whose last cell is the name of a clip, cut to what is left of the screen."""
    lines = _aligned([row[:-1] for row in rows])
    room = screen.columns - width(lines[0]) - 2
    # A narrow screen has no room for names: `summary.json` has them.
    names = [shorten(safe_line(row[-1]), room, middle=True) if room >= _MIN_NAME else "" for row in rows]
    return [f"{line}  {name}".rstrip() for line, name in zip(lines, names, strict=True)]


def _faulty(worst: Sequence[WorstClip], screen: Screen) -> list[str]:
    lines = [screen.paint("clips with most faults", "bold")] if worst else []
    for clip in worst:
        lines.append(shorten(safe_line(_name(clip)), max(20, screen.columns), middle=True))
        pad = max(len(fault.name) for fault in clip.faults)
        for fault in clip.faults:
            message = shorten(safe_line(fault.message), max(20, screen.columns - pad - 8))
            lines.append(f"      {screen.paint(f'{fault.name:{pad}}', 'red')}  {message}")
    return lines


def _head(summary: Mapping[str, Any], screen: Screen) -> list[str]:
    score, passed = summary["score"], summary["pass_rate"]
    coverage, decision = summary["coverage"], summary["decision"]
    interval = f"  95 % interval {_range(score)} over {score['captions']} captions" if score["low"] is not None else ""
    rule = f"{rule_name(decision['rule'])} >= {decision['threshold']:g}"
    return [
        _clips(summary, screen),
        f"score     {screen.paint(_number(score['mean']), 'bold')}{interval}",
        f"match     {_percent(passed['value'])} ({passed['passed']} of {passed['clips']} clips; {rule})",
        f"coverage  {_percent(coverage['value'])} ({coverage['verified']} of {coverage['items']} items verified)",
        *(f"quality   {line}" for line in quality_line(summary.get("quality"))),
    ]


def rule_name(rule: str) -> str:
    """Return a decision rule as people are told it: a formula is longer than a line, and stands in `summary.json`."""
    return rule if len(rule) <= _MAX_RULE else "decision value"


def _subsets(summary: Mapping[str, Any], screen: Screen) -> list[str]:
    if not summary["subsets"]:
        return []
    head = ("subset", "clips", "score", "95 % interval", "match", "coverage", "failed")
    rows = [
        (
            name,
            str(part["clips"]["total"]),
            _number(part["score"]["mean"]),
            _range(part["score"]),
            _percent(part["pass_rate"]["value"]),
            _percent(part["coverage"]["value"]),
            str(part["clips"]["error"] or "-"),
        )
        for name, part in summary["subsets"].items()
    ]
    first, *rest = _aligned([head, *rows])
    return [screen.paint(first, "bold"), *rest]


def _worst(worst: Sequence[WorstClip], screen: Screen) -> list[str]:
    lines = [screen.paint("worst clips (decision value)", "bold")] if worst else []
    for clip in worst:
        name = shorten(safe_line(_name(clip)), max(20, screen.columns - 8), middle=True)
        lines.append(f"{screen.paint(_number(clip.value), 'red')}  {name}")
        lines += [_item(item, screen) for item in clip.items]
    return lines


def _name(clip: WorstClip) -> str:
    """Return the audio path, with the id where a row gave its own."""
    own = not clip.audio.replace("/", "__").startswith(clip.id)
    return f"{clip.id} ({clip.audio})" if own else clip.audio


def _item(item: RecordItem, screen: Screen) -> str:
    room = max(20, screen.columns - 14)
    question = shorten(safe_line(item.question), room)
    left = room - width(question) - 1
    evidence = shorten(safe_line(item.evidence), left) if left >= _MIN_EVIDENCE else ""
    return f"      {_number(item.p_yes)}  {question} {screen.paint(evidence, 'dim')}".rstrip()


def _failures(summary: Mapping[str, Any], screen: Screen) -> list[str]:
    failures = summary["failures"]
    lines = [screen.paint("failures", "bold")] if failures else []
    pad = max((len(kind) for kind in failures), default=0)
    for kind, found in failures.items():
        names = [safe_line(example["audio"]) for example in found["examples"][:_MAX_NAMES]]
        more = [f"and {found['count'] - len(names)} more"] if found["count"] > len(names) else []
        text = f"{safe_line(kind):{pad}}  {found['count']:>5}  {', '.join([*names, *more])}"
        lines.append(shorten(text, max(40, screen.columns)))
        message = shorten(safe_line(found["examples"][0]["message"]), max(20, screen.columns - 6))
        lines.append(f"      {screen.paint(message, 'dim')}")
    return lines


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(_padded(cell, wide, left=not at) for at, (cell, wide) in _cells(row, widths)) for row in rows]


def _cells(row: Sequence[str], widths: Sequence[int]) -> list[tuple[int, tuple[str, int]]]:
    return list(enumerate(zip(row, widths, strict=True)))


def _padded(cell: str, wide: int, *, left: bool) -> str:
    gap = " " * (wide - width(cell))
    return cell + gap if left else gap + cell


def _number(value: float | None) -> str:
    return "  -  " if value is None else f"{value:.3f}"


def _range(score: Mapping[str, Any]) -> str:
    return "-" if score["low"] is None else f"{score['low']:.3f} to {score['high']:.3f}"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.0f} %"
