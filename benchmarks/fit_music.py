"""Fit the curves of drums, keys and tempi on generated pieces and write them to models/embedded.music.json.

Usage: python benchmarks/fit_music.py DIR [--cache FILE] [--other DIR]

DIR is what generate_tunes.py wrote. Figures are cross-validated by piece. The few pieces of the labelled set that ask
for these come from one source, so a curve fitted on them is lost where that source is left out; instruments stay with
the labelled set, as their heads know the soundfont too well. --other: pieces rendered with another soundfont, for
measuring alone.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from fit_embedded import as_json
from fitted import examples
from fitting import Example, fit_curve, folds_by_clip
from observe import rows_of

from audiojudge_cli.judges.embedded.calibration import SCHEMA, Curve, music_path
from audiojudge_cli.stats.probability import calibration_error
from audiojudge_cli.stats.ranking import roc_auc

KINDS = ("bpm", "drums", "key", "metre", "mode", "tempo")
FLOOR = 0.04
"""One soundfont teaches no more certainty than this."""

_NOTE = "benchmarks/fit_music.py on the pieces of generate_tunes.py, seed 2"


def figures(pairs: Sequence[tuple[float, bool]]) -> str:
    """Return accuracy, AUC and calibration error of probabilities with their truth."""
    ps, holds = [p for p, _ in pairs], [yes for _, yes in pairs]
    right = float(np.mean([(p >= 0.5) == yes for p, yes in pairs]))
    auc = roc_auc(ps, holds)
    shown = "-" if auc is None else f"{auc:.3f}"
    ece = calibration_error(np.array(ps), np.array(holds))
    return f"accuracy {right:.3f}, AUC {shown}, expected calibration error {ece:.3f}"


def held_out(found: Sequence[Example]) -> list[tuple[float, bool]]:
    """Return every example's probability by a curve that has not seen its piece, and its truth."""
    folds = folds_by_clip([example.source for example in found])
    pairs = []
    for fold in sorted(set(folds.values())):
        curve = replace(fit_curve([one for one in found if folds[one.source] != fold]), floor=FLOOR)
        pairs += [(curve.p_yes(one.features), one.holds) for one in found if folds[one.source] == fold]
    return pairs


def asked(folder: Path, cache: Path | None) -> Mapping[str, list[Example]]:
    """Return the examples of each kind."""
    found: dict[str, list[Example]] = defaultdict(list)
    for example in examples(rows_of(folder, cache)):
        found[example.kind].append(example)
    return found


def main() -> None:
    """Fit, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, help="keep what the probes measured in this file")
    parser.add_argument("--other", type=Path, help="pieces to measure with")
    parser.add_argument("--other-cache", type=Path)
    parser.add_argument("--out", type=Path, default=music_path())
    arguments = parser.parse_args()
    found = asked(arguments.folder, arguments.cache)
    other = asked(arguments.other, arguments.other_cache) if arguments.other else {}
    curves: dict[str, Curve] = {}
    for kind in KINDS:
        shown = figures(held_out(found[kind]))
        curve = replace(fit_curve(found[kind]), floor=FLOOR)
        curves[kind] = replace(curve, fitted=f"{curve.fitted}; {_NOTE}; cross-validated {shown}")
        print(f"{kind:8s} n {len(found[kind]):4d}  {shown}")
        if other.get(kind):
            print(
                f"{'':8s} other soundfont, n {len(other[kind]):4d}  "
                f"{figures([(curve.p_yes(one.features), one.holds) for one in other[kind]])}"
            )
    data = {"schema": SCHEMA, "curves": {kind: as_json(curves[kind]) for kind in sorted(curves)}}
    arguments.out.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
