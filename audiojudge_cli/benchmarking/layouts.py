"""The layouts that benchmarks are published in: what their rows hold, and what does not fit.

What people know of a clip travels in its metadata, so that a run folder alone holds all that figures are made of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from audiojudge_cli.clips.row import Row
from audiojudge_cli.results.ratings import HUMAN_FIELDS, number_in
from audiojudge_cli.text.terminal import safe_line, shorten

GOLD = "gold_answers"
"""Metadata of a clip: what is known of each item of its rubric, `yes`, `no` or null."""

LABEL, PREFERRED = "label", "preferred"
_YES, _NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})
_CHOICES: Mapping[str, str] = {"a": "a", "b": "b", "tie": "tie", "audio_a": "a", "audio_b": "b"}


def is_yes(label: object) -> bool | None:
    """Return what a label says; None where it says neither."""
    word = str(label).strip().casefold()
    return True if word in _YES else False if word in _NO else None


@dataclass(frozen=True)
class Layout:
    """A layout that can be read.

    Attributes:
        name: For `--layout`.
        columns: What its rows have, for messages.
        check: Returns a row as it is judged, or raises ValueError with what does not fit.
        is_scored: Whether people gave numbers, so that clips are rated instead of judged against captions.
        sides: The columns of both clips, where rows are pairs of which people preferred one; empty for single clips.
        without: What no column of it means, whatever its name (`clips.columns.RECOGNISED`).
        published: Whose published figures belong beside ours; empty without any.
    """

    name: str
    columns: str
    check: Callable[[Row], Row]
    is_scored: bool = False
    sides: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()
    published: str = ""


def _labelled(row: Row) -> Row:
    if is_yes(row.metadata.get(LABEL)) is None:
        found = f"column 'label' is {quoted(row.metadata[LABEL])}" if LABEL in row.metadata else "no column 'label'"
        raise ValueError(f"{found}; a label is yes or no")
    if not (row.caption or "").strip():
        raise ValueError("column 'caption' is empty; write what the label is about")
    if row.rubric is None:
        return row
    answers = [_answer(item, number) for number, item in enumerate(row.rubric, start=1)]
    return replace(row, metadata={**row.metadata, GOLD: answers})


def _answer(item: Mapping[str, Any], number: int) -> str | None:
    answer = item.get("answer") if isinstance(item, Mapping) else None
    if answer is None:
        return None
    known = is_yes(answer)
    if known is None:
        raise ValueError(f"column 'rubric', item {number}: answer is {quoted(answer)}; write yes, no or null")
    return "yes" if known else "no"


def _scored(row: Row) -> Row:
    column = next((name for name in HUMAN_FIELDS if row.metadata.get(name) not in (None, "")), None)
    if column is None:
        raise ValueError(f"no score; give it in a column {', '.join(map(repr, HUMAN_FIELDS))}")
    if number_in(row.metadata[column]) is None:
        raise ValueError(f"column {column!r} is {quoted(row.metadata[column])}, not a number")
    # People score one clip on several dimensions, each in a row of its own.
    asked = row.metadata.get("dimension")
    return row if asked in (None, "") else replace(row, aspect=str(asked))


def said_of(row: Row, *, is_scored: bool) -> tuple[str, object]:
    """Return the column in which a checked row of single clips holds what people say of the clip, and what that is."""
    if not is_scored:
        return LABEL, is_yes(row.metadata[LABEL])
    column = next(name for name in HUMAN_FIELDS if row.metadata.get(name) not in (None, ""))
    return column, number_in(row.metadata[column])


def _preferred(column: str) -> Callable[[Row], Row]:
    """Return the check of pairs whose preference lies in a column."""

    def check(row: Row) -> Row:
        told = row.metadata.get(column)
        choice = _CHOICES.get(told.strip().casefold()) if isinstance(told, str) else None
        if choice is None:
            found = f"column {column!r} is {quoted(told)}" if column in row.metadata else f"no column {column!r}"
            raise ValueError(f"{found}; a preference is A, B or Tie")
        if not row.audio and row.embedded is None:
            raise ValueError("one of the two clips names no audio")
        # The number of a row in SpeechJudge; no usual name of an id, so that it is none in other manifests.
        known = row.id if row.id is not None else row.metadata.get("index")
        return replace(row, id=None if known is None else str(known), metadata={**row.metadata, PREFERRED: choice})

    return check


LAYOUTS = (
    Layout(
        "speechjudge",
        "target_text, audioA, audioB, naturalness_label (and subset, language_setting)",
        _preferred("naturalness_label"),
        sides=("audioA", "audioB"),
        # `prompt` is the voice that was to be copied, audio as well.
        without=frozenset({"caption"}),
        published="speechjudge",
    ),
    Layout(
        "pairs",
        "audio_a, audio_b, preferred (and target_text, caption, subset, system_a, system_b)",
        _preferred(PREFERRED),
        sides=("audio_a", "audio_b"),
    ),
    Layout(
        "anyaudio-judge", "uuid, audio, caption, label, type, subset, rubric", _labelled, published="anyaudio-judge"
    ),
    Layout("labelled", "audio, caption, label (and type, subset, rubric with answers)", _labelled),
    Layout("scored", "audio, score (and system, dimension)", _scored, is_scored=True),
)
BY_NAME: Mapping[str, Layout] = {one.name: one for one in LAYOUTS}


def quoted(value: object) -> str:
    """Return a value of somebody's table as it stands in a message."""
    return repr(shorten(safe_line(str(value)), 40))
