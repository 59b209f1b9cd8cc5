"""What a calibration on some labels of a run gains on the rest of the run, over many random draws.

Usage: python benchmarks/calibrate_draws.py RUN [--labels 100] [--draws 20]

RUN is a run folder whose manifest had a column `label` with yes and no. Each draw fits the decision to its labels and
is tried on all other clips; gains are averaged per clip over the draws that did not see it, and the intervals draw
audio files and captions as a whole.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from audiojudge_cli.calibration.calibrate import decision_cases, run_base
from audiojudge_cli.calibration.fit import Cases, chances_of, cross_validated, interval_of, logits_of
from audiojudge_cli.results.index import read_records
from audiojudge_cli.stats.probability import brier_scores, log_losses


def main() -> None:
    """Draw, fit and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("--labels", type=int, default=100)
    parser.add_argument("--draws", type=int, default=20)
    arguments = parser.parse_args()
    records = list(read_records(arguments.run))
    base, _ = run_base(records, arguments.run)
    cases = decision_cases([(one, one.metadata["label"] == "yes") for one in records if one.verified], base)
    before = logits_of(base, cases)
    random = np.random.default_rng(1)
    sums: dict[str, np.ndarray] = {name: np.zeros(len(cases)) for name in ("accuracy", "Brier", "log loss")}
    unseen, better, shown = np.zeros(len(cases)), 0, 0
    for _ in range(arguments.draws):
        drawn = np.zeros(len(cases), dtype=np.bool_)
        drawn[random.permutation(len(cases))[: arguments.labels]] = True
        outcome = cross_validated(base, part(cases, drawn))
        after = logits_of(outcome.rule, cases)
        old, new = chances_of(before), chances_of(after)
        right = [((chance >= base.threshold) == cases.truth).astype(float) for chance in (old, new)]
        gains = {
            "accuracy": right[1] - right[0],
            "Brier": brier_scores(old, cases.truth) - brier_scores(new, cases.truth),
            "log loss": log_losses(before, cases.truth) - log_losses(after, cases.truth),
        }
        for name, gain in gains.items():
            sums[name][~drawn] += gain[~drawn]
        unseen += ~drawn
        better += bool(gains["log loss"][~drawn].mean() > 0)
        shown += outcome.teaches
    tried = unseen > 0
    for name, total in sums.items():
        gain = interval_of(total[tried] / unseen[tried], part(cases, tried))
        print(f"{name:9} {gain.value:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]")
    print(
        f"{better} of {arguments.draws} draws lower the log loss of the rest; {shown} of {arguments.draws} show it on "
        f"their {arguments.labels} labels alone and would be written"
    )


def part(cases: Cases, chosen: np.ndarray) -> Cases:
    """Return the cases that are chosen."""
    at = np.flatnonzero(chosen).tolist()
    return Cases(
        cases.looks[at], cases.truth[at], [cases.audio[one] for one in at], [cases.captions[one] for one in at]
    )


if __name__ == "__main__":
    main()
