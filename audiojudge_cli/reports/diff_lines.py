"""The comparison of two runs as lines for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from audiojudge_cli.gates.compare import Change, Comparison, Moved
from audiojudge_cli.gates.flips import Flip
from audiojudge_cli.reports.tables import aligned, cell, interval, number, p_value
from audiojudge_cli.results.record import NOBODY
from audiojudge_cli.results.terminal import Screen
from audiojudge_cli.text.terminal import safe_line

_MAX_IDS = 10
_HEAD = ("", "old", "new", "change", "95 % interval", "p", "pairs")


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
    """Return the lists of clips that are no pairs or lost their score, by what they are called."""
    return {
        "lost their score": found.lost,
        "have a score now": found.gained,
        "only in the old run": found.only_old,
        "only in the new run": found.only_new,
        "other caption or rubric": found.changed,
        "have a fault that they had not": found.faulty,
    }


def label(change: Change) -> str:
    """Return what a row is about."""
    return change.name if change.kind == "overall" else f"{change.kind} {change.name}"


def _figures(found: Comparison, screen: Screen) -> list[str]:
    changes = found.changes
    if not changes:
        nothing = "no figure has moved in any clip" if found.judge == NOBODY else "no pair has a score on both sides"
        return [nothing]
    rows = [_HEAD]
    for change in changes:
        ends = interval(change.low, change.high, signed=True)
        name, moved = cell(label(change), 40), number(change.change, signed=True)
        rows.append(
            (name, number(change.old), number(change.new), moved, ends, p_value(change.p_value), str(change.pairs))
        )
    head, *body = aligned(rows, right=(1, 2, 3, 5, 6))
    styles = ["red" if change.is_worse else "green" if change.is_better else "" for change in changes]
    return [
        screen.paint(head, "bold"),
        *(screen.paint(line, style) if style else line for line, style in zip(body, styles, strict=True)),
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
    title = f"{found.flipped} items turned from yes to no{left}; {found.regained} from no to yes"
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
    return [screen.paint(f"{len(ids)} clips {title}", "bold"), *(f"  {line}" for line in [*shown, *more])]
