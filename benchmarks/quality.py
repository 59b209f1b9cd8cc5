"""How well the embedded judge tells right captions from wrong ones on a labelled set.

Usage: python benchmarks/quality.py DIR [--cache FILE] [--sources] [--shipped] [--errors N]

DIR holds manifest.jsonl and its audio. Calibration is cross-validated by clip (5 folds) unless --shipped uses the
curves of this installation as they are. Two rows of figures: with the gold rubrics of the set, and with our own
expansion of its captions.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from fitting import Example, fit_curves, folds_by_clip
from observe import Observed, Row, rows_of

from audiojudge_cli.judges.embedded.calibration import Calibration, Curve, load_calibration
from audiojudge_cli.judges.embedded.judge import probability
from audiojudge_cli.stats.ranking import expected_calibration_error, roc_auc

FALLBACK = Curve((), (), (), (), 0.0)
"""For kinds that a fold's training part lacks: no opinion."""


def examples(rows: Iterable[Row]) -> list[Example]:
    """Return what the gold items of these rows teach."""
    found: dict[tuple[str, str, str], Example] = {}
    for row in rows:
        for seen in row.gold:
            if seen.reading is None or seen.gold is None:
                continue
            holds = seen.gold != seen.negated
            key = (row.audio, seen.reading.kind, seen.item.question)
            found[key] = Example(seen.reading.kind, seen.reading.features, holds, row.audio, row.source)
            for kind, features in seen.reading.given.items():
                # What must hold first holds wherever the item itself does.
                if holds:
                    found[row.audio, kind, "given"] = Example(kind, features, True, row.audio, row.source)
    return list(found.values())


def calibration_for(rows: Sequence[Row], base: Mapping[str, Curve]) -> Calibration:
    """Return curves fitted on these rows; kinds set by hand or fitted elsewhere keep the shipped curve."""
    return Calibration(Defaulting({**fit_curves(examples(rows)), **base}))


class Defaulting(dict[str, Curve]):
    """Curves by kind, with no opinion about unknown kinds."""

    def __missing__(self, key: str) -> Curve:
        """Return the curve without an opinion."""
        return FALLBACK


def p_items(seen: Iterable[Observed], calibration: Calibration) -> list[float]:
    """Return p_yes of the verified items."""
    found = []
    for one in seen:
        if one.reading is not None:
            p = probability(one.reading, calibration)
            found.append(1.0 - p if one.negated else p)
    return found


def judged(
    rows: Sequence[Row], pick: Callable[[Row], tuple[Observed, ...]], chosen: Mapping[str, Calibration]
) -> np.ndarray:
    """Return the decision value of each row (0.5·mean + 0.5·min), NaN where nothing was verified."""
    values = []
    for row in rows:
        ps = p_items(pick(row), chosen[row.audio])
        values.append(0.5 * float(np.mean(ps)) + 0.5 * min(ps) if ps else np.nan)
    return np.array(values)


def crossed(rows: Sequence[Row], base: Mapping[str, Curve], groups: Mapping[str, object]) -> dict[str, Calibration]:
    """Return audio → calibration fitted without the group that the audio belongs to."""
    fitted = {
        group: calibration_for([row for row in rows if groups[row.audio] != group], base)
        for group in set(groups.values())
    }
    return {row.audio: fitted[groups[row.audio]] for row in rows}


def figures(rows: Sequence[Row], values: np.ndarray, keep: np.ndarray, items: tuple[int, int]) -> str:
    """Return one line of figures."""
    match = np.array([row.match for row in rows])
    known = keep & ~np.isnan(values)
    auc = roc_auc(values[known], match[known])
    accuracy = float(np.mean((values[known] >= 0.5) == match[known])) if known.any() else float("nan")
    pairs = _pairs(rows, values, keep)
    pair = f"{np.mean(pairs):.3f}" if pairs else "  -  "
    shown = f"{auc:.3f}" if auc is not None else "  -  "
    done, asked = items
    coverage = done / max(1, asked)
    return f"n {int(keep.sum()):4d}  accuracy {accuracy:.3f}  AUC {shown}  pairs {pair}  coverage {coverage:.3f}"


def _pairs(rows: Sequence[Row], values: np.ndarray, keep: np.ndarray) -> list[float]:
    """Return, per right/wrong pair of captions of one audio, 1 where the right one wins, 0.5 for a tie."""
    right = {row.audio: value for row, value, kept in zip(rows, values, keep, strict=True) if row.match and kept}
    found = []
    for row, value, kept in zip(rows, values, keep, strict=True):
        if kept and not row.match and row.audio in right and not np.isnan(value + right[row.audio]):
            found.append(1.0 if right[row.audio] > value else 0.5 if right[row.audio] == value else 0.0)
    return found


def report(
    title: str, rows: Sequence[Row], pick: Callable[[Row], tuple[Observed, ...]], chosen: Mapping[str, Calibration]
) -> np.ndarray:
    """Print the figures of one way of making rubrics; return the decision values."""
    values = judged(rows, pick, chosen)
    print(f"\n{title}")
    for name, keep in _groups(rows).items():
        seen = [one for row, kept in zip(rows, keep, strict=True) if kept for one in pick(row)]
        verified = sum(one.reading is not None for one in seen)
        print(f"  {name:11s} {figures(rows, values, keep, (verified, len(seen)))}")
    return values


def _groups(rows: Sequence[Row]) -> dict[str, np.ndarray]:
    """Return name → which rows belong."""
    groups = {"all": [True for _ in rows]}
    groups |= {name: [row.subset == name for row in rows] for name in ("sound", "speech", "music", "mix")}
    groups |= {"English": [not row.chinese for row in rows], "Chinese": [row.chinese for row in rows]}
    groups |= {name: [row.match or row.kind == name for row in rows] for name in ("neg_swap", "neg_change")}
    return {name: np.array(kept) for name, kept in groups.items()}


def item_report(rows: Sequence[Row], chosen: Mapping[str, Calibration]) -> None:
    """Print accuracy and calibration of the gold items, by kind of check."""
    by_kind: dict[str, list[tuple[float, bool]]] = {}
    for row in rows:
        for seen in row.gold:
            if seen.reading is not None and seen.gold is not None:
                (p,) = p_items([seen], chosen[row.audio])
                by_kind.setdefault(seen.reading.kind, []).append((p, seen.gold))
    print("\nItems with a gold answer")
    everything = [pair for pairs in by_kind.values() for pair in pairs]
    for kind, pairs in [("all", everything), *sorted(by_kind.items())]:
        ps, gold = [p for p, _ in pairs], [answer for _, answer in pairs]
        auc = roc_auc(ps, gold)
        right = np.mean([(p >= 0.5) == answer for p, answer in pairs])
        print(
            f"  {kind:14s} n {len(pairs):4d}  yes {sum(gold):4d}  accuracy {right:.3f}"
            f"  AUC {'  -  ' if auc is None else f'{auc:.3f}'}  ECE {expected_calibration_error(ps, gold):.3f}"
        )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, help="keep what the probes measured in this file")
    parser.add_argument("--shipped", action="store_true", help="use the shipped curves, fitted on this very set")
    parser.add_argument("--sources", action="store_true", help="leave one source out at a time, print a row for each")
    parser.add_argument("--errors", type=int, default=0, help="print the N worst rows (own rubrics)")
    arguments = parser.parse_args()
    rows = rows_of(arguments.folder, arguments.cache)
    shipped_curves = load_calibration().curves
    # Curves fitted on this very set must not leak into folds that lack their kind.
    base = {kind: curve for kind, curve in shipped_curves.items() if "on the development set" not in curve.fitted}
    folds = folds_by_clip([row.audio for row in rows])
    shipped = Calibration(Defaulting(shipped_curves))
    chosen = {row.audio: shipped for row in rows} if arguments.shipped else crossed(rows, base, folds)
    item_report(rows, chosen)
    report("Gold rubrics", rows, lambda row: row.gold, chosen)
    values = report("Own expansion", rows, lambda row: row.own, chosen)
    match = np.array([row.match for row in rows])
    known = ~np.isnan(values)
    print(f"  decision ECE {expected_calibration_error(values[known], match[known]):.3f}")
    if arguments.sources:
        _by_source(rows, base, values)
    for index in np.argsort(np.where(match, values, 1 - values))[: arguments.errors]:
        _show(rows[index], float(values[index]), chosen[rows[index].audio])


def _by_source(rows: Sequence[Row], base: Mapping[str, Curve], in_fold: np.ndarray) -> None:
    """Print, per source, the AUC of every row it has a part in, with curves that saw none of those rows."""
    print("\nLeave one source out (own expansion): AUC in fold → left out")
    match = np.array([row.match for row in rows])
    parts = [set(row.source.split(" + ")) for row in rows]
    for source in sorted(set().union(*parts)):
        taken = [source in part for part in parts]
        fitted = calibration_for([row for row, out in zip(rows, taken, strict=True) if not out], base)
        values = judged(rows, lambda row: row.own, {row.audio: fitted for row in rows})
        keep = np.array(taken) & ~np.isnan(values) & ~np.isnan(in_fold)
        before, after = roc_auc(in_fold[keep], match[keep]), roc_auc(values[keep], match[keep])
        if before is not None and after is not None:
            print(f"  {before:.3f} → {after:.3f}  n {int(keep.sum()):3d}  {source}")


def _show(row: Row, value: float, calibration: Calibration) -> None:
    print(f"\n{value:.2f} {'right' if row.match else 'wrong'} {row.audio} | {row.caption}")
    for seen in row.own:
        p = p_items([seen], calibration)
        heard = seen.reading.evidence if seen.reading else seen.reason
        print(f"    {f'{p[0]:.2f}' if p else ' -- '} {seen.item.dimension}: {seen.item.question} | {heard}")


if __name__ == "__main__":
    main()
