"""How the pairs of a finished run are decided: by its records, and where a judge heard both clips by what it said."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from audiojudge_cli.comparing.couples import Couple, HeardBy, Opinion, couple_of, read_opinions
from audiojudge_cli.comparing.pair import Key, key_of
from audiojudge_cli.comparing.prefer import By, Heard, Preference, by_ear, can_be_judged, heard, own_score, prefer
from audiojudge_cli.results.index import read_records
from audiojudge_cli.stats.estimators import ratio

_UNKNOWN = Heard(None, "the clip has no record", None, (), 0, ("", 0.0))
_LEVEL = 0.95
_PLACES = 4


@dataclass
class Decisions:
    """Decides pairs.

    Attributes:
        by: What is asked.
        known: What the run recorded of each clip.
        heard_by: Who heard both clips of a couple; None where records decide alone.
        opinions: What was said of each couple, by its key.
    """

    by: By
    known: dict[Key, Heard]
    heard_by: HeardBy | None = None
    opinions: dict[str, Opinion] = field(default_factory=dict)
    _bias: dict[str, tuple[float | None, str, bool]] = field(default_factory=dict)
    _failed: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, folder: Path, by: By, heard_by: HeardBy | None = None) -> Decisions:
        """Return what decides the pairs of a run folder."""
        known = {key_of(record): heard(record) for record in read_records(folder)}
        return cls(by, known, heard_by, {} if heard_by is None else read_opinions(folder))

    def couple(self, a: Key, b: Key) -> Couple | None:
        """Return two clips as a couple; None where they are not heard: a failure, or one file twice."""
        sides = [self.known.get(key, _UNKNOWN) for key in (a, b)]
        if self.heard_by is None or any(side.error is not None for side in sides):
            return None
        return couple_of(a, b, (sides[0].sha256, sides[1].sha256), self.heard_by)

    def couples(self, meetings: Iterable[tuple[Key, Key]]) -> Iterator[Couple]:
        """Yield what is to be heard, each couple once, in order."""
        seen: set[str] = set()
        for a, b in meetings:
            couple = self.couple(a, b)
            if couple is not None and couple.key not in seen:
                seen.add(couple.key)
                yield couple

    def prefer(self, a: Key, b: Key, prompt: str = "") -> Preference:
        """Return which of two clips is better.

        Args:
            a: One side.
            b: The other side.
            prompt: What both were made for: biases of one prompt are not independent.
        """
        sides = self.known.get(a, _UNKNOWN), self.known.get(b, _UNKNOWN)
        if self.heard_by is None:
            return prefer(*sides, self.by)
        couple = self.couple(a, b)
        opinion = None if couple is None else self.opinions.get(couple.key)
        if couple is not None and opinion is not None:
            if opinion.error is not None:
                self._failed.add(couple.key)
            else:
                self._bias.setdefault(couple.key, (opinion.bias, prompt, opinion.contradicted))
        return prefer(*sides, self.by, by_ear(opinion))

    def own_score(self, key: Key) -> float | None:
        """Return the score of a clip by itself; None where it has none."""
        return own_score(self.known[key], self.by) if key in self.known and self.heard_by is None else None

    def can_be_judged(self, key: Key) -> bool:
        """Return whether anything that was asked can be said about a clip."""
        if key not in self.known:
            return False
        one = self.known[key]
        return can_be_judged(one, self.by) if self.heard_by is None else one.error is None

    def told(self, meetings: Iterable[tuple[Key, Key]]) -> dict[str, Any] | None:
        """Return what `summary.json` holds of the hearing, once all pairs are decided; None without one.

        Args:
            meetings: All pairs, in order.
        """
        if self.heard_by is None:
            return None
        digest = hashlib.sha256()
        for couple in self.couples(meetings):
            digest.update(couple.key.encode())
        by = self.heard_by
        return {
            "judge": {"name": by.judge.name, "fingerprint": by.judge.fingerprint},
            "votes": by.votes,
            "seed": by.seed,
            "pairs_sha256": digest.hexdigest(),
            "couples": len(self._bias) + len(self._failed),
            "failed": len(self._failed),
            "contradicted": sum(contradicted for _, _, contradicted in self._bias.values()),
            "bias": self._biased(),
        }

    def _biased(self) -> dict[str, float | None] | None:
        """Return what coming first is worth, in points: the mean over couples, prompts drawn as a whole."""
        told = [(bias, prompt) for bias, prompt, _ in self._bias.values() if bias is not None]
        if not told:
            return None
        values = np.array([bias for bias, _ in told], dtype=np.float64)
        prompts: dict[str, int] = {}
        places = np.array([prompts.setdefault(prompt, len(prompts)) for _, prompt in told], dtype=np.int64)
        # On a scale from 1 to 10 nobody gains more; a judge with a larger scale has told so by then.
        most = max(9.0, float(np.abs(values).max()))
        found = ratio(values, np.ones(len(values)), places, bounds=(-most, most))
        low, high = found.interval(_LEVEL) or (None, None)
        kept = {"value": found.value, "low": low, "high": high}
        return {name: None if value is None else round(value, _PLACES) + 0.0 for name, value in kept.items()}
