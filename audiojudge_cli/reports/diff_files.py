"""The comparison of two runs as Markdown and as JSON data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from audiojudge_cli.gates.compare import Change, Comparison, Moved
from audiojudge_cli.reports.diff_lines import P_VALUES, ends, id_lists, label
from audiojudge_cli.reports.markdown import code, page, table, text
from audiojudge_cli.reports.tables import number, p_value
from audiojudge_cli.results.record import NOBODY, RecordItem
from audiojudge_cli.text.counted import counted

SCHEMA = "audiojudge.diff/1"
_MAX_IDS = 20


def diff_markdown(found: Comparison) -> str:
    """Return a page for a pull request."""
    judge = f", judge {code(found.judge.name)} ({code(found.judge.fingerprint)})" if found.judge != NOBODY else ""
    lines = [
        "## audiojudge diff",
        "",
        f"{code(found.old)} → {code(found.new)}: {found.pairs} paired clips{judge}.",
        *(line for note in found.notes for line in ("", f"{text(note)}.")),
        *(["", "Every paired clip is the very same audio file."] if found.same_audio else []),
        "",
        *table(
            ("figure", "old", "new", "change", "95 % interval", "p", "pairs"),
            [_change_row(change) for change in found.changes],
            right=(1, 2, 3, 5, 6),
        ),
    ]
    lines += ["", f"{text(P_VALUES)}."] if found.changes else []
    lines += _ids("lost their score", found.lost)
    lines += _clips("Fell most", found.fell) + _clips("Rose most", found.rose)
    if found.flipped:
        rows = [
            (
                code(flip.id),
                text(flip.new.question),
                f"{number(flip.old.p_yes)} → {number(flip.new.p_yes)}",
                text(flip.new.evidence),
            )
            for flip in found.flips
        ]
        lines += [
            "",
            f"### {counted(found.flipped, 'item')} turned from yes to no, {found.regained} from no to yes",
            "",
        ]
        lines += table(("clip", "question", "p_yes", "evidence now"), rows)
    for title, ids in id_lists(found).items():
        lines += _ids(title, ids)
    return page(lines)


def _ids(title: str, ids: Sequence[str]) -> list[str]:
    if not ids:
        return []
    more = f" and {len(ids) - _MAX_IDS} more" if len(ids) > _MAX_IDS else ""
    told = ", ".join(code(each) for each in ids[:_MAX_IDS])
    return ["", f"**{counted(len(ids), 'clip')} {title}:** {told}{more}"]


def _change_row(change: Change) -> tuple[str, ...]:
    moved = number(change.change, signed=True)
    return (
        text(label(change)),
        number(change.old),
        number(change.new),
        f"**{moved}**" if change.surely else moved,
        ends(change),
        p_value(change.p_value),
        str(change.pairs),
    )


def _clips(title: str, clips: Sequence[Moved]) -> list[str]:
    if not clips:
        return []
    rows = [
        (code(clip.id), number(clip.old), number(clip.new), number(clip.new - clip.old, signed=True)) for clip in clips
    ]
    return ["", f"### {title}", "", *table(("clip", "old", "new", "change"), rows, right=(1, 2, 3))]


def diff_data(found: Comparison) -> dict[str, Any]:
    """Return the comparison as JSON data; docs/gates.md documents every field."""
    return {
        "schema": SCHEMA,
        "old": found.old,
        "new": found.new,
        "judge": {"name": found.judge.name, "fingerprint": found.judge.fingerprint},
        "clips": {"old": found.clips[0], "new": found.clips[1], "paired": found.pairs},
        "same_audio": found.same_audio,
        "changes": [_change_data(change) for change in found.changes],
        "fell": [_moved_data(clip) for clip in found.fell],
        "rose": [_moved_data(clip) for clip in found.rose],
        "items": {"yes_to_no": found.flipped, "no_to_yes": found.regained},
        "flips": [{"id": flip.id, "old": _item(flip.old), "new": _item(flip.new)} for flip in found.flips],
        "lost": list(found.lost),
        "gained": list(found.gained),
        "only_old": list(found.only_old),
        "only_new": list(found.only_new),
        "changed": list(found.changed),
        "faulty": list(found.faulty),
        "notes": list(found.notes),
    }


def _change_data(change: Change) -> dict[str, Any]:
    numbers = {name: getattr(change, name) for name in ("old", "new", "change", "low", "high", "p_value")}
    return {
        "kind": change.kind,
        "name": change.name,
        **{name: None if value is None else round(value, 6) + 0.0 for name, value in numbers.items()},
        "no_interval": change.no_interval,
        "pairs": change.pairs,
        "captions": change.captions,
    }


def _moved_data(clip: Moved) -> dict[str, Any]:
    return {"id": clip.id, "old": clip.old, "new": clip.new, "change": round(clip.new - clip.old, 6)}


def _item(item: RecordItem) -> dict[str, Any]:
    return {
        "dimension": item.dimension,
        "question": item.question,
        "basis": item.basis,
        "p_yes": item.p_yes,
        "evidence": item.evidence,
        "times": [list(span) for span in item.times],
    }
