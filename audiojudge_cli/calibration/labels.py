"""A file of labels: one JSON object per line, naming a clip of a run and whether it matches its caption."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audiojudge_cli.clips.lines import check_text, text_lines
from audiojudge_cli.clips.row import Problem
from audiojudge_cli.errors import InputError
from audiojudge_cli.results.record import Record
from audiojudge_cli.text.inputs import open_input
from audiojudge_cli.text.jsonl import loads
from audiojudge_cli.text.terminal import safe_line, shorten, shown

# A hundred thousand labels with long captions; no team has more.
_MOST_BYTES = 256 << 20
_WORDS = {"yes": True, "no": False, "true": True, "false": False}
_UNSURE = frozenset({"can't tell", "cannot tell", "unsure"})


@dataclass(frozen=True, slots=True)
class Label:
    """What a person said of a clip.

    Attributes:
        line: Where it stands in its file, from 1.
        id: Of the clip; None where audio names it.
        audio: Path as the record has it; None where only the id names the clip.
        caption: Tells clips of one audio file apart; None where the line has none.
        match: Whether the clip matches its caption; None where the person could not tell.
    """

    line: int
    id: str | None
    audio: str | None
    caption: str | None
    match: bool | None


@dataclass(frozen=True, slots=True)
class Labelled:
    """Clips of a run with their labels.

    Attributes:
        clips: Each labelled clip that has a decision, once, in the order of the run.
        unsure: Labels of people who could not tell.
        strangers: Lines that name no clip of the run.
        undecided: Clips that have a label, but failed or had no verified item.
    """

    clips: tuple[tuple[Record, bool], ...]
    unsure: int
    strangers: tuple[int, ...]
    undecided: int


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
        raise InputError(f"cannot read the labels {name}: {reason}") from error
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
    names = {key: row.get(key) for key in ("id", "audio", "caption")}
    for key, value in names.items():
        if value is not None and not isinstance(value, str):
            raise ValueError(f"{key} is text, not {_told(value)}")
    if not names["id"] and not names["audio"]:
        raise ValueError("it names no clip: give id (as in the run) or audio")
    if "label" not in row:
        raise ValueError("it has no label")
    said = row["label"]
    return Label(number, names["id"], names["audio"], names["caption"], _match(said, yes_from))


def _match(said: object, yes_from: float | None) -> bool | None:
    word = said.strip().casefold().replace("’", "'") if isinstance(said, str) else None
    if said is None or word in _UNSURE:
        return None
    rating = isinstance(said, int | float) and not isinstance(said, bool)
    if yes_from is not None:
        if not rating or not math.isfinite(said):  # type: ignore[arg-type]
            raise ValueError(f"the label {_told(said)} is no number, and --yes-from asks for ratings")
        return bool(said >= yes_from)  # type: ignore[operator]
    if isinstance(said, bool):
        return said
    if word in _WORDS:
        return _WORDS[word]
    if rating and said in {0, 1}:
        return bool(said)
    remedy = "; for ratings say from where on they are a yes: --yes-from 4" if rating else ""
    raise ValueError(f'the label {_told(said)} is neither "yes" nor "no" (nor null: could not tell){remedy}')


def _told(value: object) -> str:
    return shorten(safe_line(json.dumps(value, ensure_ascii=False)), 60)


class _Run:
    """Finds what clip of a run a label is about."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.records = {record.id: record for record in records}
        self._of_audio: dict[str, list[Record]] = {}
        for record in self.records.values():
            self._of_audio.setdefault(record.audio.path, []).append(record)

    def find(self, label: Label) -> Record | None:
        """Return the record; None without one.

        Raises:
            ValueError: If there are several.
        """
        if label.id is not None:
            return self.records.get(label.id)
        found = self._of_audio.get(label.audio or "", [])
        if label.caption is not None:
            found = [record for record in found if record.caption == label.caption]
        if len(found) > 1:
            raise ValueError(
                f"the run has {len(found)} clips of the audio {shown(label.audio or '')}; "
                "give the id of the clip, or its caption as well"
            )
        return found[0] if found else None


def join(labels: Iterable[Label], records: Iterable[Record], source: Path) -> Labelled:
    """Return the clips of a run with their labels.

    Args:
        labels: As `read_labels` gives them.
        records: Of the run.
        source: The file of labels, for messages.

    Raises:
        InputError: If a label fits several clips, or two labels of a clip contradict each other; names the lines.
    """
    run = _Run(records)
    said: dict[str, Label] = {}
    unsure, strangers = 0, []
    for label in labels:
        try:
            record = run.find(label)
        except ValueError as error:
            raise InputError(f"{shown(source)}:{label.line}: {error}") from error
        if record is None:
            strangers.append(label.line)
        elif label.match is None:
            unsure += 1
        elif (earlier := said.setdefault(record.id, label)).match != label.match:
            raise InputError(
                f"{shown(source)}:{label.line}: the clip {shown(record.id)} has the other label on line "
                f"{earlier.line}; keep one of them"
            )
    labelled: list[tuple[Record, Any]] = [
        (record, said[record.id].match) for record in run.records.values() if record.id in said
    ]
    clips = tuple((record, match) for record, match in labelled if record.decision.value is not None)
    return Labelled(clips, unsure, tuple(strangers), len(labelled) - len(clips))
