"""Every probe answers with finite numbers within the clip, whatever the audio."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from audiojudge_cli import probes
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.probes.activity import listen
from audiojudge_cli.probes.events import EventTrack, hear, hear_low, hear_outside
from audiojudge_cli.probes.mel import Array
from audiojudge_cli.probes.music_tags import tag_music
from audiojudge_cli.probes.pitch import track_pitch
from audiojudge_cli.probes.quality import rate_overall, rate_quality
from audiojudge_cli.probes.recognition import detect_language, recognise
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.probes.speaker import embed_voice
from audiojudge_cli.probes.windows import plan_windows

pytestmark = pytest.mark.weights

RATE = 16_000


def clips() -> dict[str, Waveform]:
    """Return clips of every odd kind that decoding lets through."""
    rng = np.random.default_rng(0)

    def one(samples: npt.ArrayLike, rate: int = RATE) -> Waveform:
        return Waveform(np.atleast_2d(np.asarray(samples, dtype=np.float32)), rate)

    click = np.zeros(RATE)
    click[8000:8050] = 0.8
    early, late = np.zeros(RATE), np.zeros(RATE)
    early[0], late[-1] = 1.0, 1.0
    return {
        "one sample": one([0.5]),
        "one sample at 48 kHz": one([0.5], 48_000),
        "one sample at 192 kHz": one([0.5], 192_000),
        "3 samples": one([0.5, -0.5, 0.5]),
        "0.05 s": one(rng.normal(0, 0.1, 800)),
        "2 kHz": one(rng.normal(0, 0.1, 2000), 2000),
        "192 kHz": one(rng.normal(0, 0.1, 192_000), 192_000),
        "six channels": one(rng.normal(0, 0.1, (6, RATE))),
        "one channel of three dead": one(rng.normal(0, 0.1, (3, RATE)) * [[1.0], [0.0], [1.0]]),
        "constant": one(np.full(RATE, 0.5)),
        "zeros": one(np.zeros(RATE)),
        "very quiet": one(rng.normal(0, 1e-7, RATE)),
        "click": one(click),
        "click at the start": one(early),
        "click at the end": one(late),
        "square at full scale": one(np.sign(np.sin(2 * np.pi * 200 * np.arange(RATE) / RATE + 0.1))),
        "far over full scale": one(rng.normal(0, 3e4, RATE)),
    }


CLIPS = clips()
PROBES: tuple[Callable[..., Any], ...] = (
    detect_language, embed_voice, hear, hear_low, hear_outside, listen, plan_windows, rate_overall,
    rate_quality, recognise, tag_music, track_pitch,
)  # fmt: skip


def test_no_probe_is_left_out() -> None:
    """Whatever function of this room takes a clip's samples is asked here; `mel` and `split_window` only
    prepare input."""
    taking = set()
    for module in pkgutil.iter_modules(probes.__path__, f"{probes.__name__}."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if inspect.isfunction(value) and value.__module__ == module.name and not name.startswith("_"):
                first = next(iter(inspect.signature(value).parameters), "")
                if first == "samples" and not module.name.endswith(".mel") and name != "split_window":
                    taking.add(value)
    assert taking == set(PROBES), {function.__name__ for function in taking ^ set(PROBES)}


def check_events(track: EventTrack, duration_s: float) -> None:
    assert np.isfinite(track.logits).all()
    assert np.isfinite(track.embedding).all()
    assert track.active.any()
    spans = track.spans(track.names[:50], 0.0)
    assert all(0.0 <= start <= end <= duration_s + 1e-3 for start, end in spans)


@pytest.mark.parametrize("name", CLIPS)
def test_odd_clips(models: Models, name: str) -> None:
    waveform = CLIPS[name]
    samples: Array = waveform.at(RATE)
    seconds = len(samples) / RATE
    assert len(samples) >= 1
    activity = listen(samples, models.silero)
    assert np.isfinite(activity.probabilities).all()
    assert all(0.0 <= start < end <= seconds + 1e-3 for start, end in activity.segments(0.01))
    ask = partial(hear_outside, samples, session=models.yamnet, names=models.event_names)
    for track in (
        hear(samples, models.yamnet, models.event_names),
        hear_low(samples, models.yamnet, models.event_names),
    ):
        check_events(track, seconds)
    between = ask(spans=((0.0, seconds / 4), (seconds / 2, seconds)))
    assert between is None or np.isfinite(between.logits).all()
    pitch = track_pitch(samples, models.swift_f0)
    assert np.isfinite(pitch.f0_hz).all()
    assert np.isfinite(pitch.voiced_p).all()
    tags = tag_music(samples, models.musicnn)
    assert np.isfinite(tags.logits).all()
    assert np.isfinite(tags.embedding).all()
    assert np.isfinite(rate_overall(samples, models.p808))
    assert all(0.0 <= start <= end <= seconds + 1e-3 for start, end in plan_windows(samples, ((0.0, seconds),)))


# A recogniser costs most of all and hears mono at 16 kHz: channels and rates are the same clip to it.
LENGTHS = ("one sample", "3 samples", "0.05 s")
LEVELS = ("zeros", "constant", "click", "very quiet", "far over full scale", "square at full scale")


@pytest.mark.parametrize("name", [*LENGTHS, *LEVELS])
def test_odd_clips_recognised(models: Models, name: str) -> None:
    samples = CLIPS[name].at(RATE)
    seconds = len(samples) / RATE
    chances = detect_language(samples, models.whisper)
    assert all(0.0 <= p <= 1.0 for p in chances.values())
    said = recognise(samples, models.whisper_english)
    assert all(0.0 <= word.start_s <= word.end_s <= seconds + 0.01 for word in said.words)
    assert np.isfinite([said.avg_logprob, said.no_speech_p]).all()


@pytest.mark.parametrize("name", CLIPS)
def test_odd_clips_told_by_their_voice(models: Models, name: str) -> None:
    samples = CLIPS[name].at(RATE)
    found = embed_voice(samples, ((0.0, len(samples) / RATE),), models.speaker)
    assert found is None or (np.isfinite(found).all() and found.shape == (256,))


@pytest.mark.parametrize("name", ["one sample", "0.05 s", "zeros", "click", "far over full scale"])
def test_odd_clips_rated(models: Models, name: str) -> None:
    found = rate_quality(CLIPS[name].at(RATE), models.p835, models.p808)
    assert np.isfinite([found.sig, found.bak, found.ovrl, found.p808]).all()
