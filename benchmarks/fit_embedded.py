"""Fit the calibration of the embedded judge and write it to models/embedded.calibration.json.

Usage: python benchmarks/fit_embedded.py DIR [DIR ...] [--cache FILE] [--only KIND]

DIR is a labelled set (manifest.jsonl with gold rubrics). Kinds of checks that the sets do not ask about get the
curves of `BY_HAND` below, which say so. --only fits one kind and leaves the other curves of the file as they are:
`instrument` was fitted on both development sets, all others on the first.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from fitting import Example, fit_curves
from observe import rows_of
from quality import examples

from audiojudge_cli.judges.embedded.calibration import (
    SCHEMA,
    Curve,
    default_path,
    load_calibration,
    music_path,
    traits_path,
)
from audiojudge_cli.judges.embedded.reading import FEATURES

_NOTE = "benchmarks/fit_embedded.py on {sets}, ridge 0.5 towards weights that sum to 2"

HEADLESS_FLOOR = 0.05
"""Instruments without a head are rare ones: what their classes are worth was learned on others'."""


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


def without_heads(found: Iterable[Example]) -> Iterator[Example]:
    """Yield the examples, and those of instruments with a head once more by their classes alone.

    The labelled sets hardly ask for an instrument without a head, but classes speak for all in the same way.
    """
    for example in found:
        yield example
        if example.kind == "instrument.head":
            by_class = {name: value for name, value in example.features.items() if name in FEATURES["instrument"]}
            yield replace(example, kind="instrument", features=by_class)


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--cache", type=Path, help="keep what the probes measured in this file and its namesakes")
    parser.add_argument("--only", help="fit this kind alone")
    parser.add_argument("--out", type=Path, default=default_path())
    arguments = parser.parse_args()
    rows = []
    for folder in arguments.folders:
        kept = arguments.cache and arguments.cache.with_name(f"{arguments.cache.name}.{folder.name}")
        # The sets number their files alike.
        rows += [replace(row, audio=f"{folder.name}/{row.audio}") for row in rows_of(folder, kept)]
    sets = "the development set" if len(arguments.folders) == 1 else f"{len(arguments.folders)} development sets"
    fitted = fit_curves(without_heads(examples(rows)), note=_NOTE.format(sets=sets))
    fitted["instrument"] = replace(fitted["instrument"], floor=HEADLESS_FLOOR)
    if arguments.only:
        curves = {**load_calibration(arguments.out).curves, arguments.only: fitted[arguments.only]}
    else:
        elsewhere = {*load_calibration(traits_path()).curves, *load_calibration(music_path()).curves}
        curves = {**{kind: curve for kind, curve in fitted.items() if kind not in elsewhere}, **BY_HAND}
    data = {"schema": SCHEMA, "curves": {kind: as_json(curves[kind]) for kind in sorted(curves)}}
    arguments.out.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for kind in sorted(curves):
        print(f"{kind:16s} {curves[kind].fitted}")


if __name__ == "__main__":
    main()
