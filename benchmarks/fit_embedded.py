"""Fit the calibration of the embedded judge and write it to models/embedded.calibration.json.

Usage: python benchmarks/fit_embedded.py DIR [--cache FILE]

DIR is the labelled set (manifest.jsonl with gold rubrics). Kinds of checks that the set does not ask about get the
curves of `BY_HAND` below, which say so.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fitting import fit_curves
from observe import rows_of
from quality import examples

from audiojudge_cli.judges.embedded.calibration import (
    SCHEMA,
    Curve,
    default_path,
    load_calibration,
    music_path,
    numbers_path,
    traits_path,
)

_NOTE = "benchmarks/fit_embedded.py on the development set, ridge 0.5 towards weights that sum to 2"


def _by_hand(features: Mapping[str, tuple[float, float, float]], bias: float, why: str, floor: float = 0.05) -> Curve:
    names = tuple(sorted(features))
    means, scales, weights = zip(*(features[name] for name in names), strict=True)
    return Curve(names, means, scales, weights, bias, floor=floor, fitted=f"set by hand: {why}")


BY_HAND: Mapping[str, Curve] = {
    "duration": _by_hand({"match": (0.0, 1.0, 3.0)}, 4.0, "10 % off is .73, 20 % off .12"),
    "event.guess": _by_hand(
        {"main_likeness": (-1.0, 3.3, 1.6), "rank": (-2.2, 2.2, 0.7)},
        0.0,
        "a little flatter than `event`, weighed by likeness; one guess in five is wrong, so never beyond .2 and .8",
        floor=0.2,
    ),
    "pitch.medium": _by_hand(
        {"centred": (0.0, 1.0, 8.0)}, 1.8, "within a third of an octave of the usual is likelier than not"
    ),
    "rate.moderate": _by_hand({"centred": (0.0, 1.0, 5.0)}, 2.0, "2.1 to 3.7 words per second"),
    "tempo.moderate": _by_hand({"centred": (0.0, 1.0, 5.0)}, 1.8, "80 to 135 BPM"),
    "loud": _by_hand({"level": (3.0, 6.0, 2.0)}, 0.0, "3 dB beyond the usual level is as likely as not"),
    "rate.fast": _by_hand({"rate": (0.25, 0.3, 2.2)}, 0.0, "3.3 words per second is as likely as not, 3.9 is fast"),
    "rate.slow": _by_hand({"rate": (0.25, 0.3, 2.2)}, 0.0, "2.4 words per second is as likely as not, 1.9 is slow"),
    "room": _by_hand(
        {"rt60": (-0.5, 1.0, 2.2)}, 0.0, "0.7 s is as likely as not; a dry voice measures 0.2 s, a hall 2 s"
    ),
    "vocals": _by_hand(
        {"held": (0.0, 1.0, 2.2), "sung": (-3.5, 2.0, 1.8)},
        1.8,
        "two clips sing alone and 20 do not sing: a class above -3.5, or held notes above 0.65 s, each make it likely",
    ),
    "whisper": _by_hand(
        {"unvoiced": (0.9, 0.05, 2.2), "whisper_class": (-12.0, 4.0, 0.8)},
        0.0,
        "the whispers of the development set come from one source: .96 and more unvoiced, other voices up to .85",
    ),
}


def as_json(curve: Curve) -> dict[str, Any]:
    """Return a curve as the calibration file writes it."""
    columns = zip(curve.features, curve.means, curve.scales, curve.weights, strict=True)
    features = {name: {"mean": mean, "scale": scale, "weight": weight} for name, mean, scale, weight in columns}
    return {
        "features": features,
        "bias": curve.bias,
        "limit": curve.limit,
        "floor": curve.floor,
        "fitted": curve.fitted,
    }


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, help="keep what the probes measured in this file")
    parser.add_argument("--out", type=Path, default=default_path())
    arguments = parser.parse_args()
    fitted = fit_curves(examples(rows_of(arguments.folder, arguments.cache)), note=_NOTE)
    others = (traits_path(), music_path(), numbers_path())
    elsewhere = {kind for path in others for kind in load_calibration(path).curves}
    # Of words the gold rubrics teach too little: `fit_words.py` fits these two.
    words = {kind: load_calibration().curves[kind] for kind in ("words.many", "words.characters")}
    curves = {**{kind: curve for kind, curve in fitted.items() if kind not in elsewhere}, **BY_HAND, **words}
    data = {"schema": SCHEMA, "curves": {kind: as_json(curves[kind]) for kind in sorted(curves)}}
    arguments.out.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for kind in sorted(curves):
        print(f"{kind:16s} {curves[kind].fitted}")


if __name__ == "__main__":
    main()
