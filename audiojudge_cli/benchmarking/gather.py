"""From the records of a run to the cases that figures are made of: arrays of numbers, whatever the records hold."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from audiojudge_cli.benchmarking.layouts import GOLD, LABEL, is_yes
from audiojudge_cli.results.record import Record
from audiojudge_cli.stats.classified import Bools, Cases

_WORD = re.compile(r"[㐀-鿿]|[^\W㐀-鿿]+")
"""A word, or one Chinese character (CJK ideographs, U+3400 to U+9FFF)."""

_SHORT, _MIDDLE = 8, 20
"""Words of a caption: half of the development sets have up to eight, and prompts mostly over twenty."""

_FEW, _SOME = 3, 6
"""Items of a rubric: captions of one or two sounds have up to three."""


@dataclass(slots=True)
class Gathered:
    """The clips of a run against their labels.

    Attributes:
        labels: `group kind`, name → which clips belong, as places in the cases.
        failed: Clips without a verdict through an error; they are in no figure.
        unverifiable: Clips of which no item could be verified; they count as refused.
        own: Clips whose captions were expanded.
    """

    values: list[float] = field(default_factory=list)
    said: list[bool] = field(default_factory=list)
    truth: list[bool] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    verified: list[int] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    labels: dict[str, list[str]] = field(default_factory=dict)
    items: dict[str, list[tuple[float, bool, str]]] = field(default_factory=dict)
    failed: int = 0
    unverifiable: int = 0
    own: int = 0
    rule: str = ""
    threshold: float = 0.5

    def add(self, record: Record) -> None:
        """Take one record in."""
        truth = is_yes(record.metadata.get(LABEL))
        if truth is None:
            return
        if record.error is not None:
            self.failed += 1
            return
        value, key = record.decision.value, record.audio.sha256 or record.audio.path
        self.rule, self.threshold = record.decision.rule, record.decision.threshold
        self.unverifiable += value is None
        self.own += record.expander.name != "manifest"
        self.values.append(float("nan") if value is None else value)
        self.said.append(bool(record.decision.match))
        self.truth.append(truth)
        self.keys.append(key)
        self.verified.append(len(record.verified))
        self.asked.append(len(record.items))
        for kind, name in _groups(record, truth=truth).items():
            self.labels.setdefault(kind, []).append(name)
        gold = record.metadata.get(GOLD)
        # A transcript adds an item of its own behind those of the rubric.
        if isinstance(gold, list) and len(gold) <= len(record.items):
            for item, answer in zip(record.items, gold, strict=False):
                known = None if answer is None else is_yes(answer)
                if known is not None and item.p_yes is not None:
                    self.items.setdefault(item.dimension, []).append((item.p_yes, known, key))

    def cases(self) -> Cases:
        """Return the clips; those of one audio file are one cluster."""
        values = np.array(self.values, dtype=np.float64)
        said, truth = np.array(self.said, dtype=np.bool_), np.array(self.truth, dtype=np.bool_)
        verified, asked = np.array(self.verified, dtype=np.int64), np.array(self.asked, dtype=np.int64)
        return Cases(values, said, truth, _numbered(self.keys), verified, asked)

    def groups(self) -> dict[tuple[str, str], Bools]:
        """Return (kind, name) → which cases belong; a kind of negatives has all right captions beside it."""
        truth, found = np.array(self.truth, dtype=np.bool_), {}
        for kind, names in self.labels.items():
            array = np.array(names)
            for name in sorted({*names} - {""}, key=_natural):
                found[kind, name] = (array == name) | (truth if kind == "negative" else False)
        return found

    def item_cases(self) -> dict[str, Cases]:
        """Return the items with a gold answer by dimension, the most first; `all` of them before."""
        by_size = dict(sorted(self.items.items(), key=lambda entry: (-len(entry[1]), entry[0])))
        every = [one for found in by_size.values() for one in found]
        return {name: _item_cases(found) for name, found in {"all": every, **by_size}.items() if found}

    def is_dev(self) -> Bools:
        """Return which cases are in the half that a threshold is chosen on: by the hash of their audio."""
        return np.array([_digest(key) % 2 == 0 for key in self.keys], dtype=np.bool_)


def gather(records: Iterable[Record]) -> Gathered:
    """Return what figures are made of."""
    found = Gathered()
    for record in records:
        found.add(record)
    return found


def _groups(record: Record, *, truth: bool) -> dict[str, str]:
    words, items = len(_WORD.findall(record.caption)), len(record.items)
    kind = str(record.metadata.get("type") or "")
    # Subsets with names of their own (speech_gen) are metadata; where both are there, the record's is found by us.
    subset = record.metadata.get("subset") or record.subset or ""
    return {
        "subset": str(subset),
        "language": record.language or "",
        "negative": "" if truth else kind,
        "words": _sized(words, _SHORT, _MIDDLE),
        "items": _sized(items, _FEW, _SOME),
    }


def _digest(key: str) -> int:
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=1).digest()[0]


def _sized(count: int, few: int, some: int) -> str:
    return f"up to {few}" if count <= few else f"{few + 1} to {some}" if count <= some else f"over {some}"


def _natural(name: str) -> tuple[int, str]:
    """Sort `up to`, `9 to 20`, `over` in that order, and all others by name."""
    return (0 if name.startswith("up to ") else 2 if name.startswith("over ") else 1, name)


def _item_cases(found: list[tuple[float, bool, str]]) -> Cases:
    values = np.array([p for p, _, _ in found], dtype=np.float64)
    truth = np.array([answer for _, answer, _ in found], dtype=np.bool_)
    return Cases(values, values >= 0.5, truth, _numbered([key for _, _, key in found]))


def _numbered(keys: list[str]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return a number per key, by the order of keys and not of clips, so that draws do not depend on theirs."""
    places = {key: at for at, key in enumerate(sorted(set(keys)))}
    return np.array([places[key] for key in keys], dtype=np.int64)
