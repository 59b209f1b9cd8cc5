"""What one person labels: which clip comes next, what the page is told of it, and what is written."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from audiojudge_cli.errors import ClipError, InputError
from audiojudge_cli.labelling.book import Book
from audiojudge_cli.labelling.order import Turn, candidate, in_order
from audiojudge_cli.labelling.sounds import Sounds
from audiojudge_cli.results.index import JournalIndex, RecordReader, read_records
from audiojudge_cli.results.record import Record
from audiojudge_cli.text.terminal import safe_line, shown

ANSWERS = ("yes", "no", "can't tell")
MOST_NOTE = 2000
"""Characters of a note: a page of text."""
_SHOWN_MISSING = 20
"""Clips without audio that the page names; of more it tells the number."""


@dataclass(frozen=True)
class Clips:
    """The clips of a run that can be labelled.

    Attributes:
        run: The run folder.
        order: All of them, in the order in which they are labelled.
        undecided: How many clips of the run are left out: failed, or nothing about them could be verified.
    """

    run: Path
    order: list[Turn]
    undecided: int

    def record(self, place: int) -> Record:
        """Return the record of the clip at a place of the order.

        Raises:
            InputError: If it is not in the run any more.
        """
        path = self.run / "records.jsonl"
        with RecordReader(path) as reader:
            record = reader.find(self._index.offset(self.order[place].id))
        if record is None or record.id != self.order[place].id:
            raise InputError(f"{shown(path)} has changed; start `audiojudge label` again")
        return record

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", JournalIndex(self.run / "records.jsonl"))

    _index: JournalIndex = field(init=False, repr=False)


def clips_of(run: Path, *, seed: int = 0) -> Clips:
    """Return the clips of a finished run in the order in which they are to be labelled.

    Raises:
        InputError: If it is no run that decides about captions, or none of its clips was decided.
    """
    found, undecided = [], 0
    for record in read_records(run):
        if not record.is_judged or record.is_rated:
            raise InputError(f"{shown(run)} decides about no captions; give the run folder of `audiojudge score`")
        one = candidate(record)
        undecided += one is None
        found += [] if one is None else [one]
    if not found:
        raise InputError(f"{shown(run)} has no clip with a decision, so labels would teach nothing")
    return Clips(run, in_order(found, seed=seed), undecided)


class Session:
    """One person at work; its methods may be called from any thread.

    Args:
        clips: Of the run.
        book: Where labels are written.
        sounds: Finds the audio.
        by: Who labels.
    """

    def __init__(self, clips: Clips, book: Book, sounds: Sounds, by: str) -> None:
        self.clips = clips
        self.book = book
        self.by = by
        self._sounds = sounds
        self._missing: dict[str, str] = {}
        self._places = {turn.id: place for place, turn in enumerate(clips.order)}
        self._lock = threading.RLock()

    def next(self, after: int = -1) -> dict[str, Any]:
        """Return the first clip behind a place that is to be labelled, from the beginning again at the end.

        A clip whose audio is gone is left out and told. Chosen clips are labelled by one person, random ones by all.

        Raises:
            InputError, OSError: If the labels or the run cannot be read any more.
        """
        with self._lock:
            self.book.look()
            count = len(self.clips.order)
            for step in range(1, count + 1):
                place = (after + step) % count
                if self._is_open(place) and self._has_audio(place):
                    return self._told(place)
            return self._told(None)

    def at(self, place: int) -> dict[str, Any]:
        """Return the clip at a place, labelled or not.

        Raises:
            ValueError: If there is no such place.
        """
        with self._lock:
            self.book.look()
            self._has_audio(self._checked(place))
            return self._told(place)

    def label(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """Write what was said of a clip, and return the next.

        Args:
            said: `place`; `label`: yes, no or can't tell; `items`: the same, or None, for each item; `note`.

        Raises:
            ValueError: If it is none of that.
            OSError: If it cannot be written.
        """
        with self._lock:
            place = self._checked(said.get("place"))
            turn, record = self.clips.order[place], self.clips.record(place)
            items, note = said.get("items") or [None] * len(record.items), said.get("note") or ""
            if said.get("label") not in ANSWERS or not isinstance(note, str) or len(note) > MOST_NOTE:
                raise ValueError("no label")
            if len(items) != len(record.items) or any(one not in (None, *ANSWERS) for one in items):
                raise ValueError("no answers to the items of this clip")
            line: dict[str, Any] = {
                "id": record.id,
                "label": said["label"],
                "by": self.by,
                "drawn": turn.drawn,
                "audio": record.audio.path,
                "caption": record.caption,
            }
            told = [
                {"dimension": item.dimension, "question": item.question, "label": one}
                for item, one in zip(record.items, items, strict=True)
                if one is not None
            ]
            line |= {"items": told} if told else {}
            line |= {"note": note.strip()} if note.strip() else {}
            self.book.append(line | {"at": _now()})
            return self.next(place)

    def undo(self) -> dict[str, Any]:
        """Take back the latest label of this person, and return its clip; without one, the next clip.

        Raises:
            OSError: If it cannot be written.
        """
        with self._lock:
            self.book.look()
            mine = (clip for clip, who in reversed(self.book.lines) if who == self.by and clip in self._places)
            clip = next((one for one in mine if self.book.of(one, self.by)), None)
            if clip is None:
                return self.next()
            self.book.append({"id": clip, "label": None, "by": self.by, "undone": True, "at": _now()})
            return self.at(self._places[clip])

    def progress(self) -> dict[str, int]:
        """Return how far it is: clips labelled by this person, random ones among them, by anybody; and those left."""
        with self._lock:
            mine = random = anybody = left = 0
            for place, turn in enumerate(self.clips.order):
                own = self.book.of(turn.id, self.by) is not None
                mine += own
                random += own and turn.drawn == "random"
                anybody += own or self.book.others(turn.id, self.by)
                left += self._is_open(place) and turn.id not in self._missing
            return {"mine": mine, "random": random, "anybody": anybody, "left": left}

    def _is_open(self, place: int) -> bool:
        turn = self.clips.order[place]
        if self.book.of(turn.id, self.by) is not None:
            return False
        return turn.drawn == "random" or not self.book.others(turn.id, self.by)

    def _has_audio(self, place: int) -> bool:
        clip = self.clips.order[place].id
        try:
            self._sounds.find(self.clips.record(place).audio)
        except ClipError as error:
            self._missing[clip] = safe_line(str(error))
        else:
            self._missing.pop(clip, None)
        return clip not in self._missing

    def _checked(self, place: object) -> int:
        if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < len(self.clips.order):
            raise ValueError("no such clip")
        return place

    def _told(self, place: int | None) -> dict[str, Any]:
        missing = list(self._missing.items())
        told: dict[str, Any] = {
            "of": len(self.clips.order),
            "progress": self.progress(),
            "missing": {"count": len(missing), "first": [message for _, message in missing[:_SHOWN_MISSING]]},
        }
        if place is None:
            return told
        turn, record = self.clips.order[place], self.clips.record(place)
        label = self.book.of(turn.id, self.by) or {}
        return told | {
            "place": place,
            "id": record.id,
            "drawn": turn.drawn,
            "path": safe_line(record.audio.path),
            "duration": record.audio.duration_s,
            "caption": record.caption,
            "transcript": record.transcript,
            "language": record.language,
            "subset": record.subset,
            "items": [{"dimension": item.dimension, "question": item.question} for item in record.items],
            "said": {"label": label.get("label"), "items": _items_of(label, record), "note": label.get("note", "")},
            "silent": self._missing.get(turn.id),
        }


def _items_of(label: Mapping[str, Any], record: Record) -> list[str | None]:
    said = label.get("items")
    known = {
        (each.get("dimension"), each.get("question")): each.get("label")
        for each in (said if isinstance(said, list) else [])
        if isinstance(each, dict) and each.get("label") in ANSWERS
    }
    return [known.get((item.dimension, item.question)) for item in record.items]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
