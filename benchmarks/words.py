"""How often words that are said are recognised as other ones: error rates of clips whose words are known.

Usage: python benchmarks/words.py SETS [--diffs]

SETS is the folder that holds the development sets `devset`, `devset2` and `gendev`. The words of a clip are those that
an item with the answer yes has in quotation marks. What is printed is by the voice or page that a clip comes from.
"""

from __future__ import annotations

import argparse
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.decode import decode
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.quality.words import words_of
from audiojudge_cli.reports.clip_lines import words_line
from audiojudge_cli.results.quality import WordErrors
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store

_SAID = re.compile(r'^Does the (?:speaker|singer) s(?:ay|ing) ["“](.*)["”]\?$')


def main() -> None:
    """Print the rates."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path)
    parser.add_argument("--diffs", action="store_true", help="print every clip that has errors")
    options = parser.parse_args()
    models = Models(Store(), find_card("embedded"), "cpu")
    found: dict[str, list[WordErrors]] = defaultdict(list)
    for path, said, source in _clips(options.sets):
        words = words_of(Clip(path.stem, path, path.name, "", transcript=said), decode(path), models)
        if words is None:
            continue
        found[source].append(words)
        if options.diffs and _rate(words):
            print(f"{path.name} {_rate(words):.2f} {words_line(words)}")
    for source, errors in sorted(found.items()):
        _tell(source, errors)
    _tell("all", [words for errors in found.values() for words in errors])


def _clips(sets: Path) -> Iterator[tuple[Path, str, str]]:
    for name in ("devset", "devset2", "gendev"):
        text = (sets / name / "manifest.jsonl").read_text(encoding="utf-8")
        said: dict[str, tuple[str, str]] = {}
        for row in map(json.loads, text.splitlines()):
            for item in row["rubric"]:
                match = _SAID.match(item["question"])
                if match and item["dimension"] == "content" and item["answer"] == "yes" and row["label"] == "yes":
                    said.setdefault(row["audio"], (match[1], re.split(r" \(| demo| via", row["source"])[0]))
        yield from ((sets / name / audio, words, source) for audio, (words, source) in said.items())


def _rate(words: WordErrors) -> float:
    """Return the word error rate; of Chinese the character error rate."""
    return words.wer if words.wer is not None else words.cer or 0.0


def _tell(source: str, errors: list[WordErrors]) -> None:
    rates = [_rate(words) for words in errors]
    whole = sum(rate == 0 for rate in rates)
    print(f"{source}: {len(rates)} clips, {whole} without errors, mean {sum(rates) / len(rates):.3f}")


if __name__ == "__main__":
    main()
