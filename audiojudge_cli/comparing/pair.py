"""Two clips that are compared, before anything is known of either."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.row import Problem
from audiojudge_cli.results.record import Record

Choice = Literal["a", "b", "tie"]
Key = tuple[str, str, str | None]
"""What tells the clips of a comparison apart: audio, caption and transcript, as records have them."""


def key_of(one: Clip | Record) -> Key:
    """Return what tells a clip, or its record, from the others of a run."""
    audio = one.audio_name if isinstance(one, Clip) else one.audio.path
    return audio, one.caption, one.transcript


@dataclass(frozen=True, slots=True)
class Entrant:
    """One side of a pair.

    Attributes:
        key: What finds its record.
        system: Who made it.
    """

    key: Key
    system: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two clips for one prompt.

    Attributes:
        id: Unique within the comparison.
        a: One side.
        b: The other side.
        prompt: What both were made for: pairs of one prompt are not independent.
        subset: `speech`, `sound`, `music`, `mix`, or None.
        preferred: What a person preferred; None where nobody was asked.
        metadata: All other columns of its row.
    """

    id: str
    a: Entrant
    b: Entrant
    prompt: str
    subset: str | None = None
    preferred: Choice | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


Pairs = Callable[[], Iterator[Pair | Problem]]
"""Gives all pairs anew on every call."""
