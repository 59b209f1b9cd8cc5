"""Rubric files: one JSON object per line, a caption with its items; also the released AnyAudio-Judge Bench fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audiojudge_cli.errors import InputError
from audiojudge_cli.rubrics.claim import Claim
from audiojudge_cli.rubrics.dimensions import canonical
from audiojudge_cli.rubrics.item import Rubric, RubricItem
from audiojudge_cli.text.inputs import open_input
from audiojudge_cli.text.jsonl import dumps, loads
from audiojudge_cli.text.terminal import shorten, shown

_DIMENSION = ("dimension", "维度", "aspect", "category")
_QUESTION = ("question", "题目", "问题")
_BASIS = ("basis", "依据", "evidence", "span")
_ITEMS = ("items", "rubric", "rubrics", "questions", "题目列表", "评分项")
_CAPTION = ("caption", "prompt", "instruction", "text", "描述", "指令")
_KINDS: dict[type, str] = {
    str: "text",
    list: "a list",
    tuple: "a list",
    dict: "an object",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "null",
}
# Whole numbers that every reader of JSON keeps exactly.
_LARGEST_ID = 2**53
_ID = ("id", "uuid", "key", "audio", "file_name", "audio_filepath")


@dataclass(frozen=True, slots=True)
class FiledRubric:
    """One line of a rubric file.

    Attributes:
        id: Of the clip or caption; empty when the line names none.
        caption: The caption the items rest on; empty when the line names none.
        rubric: The items.
        line: Line in the file, 1-based.
    """

    id: str
    caption: str
    rubric: Rubric
    line: int


def parse_items(rows: Iterable[Mapping[str, Any]], where: str = "rubric") -> tuple[RubricItem, ...]:
    """Return the items of plain mappings, as a manifest row or a rubric file carries them.

    Keys are `dimension`, `question`, `basis` (or 维度, 题目, 依据), all texts, and optionally `negated`, true or
    false, and `claim`, what the item asserts as `audiojudge rubric` writes it; null counts as not there, and other keys
    are ignored.

    Args:
        rows: The mappings.
        where: What to name in errors (file and line).

    Raises:
        InputError: If a row is no mapping, has no question, or a field is of another type.
    """
    return tuple(_item(row, f"{where}, item {number}") for number, row in enumerate(rows, 1))


def _item(row: object, where: str) -> RubricItem:
    if isinstance(row, str):
        raise InputError(
            f"{where}: a question alone is no item; write an object: "
            f'{{"dimension": "other", "question": {dumps(shorten(row, 60))}, "basis": "words of the caption"}}'
        )
    if not isinstance(row, Mapping):
        raise InputError(f"{where}: expected an object with dimension, question and basis, found {_kind(row)}")
    question = _text(row, _QUESTION, where)
    if not question:
        raise InputError(f"{where}: no question; give it under `question` (or 题目)")
    dimension = canonical(_text(row, _DIMENSION, where)) or "other"
    negated = row.get("negated")
    if not isinstance(negated, bool | None):
        raise InputError(f"{where}: `negated` is true or false, not {_kind(negated)}")
    return RubricItem(dimension, question, _text(row, _BASIS, where), bool(negated), _claim(row.get("claim"), where))


def _claim(data: object, where: str) -> Claim | None:
    if data is None:
        return None
    if not isinstance(data, Mapping):
        raise InputError(f"{where}: `claim` is an object as `audiojudge rubric` writes it, not {_kind(data)}")
    try:
        return Claim.from_dict(data)
    except ValueError as error:
        raise InputError(f"{where}: claim: {error}; leave `claim` out to have the question read instead") from error


def _text(row: Mapping[str, Any], names: Sequence[str], where: str) -> str:
    """Return the first of some fields that is there; null and empty text are as good as not there."""
    for name in names:
        value = row.get(name)
        if value in (None, ""):
            continue
        if not isinstance(value, str):
            raise InputError(f"{where}: `{name}` is a text, not {_kind(value)}; put it in quotes")
        return value.strip()
    return ""


def _identity(row: Mapping[str, Any], where: str) -> str:
    """Return the id of a line; a whole number is one too, as in manifests."""
    value = next((row[name] for name in _ID if row.get(name) not in (None, "")), "")
    if type(value) is int and abs(value) < _LARGEST_ID:
        return str(value)
    return _text(row, _ID, where)


def _kind(value: object) -> str:
    return _KINDS.get(type(value), type(value).__name__)


def parse_lines(lines: Iterable[str | bytes], name: str) -> Iterator[FiledRubric]:
    """Yield the rubrics of JSON lines.

    Args:
        lines: Lines of the file, as text or as bytes in UTF-8; blank ones are skipped.
        name: Of the file, for errors.

    Raises:
        InputError: If a line is not a JSON object or its items cannot be read; names file and line.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _parse_line(line, number, f"{name}:{number}")


def _parse_line(line: str | bytes, number: int, where: str) -> FiledRubric:
    try:
        text = line if isinstance(line, str) else line.decode()
        row = loads(text.lstrip("\ufeff"))
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: not UTF-8 (byte {error.start + 1} of the line); save the file as UTF-8") from error
    except ValueError as error:
        raise InputError(f"{where}: not JSON ({error}); write one object per line") from error
    if not isinstance(row, dict):
        raise InputError(f"{where}: expected an object with `items`, found {_kind(row)}")
    named = next((name for name in _ITEMS if row.get(name) is not None), None)
    if named is None:
        raise InputError(f"{where}: no list of items; give it under `items` (or `rubric`)")
    listed, notes = row[named], row.get("notes")
    if not isinstance(listed, list):
        raise InputError(f"{where}: `{named}` is a list of items, not {_kind(listed)}")
    if not (notes is None or (isinstance(notes, list) and all(isinstance(note, str) for note in notes))):
        raise InputError(f"{where}: `notes` is a list of texts")
    caption = _text(row, _CAPTION, where)
    rubric = Rubric(
        parse_items(listed, where),
        _text(row, ("language",), where) or "en",
        _text(row, ("subset",), where),
        tuple(note for note in notes or () if note),
    )
    return FiledRubric(_identity(row, where), caption, rubric, number)


def read_rubrics(path: Path) -> list[FiledRubric]:
    """Return all rubrics of a file.

    Raises:
        InputError: If the file cannot be read or a line is wrong; names the line.
    """
    try:
        with open_input(path) as lines:
            return list(parse_lines(lines, shown(path)))
    except OSError as error:
        raise InputError(f"{shown(path)}: cannot read the rubric file: {error.strerror}") from error


def item_row(item: RubricItem) -> dict[str, Any]:
    """Return an item as a plain mapping; `negated` is left out where it is false, `claim` where none is known."""
    row: dict[str, Any] = {"dimension": item.dimension, "question": item.question, "basis": item.basis}
    row |= {"negated": True} if item.negated else {}
    return row | {"claim": item.claim.as_dict()} if item.claim is not None else row


def rubric_line(identity: str, caption: str, rubric: Rubric) -> str:
    """Return a rubric as one line of JSON, without its line end."""
    row: dict[str, Any] = {"id": identity, "caption": caption, "language": rubric.language, "subset": rubric.subset}
    row["items"] = [item_row(item) for item in rubric.items]
    if rubric.notes:
        row["notes"] = list(rubric.notes)
    return dumps(row)


def lookup(rubrics: Iterable[FiledRubric]) -> dict[str, Rubric]:
    """Return rubrics by id and, prefixed with `caption:`, by caption; the first of equal keys stays."""
    found: dict[str, Rubric] = {}
    for filed in rubrics:
        if filed.id:
            found.setdefault(filed.id, filed.rubric)
        if filed.caption:
            found.setdefault(f"caption:{filed.caption}", filed.rubric)
    return found
