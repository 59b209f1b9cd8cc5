"""Which clips of a pairing a run judges: `--filter`, then `--sample`, then `--limit`, then `--shard`."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

import numpy as np

from audiojudge_cli.errors import InputError
from audiojudge_cli.runs.clip_filter import FIELDS, ClipFilter, Column
from audiojudge_cli.runs.clipset import ClipSet, Listed, Mask
from audiojudge_cli.runs.shard import Shard, stable_hash
from audiojudge_cli.text.nearest import nearest
from audiojudge_cli.text.terminal import safe_line, shorten

_MAX_NAMES = 1_000
_SHOWN_NAMES = 20


@dataclass(frozen=True, slots=True)
class Selection:
    """What a person chose.

    Attributes:
        filter: Only clips for which it holds.
        sample: Only so many of them: those whose hash with the seed is lowest, whatever else is in the manifest.
        seed: Another seed, another sample.
        limit: Only the first so many of them.
        shard: Only this part of them.
    """

    filter: ClipFilter | None = None
    sample: int | None = None
    seed: int = 0
    limit: int | None = None
    shard: Shard | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """The clips of a run and those of all its shards.

    Attributes:
        clips: Of this run.
        whole: Of all shards together; the same as `clips` without a shard.
    """

    clips: ClipSet
    whole: ClipSet


def choose(clips: Listed, selection: Selection, subset: str | None = None) -> Chosen:
    """Return the chosen clips; reads them once when it must, and keeps at most 16 bytes for each.

    Args:
        clips: Of the pairing.
        selection: What is wanted.
        subset: Given to clips whose row names none, before the filter looks.

    Raises:
        InputError: If the filter names a column that no clip has, or holds for none.
    """
    if selection.filter is None and selection.sample is None and selection.shard is None:
        same = ClipSet(clips, selection.limit, subset)
        return Chosen(same, same)
    mask, lots, mine = _read(ClipSet(clips, None, subset), selection)
    if selection.sample is not None:
        mask &= lots <= _highest(lots[mask], selection.sample)
    if selection.limit is not None:
        mask &= np.cumsum(mask) <= selection.limit
    whole = ClipSet(clips, None, subset, mask)
    return Chosen(whole if selection.shard is None else ClipSet(clips, None, subset, mask & mine), whole)


def _read(clips: ClipSet, selection: Selection) -> tuple[Mask, np.typing.NDArray[np.uint64], Mask]:
    wanted, mine, lots = bytearray(), bytearray(), array("Q")
    seen: set[Column] = set()
    for clip in clips:
        if selection.filter is not None:
            wanted.append(selection.filter.holds(clip))
            if len(seen) < _MAX_NAMES or not seen.issuperset(selection.filter.columns):
                seen.update(Column(name, is_field=False) for name in clip.metadata)
        if selection.sample is not None:
            lots.append(stable_hash(f"sample {selection.seed}", clip.id))
        if selection.shard is not None:
            mine.append(selection.shard.holds(clip.id))
    if selection.filter is not None:
        refuse_unknown(selection.filter, seen)
        if not any(wanted):
            raise InputError(f"no clip of {len(clips):,} matches the filter {_quoted(selection.filter)}; widen it")
    count = len(clips)
    mask = np.array(wanted, dtype=np.bool_) if selection.filter else np.ones(count, dtype=np.bool_)
    return mask, np.array(lots, dtype=np.uint64), np.array(mine, dtype=np.bool_)


def _highest(lots: np.typing.NDArray[np.uint64], count: int) -> np.uint64:
    """Return the highest of the `count` lowest lots."""
    if len(lots) <= count:
        return np.uint64(np.iinfo(np.uint64).max)
    return np.uint64(np.partition(lots, count - 1)[count - 1])


def refuse_unknown(wanted: ClipFilter, seen: set[Column]) -> None:
    """Refuse a filter that names a column which no row has.

    Args:
        wanted: The filter.
        seen: The columns that there are, besides those of `FIELDS`.

    Raises:
        InputError: If so; names those there are.
    """
    known = {Column(name, is_field=True) for name in FIELDS} | seen
    unknown = sorted(wanted.columns - known)
    if not unknown:
        return
    names = [*FIELDS, *sorted(column.text for column in seen)]
    more = f" … and {len(names) - _SHOWN_NAMES} more" if len(names) > _SHOWN_NAMES else ""
    listed = shorten(safe_line(", ".join(names[:_SHOWN_NAMES])), 1_000) + more
    hint = nearest(unknown[0].name, names) or nearest(f"meta.{unknown[0].name}", names)
    raise InputError(
        f"filter {_quoted(wanted)}: no clip has a column {unknown[0].name!r}{hint}; known columns: {listed}"
    )


def _quoted(wanted: ClipFilter) -> str:
    return repr(shorten(safe_line(wanted.text), 120))
