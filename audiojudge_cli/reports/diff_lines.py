"""The comparison of two runs as lines for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from audiojudge_cli.gates.compare import Change, Comparison, Moved
from audiojudge_cli.gates.flips import Flip
from audiojudge_cli.reports.tables import aligned, cell, interval, number, p_value, wrapped
from audiojudge_cli.results.record import NOBODY
from audiojudge_cli.results.terminal import Screen
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.terminal import safe_line, width

_MAX_IDS = 10
_HEAD = ("", "old", "new", "change", "95 % interval", "p", "pairs")
_MIN_LABEL = 12
P_VALUES = (
    "p: permutation test of paired captions, corrected for all rows by Holm's method (rows of quality by themselves); "
    "a change is sure where p <= 0.05"
)


def diff_lines(found: Comparison, screen: Screen) -> list[str]:
    """Return the table of figures, the clips that moved most, flipped items and clips without a partner."""
    head = f"{safe_line(found.old)} -> {safe_line(found.new)}: {found.pairs} paired clips"
    parts = [
        [
            head,
            *(safe_line(note) for note in found.notes),
            *(["every paired clip is the very same audio file"] if found.same_audio else []),
        ],
        _figures(found, screen),
        _ids("lost their score", found.lost, screen),
        _clips("fell most", found.fell, "red", screen),
        _clips("rose most", found.rose, "green", screen),
        _flips(found, screen),
        *(_ids(title, ids, screen) for title, ids in id_lists(found).items()),
    ]
    lines: list[str] = []
    for part in parts:
        lines += ["", *part] if lines and part else part
    return lines


def id_lists(found: Comparison) -> dict[str, tuple[str, ...]]:
    """Return the lists of clips that are told last, by what they are called; those that lost their score come first."""
    return {
        "have a score now": found.gained,
        "only in the old run": found.only_old,
        "only in the new run": found.only_new,
        "other caption or rubric": found.changed,
        "have a fault that they had not": found.faulty,
    }


def label(change: Change) -> str:
    """Return what a row is about."""
    return change.name if change.kind == "overall" else f"{change.kind} {change.name}"


def ends(change: Change) -> str:
    """Return the interval of a change, or why it has none."""
    return change.no_interval or interval(change.low, change.high, signed=True)


def _figures(found: Comparison, screen: Screen) -> list[str]:
    changes = found.changes
    if not changes:
        nothing = "no figure has moved in any clip" if found.judge == NOBODY else "no pair has a score on both sides"
        return [nothing]
    rows = [_HEAD]
    for change in changes:
        moved = number(change.change, signed=True)
        figures = (number(change.old), number(change.new), moved, ends(change), p_value(change.p_value))
        rows.append(("", *figures, str(change.pairs)))
    room = max(_MIN_LABEL, screen.columns - max(map(width, aligned(rows))))
    rows = [rows[0], *((cell(label(change), room), *row[1:]) for change, row in zip(changes, rows[1:], strict=True))]
    head, *body = aligned(rows, right=(1, 2, 3, 5, 6))
    styles = ["red" if change.is_worse else "green" if change.is_better else "" for change in changes]
    return [
        screen.paint(head, "bold"),
        *(screen.paint(line, style) if style else line for line, style in zip(body, styles, strict=True)),
        *(screen.paint(line, "dim") for line in wrapped(P_VALUES, screen.columns)),
    ]


def _clips(title: str, clips: Sequence[Moved], style: str, screen: Screen) -> list[str]:
    if not clips:
        return []
    lines = [screen.paint(title, "bold")]
    for clip in clips:
        change = screen.paint(number(clip.new - clip.old, signed=True), style)
        lines.append(
            f"{change}  {number(clip.old)} -> {number(clip.new)}  {cell(clip.id, screen.columns - 26, middle=True)}"
        )
    return lines


def _flips(found: Comparison, screen: Screen) -> list[str]:
    if not found.flipped:
        return []
    left = f", {len(found.flips)} of them here" if len(found.flips) < found.flipped else ""
    title = f"{counted(found.flipped, 'item')} turned from yes to no{left}; {found.regained} from no to yes"
    lines = [screen.paint(title, "bold")]
    for flip in found.flips:
        lines += _flip(flip, screen)
    return lines


def _flip(flip: Flip, screen: Screen) -> list[str]:
    room = screen.columns - 16
    return [
        f"{number(flip.old.p_yes)} -> {number(flip.new.p_yes)}  {cell(flip.new.question, room)}",
        f"                {screen.paint(cell(flip.id, room, middle=True), 'dim')}",
        f"                was: {cell(flip.old.evidence, room - 5)}",
        f"                now: {cell(flip.new.evidence, room - 5)}",
    ]


def _ids(title: str, ids: Sequence[str], screen: Screen) -> list[str]:
    if not ids:
        return []
    more = [f"and {len(ids) - _MAX_IDS} more"] if len(ids) > _MAX_IDS else []
    shown = [cell(clip_id, screen.columns - 2, middle=True) for clip_id in ids[:_MAX_IDS]]
    return [screen.paint(f"{counted(len(ids), 'clip')} {title}", "bold"), *(f"  {line}" for line in [*shown, *more])]
