"""In which order clips are labelled: a share of random clips, and between them those of which most is learned.

Random clips are a simple random sample of the run, whatever the judge says of them, so that figures on them hold for
all of it. The others are chosen: uncertainty sampling (Lewis and Gale 1994) takes first what the judge is least sure
of, and turns between kinds of clips keep one doubtful kind from taking all of it.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from audiojudge_cli.results.record import Record

EVERY = 4
"""Every fourth clip is a random one: of the fifty labels that `calibrate` asks for a dozen, of two hundred fifty."""

STEP = 0.1
"""Width of the steps of uncertainty, in decision value: within one, kinds of clips take turns."""

Drawn = Literal["random", "chosen"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A clip that can be labelled.

    Attributes:
        id: Its id.
        distance: Of its decision value from the threshold, 0 to 1.
        kind: Its subset, and the dimension of the item that the judge finds missed the most.
    """

    id: str
    distance: float
    kind: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Turn:
    """A clip in its place of the order.

    Attributes:
        id: Its id.
        drawn: Whether it is one of the random clips.
    """

    id: str
    drawn: Drawn


def candidate(record: Record) -> Candidate | None:
    """Return a clip as one to be labelled; None where nothing was decided, so that a label would teach nothing."""
    value, worst = record.decision.value, record.worst
    if value is None or worst is None:
        return None
    return Candidate(record.id, abs(value - record.decision.threshold), (record.subset or "", worst.dimension))


def in_order(candidates: Iterable[Candidate], *, seed: int = 0) -> list[Turn]:
    """Return all clips in the order in which they are to be labelled: the same for the same clips and seed.

    A quarter of the clips, drawn without looking at them, are the random ones; every fourth place is theirs, and how
    far one gets in their order is a random sample of the run as well. The others come in steps of `STEP` from the
    threshold; within a step the kinds of clips take turns, and within a kind the nearest comes first.
    """
    drawn = sorted(candidates, key=lambda one: (_lot(one.id, seed), one.id))
    count = math.ceil(len(drawn) / EVERY)
    chosen = _by_turns(drawn[count:])
    random = iter([Turn(one.id, "random") for one in drawn[:count]])
    rest = iter([Turn(one.id, "chosen") for one in chosen])
    found: list[Turn] = []
    while len(found) < len(drawn):
        found += islice(rest, EVERY - 1)
        found += islice(random, 1)
    return found


def _by_turns(drawn: list[Candidate]) -> list[Candidate]:
    turns: Counter[tuple[int, tuple[str, str]]] = Counter()
    keyed = []
    for one in sorted(drawn, key=lambda one: one.distance):  # of equals the order of the lots stays
        # Values have four decimals: a distance of a whole step is not to fall below it by a rounding of floats.
        step = int(round(one.distance, 4) / STEP + 1e-9)
        keyed.append(((step, turns[step, one.kind], one.distance), one))
        turns[step, one.kind] += 1
    return [one for _, one in sorted(keyed, key=lambda pair: pair[0])]


def _lot(clip: str, seed: int) -> bytes:
    """Return the clip's lot: as good as random, and the same on every machine."""
    return hashlib.sha256(f"{seed}\0{clip}".encode(errors="surrogatepass")).digest()
