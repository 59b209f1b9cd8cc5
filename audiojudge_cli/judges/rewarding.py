"""A judge that gives every clip a reward by itself: the higher one is preferred (Bradley and Terry 1952)."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.code_digest import code_digest
from audiojudge_cli.errors import ClipError, InputError
from audiojudge_cli.judges.base import Case, Judge, Remarking, Scope, concurrency
from audiojudge_cli.results.verdict import Verdict, answered

_SOURCES = ("judges/rewarding.py",)


@runtime_checkable
class Rewarding(Protocol):
    """A judge that can say how good a clip is by itself, on a scale of its own without ends."""

    def reward(self, waveform: Waveform, words: str) -> float:
        """Return the reward of a clip; only differences of rewards mean anything.

        Args:
            waveform: The clip.
            words: What it was to say; empty where nobody knows.

        Raises:
            ClipError: If it cannot be heard.
        """
        ...


@dataclass(frozen=True)
class RewardingJudge:
    """Asks a judge for rewards where items were: of each item the words stand in its basis.

    The p_yes is the chance against a clip with the reward 0, and the facts hold `reward`.

    Attributes:
        judge_of_rewards: Loaded, and able to give rewards.
    """

    judge_of_rewards: Judge

    @property
    def name(self) -> str:
        """That of the judge."""
        return self.judge_of_rewards.name

    @property
    def device(self) -> str:
        """That of the judge."""
        return self.judge_of_rewards.device

    @property
    def scope(self) -> Scope:
        """An item holds all that is asked."""
        return "item"

    @property
    def concurrent(self) -> int:
        """Most threads that should call it at once."""
        return concurrency(self.judge_of_rewards)

    @property
    def fingerprint(self) -> str:
        """Digest of the judge and of how its rewards become answers."""
        text = f"reward {code_digest(*_SOURCES)}\n{self.judge_of_rewards.fingerprint}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def describe(self) -> Mapping[str, str]:
        """Return what the judge says of itself."""
        return {**self.judge_of_rewards.describe(), "rewarding": code_digest(*_SOURCES)}

    def remark_to(self, tell: Callable[[str], None]) -> None:
        """Tell what the judge has to tell."""
        if isinstance(self.judge_of_rewards, Remarking):
            self.judge_of_rewards.remark_to(tell)

    def judge(self, cases: Sequence[Case]) -> list[list[Verdict]]:
        """Return one reward per item, in order, for every case.

        Raises:
            ClipError: If a clip cannot be heard, or its reward is no number.
        """
        return [[self._verdict(case.waveform, item.basis) for item in case.items] for case in cases]

    def _verdict(self, waveform: Waveform, words: str) -> Verdict:
        assert isinstance(self.judge_of_rewards, Rewarding)  # noqa: S101 - see `rewarding_judge`
        value = self.judge_of_rewards.reward(waveform, words)
        if not math.isfinite(value):
            raise ClipError("judge", f"the reward is {value}, and no number")
        told = round(value, 4) + 0.0
        return answered(chance(told), f"The reward is {told:.4f}.", self.name, facts={"reward": told})


def chance(difference: float) -> float:
    """Return the probability that the clip whose reward is higher by so much is preferred (Bradley and Terry)."""
    return 0.5 * (1.0 + math.tanh(difference / 2.0))


def rewarding_judge(judge: Judge) -> RewardingJudge:
    """Return a judge that gives rewards.

    Raises:
        InputError: If the judge cannot.
    """
    if not isinstance(judge, Rewarding):
        raise InputError(f"the judge {judge.name} gives no rewards; take speechjudge-btrm, or a card with model.reward")
    return RewardingJudge(judge)
