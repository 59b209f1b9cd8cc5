"""A judge that remembers: the same audio and the same item are never judged twice by the same judge."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from audiojudge_cli import __version__
from audiojudge_cli.judges.base import Case, Judge, Remarking, Scope, concurrency, ended, is_remote, scope_of, spent
from audiojudge_cli.judges.verdict_store import VerdictStore
from audiojudge_cli.results.plain import plain_fact
from audiojudge_cli.results.verdict import Verdict
from audiojudge_cli.text.jsonl import dumps, loads

# Raised when a key or a stored verdict is written otherwise.
_FORMAT = 1


class CachedJudge:
    """Asks the wrapped judge only what the store does not know; answers are the same to the byte.

    Only verdicts with a p_yes are stored: an error, a refusal and an item nobody could verify are asked again.

    Args:
        judge: The judge behind it.
        store: What is known.

    Attributes:
        hits: Verdicts that came from the store.
        asked: Verdicts that the judge was asked for.
    """

    def __init__(self, judge: Judge, store: VerdictStore) -> None:
        self._judge, self._store = judge, store
        self.name = judge.name
        self.fingerprint = judge.fingerprint
        self.device = judge.device
        self.scope: Scope = scope_of(judge)
        self.remote = is_remote(judge)
        self.hits = self.asked = 0
        self._lock = threading.Lock()

    @property
    def concurrent(self) -> int:
        """As many threads as the wrapped judge takes."""
        return concurrency(self._judge)

    @property
    def ended(self) -> str | None:
        """Why the wrapped judge answers no more."""
        return ended(self._judge)

    @property
    def spent(self) -> Mapping[str, float]:
        """What the wrapped judge has spent."""
        return spent(self._judge)

    def remark_to(self, tell: Callable[[str], None]) -> None:
        """Tell what the wrapped judge has to tell, and when the store cannot be used."""
        self._store.remark_to(tell)
        if isinstance(self._judge, Remarking):
            self._judge.remark_to(tell)

    def describe(self) -> Mapping[str, str]:
        """Return what the wrapped judge says of itself."""
        return self._judge.describe()

    def judge(self, cases: Sequence[Case]) -> list[list[Verdict]]:
        """Return one verdict per item, in order, for every case.

        Raises:
            ClipError: As the wrapped judge.
            ValueError: If it answers too much or too little.
        """
        keys = [self._keys(case) for case in cases]
        known = self._known(keys)
        gaps = [self._gap(row, known) for row in keys]
        answers = iter(self._ask(cases, gaps))
        told: list[list[Verdict]] = []
        new: dict[bytes, str] = {}
        for row, gap in zip(keys, gaps, strict=True):
            fresh = dict(zip(gap, next(answers), strict=True)) if gap else {}
            told.append([fresh[at] if at in fresh else known[key] for at, key in enumerate(row)])
            new |= {row[at]: _encode(verdict) for at, verdict in fresh.items() if row[at] and verdict.p_yes is not None}
        self._store.put(new)
        with self._lock:
            self.asked += sum(map(len, gaps))
            self.hits += sum(map(len, keys)) - sum(map(len, gaps))
        return told

    def _known(self, keys: Sequence[Sequence[bytes]]) -> dict[bytes, Verdict]:
        wanted = sorted({key for row in keys for key in row if key})
        decoded = ((key, _decode(text)) for key, text in self._store.get(wanted).items())
        return {key: verdict for key, verdict in decoded if verdict is not None}

    def _gap(self, row: Sequence[bytes], known: Mapping[bytes, Verdict]) -> list[int]:
        """Return which items the judge must be asked: all of them where they are answered together."""
        missing = [at for at, key in enumerate(row) if key not in known]
        return list(range(len(row))) if missing and self.scope == "case" else missing

    def _ask(self, cases: Sequence[Case], gaps: Sequence[Sequence[int]]) -> list[list[Verdict]]:
        wanted = [
            replace(case, items=tuple(case.items[at] for at in gap))
            for case, gap in zip(cases, gaps, strict=True)
            if gap
        ]
        answers = self._judge.judge(wanted) if wanted else []
        if len(answers) != len(wanted):
            raise ValueError(f"the judge answered {len(answers)} of {len(wanted)} clips")
        for case, verdicts in zip(wanted, answers, strict=True):
            if len(verdicts) != len(case.items):
                raise ValueError(f"the judge gave {len(verdicts)} verdicts for {len(case.items)} items")
        return answers

    def _keys(self, case: Case) -> list[bytes]:
        """Return the key of every item; empty ones for audio without a digest, which is never stored."""
        wave = case.waveform
        if not wave.sha256:
            return [b""] * len(case.items)
        base = [_FORMAT, __version__, self.name, self.fingerprint, wave.sha256, wave.rate, round(wave.duration_s, 6)]
        rows = [
            [item.dimension, item.question, item.basis, item.negated, item.claim.as_dict() if item.claim else None]
            for item in case.items
        ]
        whole = [] if self.scope == "item" else [case.caption, case.language]
        together = rows if self.scope == "case" else []
        head = hashlib.sha256(json.dumps([base, whole, together]).encode())
        keys = []
        for number, row in enumerate(rows):
            digest = head.copy()
            digest.update(json.dumps([row, number if together else 0]).encode())
            keys.append(digest.digest())
        return keys


def hits(judge: Judge) -> int:
    """Return how many verdicts of a judge came from a cache; 0 without one."""
    return int(getattr(judge, "hits", 0))


def _encode(verdict: Verdict) -> str:
    facts = {name: plain_fact(value) for name, value in verdict.facts.items()}
    times = [[float(start), float(end)] for start, end in verdict.times]
    row = [verdict.p_yes, verdict.answer, verdict.evidence, verdict.source, times, facts, verdict.warnings]
    return dumps(row)


def _decode(text: str) -> Verdict | None:
    """Return a stored verdict; None when it is none, and so has to be asked again."""
    try:
        p_yes, answer, evidence, source, times, facts, warnings = loads(text)
        spans = tuple((float(start), float(end)) for start, end in times)
        verdict = Verdict(float(p_yes), answer, evidence, source, spans, dict(facts), tuple(warnings))
    except (ArithmeticError, TypeError, ValueError):
        return None
    fits = 0 <= (verdict.p_yes or 0.0) <= 1 and answer == ("yes" if (verdict.p_yes or 0.0) >= 0.5 else "no")
    return verdict if fits and isinstance(evidence, str) and isinstance(source, str) else None
