"""Draws captions at random, prints the items the rules expander asks of each, and counts what a reader said of them.

The captions are JSONL of `{id, caption, subset, source}`. A reader judges every item against its caption:
`right` (true of the caption, and natural English), `clumsy` (true, but awkward or partly redundant) or `wrong`.
The verdict file is JSONL of `{id, items: {digest: verdict}}` with the digest of each question, because captions have
licences of their own and questions quote them. With `--verdicts` the captions of that file are taken, else drawn.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

from audiojudge_cli.rubrics.rules import load

VERDICTS = ("right", "clumsy", "wrong")
Row = dict[str, Any]


def read_lines(path: Path) -> list[Row]:
    """Return the objects of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def asked(rows: list[Row]) -> dict[str, list[str]]:
    """Return the questions the rules expander asks of each caption, by id."""
    expander = load()
    return {row["id"]: [item.question for item in expander.expand(row["caption"]).items] for row in rows}


def digest(question: str) -> str:
    """Return the first 12 hexadecimal digits of the SHA-256 of a question; among a thousand none collide."""
    return hashlib.sha256(question.encode()).hexdigest()[:12]


def for_reading(rows: list[Row], questions: dict[str, list[str]]) -> str:
    """Return captions and their items as text, one block per caption."""
    blocks = [[f"{row['id']} [{row['source']}] {row['caption']}", *questions[row["id"]]] for row in rows]
    return "\n\n".join("\n    ".join(block) for block in blocks) + "\n"


def summary(name: str, rows: list[Row], questions: dict[str, list[str]], verdicts: dict[str, dict[str, str]]) -> str:
    """Return one line: shares of the verdicts, captions without a wrong item, and how far the items have changed."""
    read = {row["id"]: verdicts[row["id"]] for row in rows if row["id"] in verdicts}
    count = Counter(verdict for items in read.values() for verdict in items.values())
    clean = sum("wrong" not in items.values() for items in read.values())
    now = {one: {digest(question) for question in questions[one]} for one in read}
    gone = sum(len(items.keys() - now[one]) for one, items in read.items())
    new = sum(len(now[one] - items.keys()) for one, items in read.items())
    shares = ", ".join(f"{count[verdict] / max(1, count.total()):.1%} {verdict}" for verdict in VERDICTS)
    return (
        f"{name}: {count.total()} items of {len(read)} captions read: {shares}; {clean} captions "
        f"({clean / max(1, len(read)):.1%}) without a wrong item; no longer asked {gone}, asked but not read {new}"
    )


def main() -> None:
    """Draw, expand, print, and summarise the verdicts where there are any."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("captions", type=Path, help="JSONL of {id, caption, subset, source}")
    parser.add_argument("--out", type=Path, required=True, help="where captions and items go, to be read")
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--verdicts", type=Path, help="what a reader said: JSONL of {id, items: {digest: verdict}}")
    args = parser.parse_args()
    every = read_lines(args.captions)
    verdicts = {line["id"]: line["items"] for line in read_lines(args.verdicts)} if args.verdicts else {}
    drawn = random.Random(args.seed).sample(every, min(args.count, len(every)))
    rows = [row for row in every if row["id"] in verdicts] if verdicts else drawn
    questions = asked(rows)
    args.out.write_text(for_reading(rows, questions), encoding="utf-8")
    print(f"{args.out}: {sum(map(len, questions.values()))} items of {len(rows)} captions")
    if not verdicts:
        return
    strays = {verdict for items in verdicts.values() for verdict in items.values()} - set(VERDICTS)
    if strays:
        parser.error(f"{args.verdicts}: verdicts are {', '.join(VERDICTS)}, not {', '.join(sorted(strays))}")
    print(summary("all", rows, questions, verdicts))
    for source in sorted({row["source"] for row in rows}):
        print(summary(source, [row for row in rows if row["source"] == source], questions, verdicts))


if __name__ == "__main__":
    main()
