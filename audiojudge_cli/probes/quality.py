"""Speech quality: DNSMOS, opinion scores of a listening panel as a network predicts them.

Three after ITU-T P.835 (signal, background, overall; Reddy et al., arXiv 2110.01763) and one after P.808 (overall;
arXiv 2010.15258), on a scale from 1 (bad) to 5 (excellent).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from audiojudge_cli.probes.mel import Array, dnsmos_mel

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

WINDOW = 144_160
"""Samples of the only window the networks read: 9.01 s."""

# The published mapping from the network's raw answers to opinion scores, highest power first.
TO_SIGNAL = (-0.08397278, 1.22083953, 0.0052439)
TO_BACKGROUND = (-0.13166888, 1.60915514, -0.39604546)
TO_OVERALL = (-0.06766283, 1.11546468, 0.04602535)


@dataclass(frozen=True, slots=True)
class Quality:
    """Mean opinion scores, about 1 to 5.

    Attributes:
        sig: Quality of the speech itself.
        bak: Freedom from background noise.
        ovrl: Overall, after P.835.
        p808: Overall, after P.808.
        windows: How many windows of 9.01 s the scores are averaged over.
        repeated: Whether the clip was shorter than a window and was repeated to fill it.
    """

    sig: float
    bak: float
    ovrl: float
    p808: float
    windows: int
    repeated: bool


def rate_quality(samples: Array, p835: InferenceSession, p808: InferenceSession) -> Quality:
    """Return opinion scores of `samples`, averaged over windows.

    A clip shorter than a window is repeated, as upstream does. Upstream steps one second between windows; here as
    few windows as cover every sample are spread evenly from the first to the last, because neighbours one second
    apart tell nearly the same at nine times the cost.

    Args:
        samples: Mono float32 at 16 kHz, not empty.
        p835: `Models.p835`.
        p808: `Models.p808`.

    Raises:
        ValueError: If there are no samples.
    """
    raw = np.array([[*_listen_p835(window, p835), _listen_p808(window, p808)] for window in _windows(samples)])
    sig, bak, ovrl = (np.polyval(curve, raw[:, i]) for i, curve in enumerate((TO_SIGNAL, TO_BACKGROUND, TO_OVERALL)))
    return Quality(_mean(sig), _mean(bak), _mean(ovrl), _mean(raw[:, 3]), len(raw), len(samples) < WINDOW)


def rate_overall(samples: Array, p808: InferenceSession) -> float:
    """Return the P.808 score alone, at a twentieth of the cost of all four.

    Raises:
        ValueError: If there are no samples.
    """
    return _mean(np.array([_listen_p808(window, p808) for window in _windows(samples)]))


def _mean(values: npt.NDArray[np.float64]) -> float:
    return round(float(values.mean()), 4)


def _windows(samples: Array) -> Iterator[Array]:
    """Yield as few windows as cover every sample, evenly spread."""
    if not len(samples):
        msg = "no samples to rate"
        raise ValueError(msg)
    filled = samples if len(samples) >= WINDOW else np.resize(samples, WINDOW)
    count = -(-len(filled) // WINDOW)
    spare = len(filled) - WINDOW
    for number in range(count):
        start = round(number * spare / max(1, count - 1))
        yield np.clip(filled[start : start + WINDOW], -1.0, 1.0)


def _listen_p835(window: Array, session: InferenceSession) -> list[float]:
    """Return the raw answers: signal, background, overall."""
    (opinions,) = session.run(None, {"input_1": window[None]})
    return [float(value) for value in opinions[0]]


def _listen_p808(window: Array, session: InferenceSession) -> float:
    (overall,) = session.run(None, {"input_1": dnsmos_mel(window[:-160])[None]})
    return float(overall[0, 0])
