"""What signal processing tells of one clip's manner and space: each thing computed once, when first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audiojudge_cli.clips.mixdown import channel_peaks
from audiojudge_cli.clips.waveform import Samples
from audiojudge_cli.lazy import lazy
from audiojudge_cli.signals.artifacts import Artifacts, artifacts
from audiojudge_cli.signals.frames import spectrogram
from audiojudge_cli.signals.level import Fade, fade
from audiojudge_cli.signals.pauses import Pauses, pauses
from audiojudge_cli.signals.repeats import Repeats, repeats
from audiojudge_cli.signals.spectrum import Roughness, Spectrum, roughness, spectrum
from audiojudge_cli.signals.stereo import Stereo, stereo
from audiojudge_cli.signals.voice import Voice, voice

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.clip_features import ClipFeatures

RATE = 16_000
_SPEECH_THRESHOLD = 0.3
_FORMANTS_HZ = 3950.0
"""What reaches no higher lacks the formants that tell a tract: women of 14.5 cm measured 18 to 23 cm at 8 kHz."""


class SignalFeatures:
    """Facts of one clip that no network is needed for.

    Args:
        clip: The clip; where somebody speaks is taken from its voice activity.
    """

    def __init__(self, clip: ClipFeatures) -> None:
        self._clip = clip

    @lazy
    def speech_spans(self) -> tuple[tuple[float, float], ...]:
        """Where somebody speaks, held-down voices included."""
        return self._clip.speech.segments(_SPEECH_THRESHOLD)

    @lazy
    def speech_samples(self) -> Samples | None:
        """The stretches of speech joined, mono at 16 kHz; None with under half a second of them."""
        parts = [self._clip.samples[round(a * RATE) : round(b * RATE)] for a, b in self.speech_spans]
        joined = np.concatenate(parts) if parts else np.empty(0, np.float32)
        return joined if len(joined) >= RATE // 2 else None

    @lazy
    def voice(self) -> Voice | None:
        """Voice quality over the stretches of speech."""
        if self.speech_samples is None or self._clip.pitch is None:
            return None
        return voice(self.speech_samples, RATE, self._clip.pitch)

    @property
    def tract_length_cm(self) -> float | None:
        """Length of the speaker's vocal tract; None without voice, and where a telephone band hides its formants."""
        if self.voice is None or self.full_spectrum is None or self.full_spectrum.bandwidth_hz < _FORMANTS_HZ:
            return None
        return self.voice.tract_length_cm

    @lazy
    def voice_spectrum(self) -> Spectrum | None:
        """Spectral balance of the stretches of speech."""
        if self.speech_samples is None:
            return None
        spec = spectrogram(self.speech_samples, RATE, window_s=0.032, hop_s=0.010)
        return spectrum(spec) if spec is not None else None

    @lazy
    def speech_and_gaps(self) -> tuple[float, float] | None:
        """Mean level in dBFS while somebody speaks and while nobody does; None with under 0.2 s of either.

        The mean and not the median of the gaps: a bird or a clock in them is heard, though it is mostly silent.
        """
        level = self._clip.level
        if level is None:
            return None
        spoken = np.zeros(len(level.contour_db), dtype=bool)
        near = np.zeros_like(spoken)
        for start, end in self.speech_spans:
            first, last = round(start / level.hop_s), round(end / level.hop_s)
            spoken[first:last] = True
            near[max(0, first - 10) : last + 10] = True
        if min(int(spoken.sum()), int((~near).sum())) < 20:
            return None
        power = 10.0 ** (level.contour_db.astype(np.float64) / 10.0)
        speech, gaps = float(power[spoken].mean()), float(power[~near].mean())
        return 10.0 * float(np.log10(max(speech, 1e-12))), 10.0 * float(np.log10(max(gaps, 1e-12)))

    @lazy
    def voice_roughness(self) -> Roughness | None:
        """Roughness of the stretches of speech."""
        return roughness(self.speech_samples, RATE) if self.speech_samples is not None else None

    @lazy
    def full_spectrum(self) -> Spectrum | None:
        """Spectral balance at the file's own rate (at most 48 kHz), for bandwidth and bass."""
        rate = min(48_000, self._clip.waveform.rate)
        spec = spectrogram(self._clip.waveform.at(rate), rate, window_s=0.046, hop_s=0.023)
        return spectrum(spec) if spec is not None else None

    @lazy
    def pauses(self) -> Pauses | None:
        """Pauses and syllables of speech."""
        return pauses(self._clip.samples, RATE, speech=self.speech_spans) if self.speech_spans else None

    @lazy
    def fade(self) -> Fade | None:
        """How the level moves from start to end."""
        return fade(self._clip.level) if self._clip.level is not None else None

    @lazy
    def repeats(self) -> Repeats | None:
        """Bursts of sound."""
        return repeats(self._clip.waveform.mono, self._clip.waveform.rate)

    @lazy
    def stereo(self) -> Stereo | None:
        """Stereo image; None for one channel."""
        return stereo(self._clip.waveform.channels, self._clip.waveform.rate)

    @lazy
    def artifacts(self) -> Artifacts | None:
        """Clipping, dropouts, clicks; in the louder of the first two channels, as mixing down rounds them off."""
        channels = self._clip.waveform.channels
        loudest = channels[int(channel_peaks(channels).argmax())]
        return artifacts(loudest, self._clip.waveform.rate)

    @property
    def pitch_gap_octaves(self) -> float | None:
        """Distance of the two groups of `voices_hz` in octaves, 0 where none differ; None where that is None."""
        return float(np.log2(self.voices_hz[1] / self.voices_hz[0])) if self.voices_hz is not None else None

    @lazy
    def voices_hz(self) -> tuple[float, float] | None:
        """Mean pitch of the two groups that best split the pitches of the stretches of speech, lower and higher, in Hz.

        Each stretch counts with its median F0 and voiced time; the smaller group must hold a sixth of it. None with
        fewer than two voiced stretches.
        """
        track = self._clip.pitch
        if track is None or len(self.speech_spans) < 2:
            return None
        starts = np.cumsum([0.0, *(b - a for a, b in self.speech_spans)]) / track.hop_s
        pitches, lengths = [], []
        for first, last in zip(starts[:-1].round().astype(int), starts[1:].round().astype(int), strict=True):
            f0 = track.f0_hz[first:last]
            f0 = f0[np.isfinite(f0)]
            if len(f0) >= 10:
                pitches.append(float(np.log2(np.median(f0))))
                lengths.append(len(f0))
        if len(pitches) < 2:
            return None
        order = np.argsort(pitches)
        values, weights = np.array(pitches)[order], np.array(lengths, dtype=float)[order]
        mean = float(np.average(values, weights=weights))
        splits = [(mean, mean)]
        for cut in range(1, len(values)):
            share = weights[:cut].sum() / weights.sum()
            if 1 / 6 <= share <= 5 / 6:
                low = float(np.average(values[:cut], weights=weights[:cut]))
                splits.append((low, float(np.average(values[cut:], weights=weights[cut:]))))
        low, high = max(splits, key=lambda pair: pair[1] - pair[0])
        return float(2.0**low), float(2.0**high)
