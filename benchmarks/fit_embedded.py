"""Fit all that the embedded judge learns from labelled sets, and write it to models/.

Usage: python benchmarks/fit_embedded.py SET [SET ...] [--cache DIR]

Writes embedded.ordinary.npz (what ordinary clips answer), embedded.calibration.json (a curve per kind of check) and
decision.json (from the answers on a clip to yes or no). A SET is a folder with manifest.jsonl and gold rubrics. How
well this carries over to a set that was not seen tells `benchmarks/quality.py --left-out`. Kinds of checks that
generated clips have taught (embedded.traits.json, embedded.music.json) start from there; kinds that nothing has taught
get the curves of `fitted.BY_HAND`, which say so.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from fitted import fit, generated_curves, words_curves
from observe import open_set

from audiojudge_cli.bundle import bundled
from audiojudge_cli.judges.embedded.calibration import SCHEMA, Curve, default_path
from audiojudge_cli.judges.embedded.heads import load_heads
from audiojudge_cli.results.rule import SCHEMA as DECISION_SCHEMA
from audiojudge_cli.results.rule import Calibrated, decision_path


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
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--cache", type=Path, help="keep what the probes heard in this folder")
    arguments = parser.parse_args()
    sets = [open_set(folder, arguments.cache) for folder in arguments.sets]
    names = ", ".join(one.name for one in sets)
    found = fit(sets, load_heads(), note=f"benchmarks/fit_embedded.py on {names}")
    (bundled("models") / "embedded.ordinary.npz").write_bytes(found.ordinary.to_bytes())
    known = generated_curves()
    # What the sets say nothing of stays in the files of generated clips.
    curves = {kind: curve for kind, curve in found.calibration.curves.items() if curve != known.get(kind)}
    curves |= words_curves()
    _write(default_path(), {"schema": SCHEMA, "curves": {kind: as_json(curves[kind]) for kind in sorted(curves)}})
    numbers = {field.name: getattr(found.rule, field.name) for field in fields(Calibrated)}
    _write(decision_path(), {"schema": DECISION_SCHEMA, **numbers})
    for kind in sorted(curves):
        print(f"{kind:18s} {curves[kind].fitted}")
    print(f"{'decision':18s} {found.rule.text}; {found.rule.fitted}")
    print(f"{len(curves)} curves, {sum(kind in known for kind in curves)} of them start from generated clips")


def _write(path: Path, data: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
