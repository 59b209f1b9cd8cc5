"""Rows of one JSON document: a list of objects, or a map from audio file to caption."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import BinaryIO

from audiojudge_cli.clips.columns import Columns
from audiojudge_cli.clips.lines import text_lines
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.clips.rowmaker import kind, make_row
from audiojudge_cli.clips.walk import is_audio_name
from audiojudge_cli.errors import InputError
from audiojudge_cli.text.json_entries import Entry, entries
from audiojudge_cli.text.jsonl import TooDeepError, loads
from audiojudge_cli.text.terminal import safe_line, shorten

# A document is read whole, into some times its size of memory; a hundred thousand long captions take half of this.
MAX_BYTES = 64 << 20
_PEEKED_ROWS = 100
_KEY_COLUMNS = 60

Values = dict[str, object]


def is_document(file: BinaryIO, source: str, *, likely: bool = False) -> bool:
    """Return whether a JSON file is one document rather than an object per line.

    One document begins with a list, with an object that goes on over several lines, or is a map of audio files on one.

    Args:
        file: Opened for reading bytes.
        source: Name for messages.
        likely: Whether the name of the file says so: a first line that is no JSON is then the beginning of a document
            rather than a broken line.
    """
    lines = (text.strip() for _, text in text_lines(file, source) if isinstance(text, str) and text.strip())
    first = next(lines, "")
    if first.startswith("["):
        return True
    try:
        value = loads(first)
    except ValueError:
        # The end of a line says whether it goes on; a line that broke off is a broken line.
        return first.startswith("{") and (likely or first.endswith(("{", "[", ",", ":")))
    if not isinstance(value, dict) or next(lines, None) is not None:
        return False
    # One object on one line may as well be a row of columns that nobody knows: unless a name says that it is a map, its
    # values must all be captions.
    is_told = likely or any(map(is_audio_name, value)) or all(isinstance(each, str) for each in value.values())
    return (is_told and _is_map(value, Columns())) or not (_is_row(value, Columns()) or _rows_under(value) is None)


def json_rows(file: BinaryIO, source: str, columns: Columns) -> Iterator[Row | Problem]:
    """Yield a row or a problem for every entry, with the line on which it begins.

    A list holds objects, as a file of JSON lines does. The keys of a map are audio files, or their names without
    suffix; its values captions, lists of captions, or objects with a column of captions. An object that names
    its audio itself has its id for a key.

    Raises:
        InputError: If it is too large or no JSON, a key is there twice, the rows lie deeper inside, or the first
            hundred objects lack a named field or have no recognised one.
    """
    found = _found(file, source, columns)
    peeked = list(islice(found, _PEEKED_ROWS))
    names = {name: None for _, values in peeked if not isinstance(values, Problem) for name in values}
    if names:
        columns.require(list(names), source)
    for some in (peeked, found):
        for line, values in some:
            yield values if isinstance(values, Problem) else make_row(source, line, values, columns)


def _found(file: BinaryIO, source: str, columns: Columns) -> Iterator[tuple[int, Values | Problem]]:
    text = _text(file, source)
    try:
        if text.lstrip(" \t\r\n").startswith("["):
            for entry in entries(text):
                yield entry.line, _object(entry, source)
        else:
            yield from _members(list(entries(text)), source, columns)
    except TooDeepError as error:
        raise InputError(f"{source}: the JSON is nested too deeply; write one flat object per clip") from error
    except json.JSONDecodeError as error:
        hint = "; write one list of objects, or one object per line" if error.msg == "Extra data" else ""
        raise InputError(
            f"{source}:{error.lineno}: not valid JSON: {error.msg} (column {error.colno}){hint}"
        ) from error
    except ValueError as error:  # a number of thousands of digits
        raise InputError(f"{source}: not valid JSON: {error}") from error


def _text(file: BinaryIO, source: str) -> str:
    file.seek(0)
    raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise InputError(
            f"{source} is one JSON document of more than {MAX_BYTES >> 20} MiB; write one object per line, which is "
            "read line by line: jq -c '.[]' IN > OUT.jsonl"
        )
    return raw.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")


def _object(entry: Entry, source: str) -> Values | Problem:
    if isinstance(entry.value, dict):
        return entry.value
    return Problem(source, entry.line, "not-an-object", f"the element is {kind(entry.value)}, not an object ({{…}})")


def _members(members: list[Entry], source: str, columns: Columns) -> Iterator[tuple[int, Values | Problem]]:
    whole = {str(member.key): member.value for member in members}
    if len(whole) < len(members):
        raise _twice(members, source)
    if not _is_map(whole, columns):
        rows = _rows_under(whole)
        if rows is not None and not _is_row(whole, columns):
            raise InputError(
                f"{source} is one JSON document, and its rows lie under {_shown(rows)}: "
                f"jq -c '.[{json.dumps(shorten(safe_line(rows), _KEY_COLUMNS))}][]' IN > OUT.jsonl"
            )
        yield members[0].line if members else 1, whole
        return
    for member in members:
        # An empty list holds no caption; its file is a problem rather than nothing at all.
        values = (member.value if isinstance(member.value, list) else None) or [member.value]
        for value in values:
            yield member.line, _mapped(str(member.key), value, source, member.line, columns)


def _is_map(values: Mapping[str, object], columns: Columns) -> bool:
    """Return whether the keys are audio files rather than columns."""
    if any(is_audio_name(name) for name in values):
        return True
    if any(_are_rows(value) or (isinstance(value, str) and is_audio_name(value)) for value in values.values()):
        return False
    return bool(values) and not _is_row(values, columns)


def _is_row(values: Mapping[str, object], columns: Columns) -> bool:
    return bool(columns.roles(tuple(values)).keys() & {"audio", "caption", "transcript", "id"})


def _rows_under(values: Mapping[str, object]) -> str | None:
    """Return the key under which a list of objects lies; None without one."""
    return next((name for name, value in values.items() if _are_rows(value)), None)


def _are_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _mapped(key: str, value: object, source: str, line: int, columns: Columns) -> Values | Problem:
    if value is None or isinstance(value, str):
        return {"audio": key, "caption": value}
    if isinstance(value, dict):
        roles = columns.roles(tuple(value))
        return {"audio": key, **value} if "audio" not in roles else value if "id" in roles else {"id": key, **value}
    return Problem(source, line, "caption", f"the caption of {_shown(key)} is {kind(value)}, not text")


def _twice(members: list[Entry], source: str) -> InputError:
    seen: dict[str | None, int] = {}
    for member in members:
        if member.key in seen:
            return InputError(
                f"{source}:{member.line}: {_shown(str(member.key))} is there twice, on line {seen[member.key]} too; "
                "keep one of them, or give it a list of captions"
            )
        seen[member.key] = member.line
    raise AssertionError("no key is there twice")


def _shown(key: str) -> str:
    return repr(shorten(safe_line(key), _KEY_COLUMNS, middle=True))
