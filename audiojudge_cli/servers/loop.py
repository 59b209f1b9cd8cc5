"""One thread on which everything waits that was asked of servers, whoever asked."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
import time
from collections.abc import Coroutine, Iterable
from functools import cache
from typing import Any, TypeVar

from audiojudge_cli.waits import LOOK_S, StoppedError, is_over

Found = TypeVar("Found")


@cache
def loop() -> asyncio.AbstractEventLoop:
    """Return the event loop of this process; it runs until the process ends."""
    made = asyncio.new_event_loop()
    threading.Thread(target=made.run_forever, name="audiojudge-servers", daemon=True).start()
    return made


async def together(work: Iterable[Coroutine[Any, Any, Found]]) -> list[Found]:
    """Return what all give, in order; the first that fails ends the others.

    Raises:
        Exception: As the first that fails, once all others have ended.
    """
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        return list(await asyncio.gather(*tasks))
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


def wait_for(work: Coroutine[Any, Any, Found], *, grace_s: float = 0.0) -> Found:
    """Carry out `work` on the loop and return what comes of it; called from any other thread.

    Args:
        work: Whatever waits for servers.
        grace_s: For so many seconds it may still end well after the end of the run was asked for, unless that is asked
            for once more.

    Raises:
        StoppedError: If the end of the run is asked for meanwhile; the work is cancelled.
        Exception: As the work.
    """
    future = asyncio.run_coroutine_threadsafe(work, loop())
    asked_at: float | None = None
    try:
        while True:
            if is_over():
                asked_at = asked_at or time.monotonic()
                if is_over(at_once=True) or time.monotonic() >= asked_at + grace_s:
                    raise StoppedError
            try:
                return future.result(LOOK_S)
            except concurrent.futures.TimeoutError:
                # The work may raise a TimeoutError of its own, which is its result.
                if future.done():
                    return future.result()
    finally:
        future.cancel()
