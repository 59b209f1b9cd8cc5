"""A file of labels: one JSON object per line, naming a clip and whether it, and its items, match the caption."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from audiojudge_cli.clips.lines import check_text, text_lines
from audiojudge_cli.clips.row import Problem
from audiojudge_cli.errors import InputError
from audiojudge_cli.text.inputs import open_input
from audiojudge_cli.text.jsonl import loads
from audiojudge_cli.text.terminal import safe_line, shorten, shown

# A hundred thousand labels with long captions; no team has more.
_MOST_BYTES = 256 << 20
_WORDS = {"yes": True, "no": False, "true": True, "false": False}
_UNSURE = frozenset({"can't tell", "cannot tell", "unsure"})


@dataclass(frozen=True, slots=True)
class ItemLabel:
    """What a person said of one item of a clip.

    Attributes:
        question: The item's; it names it.
        dimension: Its dimension, where the line has it: two items may ask the same of two things.
        match: Whether yes is right; None where the person could not tell.
    """

    question: str
    dimension: str | None
    match: bool | None


@dataclass(frozen=True, slots=True)
class Label:
    """What a person said of a clip.

    Attributes:
        line: Where it stands in its file, from 1.
        id: Of the clip; None where audio names it.
        audio: Path as the record has it; None where only the id names the clip.
        caption: Tells clips of one audio file apart; None where the line has none.
        match: Whether the clip matches its caption; None where the person could not tell, or spoke of items only.
        by: Who said it; None where the line does not name anybody.
        items: What was said of its items.
        undone: Whether the line takes back what the person said of the clip.
        drawn: How the clip came to be labelled, `random` or `chosen`; None where the line does not say.
    """

    line: int
    id: str | None
    audio: str | None
    caption: str | None
    match: bool | None
    by: str | None = None
    items: tuple[ItemLabel, ...] = ()
    undone: bool = False
    drawn: str | None = None


def read_labels(path: Path, *, yes_from: float | None = None) -> list[Label]:
    """Return the labels in a JSONL file.

    Args:
        path: The file; each line has `id` or `audio` (and `caption` where an audio file has several), and `label`.
        yes_from: Labels are ratings, and those from here on are a yes; None: they are yes or no.

    Raises:
        InputError: If it cannot be read, or a line is no label; names the file and the line.
    """
    name = shown(path)
    try:
        with open_input(path) as file:
            raw = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        hint = "; `audiojudge label RUN` makes them" if isinstance(error, FileNotFoundError) else ""
        raise InputError(f"cannot read the labels {name}: {reason}{hint}") from error
    if len(raw) > _MOST_BYTES:
        raise InputError(f"{name}: labels have at most {_MOST_BYTES:,} bytes; is this the right file?")
    check_text(raw[: 1 << 16], name)
    return list(_labels(raw, name, yes_from))


def _labels(raw: bytes, name: str, yes_from: float | None) -> Iterator[Label]:
    for number, text in text_lines(io.BytesIO(raw), name):
        if isinstance(text, Problem):
            raise InputError(f"{name}:{number}: {text.message}")
        if not text.strip():
            continue
        try:
            yield _label(number, loads(text), yes_from)
        except json.JSONDecodeError as error:
            raise InputError(f"{name}:{number}: not valid JSON: {error.msg} (column {error.colno})") from error
        except ValueError as error:
            raise InputError(f"{name}:{number}: {error}") from error


def _label(number: int, row: object, yes_from: float | None) -> Label:
    if not isinstance(row, dict):
        raise ValueError('a label is an object such as {"id": "clip-1", "label": "yes"}')  # noqa: TRY004 - one kind for callers
    names = {key: _text(row, key) for key in ("id", "audio", "caption", "by", "drawn")}
    if not names["id"] and not names["audio"]:
        raise ValueError("it names no clip: give id (as in the run) or audio")
    if "label" not in row and "items" not in row:
        raise ValueError("it has no label")
    said, items, undone = row.get("label"), row.get("items") or [], row.get("undone", False)
    if not isinstance(items, list):
        raise ValueError(f"items is a list, not {_told(items)}")  # noqa: TRY004 - one kind for callers
    if not isinstance(undone, bool):
        raise ValueError(f"undone is true or false, not {_told(undone)}")  # noqa: TRY004 - one kind for callers
    match = _match(said, yes_from)
    return Label(number, **names, match=match, items=tuple(_item(one, yes_from) for one in items), undone=undone)


def _item(row: object, yes_from: float | None) -> ItemLabel:
    if not isinstance(row, dict) or not (question := _text(row, "question")):
        raise ValueError('an item is an object such as {"question": "Is a dog barking?", "label": "yes"}')
    said = row.get("label")
    # People rate clips and tick items: a word is one whether or not --yes-from is there.
    rated = isinstance(said, int | float) and not isinstance(said, bool)
    return ItemLabel(question, _text(row, "dimension"), _match(said, yes_from if rated else None))


def _text(row: dict[str, object], key: str) -> str | None:
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{key} is text, not {_told(value)}")
    return value


def _match(said: object, yes_from: float | None) -> bool | None:
    word = said.strip().casefold().replace("’", "'") if isinstance(said, str) else None
    if said is None or word in _UNSURE:
        return None
    rating = _rating(said)
    if yes_from is not None:
        if rating is None:
            raise ValueError(f"the label {_told(said)} is no number, and --yes-from asks for ratings")
        return rating >= yes_from
    if isinstance(said, bool):
        return said
    if word in _WORDS:
        return _WORDS[word]
    if rating in {0, 1}:
        return bool(rating)
    remedy = "; for ratings say from where on they are a yes: --yes-from 4" if rating is not None else ""
    raise ValueError(f'the label {_told(said)} is neither "yes" nor "no" (nor null: could not tell){remedy}')


def _rating(said: object) -> float | None:
    """Return the number that somebody gave; None where it is none, or none that compares."""
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    try:
        rating = float(said)
    except OverflowError:  # an integer of hundreds of digits
        return None
    return rating if math.isfinite(rating) else None


def _told(value: object) -> str:
    return shorten(safe_line(json.dumps(value, ensure_ascii=False)), 60)
