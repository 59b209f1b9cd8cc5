"""Learn from audiojudge: a tiny policy that picks sounds finds out which of them fit each caption.

The policy has one row of logits per prompt over eight sounds that are synthesised here. It learns as GRPO does (arXiv
2402.03300): a group of sounds is drawn for every prompt, the reward of each is compared with those of its group, and
what did better than the rest becomes likelier. Needs torch and nothing else; takes under a minute on two CPU cores.

    python examples/reward_grpo.py                                  # the judge in this process
    python examples/reward_grpo.py --url http://localhost:8000      # a server: audiojudge serve
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch

import audiojudge_cli as aj

Samples = npt.NDArray[np.float32]
RATE = 16_000
SECONDS = 2.0
PROMPTS = ("A clock ticks.", "A low hum.", "White noise.", "Complete silence.")
GROUP, STEPS, RATE_OF_LEARNING = 6, 25, 0.4
TIME = np.arange(int(RATE * SECONDS)) / RATE


def tone(hertz: float) -> Samples:
    """Return a tone with soft ends."""
    wave = 0.3 * np.sin(2 * np.pi * hertz * TIME) * np.minimum(1, 20 * np.minimum(TIME, SECONDS - TIME))
    return wave.astype(np.float32)


def noise(colour: float) -> Samples:
    """Return noise whose level falls with frequency to the power of `colour`."""
    spectrum = np.fft.rfft(np.random.default_rng(0).standard_normal(len(TIME)))
    spectrum[1:] /= np.arange(1, len(spectrum)) ** colour
    wave = np.fft.irfft(spectrum, len(TIME))
    return (0.2 * wave / np.abs(wave).max()).astype(np.float32)


def clicks(rate: float) -> Samples:
    """Return clicks, so many a second."""
    wave = np.zeros(len(TIME), dtype=np.float32)
    wave[:: int(RATE / rate)] = 0.8
    return wave


SOUNDS: dict[str, Callable[[], Samples]] = {
    "tone of 2500 Hz": lambda: tone(2500),
    "tone of 440 Hz": lambda: tone(440),
    "tone of 60 Hz": lambda: tone(60),
    "white noise": lambda: noise(0.0),
    "brown noise": lambda: noise(1.0),
    "slow clicks": lambda: clicks(2),
    "fast clicks": lambda: clicks(20),
    "silence": lambda: np.zeros(len(TIME), dtype=np.float32),
}


def advantages(rewards: list[float | None]) -> torch.Tensor:
    """Return how much better than its group each is, in standard deviations; what has no reward counts for nothing."""
    known = torch.tensor([one is not None for one in rewards])
    values = torch.tensor([0.0 if one is None else one for one in rewards])
    if known.sum() < 2:
        return torch.zeros(len(rewards))
    mean, spread = values[known].mean(), values[known].std()
    return torch.where(known, (values - mean) / (spread + 1e-4), torch.zeros(()))


def train(reward: aj.Reward, steps: int) -> torch.Tensor:
    """Return the probabilities of the sounds for every prompt, shape (prompts, sounds)."""
    torch.manual_seed(0)
    names = list(SOUNDS)
    logits = torch.zeros(len(PROMPTS), len(names), requires_grad=True)
    optimiser = torch.optim.Adam([logits], lr=RATE_OF_LEARNING)
    for step in range(steps):
        chosen = torch.distributions.Categorical(logits=logits).sample((GROUP,)).T  # (prompts, group)
        prompts = [prompt for prompt in PROMPTS for _ in range(GROUP)]
        completions = [(SOUNDS[names[int(one)]](), RATE) for one in chosen.flatten()]
        rewards = reward(prompts=prompts, completions=completions, caption=prompts)
        groups = [rewards[start : start + GROUP] for start in range(0, len(rewards), GROUP)]
        better = torch.stack([advantages(group) for group in groups])
        likelihood = torch.log_softmax(logits, dim=1).gather(1, chosen)
        loss = -(better * likelihood).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        known = [one for one in rewards if one is not None]
        if step % 5 == 4 or step == 0:
            print(f"step {step + 1:3}  mean reward {np.mean(known):.3f}  without {len(rewards) - len(known)}")
    return torch.softmax(logits.detach(), dim=1)


def main() -> None:
    """Train, and say what was learned."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="a server that judges: audiojudge serve")
    parser.add_argument("--steps", type=int, default=STEPS)
    given = parser.parse_args()
    policy = train(aj.Reward(url=given.url), given.steps)
    print()
    for prompt, row in zip(PROMPTS, policy, strict=True):
        best = int(row.argmax())
        print(f"{prompt:18} {list(SOUNDS)[best]} ({row[best]:.0%})")


if __name__ == "__main__":
    main()
