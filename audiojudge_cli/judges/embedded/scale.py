"""Speech quality on one scale, about 1 (bad) to 5 (excellent): predicted opinions less what they do not hear.

The opinions of P.808 and P.835 are averaged; they miss clipping, holes and a cut-off band, which are taken off with
weights set by hand and measured by `benchmarks/quality_profile.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.clip_features import ClipFeatures

FULL_BAND_HZ = 7000.0
"""Speech sampled at 16 kHz reaches at least this far."""

_PER_OCTAVE, _PER_CLIPPED, _PER_HOLE = 0.5, 20.0, 0.25


@dataclass(frozen=True, slots=True)
class QualityFacts:
    """What the scale rests on.

    Attributes:
        opinion: Mean of the P.808 and the P.835 overall and signal scores, 1 to 5.
        bandwidth_hz: Highest frequency of the speech, at most 8000.
        clipped_share: Share of samples inside flat tops.
        holes_per_s: Dropouts per second.
    """

    opinion: float
    bandwidth_hz: float
    clipped_share: float
    holes_per_s: float

    @property
    def score(self) -> float:
        """The scale: higher is better."""
        narrow = max(0.0, math.log2(FULL_BAND_HZ / max(1000.0, self.bandwidth_hz)))
        lost = (
            _PER_OCTAVE * narrow + min(1.5, _PER_CLIPPED * self.clipped_share) + min(1.5, _PER_HOLE * self.holes_per_s)
        )
        return self.opinion - lost


def quality_facts(clip: ClipFeatures) -> QualityFacts:
    """Measure what the scale rests on; meant for clips with speech."""
    scores, balance, flaws = clip.quality, clip.spectrum, clip.measured.artifacts
    return QualityFacts(
        opinion=(scores.p808 + scores.ovrl + scores.sig) / 3.0,
        bandwidth_hz=min(8000.0, balance.bandwidth_hz) if balance else 8000.0,
        clipped_share=flaws.clipped_share if flaws else 0.0,
        holes_per_s=len(flaws.dropouts) / max(0.5, clip.waveform.duration_s) if flaws else 0.0,
    )
