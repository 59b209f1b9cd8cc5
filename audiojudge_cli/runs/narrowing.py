"""`--filter` and `--limit` of a comparison: which pairs, or which clips of a selection, take part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.row import Problem
from audiojudge_cli.comparing.pair import Pair
from audiojudge_cli.comparing.sources import Source
from audiojudge_cli.errors import InputError
from audiojudge_cli.runs.clip_filter import ClipFilter, Column
from audiojudge_cli.runs.selection import refuse_unknown
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.terminal import safe_line, shorten


def narrowed(source: Source, wanted: ClipFilter | None, limit: int | None) -> Source:
    """Return the pairs that take part, and the clips of these.

    Args:
        source: All of them.
        wanted: Only pairs for which it holds; None: all.
        limit: Only the first so many of those; None: all.

    Raises:
        InputError: If the filter names a column that no pair has, or holds for none.
    """
    if wanted is None and limit is None:
        return source
    if wanted is not None:
        refuse_idle_filter(wanted, (_as_clip(pair) for pair in source.pairs() if isinstance(pair, Pair)), "pair")
    pairs = partial(_pairs, source, wanted, limit)
    keys = frozenset(side.key for pair in pairs() if isinstance(pair, Pair) for side in (pair.a, pair.b))
    return replace(source, pairs=pairs, keys=keys)


def refuse_idle_filter(wanted: ClipFilter, clips: Iterable[Clip], what: str) -> None:
    """Refuse a filter that holds for nothing.

    Args:
        wanted: The filter.
        clips: What it is asked of.
        what: What that is, for the message.

    Raises:
        InputError: If it names a column that none has, or holds for none.
    """
    total, held, seen = 0, False, set[Column]()
    for clip in clips:
        total += 1
        held = wanted.holds(clip) or held
        seen.update(Column(name, is_field=False) for name in clip.metadata)
    refuse_unknown(wanted, seen)
    if not held:
        told = shorten(safe_line(wanted.text), 120)
        raise InputError(f"none of {counted(total, what)} matches the filter {told!r}; widen it")


def _pairs(source: Source, wanted: ClipFilter | None, limit: int | None) -> Iterator[Pair | Problem]:
    held = (
        pair for pair in source.pairs() if isinstance(pair, Problem) or wanted is None or wanted.holds(_as_clip(pair))
    )
    if limit is None:
        yield from held
        return
    left = limit
    for pair in held:
        left -= isinstance(pair, Pair)
        if left < 0:
            return
        yield pair


def _as_clip(pair: Pair) -> Clip:
    """Return what a filter sees of a pair: its row, both systems, and what a person preferred."""
    audio, caption, transcript = pair.a.key
    systems = {"system_a": pair.a.system, "system_b": pair.b.system, "preferred": pair.preferred}
    told = {**pair.metadata, **systems}
    return Clip(pair.id, Path(audio), audio, caption, pair.subset, metadata=told, transcript=transcript)
