"""From a reading's features to p_yes: one logistic function per kind of check.

The parameters are data (`models/embedded.calibration.json`), fitted by `benchmarks/fit_embedded.py`; the file says
per kind on how many items, from which script and with which figures.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audiojudge_cli.bundle import bundled
from audiojudge_cli.errors import WeightsError
from audiojudge_cli.text.jsonl import loads

SCHEMA = "audiojudge.calibration/1"


@dataclass(frozen=True, slots=True)
class Curve:
    """p = sigmoid(bias + sum of weight · clip((feature − mean) / scale, ±limit)), kept within [floor, 1 − floor].

    Attributes:
        features: Names, in the order of the other tuples.
        means: Subtracted from each feature.
        scales: Divided by; all positive.
        weights: Of the standardised features.
        bias: Log odds where all features are at their means.
        limit: Standardised features are clipped to ±limit, so that nothing far outside the data gets sure.
        floor: Least distance of p from 0 and 1: no probe is ever quite sure.
        fitted: How the numbers came about, for people.
    """

    features: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    limit: float = 4.0
    floor: float = 0.01
    fitted: str = ""

    def p_yes(self, features: Mapping[str, float]) -> float:
        """Return the probability for these features.

        Raises:
            KeyError: If a feature is missing: a probe and its calibration have drifted apart.
        """
        total = self.bias
        for name, mean, scale, weight in zip(self.features, self.means, self.scales, self.weights, strict=True):
            standard = (features[name] - mean) / scale
            total += weight * min(self.limit, max(-self.limit, standard))
        p = 1.0 / (1.0 + math.exp(-min(60.0, max(-60.0, total))))
        return min(1.0 - self.floor, max(self.floor, p))


@dataclass(frozen=True)
class Calibration:
    """The curves of all kinds, with the digest of the data they came from."""

    curves: Mapping[str, Curve]
    digest: str = ""

    def p_yes(self, kind: str, features: Mapping[str, float]) -> float:
        """Return the probability that a check of this kind holds, given its features."""
        return self.curves[kind].p_yes(features)


def default_path() -> Path:
    """Return where the calibration of this installation lies."""
    return bundled("models") / "embedded.calibration.json"


def traits_path() -> Path:
    """Return where the curves of manner, course and space lie, fitted on generated clips."""
    return bundled("models") / "embedded.traits.json"


def music_path() -> Path:
    """Return where the curves of drums, keys and tempi lie, fitted on generated pieces."""
    return bundled("models") / "embedded.music.json"


def numbers_path() -> Path:
    """Return where the curves of measured numbers lie: lengths, bounds, frequencies, silence."""
    return bundled("models") / "embedded.numbers.json"


def load_calibration(path: Path | None = None) -> Calibration:
    """Read a calibration file; without one named, those of this installation together.

    Raises:
        WeightsError: If a file is missing or not a calibration.
    """
    curves: dict[str, Curve] = {}
    digest = hashlib.sha256()
    for part in (path,) if path else (traits_path(), music_path(), numbers_path(), default_path()):
        raw, found = _read(part)
        curves |= found
        digest.update(raw)
    return Calibration(curves, digest.hexdigest())


def _read(path: Path) -> tuple[bytes, dict[str, Curve]]:
    try:
        raw = path.read_bytes()
        data = loads(raw)
        schema = data["schema"]
        curves = {kind: _curve(fields) for kind, fields in data["curves"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(f"{path} is no calibration file: {error!r}. Reinstall audiojudge-cli.") from error
    if schema != SCHEMA:
        raise WeightsError(f"{path} has schema {schema!r}, expected {SCHEMA!r}. Reinstall audiojudge-cli.")
    return raw, curves


def _curve(fields: Mapping[str, Any]) -> Curve:
    per_feature = fields["features"]
    return Curve(
        features=tuple(per_feature),
        means=tuple(float(entry["mean"]) for entry in per_feature.values()),
        scales=tuple(float(entry["scale"]) for entry in per_feature.values()),
        weights=tuple(float(entry["weight"]) for entry in per_feature.values()),
        bias=float(fields["bias"]),
        limit=float(fields.get("limit", 4.0)),
        floor=float(fields.get("floor", 0.01)),
        fitted=str(fields.get("fitted", "")),
    )
