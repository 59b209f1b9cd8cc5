"""Fit the curves of manner, course and space on generated clips and write them to models/embedded.traits.json.

Usage: python benchmarks/fit_traits.py DIR [DIR ...] [--cache FILE]

DIR is what generate_traits.py or generate_scenes.py wrote. Figures are cross-validated: no clip that a test clip was
made from is trained on. What was made by transformation is easier than what people record, so no fitted curve is ever
surer than .1 and .9; kinds that no generated clip asks about get the curves of `BY_HAND`.
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

from audiojudge_cli.judges.embedded.calibration import SCHEMA, Curve, traits_path
from audiojudge_cli.stats.probability import calibration_error
from audiojudge_cli.stats.ranking import roc_auc

FLOOR = 0.1
ROUGH = {"speakers": 0.2, "bass": 0.2, "age.child": 0.15, "level.other.background": 0.3, "together": 0.2, "count": 0.15}
"""Wider floors: voices of one sex are not told apart, bass is a matter of style, small women sound like children, and
people say "behind a voice" of whatever is no voice."""
ROUGH_FAMILIES = ("timbre.", "intonation.", "level.")
"""Families where a filter, synthesizer or gain stands in for what people call bright, monotone or in front."""
ROUGH_FLOOR = 0.2
OTHERS = frozenset({"speech", "music", "noise", "event", "event.guess", "order"})
"""Kinds that fit_embedded.py fits on recordings."""

_NOTE = "benchmarks/fit_traits.py on the clips of generate_traits.py and generate_scenes.py, seed 0"


def _by_hand(features: Mapping[str, tuple[float, float, float]], bias: float, why: str, floor: float = 0.15) -> Curve:
    names = tuple(sorted(features))
    means, scales, weights = zip(*(features[name] for name in names), strict=True)
    return Curve(names, means, scales, weights, bias, floor=floor, fitted=f"set by hand: {why}")


BY_HAND: Mapping[str, Curve] = {
    "arousal": _by_hand(
        {
            "pitch": (0.0, 0.3, 0.5),
            "movement": (0.0, 0.6, 0.5),
            "rate": (0.0, 0.4, 0.4),
            "tilt": (0.0, 3.0, 0.2),
        },
        0.0,
        "acted emotions raise pitch by a third, double its movement and quicken speech; no emotional speech to fit on",
        floor=0.25,
    ),
    "beat": _by_hand(
        {"confidence": (0.35, 0.2, 1.2)}, 0.0, "readings of a drummed piece agree by more than a third", floor=0.2
    ),
    "loud.medium": _by_hand({"centred": (-6.0, 4.0, 1.5)}, 0.0, "within 6 dB of the usual level", floor=0.2),
    "moving": _by_hand(
        {"change": (6.0, 8.0, 1.0), "monotony": (0.3, 0.3, 0.7)},
        0.0,
        "a passing source changes by 10 dB and more; what else grows louder looks the same",
        floor=0.2,
    ),
    "pan.any": _by_hand({"range": (5.0, 4.0, 1.5)}, 0.0, "a balance that ranges over 5 dB moves"),
    "pitch.sound": _by_hand(
        {"centroid": (0.0, 1.0, 0.7), "rolloff": (0.0, 1.5, 0.7)},
        0.0,
        "half of everyday sounds are centred under 1.2 kHz; rumbles lie two octaves under it, whistles one above",
        floor=0.2,
    ),
    "pause.seconds": _by_hand(
        {"match": (0.0, 1.0, 3.5)}, 1.8, "a pause within a third of the wanted length is likelier than not"
    ),
}


def _floor(kind: str) -> float:
    return ROUGH.get(kind, ROUGH_FLOOR if kind.startswith(ROUGH_FAMILIES) else FLOOR)


def figures(found: Sequence[Example]) -> str:
    """Return cross-validated figures of one kind, folds by the clip that others were made from."""
    folds = folds_by_clip([example.source for example in found])
    ps, holds = [], []
    for fold in sorted(set(folds.values())):
        training = [example for example in found if folds[example.source] != fold]
        if len({example.holds for example in training}) < 2:
            continue
        curve = replace(fit_curve(training), floor=FLOOR)
        for example in found:
            if folds[example.source] == fold:
                ps.append(curve.p_yes(example.features))
                holds.append(example.holds)
    auc = roc_auc(ps, holds)
    right = float(np.mean([(p >= 0.5) == yes for p, yes in zip(ps, holds, strict=True)]))
    shown = "-" if auc is None else f"{auc:.3f}"
    ece = calibration_error(np.array(ps), np.array(holds))
    return f"cross-validated accuracy {right:.3f}, AUC {shown}, expected calibration error {ece:.3f}"


def main() -> None:
    """Fit, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--cache", type=Path, help="keep what the probes measured in FILE.0, FILE.1 …")
    parser.add_argument("--out", type=Path, default=traits_path())
    arguments = parser.parse_args()
    asked: dict[str, list[Example]] = defaultdict(list)
    main_kinds: set[str] = set()
    rows = []
    for number, folder in enumerate(arguments.folders):
        rows += rows_of(folder, arguments.cache and arguments.cache.with_suffix(f".{number}"))
    for row in rows:
        main_kinds |= {seen.reading.kind for seen in row.gold if seen.reading is not None}
    for example in examples(rows):
        if example.kind in main_kinds and example.kind not in OTHERS:
            asked[example.kind].append(example)
    curves = dict(BY_HAND)
    for kind, found in sorted(asked.items()):
        curve = fit_curve(found)
        shown = figures(found)
        curves[kind] = replace(curve, floor=_floor(kind), fitted=f"{curve.fitted}; {_NOTE}; {shown}")
        print(f"{kind:24s} n {len(found):4d}  {shown}")
    data = {"schema": SCHEMA, "curves": {kind: as_json(curves[kind]) for kind in sorted(curves)}}
    arguments.out.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
