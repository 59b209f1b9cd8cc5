"""Every fact survives any audio: short, silent, clipped, offset, at any rate, with clicks anywhere."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import fields
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiojudge_cli import signals
from audiojudge_cli.signals.artifacts import artifacts
from audiojudge_cli.signals.beats import beat_times, metre
from audiojudge_cli.signals.chroma import chroma
from audiojudge_cli.signals.drums import drums
from audiojudge_cli.signals.frames import Spectrogram, spectrogram
from audiojudge_cli.signals.held_notes import held_notes_s
from audiojudge_cli.signals.key import key, key_facts
from audiojudge_cli.signals.level import fade, level
from audiojudge_cli.signals.noise import noise
from audiojudge_cli.signals.onsets import onset_spectrogram, onsets
from audiojudge_cli.signals.pauses import pauses
from audiojudge_cli.signals.pitchtrack import pitch_track
from audiojudge_cli.signals.repeats import repeats
from audiojudge_cli.signals.reverb import decay, reverb
from audiojudge_cli.signals.spectrum import roughness, spectrum
from audiojudge_cli.signals.stereo import stereo
from audiojudge_cli.signals.tempo import tempo
from audiojudge_cli.signals.tone import strongest_tone
from audiojudge_cli.signals.voice import voice

Array = npt.NDArray[np.float32]


def finite(facts: object) -> bool:
    """Tell whether every single number of a dataclass is finite (arrays may hold NaN by contract)."""
    if isinstance(facts, float):
        return bool(np.isfinite(facts))
    numbers = [v for f in fields(facts) if isinstance(v := getattr(facts, f.name), float)]  # type: ignore[arg-type]
    return all(np.isfinite(numbers))


def of_samples(channels: Array, rate: int) -> list[object]:
    """Return what is measured straight from the samples."""
    mono = channels.mean(axis=0)
    measured, pitches, track = level(mono, rate), chroma(mono, rate), pitch_track(mono, rate)
    length = len(mono) / rate
    found: list[object] = [measured, pitches, track, artifacts(mono, rate), roughness(mono, rate)]
    found += [repeats(mono, rate), stereo(channels, rate), strongest_tone(mono, rate)]
    found += [pauses(mono, rate), pauses(mono, rate, speech=((0.0, length / 3), (length / 2, length)))]
    found += [fade(measured)] if measured is not None else []
    if pitches is not None:
        found.append(key(pitches))
        found += [] if (facts := key_facts(pitches)) is None else [float(np.sum(values)) for values in facts.values()]
    found += [held_notes_s(track), voice(mono, rate, track)] if track is not None else []
    return found


def of_spectrum(short: Spectrogram) -> list[object]:
    """Return what is measured from a short-time spectrum."""
    return [noise(short), decay(short), reverb(short), spectrum(short)]


def of_strokes(spec: Spectrogram) -> list[object]:
    """Return what is measured from the spectrum of onsets."""
    found: list[object] = [drums(spec)]
    strokes = onsets(spec)
    if strokes is None:
        return found
    pulse = tempo(strokes)
    return [*found, strokes, pulse, metre(strokes, beat_times(strokes, pulse.bpm)) if pulse else None]


def everything(channels: Array, rate: int) -> list[object]:
    """Return all facts of a clip, shape (channels, samples)."""
    mono = channels.mean(axis=0)
    found = of_samples(channels, rate)
    for window_s, hop_s in ((0.032, 0.010), (0.046, 0.023)):
        short = spectrogram(mono, rate, window_s=window_s, hop_s=hop_s)
        found += of_spectrum(short) if short is not None else []
    strokes = onset_spectrogram(mono, rate)
    return [*found, *(of_strokes(strokes) if strokes is not None else [])]


CALLED: tuple[Callable[..., Any], ...] = (
    artifacts, chroma, decay, drums, fade, key, key_facts, level, metre, noise, onset_spectrogram, onsets, pauses,
    pitch_track, repeats, reverb, roughness, spectrogram, spectrum, stereo, strongest_tone,
    tempo, voice,
)  # fmt: skip


def test_no_fact_is_left_out() -> None:
    """Whatever function of this room gives a dataclass or None is asked here."""
    given = set()
    for module in pkgutil.iter_modules(signals.__path__, f"{signals.__name__}."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if inspect.isfunction(value) and value.__module__ == module.name and not name.startswith("_"):
                made = str(inspect.signature(value).return_annotation)
                if made.endswith(" | None") and made[0].isupper():
                    given.add(value)
    assert given == set(CALLED), {function.__name__ for function in given ^ set(CALLED)}


def odd_clips() -> dict[str, tuple[npt.NDArray[np.float64], int]]:
    """Return clips of every odd kind that decoding lets through, shape (channels, samples), with their rates."""
    rng = np.random.default_rng(0)
    second = np.arange(16_000) / 16_000
    clips = {f"{count} samples": (rng.normal(0, 0.1, (1, count)), 16_000) for count in (1, 2, 3, 7, 100, 511, 512, 800)}
    for rate in (2_000, 192_000, 768_000):
        clips[f"1 sample at {rate}"] = (np.full((1, 1), 0.5), rate)
        clips[f"0.05 s at {rate}"] = (rng.normal(0, 0.1, (1, rate // 20)), rate)
        clips[f"tone at {rate}"] = (0.3 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)[None], rate)
        clips[f"noise at {rate}"] = (rng.normal(0, 0.1, (1, rate)), rate)
    clips |= {
        f"constant {value:g}": (np.full((1, 16_000), value), 16_000) for value in (0.0, 1e-42, 1e-7, 0.5, 1.0, -1.0)
    }
    clips |= {
        "six channels": (rng.normal(0, 0.1, (6, 16_000)), 16_000),
        "three channels, one dead": (rng.normal(0, 0.1, (3, 16_000)) * np.array([[1.0], [0.0], [1.0]]), 16_000),
        "opposite polarity": (np.sin(2 * np.pi * 200 * second) * np.array([[1.0], [-1.0]]), 16_000),
        "square at full scale": (np.sign(np.sin(2 * np.pi * 200 * second + 0.1))[None], 16_000),
        "highest frequency": (np.where(np.arange(16_000) % 2, 1.0, -1.0)[None], 16_000),
        "very quiet": (rng.normal(0, 1e-7, (1, 16_000)), 16_000),
        "far over full scale": (rng.normal(0, 3e4, (1, 16_000)), 16_000),
    }
    for at, width_ms, rate in product((0.0, 0.01, 0.03, 0.5, 0.97, 1.0), (0.0, 1.0, 3.0, 10.0), (16_000, 44_100)):
        samples = np.zeros(rate)
        width = max(1, round(width_ms * rate / 1000))
        first = min(round(at * rate), rate - width)
        samples[first : first + width] = 0.8
        clips[f"click of {width_ms:g} ms at {at:g} s, {rate}"] = (samples[None], rate)
    return clips


ODD = odd_clips()


@pytest.mark.parametrize("name", ODD)
def test_odd_clips_give_finite_facts(name: str) -> None:
    samples, rate = ODD[name]
    found = everything(samples.astype(np.float32), rate)
    assert all(facts is None or finite(facts) for facts in found)


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
    found = everything(samples[None], rate)
    assert all(facts is None or finite(facts) for facts in found)
    if kind == "silence" or seconds == 0.0:
        assert all(facts is None for facts in found)
