"""The features of one clip, as the probes hear it: each computed once, and only when a claim needs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

import numpy as np

from audiojudge_cli.clips.waveform import Samples, Waveform
from audiojudge_cli.judges.embedded.classes import Sound
from audiojudge_cli.judges.embedded.heads import Heads
from audiojudge_cli.judges.embedded.nearest import nearest_sound
from audiojudge_cli.judges.embedded.signal_features import SignalFeatures
from audiojudge_cli.lazy import lazy
from audiojudge_cli.probes.activity import SpeechActivity
from audiojudge_cli.probes.events import EventTrack, hear, hear_low, hear_outside
from audiojudge_cli.probes.music_tags import MusicTags, tag_music
from audiojudge_cli.probes.ordinary import Ordinary, Standing, load_ordinary
from audiojudge_cli.probes.pitch import track_pitch
from audiojudge_cli.probes.quality import Quality, rate_overall, rate_quality
from audiojudge_cli.probes.recognition import Transcript
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.probes.spoken import Spoken, spoken
from audiojudge_cli.quality.scale import QualityFacts, quality_facts
from audiojudge_cli.signals.beats import Metre, beat_times, metre
from audiojudge_cli.signals.chroma import chroma
from audiojudge_cli.signals.drums import Drums, drums
from audiojudge_cli.signals.frames import Spectrogram, spectrogram
from audiojudge_cli.signals.key import Key, key
from audiojudge_cli.signals.level import Level, level
from audiojudge_cli.signals.noise import Noise, noise
from audiojudge_cli.signals.onsets import Onsets, onset_spectrogram, onsets
from audiojudge_cli.signals.pitchtrack import PitchTrack, pitch_track
from audiojudge_cli.signals.repeats import repeats
from audiojudge_cli.signals.reverb import Reverb, reverb
from audiojudge_cli.signals.spectrum import Spectrum, spectrum
from audiojudge_cli.signals.tempo import Tempo, tempo
from audiojudge_cli.signals.tone import Tone, strongest_tone

Spans = tuple[tuple[float, float], ...]

RATE = 16_000
MUSIC_RATE = 22_050
_INAUDIBLE_DB = 50.0
"""Frames this far below the loudest one, at the start or end of a clip, are no music."""


class ClipFeatures:
    """What the probes know of one clip.

    Args:
        waveform: The decoded clip.
        models: Sessions of the small models.
        heads: Names instruments.
        ordinary: What ordinary clips answer; None: as shipped.
    """

    def __init__(self, waveform: Waveform, models: Models, heads: Heads, ordinary: Ordinary | None = None) -> None:
        self.waveform = waveform
        self._models = models
        self._heads = heads
        self.ordinary = ordinary or load_ordinary()
        self._transcripts: dict[str, Transcript] = {}

    @lazy
    def samples(self) -> Samples:
        """Mono at 16 kHz, shape (samples,)."""
        return self.waveform.at(RATE)

    @lazy
    def events(self) -> EventTrack:
        """Sound events over time."""
        return hear(self.samples, self._models.yamnet, self._models.event_names)

    @lazy
    def between_speech(self) -> EventTrack | None:
        """Sound events while nobody speaks; None without speech or without a pause."""
        return hear_outside(self.samples, self._speech_spans, self._models.yamnet, self._models.event_names)

    @lazy
    def low_events(self) -> EventTrack:
        """Sound events below about 1.6 kHz, where hiss and consonants cover little."""
        return hear_low(self.samples, self._models.yamnet, self._models.event_names)

    @lazy
    def standing(self) -> Standing:
        """Sound classes against what ordinary clips give them."""
        return self.ordinary.standing(self.events, self.between_speech)

    @lazy
    def tags(self) -> MusicTags:
        """Music tags over time."""
        return tag_music(self.samples, self._models.musicnn)

    @lazy
    def instruments(self) -> Mapping[str, float]:
        """Log odds of each instrument that a head knows."""
        return self._heads.logits(self.tags.embedding)

    def columns(self, names: Iterable[str]) -> list[int]:
        """Return the columns of sound classes in `events.logits`."""
        return [self.events.index(name) for name in names]

    def nearest(self, dimension: str, phrase: str) -> Sound | None:
        """Return the sound that words outside the vocabulary are taken to mean, or None."""
        return nearest_sound(self._models, dimension, phrase)

    @property
    def _spoken(self) -> Spoken:
        return spoken(self.waveform, self._models)

    @lazy
    def speech(self) -> SpeechActivity:
        """Where somebody speaks."""
        return self._spoken.activity

    @lazy
    def _speech_spans(self) -> Spans:
        return self._spoken.spans

    @property
    def known_languages(self) -> tuple[str, ...]:
        """ISO 639-1 codes of the languages that the recogniser knows."""
        return self._models.whisper.languages

    @lazy
    def languages(self) -> Mapping[str, float]:
        """Probability of each language by ISO 639-1 code; empty without speech."""
        return self._spoken.languages

    def transcript(self, language: str) -> Transcript:
        """Return what is said, recognised as `language`."""
        if language not in self._transcripts:
            self._transcripts[language] = self._spoken.transcript(language)
        return self._transcripts[language]

    @lazy
    def words_per_second(self) -> float | None:
        """Speaking rate, pauses of half a second and more left out; None with under two words."""
        best = max(self.languages, key=lambda code: self.languages[code], default=None)
        if best is None:
            return None
        words = self.transcript(best).words
        if len(words) < 2:
            return None
        gaps = sum(max(0.0, b.start_s - a.end_s - 0.5) for a, b in pairwise(words))
        length = words[-1].end_s - words[0].start_s - gaps
        return len(words) / length if length > 0.2 else None

    @lazy
    def pitch(self) -> PitchTrack | None:
        """Fundamental frequency of the voice, over the stretches of speech (the whole clip when there are none)."""
        spans = self._speech_spans
        if not spans:
            return pitch_track(self.samples, RATE)
        parts = [self.samples[round(start * RATE) : round(end * RATE)] for start, end in spans]
        return pitch_track(np.concatenate(parts), RATE)

    @lazy
    def voice_f0_hz(self) -> float | None:
        """Median F0 of the voice in Hz, or None with under a tenth of a second of voicing.

        Two trackers listen; under noise, music or reverberation either may climb to overtones or other sounds, so
        the lower one is believed.
        """
        medians = [
            track_pitch(self.samples, self._models.swift_f0, high_hz=600.0).median_hz(self._speech_spans or None)
        ]
        if self.pitch is not None and self.pitch.voiced_s >= 0.1:
            medians.append(self.pitch.median_hz)
        return min((hertz for hertz in medians if hertz is not None), default=None)

    @property
    def voiced_share(self) -> float:
        """Voiced share of the active speech frames, 0 to 1; 0 when nothing is voiced."""
        return (self.pitch.voiced_share or 0.0) if self.pitch is not None else 0.0

    @lazy
    def onsets(self) -> Onsets | None:
        """Onsets of the clip; None when too short."""
        return onsets(self._music_spectrum) if self._music_spectrum is not None else None

    @lazy
    def tempo(self) -> Tempo | None:
        """Tempo; None without a pulse."""
        return tempo(self.onsets) if self.onsets is not None else None

    @lazy
    def metre(self) -> Metre | None:
        """Grouping of beats; None without a pulse."""
        if self.onsets is None or self.tempo is None:
            return None
        return metre(self.onsets, beat_times(self.onsets, self.tempo.bpm))

    @lazy
    def key(self) -> Key | None:
        """Key; None where nothing tonal lasts."""
        found = chroma(self.waveform.at(MUSIC_RATE), MUSIC_RATE)
        return key(found) if found is not None else None

    @lazy
    def drums(self) -> Drums | None:
        """Cues of drums and bass; None for silence or under half a second."""
        return drums(self._music_spectrum) if self._music_spectrum is not None else None

    @lazy
    def level(self) -> Level | None:
        """Level facts; None for silence or under 40 ms."""
        return level(self.waveform.mono, self.waveform.rate)

    @lazy
    def spectrum(self) -> Spectrum | None:
        """Spectral balance; None for silence."""
        return spectrum(self._speech_spectrum) if self._speech_spectrum is not None else None

    @lazy
    def strongest_tone(self) -> Tone | None:
        """The strongest tone at the file's own rate (at most 48 kHz); None for silence."""
        rate = min(48_000, self.waveform.rate)
        return strongest_tone(self.waveform.at(rate), rate)

    @lazy
    def noise(self) -> Noise | None:
        """What is always there under the clip; None for silence."""
        return noise(self._speech_spectrum) if self._speech_spectrum is not None else None

    @lazy
    def reverb(self) -> Reverb | None:
        """Room facts; None for clips without enough decays."""
        return reverb(self._speech_spectrum) if self._speech_spectrum is not None else None

    @lazy
    def quality(self) -> Quality:
        """DNSMOS of speech."""
        return rate_quality(self.samples, self._models.p835, self._models.p808)

    @lazy
    def speech_quality(self) -> QualityFacts:
        """The speech-quality scale; meant for clips with speech."""
        return quality_facts(self.quality, self.spectrum, self.measured.artifacts, self.waveform.duration_s)

    @lazy
    def overall_quality(self) -> float:
        """P.808 score of speech alone, 1 to 5: a twentieth of the cost of `quality`."""
        return rate_overall(self.samples, self._models.p808)

    @lazy
    def measured(self) -> SignalFeatures:
        """Facts of manner and space."""
        return SignalFeatures(self)

    @lazy
    def bursts(self) -> Spans:
        """Separate bursts of sound (start, end) in seconds."""
        found = repeats(self.waveform.mono, self.waveform.rate)
        return found.bursts if found is not None else ()

    @lazy
    def _speech_spectrum(self) -> Spectrogram | None:
        return spectrogram(self.samples, RATE, window_s=0.032, hop_s=0.010)

    @lazy
    def _music_spectrum(self) -> Spectrogram | None:
        if self.level is None:
            return None
        # Silence before and after would count as slow, irregular music.
        heard = np.flatnonzero(self.level.contour_db > self.level.contour_db.max() - _INAUDIBLE_DB)
        hop = self.level.hop_s * self.waveform.rate
        return onset_spectrogram(
            self.waveform.mono[round(heard[0] * hop) : round((heard[-1] + 2) * hop)], self.waveform.rate
        )
