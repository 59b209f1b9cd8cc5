"""From the values of a row to a `Row`, or to the problem that keeps it from being one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal

from audiojudge_cli.clips.columns import Columns
from audiojudge_cli.clips.embedded import EmbeddedAudio
from audiojudge_cli.clips.row import Problem, ProblemKind, Row
from audiojudge_cli.text.jsonl import loads

SUBSETS = ("speech", "sound", "music", "mix")
_MAX_DEPTH = 64


class _BadRowError(Exception):
    def __init__(self, kind: ProblemKind, message: str) -> None:
        super().__init__(message)
        self.kind: ProblemKind = kind


def make_row(
    source: str,
    line: int | None,
    values: Mapping[str, object],
    columns: Columns,
    embedded: EmbeddedAudio | None = None,
) -> Row | Problem:
    """Return the row with `values` by column name, or the problem with it. Never raises.

    Args:
        source: Name of the manifest for messages.
        line: Of the row.
        values: By column.
        columns: Which column means what.
        embedded: The audio itself, where the manifest holds it.
    """
    try:
        return _make(source, line, values, columns, embedded)
    except _BadRowError as bad:
        return Problem(source, line, bad.kind, str(bad))


def _make(
    source: str,
    line: int | None,
    values: Mapping[str, object],
    columns: Columns,
    embedded: EmbeddedAudio | None,
) -> Row:
    roles = columns.roles(tuple(values))
    get = {role: values[column] for role, column in roles.items()}
    audio = _audio(get.get("audio"), inside=embedded is not None)
    caption = _words("caption", get.get("caption"), roles.get("caption", ""))
    transcript = _words("transcript", get.get("transcript"), roles.get("transcript", ""))
    if transcript is not None and not transcript.strip():
        transcript = None
    reference = _reference(get.get("reference"), roles.get("reference", ""))
    identity = _identity(get.get("id"))
    if audio is None and embedded is None and identity is None and caption is None and transcript is None:
        raise _BadRowError("missing-fields", "the row has neither audio, id, caption nor transcript")
    rubric, rubric_used = _rubric(get.get("rubric"), roles.get("rubric", ""))
    subset, language = _subset(get.get("subset")), _text(get.get("language"))
    # A subset or language that is something else (a split, a number) stays among the metadata, and so does the path of
    # a reference: the record has it nowhere else where the clip could not be compared.
    kept = {"subset": subset is None, "language": language is None, "rubric": not rubric_used, "reference": True}
    used = {column for role, column in roles.items() if not kept.get(role, False)}
    metadata = {name: _plain(value) for name, value in values.items() if name not in used}
    return Row(
        source, line, audio, caption, identity, subset, language, rubric, metadata, embedded, transcript, reference
    )


def _audio(value: object, *, inside: bool) -> str | None:
    if isinstance(value, Mapping):  # an audio column of Hugging Face datasets
        if not value.get("path"):
            if inside or "bytes" not in value:  # its bytes were found, or there are none either
                return None
            raise _BadRowError("audio", "the audio lies inside the manifest; write it to files and name their paths")
        value = value["path"]
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    raise _BadRowError("audio", f"the audio path is {kind(value)}, not text")


def _reference(value: object, column: str) -> str | None:
    if isinstance(value, Mapping) and isinstance(value.get("path"), str):  # an audio column of Hugging Face datasets
        value = value["path"]
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise _BadRowError("reference", f"the reference (column {column!r}) is {kind(value)}, not the path of a file")
    return value


def _words(role: Literal["caption", "transcript"], value: object, column: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise _BadRowError(role, f"the {role} (column {column!r}) is {kind(value)}, not text")
    if not _encodable(value):
        raise _BadRowError("not-utf-8", f"the {role} (column {column!r}) is not valid UTF-8; save the file as UTF-8")
    return value


def _identity(value: object) -> str | None:
    if isinstance(value, float) and value.is_integer():  # an integer column with gaps, as pandas writes it
        value = int(value)
    if value is None or value == "":
        return None
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    raise _BadRowError("id", f"the id is {kind(value)}, not text")


def _subset(value: object) -> str | None:
    """Return the subset; other words (a split such as "train") stay metadata."""
    name = value.strip().casefold() if isinstance(value, str) else ""
    return name if name in SUBSETS else None


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) and _encodable(value) else None


def _rubric(value: object, column: str) -> tuple[tuple[Mapping[str, Any], ...] | None, bool]:
    """Return the rubric, and whether the column was one (`items` may be anything)."""
    if value is None or (isinstance(value, str | list) and not value):
        return None, True
    if isinstance(value, str) and value.lstrip()[:1] in {"[", "{"}:
        value = _parsed(value, column)
    if isinstance(value, Mapping) and isinstance(value.get("items"), list):
        value = value["items"]
    if isinstance(value, list) and all(isinstance(item, Mapping | str) for item in value):
        return tuple(_plain(item) if isinstance(item, Mapping) else {"question": item} for item in value), True
    if column.strip().casefold() == "items":
        return None, False
    raise _BadRowError("rubric", f"the rubric (column {column!r}) is {kind(value)}, not a list of items")


def _parsed(text: str, column: str) -> object:
    try:
        return loads(text)
    except ValueError as error:
        raise _BadRowError("rubric", f"the rubric (column {column!r}) is not valid JSON: {error}") from error


def _plain(value: object, depth: int = 0) -> Any:  # noqa: ANN401 - any JSON value
    """Return `value` as JSON can hold it: NaN and infinities become None, other objects their text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if depth >= _MAX_DEPTH:
        raise _BadRowError("too-deep", f"a value is nested deeper than {_MAX_DEPTH} levels")
    if isinstance(value, Mapping):
        return {str(key): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, bytes):
        return f"({len(value)} bytes)"
    isoformat = getattr(value, "isoformat", None)
    return str(isoformat()) if callable(isoformat) else str(value)


def _encodable(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def kind(value: object) -> str:
    """Return in words what kind of value stands where text should."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return f"the number {value}" if abs(value) < 1e15 else "a number"
    if isinstance(value, list | Mapping):
        return "a list" if isinstance(value, list) else "an object"
    return f"a value of type {type(value).__name__}"
