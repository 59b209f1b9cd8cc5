"""Do work ahead of its consumer on threads, in order, with bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from audiojudge_cli.waits import StoppedError

Source = TypeVar("Source")
Made = TypeVar("Made")


def prefetch(
    sources: Iterable[Source],
    make: Callable[[Source], Made],
    *,
    workers: int,
    window: int,
    cost: Callable[[Made], int] | None = None,
    budget: int = 0,
    stop: Callable[[], bool] = lambda: False,
) -> Generator[Made, None, None]:
    """Yield `make(source)` for every source, in order, made on `workers` threads ahead of need.

    Args:
        sources: Read lazily, in the calling thread.
        make: Called on a worker thread; what it raises is raised here, in its turn. After a StoppedError nothing else
            begins, and its source is passed over.
        workers: Number of threads, at least 1.
        window: Most results that are waiting or being made, at least 1.
        cost: Memory of a result in bytes; None where it does not matter.
        budget: With `cost`, no new work starts while results that wait cost more than this many bytes.
        stop: Asked before each result; once True, what is being made is still yielded, and nothing else begins.
    """
    waiting: deque[Future[Made]] = deque()
    remaining = iter(sources)
    pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="audiojudge")
    more = patient = True
    try:
        while more or waiting:
            if stop():
                # Threads take work in order, so those that have not begun are the last ones.
                while waiting and waiting[-1].cancel():
                    waiting.pop()
                more = False
            while more and len(waiting) < window and (not (waiting and cost) or _cost(waiting, cost) < budget):
                try:
                    waiting.append(pool.submit(make, next(remaining)))
                except StopIteration:
                    more = False
            if waiting:
                try:
                    made = waiting.popleft().result()
                except StoppedError:  # it waited for others when the end was asked for: nothing else begins
                    while waiting and waiting[-1].cancel():
                        waiting.pop()
                    more = False
                    continue
                yield made
    except KeyboardInterrupt:
        # The second Ctrl-C: what is being made may take minutes yet, and nobody wants it any more.
        patient = False
        raise
    finally:
        pool.shutdown(wait=patient, cancel_futures=True)


def _cost(waiting: Iterable[Future[Made]], cost: Callable[[Made], int]) -> int:
    return sum(cost(made.result()) for made in waiting if made.done() and not made.exception())
