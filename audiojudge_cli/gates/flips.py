"""The words behind items that flipped from yes to no: looked up for those that are shown, not kept for all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audiojudge_cli.gates.pairs import Pairs
from audiojudge_cli.gates.table import Ints, RunTable
from audiojudge_cli.results.index import JournalIndex, RecordReader
from audiojudge_cli.results.record import RecordItem


@dataclass(frozen=True, slots=True)
class Flip:
    """An item that was yes and is no.

    Attributes:
        id: Of the clip.
        old: The item in the old run.
        new: The item in the new run.
    """

    id: str
    old: RecordItem
    new: RecordItem


def lost_items(pairs: Pairs, places: Ints) -> tuple[Flip, ...]:
    """Return the paired items at `places` (of `pairs.item_new`) with question, answers and evidence."""
    if not len(places):
        return ()
    at_old, at_new = pairs.item_old[places], pairs.item_new[places]
    old, new = _items(pairs.old, at_old), _items(pairs.new, at_new)
    ids = [pairs.new.ids[pairs.new.item_clip[place]] for place in at_new]
    return tuple(Flip(*each) for each in zip(ids, old, new, strict=True))


def _items(table: RunTable, places: Ints) -> list[RecordItem]:
    journal = table.folder / "records.jsonl"
    index = JournalIndex(journal)
    firsts = np.cumsum(table.items) - table.items
    found = []
    with RecordReader(journal) as reader:
        for place in places:
            clip = table.item_clip[place]
            offset = index.offset(table.ids[clip])
            record = reader.record_at(offset if offset is not None else 0)
            found.append(record.items[int(place - firsts[clip])])
    return found
