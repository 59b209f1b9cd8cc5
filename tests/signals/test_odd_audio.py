"""Every fact survives any audio: short, silent, clipped, offset, at any rate."""

from dataclasses import fields

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from audiojudge_cli.signals.beats import beat_times, metre
from audiojudge_cli.signals.chroma import chroma
from audiojudge_cli.signals.frames import spectrogram
from audiojudge_cli.signals.key import key
from audiojudge_cli.signals.level import fade, level
from audiojudge_cli.signals.noise import noise
from audiojudge_cli.signals.onsets import onset_spectrogram, onsets
from audiojudge_cli.signals.pitchtrack import pitch_track
from audiojudge_cli.signals.reverb import reverb
from audiojudge_cli.signals.tempo import tempo


def finite(facts: object) -> bool:
    """Tell whether every single number of a dataclass is finite (arrays may hold NaN by contract)."""
    numbers = [v for f in fields(facts) if isinstance(v := getattr(facts, f.name), float)]  # type: ignore[arg-type]
    return all(np.isfinite(numbers))


def audio(kind: str, seconds: float, rate: int, gain_db: float) -> npt.NDArray[np.float32]:
    count = int(seconds * rate)
    t = np.arange(count) / rate
    rng = np.random.default_rng(0)
    shapes = {
        "silence": np.zeros(count),
        "offset": np.full(count, 0.5),
        "impulse": np.where(np.arange(count) == count // 2, 1.0, 0.0),
        "noise": rng.normal(0, 0.3, count),
        "square": np.sign(np.sin(2 * np.pi * 200 * t)),
        "late": np.where(t > 0.8 * seconds, rng.normal(0, 0.3, count), 0.0),
        "clipped": np.clip(4 * np.sin(2 * np.pi * 220 * t) * np.sin(2 * np.pi * 3 * t), -1, 1),
        "least bit": np.where(rng.random(count) < 0.5, 2.0**-15, 0.0),
    }
    return np.asarray(np.clip(shapes[kind] * 10 ** (gain_db / 20), -1, 1), dtype=np.float32)


KINDS = st.sampled_from(["silence", "offset", "impulse", "noise", "square", "late", "clipped", "least bit"])


@settings(max_examples=60, deadline=None)
@given(
    kind=KINDS,
    seconds=st.sampled_from([0.0, 0.02, 0.1, 0.3, 1.0, 3.0]),
    rate=st.sampled_from([8000, 11025, 22050, 48000, 192000]),
    gain_db=st.sampled_from([-60.0, -40.0, 0.0, 30.0]),
)
def test_facts_are_finite_or_none(kind: str, seconds: float, rate: int, gain_db: float) -> None:
    samples = audio(kind, seconds, rate, gain_db)
    found: list[object] = []
    measured = level(samples, rate)
    if measured is not None:
        found += [measured, fade(measured)]
    short = spectrogram(samples, rate, window_s=0.032)
    if short is not None:
        found += [noise(short), reverb(short)]
    strokes = (spec := onset_spectrogram(samples, rate)) and onsets(spec)
    if strokes:
        found += [strokes, pulse := tempo(strokes)]
        if pulse:
            found.append(metre(strokes, beat_times(strokes, pulse.bpm)))
    pitches = chroma(samples, rate)
    if pitches is not None:
        found += [pitches, key(pitches)]
    found.append(pitch_track(samples, rate))
    assert all(facts is None or finite(facts) for facts in found)
    if kind == "silence" or seconds == 0.0:
        assert all(facts is None for facts in found)
