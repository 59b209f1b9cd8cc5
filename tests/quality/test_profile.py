from __future__ import annotations

import json
import math
from collections.abc import Callable

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.quality.profile import profile
from audiojudge_cli.results.quality import FIGURES, QualityProfile

RATE = 16_000


def tone(seconds: float, level: float = 0.5) -> np.ndarray:
    return (level * np.sin(2 * np.pi * 1000 * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def test_a_tone_between_silences():
    wave = np.concatenate([np.zeros(RATE, np.float32), tone(2), np.zeros(RATE // 2, np.float32)])
    found = profile(Waveform(np.stack([wave, wave]), RATE))
    assert (found.leading_silence_s, found.trailing_silence_s) == (1.0, 0.5)
    assert found.silence_pct == pytest.approx(100 * 1.5 / 3.5, abs=0.01)
    assert found.lufs == pytest.approx(-6.3, abs=0.4)  # the blocks at its ends are quieter
    assert found.true_peak_db == pytest.approx(-6.02, abs=0.5)  # it starts all at once
    assert (found.clipped_pct, found.dc_offset, found.depth) == (0.0, 0.0, "basic")
    assert (found.mos, found.mos_sig, found.mos_bak, found.speech, found.words, found.reference) == (None,) * 6


def test_silence_has_no_level():
    found = profile(Waveform(np.zeros((2, 3 * RATE), np.float32), RATE))
    assert (found.lufs, found.true_peak_db, found.snr_db, found.bandwidth_hz) == (None,) * 4
    assert (found.silence_pct, found.leading_silence_s, found.trailing_silence_s) == (100.0, 3.0, 3.0)
    assert [fault.name for fault in found.faults] == ["silent"]


def test_the_largest_offset_of_the_channels_is_told_with_its_sign():
    found = profile(Waveform(np.stack([tone(1) * 0.5 + 0.01, tone(1) * 0.5 - 0.2]), RATE))
    assert found.dc_offset == pytest.approx(-0.2, abs=1e-4)
    assert found.faults[-1].message == "The mean of channel 2 lies -20.0 % of full scale off zero throughout."


def test_a_file_without_samples_has_no_figure():
    found = profile(Waveform(np.zeros((1, 0), np.float32), RATE))
    assert [getattr(found, name) for name in FIGURES] == [None] * len(FIGURES)
    assert found.faults == ()


SPOILT: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "as it is": lambda wave: wave,
    "clipped": lambda wave: np.clip(wave * 4, -1, 1),
    "over full scale": lambda wave: wave * 1e4,
    "tiny": lambda wave: wave * 1e-20,
    "offset": lambda wave: wave + 0.7,
    "constant": lambda wave: wave * 0 + 0.3,
    "spikes": lambda wave: wave * (np.abs(wave) > 0.5),
}


@settings(max_examples=150)
@given(
    st.integers(1, 9),
    st.integers(1, 9000),
    st.sampled_from([1, 100, 3999, 8000, 11_025, 48_000, 192_000, 768_000]),
    st.sampled_from(sorted(SPOILT)),
    st.integers(0, 1000),
    st.floats(0, 1),
)
def test_any_samples_have_a_profile_of_finite_figures(channels, count, rate, kind, seed, correlated):
    rng = np.random.default_rng(seed)
    wave = rng.normal(0, 0.3, (channels, count))
    wave = np.cumsum(wave, axis=1) * correlated / 20 + wave * (1 - correlated)
    found = profile(Waveform(SPOILT[kind](wave).astype(np.float32), rate))
    figures = {name: getattr(found, name) for name in FIGURES}
    assert all(figure is None or math.isfinite(figure) for figure in figures.values()), figures
    seconds = count / rate
    for name in ("leading_silence_s", "trailing_silence_s"):
        assert 0 <= figures[name] <= seconds + 0.006
    assert figures["bandwidth_hz"] is None or figures["bandwidth_hz"] <= rate / 2 + 0.5
    for fault in found.faults:
        assert all(0 <= start <= end <= seconds + 0.006 for start, end in fault.times), fault
    # What is read back is what was written: the strict check of the record takes every profile.
    assert QualityProfile.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False))) == found


def test_samples_of_a_file_that_are_no_numbers_spoil_no_figure(tmp_path):
    wave = tone(2)
    soundfile.write(tmp_path / "whole.wav", wave, RATE, "FLOAT")
    wave[[5, 700, 20_000]] = np.nan, np.inf, -np.inf
    soundfile.write(tmp_path / "holed.wav", wave, RATE, "FLOAT")
    whole, holed = (profile(decode(tmp_path / name)) for name in ("whole.wav", "holed.wav"))
    for name in ("lufs", "silence_pct", "dc_offset"):
        assert getattr(holed, name) == pytest.approx(getattr(whole, name), abs=0.3)
    assert holed.faults == whole.faults == ()


@pytest.mark.weights
def test_opinions_are_given_where_somebody_speaks(examples, models):
    spoken = profile(examples["speech_counting_fr"], models=models)
    assert spoken.depth == "full"
    assert spoken.mos is not None
    assert 2 < spoken.mos < 5
    assert None not in {spoken.mos_sig, spoken.mos_bak, spoken.speech}
    for name in ("sound_rain", "music_piano_slow"):
        silent = profile(examples[name], models=models)
        assert (silent.depth, silent.mos, silent.mos_sig, silent.mos_bak, silent.speech) == ("full", *(None,) * 4)
