"""Fit the curves of spoken words, so that exchanged words are a no, and write them to models/embedded.calibration.json.

Usage: python benchmarks/fit_words.py DIR [DIR ...]

Each DIR is a labelled set (manifest.jsonl with gold rubrics). Its wrong rubrics quote quite other sentences, which
teaches nothing about two wrong words of ten; so every sentence that is said stands in the examples a second and a third
time, with a fifth and with three tenths of its words that carry meaning exchanged for words of other sentences (of the
scripts without spaces, where the recogniser errs in one character of five, three and five tenths). Printed is how often
the curves are right on each set when fitted on the others.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from fit_embedded import as_json
from fitting import Example, fit_curve

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.judges.embedded.calibration import default_path
from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
from audiojudge_cli.judges.embedded.heads import load_heads
from audiojudge_cli.judges.embedded.judge import claim_of
from audiojudge_cli.judges.embedded.reading import Reading
from audiojudge_cli.judges.embedded.traits import answer
from audiojudge_cli.judges.embedded.traits.words import plain
from audiojudge_cli.judges.embedded.word_diff import carries_meaning
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.rubrics.claim import Claim
from audiojudge_cli.rubrics.item import RubricItem
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store

KINDS = ("words.many", "words.characters")
SHARES = {"words.many": (0.2, 0.3), "words.characters": (0.3, 0.5)}
_NOTE = "benchmarks/fit_words.py on the labelled sets: gold items, and said sentences with words exchanged"


@dataclass(frozen=True)
class Said:
    """A quoted sentence, and whether it is said in a clip."""

    folder: Path
    audio: str
    words: str
    holds: bool


def sentences(folder: Path) -> Iterator[Said]:
    """Yield the quoted sentences of a set's gold rubrics, each once per clip."""
    seen = set()
    for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for entry in row["rubric"]:
            claim = claim_of(RubricItem(entry["dimension"], entry["question"], entry.get("basis", "")))
            known = entry.get("answer") in {"yes", "no"} and claim is not None and claim.dimension == "content"
            if not known or claim is None or len(plain(claim.words).split()) < 2:
                continue
            said = Said(folder, row["audio"], claim.words, (entry["answer"] == "yes") != claim.negated)
            if said not in seen:
                seen.add(said)
                yield said


def exchanged(words: str, share: float, pool: Sequence[str], chance: random.Random) -> str | None:
    """Return words with a share of those that carry meaning exchanged, two at least; None where there are too few."""
    parts = plain(words).split()
    carrying = [at for at, word in enumerate(parts) if carries_meaning(word)]
    if len(carrying) < 3:
        return None
    for at in chance.sample(carrying, max(2, round(share * len(carrying)))):
        parts[at] = chance.choice(pool)
    return " ".join(parts)


def examples(said: Sequence[Said]) -> dict[str, list[Example]]:
    """Return examples by kind; their source is the set."""
    models, heads, chance = Models(Store(), find_card("embedded"), "cpu", 1), load_heads(), random.Random(0)
    spoken = sorted({word for one in said for word in plain(one.words).split() if carries_meaning(word)})
    found: dict[str, list[Example]] = {kind: [] for kind in KINDS}
    for path in sorted({one.folder / one.audio for one in said}):
        clip = ClipFeatures(decode(path), models, heads)
        for one in (one for one in said if one.folder / one.audio == path):
            kind = KINDS[not one.words.isascii() and len(plain(one.words).split()) > len(one.words.split())]
            pool = [word for word in spoken if word.isascii() == (kind == KINDS[0])] or spoken
            asked = [(one.words, one.holds)]
            if one.holds:
                asked += [(exchanged(one.words, share, pool, chance) or "", False) for share in SHARES[kind]]
            for words, holds in asked:
                reading = answer(clip, Claim("content", words=words)) if words else None
                if isinstance(reading, Reading) and reading.kind in found:
                    found[reading.kind].append(
                        Example(reading.kind, reading.features, holds, str(path), one.folder.name)
                    )
    return found


def main() -> None:
    """Fit, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=default_path())
    arguments = parser.parse_args()
    data = json.loads(arguments.out.read_text(encoding="utf-8"))
    for kind, known in examples([one for folder in arguments.folders for one in sentences(folder)]).items():
        for folder in arguments.folders:
            rest = [one for one in known if one.source != folder.name]
            left = [one for one in known if one.source == folder.name]
            if rest and left:
                curve = fit_curve(rest)
                for holds in (True, False):
                    right = [(curve.p_yes(one.features) >= 0.5) == holds for one in left if one.holds == holds]
                    print(f"{kind:18s} {folder.name} left out, {holds!s:5s}: {np.mean(right):.3f} of {len(right)}")
        if known:
            data["curves"][kind] = as_json(fit_curve(known, note=_NOTE))
    arguments.out.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
