from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from audiojudge_cli.probes.events import EventTrack, hear, hear_low, hear_outside
from audiojudge_cli.probes.mel import Array
from audiojudge_cli.probes.sessions import Models


def track(dog: list[float], cat: list[float] | None = None) -> EventTrack:
    probabilities = np.array([dog, cat or [0.01] * len(dog)], dtype=np.float32).T
    return EventTrack(
        logits=np.log(probabilities / (1 - probabilities)),
        embedding=np.zeros((len(dog), 1024), dtype=np.float32),
        names=("Dog", "Cat"),
        hop_s=0.24,
        window_s=0.96,
        duration_s=0.96 + 0.24 * (len(dog) - 1),
        padded=False,
        active=np.ones(len(dog), dtype=np.bool_),
    )


def test_scores_follow_the_likeliest_of_several_classes() -> None:
    heard = track([0.1, 0.8], [0.7, 0.2])
    np.testing.assert_allclose(heard.track(("Dog", "Cat")), [0.7, 0.8], rtol=1e-5)
    assert [name for name, _ in heard.top(2)] == ["Dog", "Cat"]


def test_spans_reach_the_ends_and_stay_apart_inside() -> None:
    heard = track([0.9, 0.1, 0.1, 0.1, 0.9, 0.9, 0.1])
    assert heard.spans("Dog", 0.5) == ((0.0, 0.6), (1.32, 1.8))
    assert track([0.9] * 4).spans("Dog", 0.5) == ((0.0, 1.68),)
    assert heard.spans("Cat", 0.5) == ()


def test_an_unknown_class_is_an_error() -> None:
    with pytest.raises(KeyError, match="Unicorn"):
        track([0.5]).index("Unicorn")


@pytest.mark.weights
@pytest.mark.parametrize(
    ("name", "classes"),
    [
        ("sound_dog.flac", {"Dog", "Bark"}),
        ("sound_rain.ogg", {"Rain", "Rain on surface"}),
        ("music_flute.ogg", {"Flute"}),
        ("music_piano_slow.ogg", {"Piano"}),
        ("speech_librivox_en.flac", {"Speech"}),
    ],
)
def test_what_sounds_is_among_the_first_five(
    models: Models, clip: Callable[[str], Array], name: str, classes: set[str]
) -> None:
    heard = hear(clip(name), models.yamnet, models.event_names)
    assert classes & {found for found, _ in heard.top(5)}


@pytest.mark.weights
def test_order_shows_in_the_times(models: Models, clip: Callable[[str], Array]) -> None:
    heard = hear(clip("mix_dog_then_rain.ogg"), models.yamnet, models.event_names)
    assert heard.track(("Dog", "Bark")).argmax() < heard.track("Rain").argmax()


@pytest.mark.weights
def test_level_does_not_matter(models: Models, clip: Callable[[str], Array]) -> None:
    samples = clip("sound_dog.flac")
    loud, quiet = (hear(samples * gain, models.yamnet, models.event_names) for gain in (1.0, 0.02))
    np.testing.assert_allclose(loud.scores, quiet.scores, atol=0.05)


@pytest.mark.weights
def test_a_patch_does_not_depend_on_what_follows(models: Models, clip: Callable[[str], Array]) -> None:
    samples = clip("sound_dog.flac").copy()
    samples[100] = 1.0  # the level is the clip's own; hold it
    long, short = (hear(part, models.yamnet, models.event_names) for part in (samples, samples[: 16_000 * 2]))
    whole = sum(patch * 0.24 + 0.975 <= 2.0 for patch in range(len(short.logits)))
    assert whole >= 4
    np.testing.assert_array_equal(long.logits[:whole], short.logits[:whole])


@pytest.mark.weights
@pytest.mark.parametrize("count", [1, 400, 15_600, 15_601, 48_000])
def test_every_sample_is_heard(models: Models, count: int) -> None:
    heard = hear(np.full(count, 0.1, dtype=np.float32), models.yamnet, models.event_names)
    assert (len(heard.logits) - 1) * heard.hop_s * 16_000 + 15_600 >= count
    assert heard.padded is (count < 15_600)
    assert heard.scores.shape == (len(heard.logits), 521)
    assert np.isfinite(heard.logits).all()


@pytest.mark.weights
def test_no_samples_are_an_error(models: Models) -> None:
    with pytest.raises(ValueError, match="no samples"):
        hear(np.zeros(0, dtype=np.float32), models.yamnet, models.event_names)


@pytest.mark.weights
def test_what_a_voice_covers_shows_in_its_pauses(models: Models, clip: Callable[[str], Array]) -> None:
    rain, voice = clip("sound_rain.ogg"), clip("speech_librivox_en.flac")
    mixed = 0.2 * rain[: 5 * 16_000]
    mixed[16_000 : 16_000 + len(voice)] += 2.0 * voice
    end = 1.0 + len(voice) / 16_000
    outside = hear_outside(mixed, ((1.0, end),), models.yamnet, models.event_names)
    assert outside is not None
    assert outside.duration_s == pytest.approx(4.9 - len(voice) / 16_000, abs=0.05)
    whole = hear(mixed, models.yamnet, models.event_names)
    assert outside.track("Rain").max() > max(0.2, float(whole.track("Rain").max()))
    assert outside.track("Speech").max() < 0.5


@pytest.mark.weights
def test_nothing_to_leave_out_or_nothing_left_is_no_track(models: Models, clip: Callable[[str], Array]) -> None:
    rain = clip("sound_rain.ogg")
    assert hear_outside(rain, (), models.yamnet, models.event_names) is None
    assert hear_outside(rain, ((0.0, 60.0),), models.yamnet, models.event_names) is None


@pytest.mark.weights
def test_digital_silence_behind_a_clip_is_not_active(models: Models, clip: Callable[[str], Array]) -> None:
    rain = clip("sound_rain.ogg")[: 2 * 16_000]
    heard = hear(np.concatenate([rain, np.zeros(4 * 16_000, dtype=np.float32)]), models.yamnet, models.event_names)
    assert heard.active[:4].all()
    assert not heard.active[-8:].any()
    silence = hear(np.zeros(16_000, dtype=np.float32), models.yamnet, models.event_names)
    assert silence.active.all()


@pytest.mark.weights
def test_half_the_bands_are_enough_for_some_sounds(models: Models, clip: Callable[[str], Array]) -> None:
    dog = clip("sound_dog.flac")
    whole, low = (hearer(dog, models.yamnet, models.event_names) for hearer in (hear, hear_low))
    assert low.logits.shape == whole.logits.shape
    assert not np.allclose(low.logits, whole.logits)
    assert low.track("Dog").max() > low.track("Church bell").max()
