"""What was judged, as one number: runs over the same cases compare, whoever judged them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from audiojudge_cli.benchmarking.layouts import LABEL
from audiojudge_cli.comparing.contest import Comparison
from audiojudge_cli.comparing.pair import Pair
from audiojudge_cli.results.index import read_records
from audiojudge_cli.results.ratings import HUMAN_FIELDS
from audiojudge_cli.runs.options import ScoreOptions
from audiojudge_cli.text.jsonl import dumps


def cases_digest(options: ScoreOptions) -> str:
    """Return a hash of the clips or pairs of a finished run with what people say of them, in whatever order.

    Args:
        options: Of the run.
    """
    contest = options.contest
    parts = _pairs(contest) if isinstance(contest, Comparison) else _clips(options)
    return _digest(dumps(part) for part in parts)


def _pairs(contest: Comparison) -> Iterator[list[Any]]:
    for pair in contest.source.pairs():
        if isinstance(pair, Pair):
            yield [pair.a.key, pair.b.key, pair.preferred]


def _clips(options: ScoreOptions) -> Iterator[list[Any]]:
    for record in read_records(options.out):
        told = [str(record.metadata.get(name)) for name in (LABEL, "dimension", *HUMAN_FIELDS)]
        yield [record.audio.path, record.caption, told]


def _digest(lines: Iterable[str]) -> str:
    # A sum of hashes does not depend on the order, and holds nothing in memory.
    total = sum(int.from_bytes(hashlib.blake2b(line.encode(), digest_size=16).digest()) for line in lines)
    return f"{total % (1 << 64):016x}"
