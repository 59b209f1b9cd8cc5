"""Check a run over the examples: every right caption must score above its wrong twin.

Usage: python examples/twins.py RUN_FOLDER
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path


def main() -> int:
    """Print one line per clip; return 1 when a wrong caption wins or a score is missing."""
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python examples/twins.py RUN_FOLDER\n")
        return 2
    summary = Path(sys.argv[1]) / "summary.csv"
    with summary.open(encoding="utf-8", newline="") as file:
        scores = {row["id"]: row["score"] for row in csv.DictReader(file)}
    names = sorted({name.rsplit("-", 1)[0] for name in scores})
    won = 0
    sys.stdout.write(f"{'clip':28}{'right':>8}{'wrong':>8}\n")
    for name in names:
        right, wrong = scores.get(f"{name}-right", ""), scores.get(f"{name}-wrong", "")
        wins = bool(right and wrong) and float(right) > float(wrong)
        won += wins
        verdict = "ok" if wins else "WRONG CAPTION WINS"
        sys.stdout.write(f"{name:28}{right or '-':>8}{wrong or '-':>8}  {verdict}\n")
    sys.stdout.write(f"{won} of {len(names)} right captions beat their wrong twin.\n")
    return 0 if names and won == len(names) else 1


if __name__ == "__main__":
    sys.exit(main())
