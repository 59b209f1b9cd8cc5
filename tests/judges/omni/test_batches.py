from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from audiojudge_cli.errors import ClipError, WeightsError  # noqa: E402
from audiojudge_cli.judges.omni.batches import FILLING, Batches, Job  # noqa: E402
from audiojudge_cli.judges.omni.load import load_model  # noqa: E402

JOBS = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 60)), max_size=20)


class Memory:
    """Runs jobs whose work is a tuple of numbers, as long as the batch fits; keeps what it was asked for."""

    def __init__(self, room: int = 10**9, error: Any = torch.OutOfMemoryError) -> None:
        self.room = room
        self.error = error
        self.batches: list[list[Job[Any]]] = []

    def __call__(self, jobs: Any) -> list[list[int]]:
        if sum(job.size for job in jobs) > self.room:
            raise self.error("DefaultCPUAllocator: can't allocate memory")
        self.batches.append(list(jobs))
        return [[-number for number in job.work] for job in jobs]


def halves(job: Job[Any]) -> Any:
    middle = len(job.work) // 2
    parts = (job.work[:middle], job.work[middle:])
    return tuple(Job(job.clip, job.prefix, len(part), part) for part in parts) if middle else None


def jobs_of(sizes: Any) -> list[Job[Any]]:
    numbers = iter(range(100_000))
    return [
        Job(clip, prefix, size, tuple(next(numbers) for _ in range(size))) for clip, (prefix, size) in enumerate(sizes)
    ]


@given(JOBS, st.integers(1, 200), st.integers(1, 100))
def test_every_job_is_answered_in_its_place_however_little_fits(sizes, tokens, room):
    jobs = jobs_of(sizes)
    found = Batches(tokens, lambda _: None).run(jobs, Memory(room), halves)
    assert found == [[-number for number in job.work] for job in jobs]


@given(JOBS, st.integers(1, 400))
def test_batches_are_even_and_no_larger_than_allowed(sizes, tokens):
    memory = Memory()
    Batches(tokens, lambda _: None).run(jobs_of(sizes), memory, halves)
    for batch in memory.batches:
        padded = len(batch) * max(job.size for job in batch)
        assert len(batch) == 1 or padded <= tokens
        assert padded - sum(job.size for job in batch) <= FILLING * padded


def test_like_jobs_go_together():
    memory = Memory()
    Batches(1000, lambda _: None).run(jobs_of([(10, 20), (500, 20), (11, 21), (10, 20)]), memory, halves)
    assert [len(batch) for batch in memory.batches] == [3, 1]


def test_says_once_that_memory_ran_short_and_remembers():
    told: list[str] = []
    batches = Batches(100, told.append)
    memory = Memory(room=30)
    batches.run(jobs_of([(10, 10)] * 8), memory, halves)
    batches.run(jobs_of([(10, 10)] * 8), memory, halves)
    assert len(told) == 1
    assert batches.tokens <= 30
    assert max(len(batch) for batch in memory.batches) > 1


# What allocators and libraries say, in the words of their sources.
SHORT = [
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
    MemoryError(),
    RuntimeError("[enforce fail at alloc_cpu.cpp:121] data. DefaultCPUAllocator: can't allocate memory: you tried"),
    RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 8589934592 bytes."),
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasLtMatmul( ltHandle )`"),
    RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
    RuntimeError("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED"),
    RuntimeError("cuSOLVER error: CUSOLVER_STATUS_ALLOC_FAILED, when calling `cusolverDnCreate(handle)`"),
    RuntimeError("cuFFT error: CUFFT_ALLOC_FAILED"),
    RuntimeError("CUDA error: out of memory\nCompile with `TORCH_USE_CUDA_DSA` to enable device-side assertions."),
    RuntimeError("CUDA driver error: out of memory"),
    RuntimeError("HIP out of memory. Tried to allocate 20.00 MiB"),
]


@pytest.mark.parametrize("error", SHORT, ids=str)
def test_every_way_of_saying_that_memory_ran_out_shrinks_the_batch(error):
    told: list[str] = []
    batches, memory = Batches(100, told.append), Memory(room=20, error=lambda _: error)
    jobs = jobs_of([(10, 16)] * 6)
    assert batches.run(jobs, memory, halves) == [[-number for number in job.work] for job in jobs]
    assert batches.tokens <= 50
    assert len(told) == 1


@pytest.mark.parametrize("error", SHORT, ids=str)
def test_loading_says_what_would_fit(error, checkpoint, monkeypatch):
    def full(*_: Any) -> Any:
        raise error

    monkeypatch.setattr("audiojudge_cli.judges.omni.load.fill_model", full)
    with pytest.raises(WeightsError, match="needs about"):
        load_model(checkpoint("qwen2_audio"), device="cpu", quant="none")


def test_other_errors_are_not_swallowed():
    def broken(_jobs: Any) -> Any:
        raise RuntimeError("shapes don't fit")

    with pytest.raises(RuntimeError, match="shapes"):
        Batches(100, lambda _: None).run(jobs_of([(10, 4)]), broken, halves)


def test_what_does_not_fit_alone_is_that_clips_error():
    with pytest.raises(ClipError, match="110 tokens in one prompt"):
        Batches(100, lambda _: None).run(jobs_of([(10, 100)]), Memory(room=20), lambda _: None)
