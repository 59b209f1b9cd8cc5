"""Rewards as trainers call them: a number from 0 to 1 for what was judged, None for everything else."""

from __future__ import annotations

import io
import logging
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import audiojudge_cli as aj

RATE = 8000


@pytest.fixture
def reward(tones):
    return aj.Reward(preset=tones.preset)


def wav(samples: Any) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, RATE, format="WAV")
    return file.getvalue()


def test_every_form_of_audio_gets_the_same_reward(tones, reward):
    samples = tones.samples(440)
    path = tones.write("a.wav", 440)
    forms = [
        str(path),
        path,
        path.read_bytes(),
        bytearray(path.read_bytes()),
        {"array": samples, "sampling_rate": RATE},
        {"bytes": path.read_bytes(), "path": None},
        {"bytes": None, "path": str(path)},
        (samples, RATE),
        [{"role": "assistant", "content": str(path)}],
        [{"role": "user", "content": "x"}, {"role": "assistant", "content": [{"type": "audio", "audio": str(path)}]}],
    ]
    rewards = reward(prompts=["p"] * len(forms), completions=forms, caption=["880 Hz"] * len(forms))
    assert rewards == [rewards[0]] * len(forms)
    assert rewards[0] == pytest.approx(0.0, abs=0.01)
    assert reward(completions=forms, caption=["440 Hz"] * len(forms)) == [pytest.approx(1.0, abs=0.01)] * len(forms)


def test_it_is_the_score_of_score(tones, reward):
    path = tones.write("a.wav", 440)
    for caption in ("440 Hz, loud", "500 Hz, loud, a cat"):
        expected = aj.score(path, caption, preset=tones.preset)
        assert reward(completions=[path], caption=[caption]) == [expected.score]
        decided = aj.Reward(preset=tones.preset, value="decision")
        assert decided(completions=[path], caption=[caption]) == [expected.decision.value]


NO_REWARD: dict[str, list[Any]] = {
    "no-audio": [None, 3, {}, [], {"path": None}, [{"role": "a", "content": None}], "", "a\0b", ([], RATE), ("x", 3)],
    "not-found": ["nowhere.wav"],
    "not-audio": [b"not audio"],
    "empty": [b""],
    "is-a-directory": ["."],
}


@pytest.mark.parametrize("kind", NO_REWARD)
def test_what_is_no_audio_has_no_reward_and_takes_nobody_elses(tones, reward, kind, caplog):
    good = (tones.samples(440), RATE)
    mixed = [one for bad in NO_REWARD[kind] for one in (bad, good)]
    with caplog.at_level(logging.WARNING):
        rewards = reward(completions=mixed, caption=["440 Hz"] * len(mixed))
    assert rewards[::2] == [None] * (len(mixed) // 2)
    assert None not in rewards[1::2]
    kinds = [one.error.kind for one in reward.last[::2]]
    assert set(kinds) == {kind}
    assert caplog.messages == [f"{len(mixed) // 2} of {len(mixed)} clips have no reward: {kind} ({len(mixed) // 2})"]


@pytest.mark.parametrize("caption", ["", "refuse", "explode", "mute", "bug", "nothing", "a cat", None, 3])
def test_what_cannot_be_judged_or_verified_has_no_reward(tones, reward, caption):
    good = (tones.samples(440), RATE)
    assert reward(completions=[good, good], caption=[caption, "440 Hz"]) == [None, pytest.approx(1.0, abs=0.01)]


def test_what_is_verified_in_part_has_a_reward_unless_more_is_asked_for(tones):
    good = (tones.samples(440), RATE)
    for share, expected in ((0.0, 1.0), (0.5, 1.0), (0.51, None)):
        reward = aj.Reward(preset=tones.preset, coverage=share)
        [found] = reward(completions=[good], caption=["440 Hz, a cat"])
        assert found == (expected if expected is None else pytest.approx(expected, abs=0.01))


def test_columns_and_functions_say_where_things_are(tones):
    path = tones.write("a.wav", 440)
    named = aj.Reward(preset=tones.preset, caption="text", audio="file")
    assert named(completions=["x"], text=["440 Hz"], file=[path]) == [pytest.approx(1.0, abs=0.01)]
    chat = [[{"role": "system", "content": "s"}, {"role": "user", "content": "440 Hz"}]]
    made = aj.Reward(preset=tones.preset, caption="prompts", audio=lambda hertz: (tones.samples(float(hertz)), RATE))
    assert made(prompts=chat, completions=["440"]) == [pytest.approx(1.0, abs=0.01)]
    assert made(prompts=["440 Hz"] * 2, completions=["440", "no number"]) == [pytest.approx(1.0, abs=0.01), None]


def test_a_rubric_of_the_row_is_asked_instead(tones, reward):
    good = (tones.samples(440), RATE)
    mine = [{"dimension": "pitch", "question": "Is it 440 Hz?", "basis": "440 Hz"}]
    found = reward(completions=[good] * 3, caption=["880 Hz"] * 3, rubric=[mine, None, [{"question": 3}]])
    assert found == [pytest.approx(1.0, abs=0.01), pytest.approx(0.0, abs=0.01), None]


def test_what_trainers_pass_besides_is_left_alone(tones, reward):
    good = (tones.samples(440), RATE)
    more = {
        "completion_ids": [[1, 2]],
        "trainer_state": object(),
        "log_metric": print,
        "subset": [3],
        "transcript": "x",
    }
    assert reward(["p"], [good], caption=["440 Hz"], **more) == [pytest.approx(1.0, abs=0.01)]
    assert reward.__name__ == "audiojudge"


def test_what_concerns_all_is_raised(tones, reward):
    good = (tones.samples(440), RATE)
    for columns in ({}, {"captions": ["440 Hz"]}, {"caption": "440 Hz"}, {"caption": ["440 Hz"] * 2}):
        with pytest.raises(aj.InputError):
            reward(completions=[good], **columns)
    with pytest.raises(aj.InputError):
        reward(caption=["440 Hz"])
    with pytest.raises(aj.WeightsError):
        reward(completions=[good], caption=["no weights"])
    for wrong in (
        {"value": "mean"},
        {"coverage": 2},
        {"url": "localhost:8000"},
        {"url": "http://localhost", "judge": "x"},
    ):
        with pytest.raises(aj.InputError):
            aj.Reward(**wrong)
    with pytest.raises(aj.InputError):
        aj.best_of([], "440 Hz")


@given(st.lists(st.sampled_from([200.0, 440.0, 500.0, 880.0, None]), min_size=1, max_size=6))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_best_has_the_highest_reward_and_is_the_first_of_equals(tones, reward, hertz):
    sounds = [b"no audio" if one is None else (tones.samples(one), RATE) for one in hertz]
    best = aj.best_of(sounds, "440 Hz", reward=reward)
    known = [one for one in best.rewards if one is not None]
    assert [one is None for one in best.rewards] == [one is None for one in hertz]
    if not known:
        assert (best.index, best.reward) == (None, None)
    else:
        assert best.reward == max(known)
        assert best.index == best.rewards.index(best.reward)


def test_rewards_do_not_depend_on_who_else_is_in_the_batch(tones, reward):
    clips = [(tones.samples(hertz), RATE) for hertz in np.linspace(300, 600, 12)]
    together = reward(completions=clips, caption=["440 Hz"] * 12)
    assert together == [reward(completions=[one], caption=["440 Hz"])[0] for one in clips]
