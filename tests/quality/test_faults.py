"""Every named fault, made on purpose on every kind of clip, is found; none is found where there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pytest

from audiojudge_cli.clips.waveform import Samples, Waveform
from audiojudge_cli.quality.profile import profile
from audiojudge_cli.results.quality import FAULTS, QualityProfile

Spoil = Callable[[Samples, int], Waveform]

NAMES = (
    *("speech_librivox_en", "speech_hello_zh", "speech_counting_fr", "sound_dog", "sound_rain", "music_piano_slow"),
    *("music_guitar_drums_fast", "music_flute", "music_singing", "mix_speech_rain", "mix_speech_piano"),
    "mix_dog_then_rain",
)


def named(found: QualityProfile) -> set[str]:
    return {fault.name for fault in found.faults}


def of(samples: npt.NDArray[np.floating], rate: int) -> Waveform:
    return Waveform(np.ascontiguousarray(np.atleast_2d(samples), dtype=np.float32), rate)


def scaled(samples: Samples, peak: float) -> Samples:
    return np.asarray(samples / np.abs(samples).max() * peak, dtype=np.float32)


def clipped(samples: Samples, rate: int) -> Waveform:
    ceiling = float(np.quantile(np.abs(samples), 0.97))
    return of(np.clip(samples, -ceiling, ceiling) * (0.9 / ceiling), rate)


def dead(samples: Samples, rate: int) -> Waveform:
    return of(np.stack([samples, samples * 1e-4]), rate)


def narrow(samples: Samples, rate: int) -> Waveform:
    """Through a rate of 8 kHz, and up to 48 again."""
    return of(Waveform(Waveform(samples[None], rate).at(8000)[None], 8000).at(48_000), 48_000)


def offset(samples: Samples, rate: int) -> Waveform:
    return of(scaled(samples, 0.9) + 0.05, rate)


def burst(samples: Samples, rate: int, bits: Callable[[Samples], Samples]) -> Waveform:
    spoiled = scaled(samples, 0.5)
    start, length = len(samples) // 2, round(0.12 * rate)
    spoiled[start : start + length] = bits(spoiled[start : start + length])
    return of(spoiled, rate)


def random_bits(part: Samples) -> Samples:
    return np.random.default_rng(5).uniform(-1, 1, len(part)).astype(np.float32)


def swapped_bytes(part: Samples) -> Samples:
    """Noisy 16 bits read in the wrong order."""
    dithered = part + np.random.default_rng(6).normal(0, 1e-3, len(part))
    return ((dithered * 32767).astype("<i2").view(">i2") / 32768).astype(np.float32)


def looped(samples: Samples, rate: int) -> Waveform:
    power = np.square(samples, dtype=np.float64)
    length = min(round(0.83 * rate), len(samples) // 2)
    heard = np.convolve(power[::16], np.ones(length // 16), "valid")
    start = int(heard.argmax()) * 16
    return of(np.concatenate([samples[:rate], np.tile(samples[start : start + length], 4)]), rate)


SPOILT: Mapping[str, tuple[str, Spoil]] = {
    "cut off at a ceiling": ("clipped", clipped),
    "turned down by far": ("nearly-silent", lambda samples, rate: of(scaled(samples, 3e-4), rate)),
    "nothing but zeros": ("silent", lambda samples, rate: of(samples * 0, rate)),
    "nothing but the last bit": ("silent", lambda samples, rate: of(np.sign(samples) * 2.0**-15, rate)),
    "one channel dead": ("dead-channel", dead),
    "the band of a telephone": ("telephone-band", narrow),
    "random bits": ("digital-noise", lambda samples, rate: burst(samples, rate, random_bits)),
    "bytes swapped": ("digital-noise", lambda samples, rate: burst(samples, rate, swapped_bytes)),
    "the same second": ("loop", looped),
    "off zero": ("dc-offset", offset),
}
# Tones that are held repeat themselves anyway, and a flute leaves gaps in any band.
NOT_ON = {
    "the band of a telephone": {"music_flute"},
    "the same second": {"music_flute", "music_singing", "music_piano_slow"},
}


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_have_no_fault(name, examples):
    assert named(profile(examples[name])) == set()


@pytest.mark.parametrize(
    ("how", "name"), [(how, name) for how in SPOILT for name in NAMES if name not in NOT_ON.get(how, ())]
)
def test_a_fault_made_on_purpose_is_found(how, name, examples):
    fault, spoil = SPOILT[how]
    clip = examples[name]
    found = profile(spoil(clip.mono, clip.rate))
    assert fault in named(found)
    # A second cut out and put together ends, now and then, in mid-sound.
    assert not named(found) - {fault, *(["truncated"] if fault == "loop" else [])}


def test_no_example_is_missing_and_no_fault_untested(examples):
    assert set(examples) == set(NAMES)
    assert {fault for fault, _ in SPOILT.values()} | {"truncated"} == set(FAULTS)


@pytest.mark.parametrize(
    "name",
    [
        "speech_librivox_en",
        "speech_hello_zh",
        "speech_counting_fr",
        "sound_dog",
        "music_piano_slow",
        "mix_speech_piano",
    ],
)
def test_an_end_in_mid_sound_is_found(name, examples):
    """Cut where the sound has just risen to its loudest: mid-word, mid-bark, mid-stroke."""
    clip = examples[name]
    size = clip.rate // 50
    level = np.square(clip.mono[: len(clip.mono) // size * size]).reshape(-1, size).mean(axis=1)
    late = np.arange(len(level)) > 40
    at = int(np.flatnonzero(late & (level > 0.5 * np.quantile(level, 0.97)))[0]) + 1
    found = profile(of(clip.mono[: at * size], clip.rate))
    assert named(found) == {"truncated"}
    ((start, end),) = found.faults[0].times
    assert 0 < end - start <= 0.02
    assert end == pytest.approx(at * size / clip.rate, abs=0.02)


def test_sounds_as_they_should_be_have_no_fault(sound_ones):
    assert {name: named(profile(wave)) for name, wave in sound_ones.items() if named(profile(wave))} == {}


@pytest.mark.parametrize("level", [0.01, 1.0])
@pytest.mark.parametrize("rate", [8000, 44_100])
def test_neither_level_nor_rate_makes_a_fault(level, rate, examples):
    for name in ("speech_counting_fr", "sound_dog", "music_guitar_drums_fast"):
        clip = examples[name]
        assert named(profile(of(scaled(Waveform(clip.channels, clip.rate).at(rate), level), rate))) == set(), name


def test_times_and_words_of_a_fault(examples):
    clip = examples["speech_counting_fr"]
    found = {fault.name: fault for fault in profile(burst(clip.mono, clip.rate, random_bits)).faults}["digital-noise"]
    middle = len(clip.mono) / 2 / clip.rate
    ((start, end),) = found.times
    assert start == pytest.approx(middle, abs=0.03)
    assert end == pytest.approx(middle + 0.12, abs=0.03)
    assert found.message == f"A burst of digital noise, at {start:.2f}-{end:.2f} s."


def test_a_surround_mix_may_rest_but_not_on_one_side(examples):
    mono = examples["sound_dog"].mono
    rest = mono * 0
    rate = examples["sound_dog"].rate
    assert named(profile(of(np.stack([mono, mono, rest, rest, rest, rest]), rate))) == set()
    assert named(profile(of(np.stack([rest, rest, mono, rest, rest, rest]), rate))) == set()
    assert named(profile(of(np.stack([rest, mono, mono, rest, mono, mono]), rate))) == {"dead-channel"}


@pytest.mark.parametrize("speakers", ["FC LFE SL SR", "FL FC LFE BC", "TC LFE FR"])
def test_without_left_and_right_no_channel_is_dead(speakers):
    """What rests in a surround mix is no fault, wherever it lies."""
    names = tuple(speakers.split())
    sound = np.random.default_rng(4).normal(0, 0.1, (len(names), 16_000)).astype(np.float32)
    sound[:2] = 0.0
    assert named(profile(Waveform(sound, 16_000, speakers=names))).isdisjoint({"dead-channel"})


def test_left_and_right_are_found_by_the_layout():
    sound = np.random.default_rng(5).normal(0, 0.1, (4, 16_000)).astype(np.float32)
    sound[3] = 0.0
    found = profile(Waveform(sound, 16_000, speakers=("FC", "LFE", "FL", "FR"))).faults
    assert [(fault.name, "right channel (4 of 4)" in fault.message) for fault in found] == [("dead-channel", True)]


def gated(starts: list[float], lengths: list[float], levels: list[float], seconds: float = 4.0) -> Waveform:
    """Return bursts of white noise over a quiet hum, at 16 kHz."""
    rate = 16_000
    rng = np.random.default_rng(6)
    sound = 0.01 * np.sin(2 * np.pi * 150 * np.arange(round(seconds * rate)) / rate)
    for start, length, level in zip(starts, lengths, levels, strict=True):
        at = round(start * rate)
        sound[at : at + round(length * rate)] += level * rng.uniform(-1, 1, round(length * rate))
    return of(sound, rate)


@pytest.mark.parametrize("beat", [0.2, 0.333, 0.4, 0.5])
@pytest.mark.parametrize("length", [0.06, 0.1])
def test_gated_drums_are_meant(beat, length):
    """Equal bursts anywhere; bursts of any length on a beat, with rests."""
    rng = np.random.default_rng(round(1000 * beat))
    starts = [0.1 + beat * at for at in range(int(3.6 / beat)) if at != 3]
    if length * len(starts) < 0.8:
        assert named(profile(gated(starts, [length] * len(starts), [0.6] * len(starts)))) == set()
    uneven = [length * rng.uniform(0.9, 1.4) for _ in starts[:6]]
    assert "digital-noise" not in named(profile(gated(starts[:6], uneven, [0.5, 0.8] * 3)))
    anywhere = np.sort(rng.choice(np.arange(0.1, 3.7, 0.25), 4, replace=False) + rng.uniform(0, 0.1, 4)).tolist()
    assert "digital-noise" not in named(profile(gated(anywhere, [length] * 4, [0.6] * 4)))


@pytest.mark.parametrize(
    ("starts", "lengths"), [([1.0], [0.2]), ([0.7, 2.9], [0.1, 0.1]), ([0.3, 1.11, 1.54, 3.27], [0.08, 0.2, 0.14, 0.3])]
)
def test_bursts_without_rule_are_faults(starts, lengths):
    assert "digital-noise" in named(profile(gated(starts, lengths, [0.6] * len(starts))))


@pytest.mark.parametrize("shape", ["pulse", "half-wave", "duty"])
@pytest.mark.parametrize("hertz", [55.0, 110.0, 437.0])
def test_waves_that_are_asymmetric_by_nature_have_no_offset(shape, hertz):
    at = np.arange(2 * 16_000) / 16_000 * hertz
    wave = {
        "pulse": 0.3 * (at % 1 < 0.1),
        "half-wave": 0.3 * np.maximum(0, np.sin(2 * np.pi * at)),
        "duty": 0.3 * np.where(at % 1 < 0.25, 1.0, -1.0),
    }[shape]
    assert abs(wave.mean()) > 0.01
    assert "dc-offset" not in named(profile(of(wave, 16_000)))


@pytest.mark.parametrize("offset", [-0.2, -0.03, 0.03, 0.2])
@pytest.mark.parametrize("wave", ["sine", "square", "noise"])
def test_waves_that_were_shifted_have_one(wave, offset):
    at = np.arange(2 * 16_000) / 16_000 * 110.0
    noise = np.random.default_rng(7).uniform(-1, 1, 32_000)
    shape = {"sine": np.sin(2 * np.pi * at), "square": np.where(at % 1 < 0.5, 1.0, -1.0), "noise": noise}
    assert "dc-offset" in named(profile(of(0.3 * shape[wave] + offset, 16_000)))
