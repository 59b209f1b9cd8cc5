"""The clips that miss their captions most, kept while records pass by."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

from audiojudge_cli.results.record import Record, RecordItem


@dataclass(frozen=True, slots=True)
class WorstClip:
    """A clip with a low decision value, and its worst items.

    Attributes:
        id: Of the clip.
        audio: Its path as records show it.
        score: Its alignment score.
        value: Its decision value.
        items: Verified items answered no, the lowest p_yes first.
    """

    id: str
    audio: str
    score: float
    value: float
    items: tuple[RecordItem, ...]


class Worst:
    """Keeps the clips with the lowest decision value; of equals, those that came first.

    Args:
        clips: How many clips to keep.
        items: How many items of each.
    """

    def __init__(self, clips: int = 5, items: int = 2) -> None:
        self._keep = clips
        self._items = items
        self._heap: list[tuple[float, int, WorstClip]] = []
        self._seen = 0

    def add(self, record: Record) -> None:
        """Look at one record; those without a score and those without a failed item are passed over."""
        self._seen += 1
        value = record.decision.value
        missed = [item for item in record.verified if item.answer == "no"]
        if value is None or record.score is None or not missed:
            return
        entry = (-value, -self._seen)
        if len(self._heap) == self._keep and entry <= self._heap[0][:2]:
            return
        items = tuple(sorted(missed, key=lambda item: item.p_yes or 0.0)[: self._items])
        push = heapq.heappush if len(self._heap) < self._keep else heapq.heapreplace
        push(self._heap, (*entry, WorstClip(record.id, record.audio.path, record.score, value, items)))

    def clips(self) -> list[WorstClip]:
        """Return the kept clips, the worst first."""
        return [entry[2] for entry in sorted(self._heap, key=lambda entry: (-entry[0], -entry[1]))]
