"""How well the embedded judge tells right captions from wrong ones on labelled sets.

Usage: python benchmarks/quality.py SET [SET ...] [--cache DIR] [--left-out] [--heads SET=FILE ...] [--errors N]

A SET is a folder with manifest.jsonl and its audio. With --left-out everything that is fitted (statistics of ordinary
clips, curves, the decision) is fitted on the other sets named; without it this installation is measured as it is. Two
rows of figures: with the gold rubrics of the set, and with our own expansion of its captions. --heads gives a set
instrument heads of its own, trained without the soundfont that it was rendered with. --cache keeps what the probes
heard, so that the next run takes seconds.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from fitted import Fitted, fit, p_items, values
from observe import LabelledSet, Observed, Row, open_set

from audiojudge_cli.judges.embedded.calibration import load_calibration
from audiojudge_cli.judges.embedded.heads import Heads, load_heads
from audiojudge_cli.probes.ordinary import load_ordinary
from audiojudge_cli.results.rule import load_decision
from audiojudge_cli.stats.classified import Cases, points
from audiojudge_cli.stats.probability import calibration_error
from audiojudge_cli.stats.ranking import roc_auc

FEW = 10
"""Kinds with fewer items get a row of their own, but no accuracy that anybody should believe."""

Pick = Callable[[Row], tuple[Observed, ...]]
RUBRICS: Mapping[str, Pick] = {"gold": lambda row: row.gold, "own": lambda row: row.own}


def figures(rows: Sequence[Row], decided: np.ndarray, keep: np.ndarray, pick: Pick) -> dict[str, float]:
    """Return the figures of the rows kept: n, accuracy, AUC, sensitivity, specificity, pairs, coverage, ECE."""
    match = np.array([row.match for row in rows])
    verified = np.array([sum(one.reading is not None for one in pick(row)) for row in rows])
    asked = np.array([len(pick(row)) for row in rows])
    # The very figures of `audiojudge bench`, where the captions of one audio file are one cluster too.
    audio = np.unique([row.audio for row in rows], return_inverse=True)[1]
    cases = Cases(decided, decided >= 0.5, match, audio, verified, asked).only(keep)
    found = {name: float("nan") if one is None else one for name, one in points(cases).items()}
    return {
        "n": float(keep.sum()),
        "accuracy": found["accuracy"],
        "AUC": found["auc"],
        "sensitivity": found["sensitivity"],
        "specificity": found["specificity"],
        "pairs": found["pairs"],
        "coverage": found["coverage"],
        "ECE": found["ece"],
    }


def line(found: Mapping[str, float]) -> str:
    """Return figures on one line."""
    return "  ".join(f"{name} {value:.0f}" if name == "n" else f"{name} {value:.3f}" for name, value in found.items())


def groups(rows: Sequence[Row]) -> dict[str, np.ndarray]:
    """Return name → which rows belong."""
    found = {"all": [True for _ in rows]}
    found |= {name: [row.subset == name for row in rows] for name in ("sound", "speech", "music", "mix")}
    found |= {"English": [not row.chinese for row in rows], "Chinese": [row.chinese for row in rows]}
    found |= {name: [row.match or row.kind == name for row in rows] for name in ("neg_swap", "neg_change")}
    found |= {"to 3 items": [len(row.gold) <= 3 for row in rows], "more": [len(row.gold) > 3 for row in rows]}
    return {name: np.array(kept) for name, kept in found.items() if any(kept)}


def items(rows: Sequence[Row], fitted: Fitted) -> dict[str, list[tuple[float, bool]]]:
    """Return p_yes and gold answer of the gold items, all of them and by kind of check."""
    found: dict[str, list[tuple[float, bool]]] = {"all": []}
    for row in rows:
        for seen in row.gold:
            if seen.reading is not None and seen.gold is not None:
                (p,) = p_items([seen], fitted.calibration)
                found["all"].append((p, seen.gold))
                found.setdefault(seen.reading.kind, []).append((p, seen.gold))
    return dict(sorted(found.items(), key=lambda entry: -len(entry[1])))


def item_line(pairs: Sequence[tuple[float, bool]]) -> str:
    """Return the figures of one kind of item."""
    ps, gold = [p for p, _ in pairs], [answer for _, answer in pairs]
    auc = roc_auc(ps, gold)
    right = np.mean([(p >= 0.5) == answer for p, answer in pairs])
    shown = "  -  " if auc is None else f"{auc:.3f}"
    ece = calibration_error(np.array(ps), np.array(gold))
    return f"n {len(pairs):4d}  yes {sum(gold):4d}  accuracy {right:.3f}  AUC {shown}  ECE {ece:.3f}"


def report(one: LabelledSet, fitted: Fitted, heads: Heads, errors: int) -> dict[str, dict[str, float]]:
    """Print the figures of one set; return those of all its rows by kind of rubric."""
    rows = one.rows(fitted.ordinary, heads)
    print(f"\n== {one.name}: {fitted.rule.text}")
    for kind, pairs in items(rows, fitted).items():
        print(f"  item {kind:18s} {item_line(pairs)}{'' if len(pairs) >= FEW else '  (few)'}")
    overall: dict[str, dict[str, float]] = {}
    for title, pick in RUBRICS.items():
        decided = values(rows, pick, fitted)
        for name, keep in groups(rows).items():
            found = figures(rows, decided, keep, pick)
            overall.setdefault(title, found)
            print(f"  {title:4s} {name:11s} {line(found)}")
    match = np.array([row.match for row in rows])
    wrong = np.where(match, decided, 1 - decided)
    for index in np.argsort(wrong)[:errors]:
        _show(rows[index], float(decided[index]), fitted)
    return overall


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--cache", type=Path, help="keep what the probes heard in this folder")
    parser.add_argument("--left-out", action="store_true", help="fit on the other sets, for each set")
    parser.add_argument("--heads", action="append", default=[], help="SET=FILE, instrument heads for one set")
    parser.add_argument("--errors", type=int, default=0, help="print the N worst rows of each set (own rubrics)")
    arguments = parser.parse_args()
    if arguments.left_out and len(arguments.sets) == 1:
        parser.error("--left-out needs more than one set")
    sets = [open_set(folder, arguments.cache) for folder in arguments.sets]
    given = dict(text.split("=", 1) for text in arguments.heads)
    shipped = Fitted(load_ordinary(), load_calibration(), load_decision())
    overall = {}
    for one in sets:
        heads = load_heads(Path(given[one.name])) if one.name in given else load_heads()
        fitted = fit([other for other in sets if other is not one], heads) if arguments.left_out else shipped
        overall[one.name] = report(one, fitted, heads, arguments.errors)
    print(f"\n{'Fitted without the set' if arguments.left_out else 'As shipped, fitted on these sets'}")
    for title in RUBRICS:
        for name, found in overall.items():
            print(f"  {title:4s} {name:10s} {line(found[title])}")
        lowest = {name: min(found[title][name] for found in overall.values()) for name in ("accuracy", "AUC")}
        print(f"  {title:4s} lowest     {line(lowest)}")


def _show(row: Row, value: float, fitted: Fitted) -> None:
    print(f"\n{value:.2f} {'right' if row.match else 'wrong'} {row.audio} | {row.caption}")
    for seen in row.own:
        p = p_items([seen], fitted.calibration)
        heard = seen.reading.evidence if seen.reading else seen.reason
        print(f"    {f'{p[0]:.2f}' if p else ' -- '} {seen.item.dimension}: {seen.item.question} | {heard}")


if __name__ == "__main__":
    main()
