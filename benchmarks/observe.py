"""What the probes measure for the items of a development set, computed once and kept in a file."""

from __future__ import annotations

import json
import pickle
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
from audiojudge_cli.judges.embedded.heads import load_heads
from audiojudge_cli.judges.embedded.judge import observe
from audiojudge_cli.judges.embedded.reading import NotHeard, Reading
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.rubrics.item import RubricItem
from audiojudge_cli.rubrics.rules import load as load_rules
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store


@dataclass(frozen=True)
class Observed:
    """One item as the probes saw it.

    Attributes:
        item: The rubric item.
        reading: What was measured; None when the item is unverifiable.
        negated: Whether yes means that the check fails.
        gold: The gold answer of the item (True = yes), None when unknown.
        reason: Why it is unverifiable.
    """

    item: RubricItem
    reading: Reading | None
    negated: bool
    gold: bool | None
    reason: str = ""


@dataclass(frozen=True)
class Row:
    """One labelled row: audio, caption, whether they match, and its observed items."""

    audio: str
    caption: str
    match: bool
    kind: str
    subset: str
    source: str
    chinese: bool
    gold: tuple[Observed, ...]
    own: tuple[Observed, ...]


def load_rows(folder: Path, workers: int = 2) -> list[Row]:
    """Return the rows of a development set with gold and own items observed."""
    manifest = [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    by_audio: dict[str, list[dict[str, Any]]] = {}
    for entry in manifest:
        by_audio.setdefault(entry["audio"], []).append(entry)
    models = Models(Store(), find_card("embedded"), "cpu", workers)
    expander, heads = load_rules(), load_heads()

    def hear(audio: str) -> list[Row]:
        clip = ClipFeatures(decode(folder / audio), models, heads)
        return [
            _row(clip, entry, expander.expand(entry["caption"], subset=entry["subset"]).items)
            for entry in by_audio[audio]
        ]

    with ThreadPoolExecutor(workers) as pool:
        return [row for rows in pool.map(hear, by_audio) for row in rows]


def _row(clip: ClipFeatures, entry: dict[str, Any], own: Sequence[RubricItem]) -> Row:
    gold = [
        (RubricItem(it["dimension"], it["question"], it["basis"]), {"yes": True, "no": False}.get(it["answer"]))
        for it in entry["rubric"]
    ]
    return Row(
        audio=entry["audio"],
        caption=entry["caption"],
        match=entry["label"] == "yes",
        kind=entry["type"],
        subset=entry["subset"],
        source=entry["source"],
        chinese=any("\u4e00" <= char <= "\u9fff" for char in entry["caption"].split("“")[0].split('"')[0]),
        gold=tuple(_observed(clip, item, answer) for item, answer in gold),
        own=tuple(_observed(clip, item, None) for item in own),
    )


def _observed(clip: ClipFeatures, item: RubricItem, gold: bool | None) -> Observed:
    reading = observe(clip, item)
    if isinstance(reading, NotHeard):
        return Observed(item, None, False, gold, reading.reason)
    return Observed(item, reading, reading.negated, gold)


def rows_of(folder: Path, cache: Path | None) -> list[Row]:
    """Return the observed rows, from `cache` (a pickle written by this script alone) when it is there."""
    if cache is not None and cache.exists():
        rows: list[Row] = pickle.loads(cache.read_bytes())
        return rows
    rows = load_rows(folder)
    if cache is not None:
        cache.write_bytes(pickle.dumps(rows))
    return rows
