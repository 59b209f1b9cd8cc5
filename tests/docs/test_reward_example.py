"""examples/reward_grpo.py learns, and its step runs with the real judge."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import audiojudge_cli as aj

pytest.importorskip("torch", reason="needs torch (the extra omni)")
pytestmark = pytest.mark.omni

EXAMPLE = runpy.run_path(str(Path(__file__).parents[2] / "examples" / "reward_grpo.py"))
WANTED = {"A clock ticks.": "slow clicks", "A low hum.": "tone of 60 Hz", "White noise.": "white noise"}


class Known:
    """A reward whose answers are known: 1 for the sound that is wanted, none for silence, else a little."""

    def __call__(self, prompts, completions, caption):
        sounds = {name: make() for name, make in EXAMPLE["SOUNDS"].items()}

        def one(samples: Any, prompt: str) -> float | None:
            if not np.any(samples):
                return None
            return 1.0 if np.array_equal(samples, sounds[WANTED.get(prompt, "white noise")]) else 0.1

        return [one(samples, prompt) for (samples, _), prompt in zip(completions, caption, strict=True)]


def test_it_learns_what_is_rewarded(capsys):
    policy = EXAMPLE["train"](Known(), 40)
    names = list(EXAMPLE["SOUNDS"])
    learned = {prompt: names[int(row.argmax())] for prompt, row in zip(EXAMPLE["PROMPTS"], policy, strict=True)}
    assert {prompt: learned[prompt] for prompt in WANTED} == WANTED
    assert float(policy.max(dim=1).values.min()) > 0.8
    assert "mean reward" in capsys.readouterr().out


@pytest.mark.weights
def test_a_step_runs_with_the_real_judge():
    policy = EXAMPLE["train"](aj.Reward(), 1)
    assert policy.shape == (len(EXAMPLE["PROMPTS"]), len(EXAMPLE["SOUNDS"]))
    assert float((policy - 1 / 8).abs().max()) > 0.01


def test_what_has_no_reward_counts_for_nothing():
    found = EXAMPLE["advantages"]([1.0, None, 0.0, None])
    assert found.tolist()[1::2] == [0.0, 0.0]
    assert found[0] > 0 > found[2]
    assert EXAMPLE["advantages"]([None, 1.0, None]).tolist() == [0.0, 0.0, 0.0]
