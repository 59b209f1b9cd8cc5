"""Micro-batches: rows of like length together, smaller ones where memory runs short."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from audiojudge_cli.errors import ClipError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Work = TypeVar("Work")
Result = TypeVar("Result")

# Without an error class of their own: the CPU's allocator ("can't allocate memory", "not enough memory"), CUDA's
# runtime ("CUDA error: out of memory") and its libraries, which hold memory beside torch (CUBLAS_STATUS_ALLOC_FAILED,
# CUFFT_ALLOC_FAILED, CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED and the like).
_NO_MEMORY = re.compile(r"allocate memory|not enough memory|out of memory|ALLOC(?:ATION)?_FAILED", re.IGNORECASE)

# Share of a batch that may be filling; rows of more unequal length go separately.
FILLING = 0.15


@dataclass(frozen=True, slots=True)
class Job(Generic[Work]):
    """One row to run.

    Attributes:
        clip: Index of the clip it is about.
        prefix: Tokens it builds on.
        size: New tokens in it.
        work: What to run.
    """

    clip: int
    prefix: int
    size: int
    work: Work


class Batches:
    """Runs jobs in micro-batches and remembers how much fitted into memory.

    Args:
        tokens: New tokens in one batch at most; a single job may be larger.
        notice: Called with one sentence the first time memory runs short.
    """

    def __init__(self, tokens: int, notice: Callable[[str], None]) -> None:
        self.tokens = tokens
        self._notice = notice
        self._told = False

    def run(
        self,
        jobs: Sequence[Job[Work]],
        work: Callable[[Sequence[Job[Work]]], list[list[Result]]],
        halves: Callable[[Job[Work]], tuple[Job[Work], Job[Work]] | None],
    ) -> list[list[Result]]:
        """Run all jobs and return their results in the jobs' order.

        Args:
            jobs: In any order; each runs once.
            work: Runs a batch and returns a list of results per job.
            halves: Splits a job that is too large alone, or returns None where it can't be split.

        Raises:
            ClipError: If a job that can't be split does not fit into memory.
        """
        found: dict[int, list[Result]] = {}
        waiting = sorted(range(len(jobs)), key=lambda index: (jobs[index].prefix, jobs[index].size, index))
        while waiting:
            batch = self._fitting(jobs, waiting)
            results = attempt(lambda batch=batch: work([jobs[index] for index in batch]))  # type: ignore[misc]
            if results is not None:
                found.update(zip(batch, results, strict=True))
                waiting = waiting[len(batch) :]
                continue
            self._shrink(sum(jobs[index].size for index in batch))
            if len(batch) == 1:
                job = jobs[batch[0]]
                parts = halves(job)
                if parts is None:
                    raise out_of_memory(f"{job.prefix + job.size} tokens in one prompt")
                found[batch[0]] = [result for part in self.run(parts, work, halves) for result in part]
                waiting = waiting[1:]
        return [found[index] for index in range(len(jobs))]

    def _fitting(self, jobs: Sequence[Job[Work]], waiting: Sequence[int]) -> list[int]:
        batch = [waiting[0]]
        used = jobs[waiting[0]].size
        longest = jobs[waiting[0]].size
        shortest_prefix = jobs[waiting[0]].prefix
        for index in waiting[1:]:
            job = jobs[index]
            longest = max(longest, job.size)
            used += job.size
            padded = longest * (len(batch) + 1)
            uneven = padded - used > FILLING * padded or job.prefix - shortest_prefix > FILLING * job.prefix
            if padded > self.tokens or uneven:
                break
            batch.append(index)
        return batch

    def _shrink(self, tried: int) -> None:
        self.tokens = max(1, min(self.tokens, tried) // 2)
        if not self._told:
            self._told = True
            self._notice("Memory ran short: judging in smaller batches from here on, more slowly.")


def out_of_memory(what: str) -> ClipError:
    """The error for something that does not fit into memory even alone."""
    return ClipError(
        "judge", f"Out of memory with {what}. Use a smaller model, --quant int8 or int4, or shorter clips."
    )


def attempt(work: Callable[[], Result]) -> Result | None:
    """Run and return the result, or None if memory ran out; the failed tensors are gone by then.

    Args:
        work: Returns something else than None.
    """
    import torch

    try:
        return work()
    except (MemoryError, RuntimeError) as error:
        if not is_memory_error(error):
            raise
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    return None


def is_memory_error(error: BaseException) -> bool:
    """Return whether an error says that memory ran out, on whatever device and in whatever library."""
    import torch

    return isinstance(error, (MemoryError, torch.OutOfMemoryError)) or bool(_NO_MEMORY.search(str(error)))
