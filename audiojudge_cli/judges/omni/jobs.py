"""Windows of several clips, in batches that are heard together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiojudge_cli.judges.omni.windows import RATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from audiojudge_cli.judges.base import Case
    from audiojudge_cli.judges.omni.prompts import PromptSet, Wording
    from audiojudge_cli.judges.omni.windows import Span

# What is heard takes memory until its questions are answered.
TOGETHER, TOGETHER_S = 16, 300.0


@dataclass(frozen=True, slots=True)
class Job:
    """One window of one case.

    Attributes:
        number: Of the case.
        case: The case.
        wording: How it is asked.
        span: Where the window lies, in samples.
        alone: Whether it is the whole audio.
        rate: Samples per second.
    """

    number: int
    case: Case
    wording: Wording
    span: Span
    alone: bool
    rate: int = RATE

    @property
    def audio(self) -> NDArray[np.float32]:
        """The samples of the window."""
        return samples(self.case, self.span, self.rate)

    @property
    def seconds(self) -> float:
        """Its length."""
        return (self.span[1] - self.span[0]) / self.rate


def samples(case: Case, span: Span, rate: int = RATE) -> NDArray[np.float32]:
    """Return mono samples at a rate."""
    return case.waveform.at(rate)[span[0] : span[1]]


def make_jobs(
    cases: Sequence[Case], spans: Sequence[Sequence[Span]], prompts: PromptSet, rate: int = RATE
) -> list[Job]:
    """Return one job per window: in the order of cases and windows, but those of one wording together."""
    jobs = [
        Job(number, case, prompts.wording(case.language), span, len(spans[number]) == 1, rate)
        for number, case in enumerate(cases)
        for span in spans[number]
    ]
    english = prompts.wording("en")
    return sorted(jobs, key=lambda job: job.wording is not english)


def batches(jobs: Sequence[Job]) -> Iterator[list[Job]]:
    """Yield jobs that are heard together: of one wording, and no more than memory should hold at once."""
    together: list[Job] = []
    seconds = 0.0
    for job in jobs:
        full = len(together) >= TOGETHER or seconds + job.seconds > TOGETHER_S
        if together and (full or job.wording is not together[0].wording):
            yield together
            together, seconds = [], 0.0
        together.append(job)
        seconds += job.seconds
    if together:
        yield together
