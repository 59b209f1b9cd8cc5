"""Whether labels in the order of `audiojudge label` teach more than as many labels of random clips.

Usage: python benchmarks/label_order.py RUN SET [--labels 50 100] [--splits 60]

RUN is a run folder over the manifest of SET (uuid, label). Each split takes half of the clips to label, in either
order, fits the decision to them as `audiojudge calibrate` does, and tries it on the other half.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from calibrate_draws import part

from audiojudge_cli.calibration.calibrate import decision_cases, run_base
from audiojudge_cli.calibration.fit import fit, logits_of
from audiojudge_cli.labelling.order import candidate, in_order
from audiojudge_cli.results.index import read_records
from audiojudge_cli.stats.probability import log_losses


def main() -> None:
    """Split, fit and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("set", type=Path)
    parser.add_argument("--labels", type=int, nargs="+", default=[50, 100])
    parser.add_argument("--splits", type=int, default=60)
    arguments = parser.parse_args()
    lines = (arguments.set / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    rows = {row["uuid"]: row for row in map(json.loads, lines)}
    records = [record for record in read_records(arguments.run) if record.verified]
    base, _ = run_base(records, arguments.run)
    cases = decision_cases([(record, rows[record.id]["label"] == "yes") for record in records], base)
    before, places = log_losses(logits_of(base, cases), cases.truth), {one.id: at for at, one in enumerate(records)}
    random = np.random.default_rng(5)
    for labels in arguments.labels:
        gains: dict[str, list[float]] = {"in order": [], "random": []}
        for split in range(arguments.splits):
            drawn = random.permutation(len(cases))
            pool, rest = drawn[: len(cases) // 2], drawn[len(cases) // 2 :]
            known = [one for at in pool if (one := candidate(records[at])) is not None]
            ordered = [places[turn.id] for turn in in_order(known, seed=split)]
            for name, taken in (("in order", ordered[:labels]), ("random", pool[:labels].tolist())):
                chosen = np.zeros(len(cases), dtype=np.bool_)
                chosen[taken] = True
                after = log_losses(logits_of(fit(base, part(cases, chosen))[0], cases), cases.truth)
                gains[name].append(float((before - after)[rest].mean()))
        print(f"{labels} labels: log loss of the rest better by")
        for name, each in gains.items():
            print(f"  {name:9} {np.mean(each):+.4f}")
        apart = np.subtract(gains["in order"], gains["random"])
        print(f"  in order the better in {int((apart > 0).sum())} of {len(apart)} splits")


if __name__ == "__main__":
    main()
