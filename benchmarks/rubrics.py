"""How good expansion is: recall, precision, polarity, grounding and speed of an expander on gold sets.

    python benchmarks/rubrics.py --rubricset DIR [--rubricset DIR] [--devset DIR] [--expander rules]

A RUBRICSET holds `rubrics.jsonl` (captions with complete gold items); the first also holds `score.py`, whose comparison
is used as it is: a predicted item matches a gold item of the same family of dimensions whose basis overlaps it by half.

DEVSET holds `manifest.jsonl` (short captions with gold items). Its bases are English paraphrases, also for Chinese
captions, so spans cannot be compared. Questions are therefore asked in English, and a predicted item matches a gold
item when (1) their dimensions share a family of `score.py`, devset's `background` counting as component, event or
level, its `mode` as key and its `loudness` as volume, and (2) they say the same: the vocabulary finds a common value
of that dimension in both questions, or the questions share a content word, or both are about order. Recall is matched
one to one. An item of the caption that splits one gold item ("loud and close") is right as well, so precision counts
predicted items that match any gold item.
"""

from __future__ import annotations

import argparse
import collections
import importlib.util
import json
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from audiojudge_cli.rubrics.expander import Expander, ManyExpander
from audiojudge_cli.rubrics.files import item_row
from audiojudge_cli.rubrics.item import RubricItem
from audiojudge_cli.rubrics.registry import load_expander
from audiojudge_cli.rubrics.stems import HAN, words
from audiojudge_cli.rubrics.vocabulary import dimensions, find

_ALIASES = {"background": ("component", "event", "level"), "mode": ("key",), "loudness": ("volume", "intensity")}
_EMPTY = frozenset(
    word.stem
    for word in words(
        "is are does do the a an of in on to it audible heard playing present spoken sound sounds music recording free "
        "without speaker speech voice audio as described with and or at be there someone human talking nobody no not "
        "words word this that purely"
    )
)


def _rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _scorer(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("rubricset_score", folder / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{folder} has no score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rubricset(folder: Path, score: ModuleType, expander: Expander, show: int) -> None:
    """Print the figures on a gold set: all, by language and by subset."""
    total: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    seen = right = 0
    worst = []
    for gold in _rows(folder / "rubrics.jsonl"):
        rubric = expander.expand(gold["caption"])
        count, missed, surplus = score.compare(gold, {"items": [item_row(item) for item in rubric.items]})
        for name in ("all", gold["language"], gold["subset"]):
            total[name] += count
        seen += 1
        right += rubric.subset == gold["subset"]
        worst.append((len(missed) + len(surplus), gold["caption"], missed, surplus))
    print(folder.name)
    for name in sorted(total):
        print("  " + score.line(f"{name:7s}", total[name]))
    print(f"  subset detected right in {right} of {seen}")
    for _, caption, missed, surplus in sorted(worst, key=lambda row: -row[0])[:show]:
        print(f"\n{caption}")
        _print_items("missed ", missed)
        _print_items("surplus", surplus)


def _print_items(what: str, items: Iterable[dict[str, Any]]) -> None:
    for item in items:
        print(f"  {what} {item['dimension']:14s} {item['basis']!r}  {item['question']}")


def devset(folder: Path, expander: Expander, families: ModuleType, show: int) -> None:
    """Print the figures on devset, over its different captions."""
    seen: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(folder / "manifest.jsonl"):
        seen.setdefault(row["caption"], row["rubric"])
    count: collections.Counter[str] = collections.Counter()
    worst = []
    for caption, gold in seen.items():
        items = expander.expand(caption, language="en").items
        pairs = [
            (g, p) for g, wanted in enumerate(gold) for p, item in enumerate(items) if _same(wanted, item, families)
        ]
        matched = _one_to_one(pairs)
        right = {p for _, p in pairs}
        zh = "zh" if any("\u3400" <= char <= "\u9fff" for char in caption) else "en"
        for part in ("all", zh):
            count[f"{part} gold"] += len(gold)
            count[f"{part} matched"] += matched
            count[f"{part} predicted"] += len(items)
            count[f"{part} right"] += len(right)
        found = {g for g, _ in pairs}
        missed = [wanted for g, wanted in enumerate(gold) if g not in found]
        surplus = [item_row(item) for p, item in enumerate(items) if p not in right]
        worst.append((len(missed) + len(surplus), caption, missed, surplus))
    print(f"devset, {len(seen)} captions")
    for part in ("all", "en", "zh"):
        recall = count[f"{part} matched"] / count[f"{part} gold"]
        precision = count[f"{part} right"] / count[f"{part} predicted"]
        print(f"  {part:4s} recall {recall:.3f}  precision {precision:.3f}  gold {count[f'{part} gold']}")
    for errors, caption, missed, surplus in sorted(worst, key=lambda row: -row[0])[:show]:
        if errors:
            print(f"\n{caption}")
            _print_items("missed ", missed)
            _print_items("surplus", surplus)


def _same(wanted: dict[str, Any], item: RubricItem, families: ModuleType) -> bool:
    names = _ALIASES.get(wanted["dimension"], (wanted["dimension"],))
    shared = set().union(*(families.family(name) for name in names)) & families.family(item.dimension)
    if not shared:
        return False
    if "order" in names and item.dimension == "order":
        return True
    asked = wanted["question"] + " " + wanted["basis"]
    for name in (*names, item.dimension):
        if name in dimensions() and _values(asked, name) & _values(item.question, name):
            return True
    return bool(_content(asked) & _content(item.question))


def _values(text: str, dimension: str) -> set[str]:
    return {match.value for match in find(text, dimension)}


def _content(text: str) -> set[str]:
    return ({word.stem for word in words(text)} | set(HAN.findall(text))) - _EMPTY


def _one_to_one(pairs: Sequence[tuple[int, int]]) -> int:
    """Return the size of a largest one-to-one matching."""
    options: dict[int, list[int]] = {}
    for left, right in pairs:
        options.setdefault(left, []).append(right)
    owner: dict[int, int] = {}

    def place(left: int, tried: set[int]) -> bool:
        for right in options[left]:
            if right not in tried:
                tried.add(right)
                if right not in owner or place(owner[right], tried):
                    owner[right] = left
                    return True
        return False

    return sum(place(left, set()) for left in options)


def speed(captions: Sequence[str], expander: Expander, name: str) -> None:
    """Print captions per second of processor time, on one core."""
    asked = [(caption, None) for caption in captions]
    many = expander.expand_many if isinstance(expander, ManyExpander) else None
    rounds = max(1, 400 // max(1, len(captions)))
    mean = sum(map(len, captions)) / len(captions)
    for how in ("one by one", "together") if many else ("one by one",):
        start = 0.0
        for number in range(rounds + 1):
            if number == 1:  # The first round loads and warms up.
                start = time.process_time()
            if many and how == "together":
                many(asked)
            else:
                for caption in captions:
                    expander.expand(caption)
        rate = rounds * len(captions) / (time.process_time() - start)
        print(f"{name}, {how}: {rate:.0f} captions per second (mean {mean:.0f} characters)")


def lengths(captions: Sequence[str], expander: Expander) -> None:
    """Print the time for captions of growing length."""
    text = " ".join(captions)
    for size in (10_000, 100_000, 1_000_000):
        long = (text * (size // len(text) + 1))[:size]
        start = time.process_time()
        items = expander.expand(long).items
        print(f"  {size:>9,} characters: {time.process_time() - start:.2f} s, {len(items)} items")


def main() -> None:
    """Read the options and print everything asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rubricset", type=Path, required=True, action="append")
    parser.add_argument("--devset", type=Path)
    parser.add_argument("--expander", default="rules")
    parser.add_argument("--show", type=int, default=0, help="print the misses of the N worst captions")
    options = parser.parse_args()
    expander = load_expander(options.expander)
    score = _scorer(options.rubricset[0])
    captions = []
    for folder in options.rubricset:
        rubricset(folder, score, expander, options.show)
        captions += [row["caption"] for row in _rows(folder / "rubrics.jsonl")]
    if options.devset:
        devset(options.devset, expander, score, options.show)
        short = list(dict.fromkeys(row["caption"] for row in _rows(options.devset / "manifest.jsonl")))
        speed(short, expander, "devset")
    speed(captions, expander, "gold captions")
    lengths(captions, expander)


if __name__ == "__main__":
    main()
