"""How far the preferences of a run are those of people, over all pairs and by group."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any

from audiojudge_cli.comparing.pair import Pair
from audiojudge_cli.comparing.pairs_file import Bout, pair_cells
from audiojudge_cli.comparing.sources import Source
from audiojudge_cli.comparing.standing import Standing
from audiojudge_cli.errors import InputError
from audiojudge_cli.text.terminal import shown

_GROUPS: Mapping[str, tuple[str, ...]] = {
    "subset": ("subset",),
    "language": ("language_setting", "language", "lang"),
    "type": ("type", "why"),
}
"""Group → the columns that say so, the first counts: `language_setting` as in SpeechJudge, `why` as in our own sets."""


def preferences(folder: Path, source: Source) -> list[dict[str, Any]]:
    """Return the agreement with people by group, `all` first; docs/bench.md documents every field.

    Pairs of one prompt are not independent, and are drawn as a whole for the intervals.

    Args:
        folder: The finished run, with its `pairs.csv`.
        source: The pairs that were compared.

    Raises:
        InputError: If the folder holds other pairs.
    """
    found: dict[tuple[str, str], Standing] = {("all", "all"): Standing()}
    for pair, bout in _decided(folder, source):
        for group in (("all", "all"), *_groups(pair)):
            found.setdefault(group, Standing()).add(bout)
    order = ("all", *_GROUPS, "preferred")
    ranked = sorted(found.items(), key=lambda entry: (order.index(entry[0][0]), entry[0][1]))
    return [_told(by, name, standing) for (by, name), standing in ranked]


def _decided(folder: Path, source: Source) -> Iterator[tuple[Pair, Bout]]:
    pairs = (pair for pair in source.pairs() if isinstance(pair, Pair))
    for pair, row in zip_longest(pairs, pair_cells(folder)):
        if pair is None or row is None or pair.id != row["id"]:
            raise InputError(f"the pairs of {shown(folder)} are other ones; run the same command again")
        human, subset = pair.preferred or "", pair.subset or "unknown"
        yield pair, Bout(pair.a.system, pair.b.system, row["preferred"], pair.prompt, subset, human)


def _groups(pair: Pair) -> Iterator[tuple[str, str]]:
    told: Callable[[str], object] = {**pair.metadata, "subset": pair.metadata.get("subset") or pair.subset}.get
    for by, columns in _GROUPS.items():
        name = next((str(value) for column in columns if (value := told(column)) not in (None, "")), "")
        if name:
            yield by, name
    # A judge that prefers one side, whatever it hears, is right on half of them.
    yield "preferred", pair.preferred or ""


def _told(by: str, name: str, standing: Standing) -> dict[str, Any]:
    found = standing.agreement() or {"accuracy": {"value": None, "low": None, "high": None}}
    counts = {key: found.get(key, 0) for key in ("right", "tied", "wrong", "undecided", "human_ties")}
    pairs = found.get("pairs", 0)
    return {"by": by, "name": name, "pairs": pairs, **counts, "accuracy": {**found["accuracy"], "n": pairs}}
