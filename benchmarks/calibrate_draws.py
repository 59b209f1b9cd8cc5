"""What a calibration on some labels of a run gains on the rest of the run, over many random draws.

Usage: python benchmarks/calibrate_draws.py RUN SET [--labels 100] [--draws 20]

RUN is a run folder over the manifest of SET, a folder whose manifest.jsonl has `uuid`, `label` (yes and no) and gold
answers to the items of its rubrics; where the run asked other items, only the labels of clips are used. Each draw
calibrates on its labels as `audiojudge calibrate` does, and is tried on all other clips and items. The fitted decision
is tried whether or not its labels alone show a gain; of curves, those that are kept. Gains are averaged per clip, or
item, over the draws that did not see it, and the intervals draw audio files and captions as a whole.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from audiojudge_cli.calibration.calibrate import decision_cases, run_base
from audiojudge_cli.calibration.curves import ItemCases, curve_outcome, grouped, kept
from audiojudge_cli.calibration.fit import Cases, chances_of, cross_validated, interval_of, logits_of
from audiojudge_cli.results.curves import ItemCurves, log_odds
from audiojudge_cli.results.index import read_records
from audiojudge_cli.results.record import Record, RecordItem
from audiojudge_cli.stats.probability import Floats, brier_scores, log_losses


def main() -> None:
    """Draw, fit and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("set", type=Path)
    parser.add_argument("--labels", type=int, default=100)
    parser.add_argument("--draws", type=int, default=20)
    arguments = parser.parse_args()
    lines = (arguments.set / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    rows = {row["uuid"]: row for row in map(json.loads, lines)}
    records = list(read_records(arguments.run))
    base, _ = run_base(records, arguments.run)
    clips = [(one, rows[one.id]["label"] == "yes") for one in records if one.verified]
    cases = decision_cases(clips, base)
    before = logits_of(base, cases)
    items = [one for record, _ in clips for one in gold(record, rows[record.id])]
    asked = ItemCases.of(items).cases if items else None
    tally, item_tally = Tally(cases), Tally(asked) if asked else None
    random = np.random.default_rng(1)
    better, shown, curved, right_before = 0, 0, 0, 0.0
    for _ in range(arguments.draws):
        drawn = np.zeros(len(cases), dtype=np.bool_)
        drawn[random.permutation(len(cases))[: arguments.labels]] = True
        chosen = {clips[at][0].id for at in np.flatnonzero(drawn)}
        outcome = cross_validated(base, part(cases, drawn))
        found = kept(
            {name: curve_outcome(each) for name, each in grouped([one for one in items if one[0].id in chosen]).items()}
        )
        gains = tally.add(before, logits_of(outcome.rule, cases), ~drawn, base.threshold)
        if item_tally and asked:
            after = np.array([log_odds(counted(item, found)) for _, item, _ in items])
            item_tally.add(asked.looks[:, 1], after, np.array([one[0].id not in chosen for one in items]), 0.5)
        right_before += float(((chances_of(before) >= base.threshold) == cases.truth)[~drawn].mean()) / arguments.draws
        better += bool(gains["log loss"][~drawn].mean() > 0)
        shown += outcome.teaches
        curved += found is not None
    print(f"clips, accuracy before {right_before:.3f}")
    tally.tell()
    print(
        f"{better} of {arguments.draws} draws lower the log loss of the rest; {shown} of {arguments.draws} show a gain "
        f"on their {arguments.labels} labels alone and would be written"
    )
    if item_tally:
        print(f"items; {curved} of {arguments.draws} draws keep a curve")
        item_tally.tell()


class Tally:
    """Gains of cases over draws."""

    def __init__(self, cases: Cases) -> None:
        self.cases = cases
        self.sums = {name: np.zeros(len(cases)) for name in ("accuracy", "Brier", "log loss")}
        self.unseen = np.zeros(len(cases))

    def add(self, before: Floats, after: Floats, unseen: np.ndarray, threshold: float) -> dict[str, Floats]:
        """Add a draw, and return its gains."""
        old, new, truth = chances_of(before), chances_of(after), self.cases.truth
        right = [((chance >= threshold) == truth).astype(float) for chance in (old, new)]
        gains = {
            "accuracy": right[1] - right[0],
            "Brier": brier_scores(old, truth) - brier_scores(new, truth),
            "log loss": log_losses(before, truth) - log_losses(after, truth),
        }
        for name, gain in gains.items():
            self.sums[name][unseen] += gain[unseen]
        self.unseen += unseen
        return gains

    def tell(self) -> None:
        """Print the gains with their intervals."""
        tried = self.unseen > 0
        for name, total in self.sums.items():
            gain = interval_of(total[tried] / self.unseen[tried], part(self.cases, tried))
            print(f"{name:9} {gain.value:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]")


def counted(item: RecordItem, curves: ItemCurves | None) -> float:
    """Return what the answer to an item counts as."""
    judged = item.judged or 0.0
    p = None if curves is None else curves.p_yes(item.dimension, judged)
    return judged if p is None else p


def gold(record: Record, row: dict[str, object]) -> list[tuple[Record, RecordItem, bool]]:
    """Return the items of a clip to which the set has gold answers."""
    asked = row["rubric"]
    assert isinstance(asked, list)
    answers = {(one["dimension"], one["question"]): one["answer"] for one in asked}
    known = [(item, answers.get((item.dimension, item.question))) for item in record.verified]
    return [(record, item, answer == "yes") for item, answer in known if answer in {"yes", "no"}]


def part(cases: Cases, chosen: np.ndarray) -> Cases:
    """Return the cases that are chosen."""
    at = np.flatnonzero(chosen).tolist()
    return Cases(
        cases.looks[at], cases.truth[at], [cases.audio[one] for one in at], [cases.captions[one] for one in at]
    )


if __name__ == "__main__":
    main()
