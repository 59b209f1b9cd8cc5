"""Pair captions with audio files. Clips are made as they are asked for; only an index of names is held."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from audiojudge_cli.clips.clip import Clip, Reference
from audiojudge_cli.clips.ids import base_digest, row_digest, safe_id, told_apart
from audiojudge_cli.clips.locate import Locator, Place, as_written
from audiojudge_cli.clips.report import MAX_EXAMPLES, PairingReport
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.text.terminal import shown

Rows = Callable[[], Iterator[Row | Problem]]


class Pairing:
    """Captions paired with audio.

    Making one reads all rows once to learn which are double and what has no partner; each iteration reads them again,
    so that a million rows take megabytes.

    Attributes:
        report: What was found, and what has no partner.
        captioned: Whether any row has a caption, transcript or rubric.
    """

    def __init__(
        self,
        rows: Rows,
        locator: Locator,
        audio_names: Sequence[str] | None = None,
        *,
        keep_missing: bool = True,
        notes: Sequence[str] = (),
        base: Path = Path(),
    ) -> None:
        """Read all rows once.

        Args:
            rows: Gives the rows anew on every call.
            locator: Finds the audio of a row.
            audio_names: The files in the folder of outputs, or None without one.
            keep_missing: Whether a row without audio is a clip (decoding then reports `not-found`) or left out.
            notes: Sentences for the report.
            base: Folder that relative paths of references start from.
        """
        self._rows = rows
        self._locator = locator
        self._audio_names = audio_names
        self._keep_missing = keep_missing
        self._base = base
        self._used = np.zeros(len(audio_names or ()), dtype=bool)
        self.captioned = False
        self._shared: frozenset[int] = frozenset()
        self._doubled: frozenset[int] = frozenset()
        self.report = self._scan(notes)

    @property
    def clips(self) -> Clips:
        """The clips in the order of the rows; can be iterated again and again, and has a length."""
        return Clips(self)

    def problems(self) -> Iterator[Problem]:
        """Yield every row that is no clip, in order."""
        return (entry for entry in self.entries() if isinstance(entry, Problem))

    def unused_audio(self) -> Iterator[str]:
        """Yield the audio files that no row names, sorted."""
        names = self._audio_names or ()
        return (names[int(index)] for index in np.flatnonzero(~self._used))

    def entries(self) -> Iterator[Clip | Problem]:
        """Yield a clip or a problem for every row, in order."""
        lines: dict[int, int | None] = {}
        for entry in self._placed():
            if isinstance(entry, Problem):
                yield entry
            elif entry.digest not in self._doubled:
                yield self._clip(entry)
            elif entry.digest in lines:
                yield _double(entry.row, lines[entry.digest])
            else:
                lines[entry.digest] = entry.row.line
                yield self._clip(entry)

    def _placed(self) -> Iterator[_Placed | Problem]:
        for row in self._rows():
            if isinstance(row, Problem):
                yield row
                continue
            place = self._locator.locate(row)
            if isinstance(place, Problem):
                yield place
            elif place.found or self._keep_missing:
                yield _placed(row, place)
            else:
                yield _missing(row, place)

    def _clip(self, entry: _Placed) -> Clip:
        row, place = entry.row, entry.place
        shared = base_digest(entry.base) in self._shared
        identity = told_apart(entry.base, entry.digest) if shared else entry.base
        metadata = row.metadata
        if row.id is not None and row.id != identity:
            metadata = {"id": row.id, **metadata}
        return Clip(
            identity,
            place.path,
            place.name,
            row.caption or "",
            row.subset,
            row.language,
            row.rubric,
            metadata,
            row.line,
            place.embedded,
            row.transcript,
            None if row.reference is None else Reference(as_written(self._base, row.reference)[0], row.reference),
        )

    def _scan(self, notes: Sequence[str]) -> PairingReport:
        bases, digests, found = array("Q"), array("Q"), array("B")
        kinds: Counter[str] = Counter()
        missing: list[Problem] = []
        strangers: list[Problem] = []
        strange = 0
        for entry in self._placed():
            if isinstance(entry, Problem):
                kinds[entry.kind] += 1
                continue
            row, place = entry.row, entry.place
            bases.append(base_digest(entry.base))
            digests.append(entry.digest)
            found.append(place.found)
            self.captioned = self.captioned or bool(row.caption or row.transcript or row.rubric)
            if place.index is not None:
                self._used[place.index] = True
            if not place.found and len(missing) < MAX_EXAMPLES:
                missing.append(_missing(row, place))
            if row.reference is not None and not as_written(self._base, row.reference)[1]:
                strange += 1
                strangers += [_stranger(row, row.reference)] if strange <= MAX_EXAMPLES else []
        unique, first, counts = np.unique(_numbers(digests), return_index=True, return_counts=True)
        self._doubled = frozenset(unique[counts > 1].tolist())
        # A row that merely repeats another must not change the other's id, so each counts once.
        unique, counts = np.unique(_numbers(bases)[first], return_counts=True)
        self._shared = frozenset(unique[counts > 1].tolist())
        rows, clips = len(digests) + kinds.total(), len(first)
        if clips < len(digests):
            kinds["duplicate"] = len(digests) - clips
        paired = int(np.frombuffer(found, dtype=np.uint8)[first].sum()) if clips else 0
        unused = int(np.count_nonzero(~self._used))
        return PairingReport(
            rows=rows,
            clips=clips,
            paired=paired,
            problem_kinds=dict(kinds),
            audio_files=None if self._audio_names is None else len(self._audio_names),
            unused=unused,
            missing_examples=tuple(missing),
            problem_examples=tuple(islice(self.problems(), MAX_EXAMPLES)) if kinds else (),
            unused_examples=tuple(islice(self.unused_audio(), MAX_EXAMPLES)),
            notes=tuple(notes),
            strangers=strange,
            stranger_examples=tuple(strangers),
        )


class Clips:
    """The clips of a pairing: as often as wanted, in order, with a length."""

    def __init__(self, pairing: Pairing) -> None:
        self._pairing = pairing

    def __len__(self) -> int:
        """Return the number of clips."""
        return self._pairing.report.clips

    def __iter__(self) -> Iterator[Clip]:
        """Yield every clip."""
        return (entry for entry in self._pairing.entries() if isinstance(entry, Clip))


@dataclass(frozen=True, slots=True)
class _Placed:
    row: Row
    place: Place
    base: str
    digest: int


def _placed(row: Row, place: Place) -> _Placed:
    base = safe_id(row.id if row.id is not None else place.label)
    rubric = "" if row.rubric is None else repr(row.rubric)
    # Rows that embed their audio may well share a name.
    name = place.name if place.embedded is None else f"{place.name}#{place.embedded.row}"
    # Rows without a transcript keep the ids that they had before there were transcripts.
    said = () if row.transcript is None else (row.transcript,)
    if row.reference is not None:
        said = (*said, "reference", row.reference)
    if row.aspect is not None:
        said = (*said, "aspect", row.aspect)
    return _Placed(row, place, base, row_digest(row.id or "", name, row.caption or "", rubric, *said))


def _numbers(values: array[int]) -> npt.NDArray[np.uint64]:
    return np.array(values, dtype=np.uint64)


def _double(row: Row, line: int | None) -> Problem:
    earlier = "an earlier row" if line is None else f"line {line}"
    message = f"the row repeats {earlier}: same id, audio, caption and transcript; it is counted once"
    return Problem(row.source, row.line, "duplicate", message)


def _missing(row: Row, place: Place) -> Problem:
    return Problem(row.source, row.line, "not-found", f"no audio file {shown(place.name)}")


def _stranger(row: Row, reference: str) -> Problem:
    return Problem(row.source, row.line, "reference", f"no reference clip {shown(reference)}")
