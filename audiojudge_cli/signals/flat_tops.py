"""Flat tops: where a wave was cut off at a ceiling, at full scale or below it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audiojudge_cli.signals.frames import Array

Spans = npt.NDArray[np.int64]

# Samples in a row that make a top flat: two are a crest between samples.
_LEAST = 3
# Peaks under -46 dBFS are not examined: there a step of 16 bits is as wide as the tolerance.
_LOWEST = 0.005
# Steps that samples can tell apart by which a top must differ from what is beside it, and the least peak, -20 dBFS, of
# which so many lie within the tolerance at 16 bits, whatever was done to the clip since.
_STEPS, _LEAST_ROUND = 3, 0.1
# A quarter of a percent: dither and lossy coding ripple a flat top a little.
_TOLERANCE = 0.0025
# Samples off the tops, outside silence, of a wave that was cut off: its flanks. Clipped to a thirtieth of its peak,
# speech keeps over 30 %; square waves, pulses and one-bit noise have next to none.
_FLANKS = 0.02


@dataclass(frozen=True, eq=False)
class FlatTops:
    """The flat tops of one channel.

    Attributes:
        samples: How many samples they have together.
        spans: First sample and the one after the last of each, shape (tops, 2), positive tops first.
        level_db: Level of the higher ceiling in dBFS; None without flat tops.
    """

    samples: int
    spans: Spans
    level_db: float | None


def flat_tops(samples: Array) -> FlatTops:
    """Find the flat tops of one channel: three or more samples in a row at the extreme.

    Round crests, and waves that are flat by nature (square waves, pulses: nothing but tops), are none.
    """
    spans, ceiling, topping = [], 0.0, 0
    for sign in (1.0, -1.0):
        top = float(samples.max() if sign > 0 else -samples.min()) if len(samples) else 0.0
        if top <= _LOWEST:
            continue
        at_top = samples >= top * (1.0 - _TOLERANCE) if sign > 0 else samples <= -top * (1.0 - _TOLERANCE)
        topping += int(np.count_nonzero(at_top))
        found = runs(at_top, _LEAST)
        if len(found) >= 3 and _flat(samples, sign, found, top):
            spans.append(found)
            ceiling = max(ceiling, top)
    if not spans or _by_nature(samples, topping, ceiling):
        return FlatTops(0, np.zeros((0, 2), dtype=np.int64), None)
    joined = np.concatenate(spans)
    return FlatTops(int((joined[:, 1] - joined[:, 0]).sum()), joined, 20.0 * float(np.log10(ceiling)))


def runs(flags: npt.NDArray[np.bool_], least: int) -> Spans:
    """Return (start, end) of runs of at least `least` true flags, shape (runs, 2)."""
    marked = np.concatenate([[False], flags, [False]])
    edges = np.flatnonzero(marked[1:] != marked[:-1]).reshape(-1, 2)
    return np.asarray(edges[edges[:, 1] - edges[:, 0] >= least])


def _flat(samples: Array, sign: float, found: Spans, top: float) -> bool:
    """Tell flat tops from round crests.

    Either the step into the top is far larger than the steps on it, or nearly all of the run lies at its very top,
    where a round crest has a third of its samples (square root of a tenth). Samples of few bits have no room for
    the second test, and their steps need be several of those that they can tell apart.
    """
    inner = found[(found[:, 0] > 0) & (found[:, 1] < len(samples))]
    if len(inner) == 0:
        return False
    into = top - np.maximum(sign * samples[inner[:, 0] - 1], sign * samples[inner[:, 1]])
    finest = _finest(samples)
    if float(np.median(into)) > max(0.01 * top, _STEPS * finest):
        return True
    at_top = sum(int((sign * samples[start:end] >= top * 0.99975).sum()) for start, end in inner[:1000])
    return (
        top > _LEAST_ROUND
        and _TOLERANCE * top > _STEPS * finest
        and at_top > 0.7 * float((inner[:1000, 1] - inner[:1000, 0]).sum())
    )


def _finest(samples: Array) -> float:
    """Return the least step that samples of few bits can make; 2**-15 for all of 16 bits and more."""
    whole = np.rint(samples * np.float32(2**15))
    if float(np.abs(samples * np.float32(2**15) - whole).max()) > 1e-3:
        return 2.0**-15
    bits = int(np.bitwise_or.reduce(np.clip(whole, -(2.0**30), 2.0**30).astype(np.int64)))
    return float((bits & -bits) or 1) / 2**15


def _by_nature(samples: Array, topping: int, ceiling: float) -> bool:
    """Tell a wave that is nothing but tops, `topping` samples of them, from one that was cut off."""
    sounding = int(np.count_nonzero(np.abs(samples) > 0.01 * ceiling))
    return sounding - topping < _FLANKS * sounding
