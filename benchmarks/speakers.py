"""How well the voice encoder tells speakers apart, on clips whose speakers are known.

Usage: python benchmarks/speakers.py SETS

SETS is the folder that holds the development sets `devset`, `devset2` and `gendev`. Pairs of whole clips: two of one of
eleven voices against two of different ones. Pairs of halves: the speech of a clip cut in the middle, against halves of
clips by other people.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from itertools import combinations, permutations
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.probes.activity import listen
from audiojudge_cli.probes.mel import RATE, Array
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.probes.speaker import embed_voice, likeness
from audiojudge_cli.stats.ranking import roc_auc
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store

# One person each: synthetic voices, prompts of one speaker, one generated voice.
VOICES = {
    "joe": "devset/audio/sp_joe*",
    "ked": "devset/audio/sp_ked*",
    "slt": "devset/audio/sp_slt*",
    "asterisk, English": "devset2/audio/sp_ast?.*",
    "asterisk, Spanish": "devset2/audio/sp_ast_es*",
    "asterisk, French": "devset2/audio/sp_ast_fr*",
    "asterisk, Italian": "devset2/audio/sp_ast_it*",
    "asterisk, Russian": "devset2/audio/sp_ast_ru*",
    "narrator": "devset2/audio/sp_uh*",
    "flite": "devset2/audio/sp_fli*",
    "InstructTTS": "gendev/audio/its*",
}
# Many people: another one in each clip, so that halves of two clips are of two people.
PEOPLE = ("gendev/audio/psc*", "devset/audio/sp_sj*")

LEAST_S = 3.0
"""Speech in a clip that is cut in halves."""

Spans = list[tuple[float, float]]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path)
    sets: Path = parser.parse_args().sets
    models = Models(Store(), find_card("embedded"), "cpu")
    by_voice = {name: list(_voices(sets, pattern, models)) for name, pattern in VOICES.items()}
    same = [likeness(*pair) for found in by_voice.values() for pair in combinations(found, 2)]
    other = [likeness(a, b) for one, two in combinations(by_voice.values(), 2) for a in one for b in two]
    _tell("whole clips", same, other)
    everyone = [path for pattern in PEOPLE for path in sorted(sets.glob(pattern))]
    everyone += [min(sets.glob(pattern)) for pattern in VOICES.values()]
    halves = [pair for path in everyone if (pair := _halves(path, models)) is not None]
    _tell(
        "halves of clips",
        [likeness(*pair) for pair in halves],
        [likeness(one[0], two[1]) for one, two in permutations(halves, 2)],
    )


def _tell(what: str, same: list[float], other: list[float]) -> None:
    auc = roc_auc(same + other, [True] * len(same) + [False] * len(other))
    print(f"{what}: {len(same)} pairs of one person, {len(other)} of two; AUC {auc:.3f}")
    for who, values in (("one person ", same), ("two people", other)):
        low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
        print(f"    {who}: median {middle:.2f}, 5 % below {low:.2f}, 5 % above {high:.2f}")


def _voices(sets: Path, pattern: str, models: Models) -> Iterator[Array]:
    for path in sorted(sets.glob(pattern)):
        samples = decode(path).at(RATE)
        found = embed_voice(samples, listen(samples, models.silero).segments(), models.speaker)
        if found is not None:
            yield found


def _halves(path: Path, models: Models) -> tuple[Array, Array] | None:
    samples = decode(path).at(RATE)
    spans = listen(samples, models.silero).segments()
    if sum(end - start for start, end in spans) < LEAST_S:
        return None
    first, second = (embed_voice(samples, half, models.speaker) for half in _cut(spans))
    return None if first is None or second is None else (first, second)


def _cut(spans: tuple[tuple[float, float], ...]) -> tuple[Spans, Spans]:
    """Return the first and the second half of the speech."""
    left = sum(end - start for start, end in spans) / 2
    first: Spans = []
    second: Spans = []
    for start, end in spans:
        middle = min(end, start + max(0.0, left))
        left -= end - start
        first += [(start, middle)] if middle > start else []
        second += [(middle, end)] if end > middle else []
    return first, second


if __name__ == "__main__":
    main()
