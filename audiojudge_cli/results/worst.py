"""The clips that miss their captions most, or have most faults, kept while records pass by."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

from audiojudge_cli.results.quality import FAULTS, QualityFault
from audiojudge_cli.results.record import Record, RecordItem


@dataclass(frozen=True, slots=True)
class WorstClip:
    """A clip with a low decision value, and its worst items; of a run that only measures, one with faults.

    Attributes:
        id: Of the clip.
        audio: Its path as records show it.
        score: Its alignment score; None where nothing was judged.
        value: Its decision value, likewise.
        items: Verified items answered no, the lowest p_yes first.
        faults: What is wrong with the file.
    """

    id: str
    audio: str
    score: float | None
    value: float | None
    items: tuple[RecordItem, ...] = ()
    faults: tuple[QualityFault, ...] = ()


class Worst:
    """Keeps the clips with the lowest decision value, or the most faults; of equals, those that came first.

    Args:
        clips: How many clips to keep.
        items: How many items of each.
    """

    def __init__(self, clips: int = 5, items: int = 2) -> None:
        self._keep = clips
        self._items = items
        self._heap: list[tuple[tuple[float, ...], int, WorstClip]] = []
        self._seen = 0

    def add(self, record: Record) -> None:
        """Look at one record; those without a score or a failed item, or without a fault, are passed over."""
        self._seen += 1
        badness = _badness(record) if record.is_judged else faultiness(record)
        if badness is None:
            return
        entry = (badness, -self._seen)
        if len(self._heap) == self._keep and entry <= self._heap[0][:2]:
            return
        push = heapq.heappush if len(self._heap) < self._keep else heapq.heapreplace
        push(self._heap, (*entry, self._clip(record)))

    def clips(self) -> list[WorstClip]:
        """Return the kept clips, the worst first."""
        return [entry[2] for entry in sorted(self._heap, key=lambda entry: entry[:2], reverse=True)]

    def _clip(self, record: Record) -> WorstClip:
        missed = sorted(_missed(record), key=lambda item: item.p_yes or 0.0)[: self._items]
        faults = record.quality.faults if record.quality else ()
        return WorstClip(record.id, record.audio.path, record.score, record.decision.value, tuple(missed), faults)


def _missed(record: Record) -> list[RecordItem]:
    return [item for item in record.verified if item.answer == "no"]


def _badness(record: Record) -> tuple[float, ...] | None:
    value = record.decision.value
    return None if value is None or record.score is None or not _missed(record) else (-value,)


def badness(record: Record) -> tuple[float, ...]:
    """Return what clips are sorted by, the worst first.

    Failed clips come before all others, as nothing is known of them; then the lowest decision value, or the most faults
    where nothing is judged; last what could not be decided, or has no fault.
    """
    if record.error is not None:
        return (0.0,)
    if record.is_judged:
        value = record.decision.value
        return (2.0,) if value is None else (1.0, value)
    found = faultiness(record)
    return (2.0,) if found is None else (1.0, *(-each for each in found))


def faultiness(record: Record) -> tuple[float, ...] | None:
    """Return the number of kinds of faults, then how grave they are (as in `FAULTS`); None without any."""
    kinds = {fault.name for fault in record.quality.faults} if record.quality else set()
    return (len(kinds), *sorted((-FAULTS.index(kind) for kind in kinds), reverse=True)) if kinds else None
