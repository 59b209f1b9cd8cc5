"""Speech quality on one scale, about 1 (bad) to 5 (excellent): predicted opinions less what they do not hear.

The opinions of P.808 and P.835 are averaged; they miss clipping, holes and a cut-off band, which are taken off with
weights set by hand and measured by `benchmarks/quality_profile.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from audiojudge_cli.clips.mixdown import channel_peaks
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.probes.mel import RATE
from audiojudge_cli.probes.quality import Quality
from audiojudge_cli.signals.artifacts import Artifacts, artifacts
from audiojudge_cli.signals.frames import spectrogram
from audiojudge_cli.signals.spectrum import Spectrum, spectrum

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


def quality_facts(
    scores: Quality, balance: Spectrum | None, flaws: Artifacts | None, duration_s: float
) -> QualityFacts:
    """Return what the scale rests on; meant for clips with speech.

    Args:
        scores: Opinions.
        balance: Spectrum of the clip at 16 kHz; None for silence.
        flaws: Artifacts of its loudest channel at its own rate; None for silence.
        duration_s: Its length.
    """
    return QualityFacts(
        opinion=(scores.p808 + scores.ovrl + scores.sig) / 3.0,
        bandwidth_hz=min(8000.0, balance.bandwidth_hz) if balance else 8000.0,
        clipped_share=flaws.clipped_share if flaws else 0.0,
        holes_per_s=len(flaws.dropouts) / max(0.5, duration_s) if flaws else 0.0,
    )


def measured_facts(waveform: Waveform, scores: Quality) -> QualityFacts:
    """Return what the scale rests on for a clip of which only the opinions are known."""
    spec = spectrogram(waveform.at(RATE), RATE, window_s=0.032, hop_s=0.010)
    loudest = waveform.channels[int(channel_peaks(waveform.channels).argmax())]
    balance = spectrum(spec) if spec is not None else None
    return quality_facts(scores, balance, artifacts(loudest, waveform.rate), waveform.duration_s)
