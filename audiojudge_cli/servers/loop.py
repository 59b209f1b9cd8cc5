"""One thread on which everything waits that was asked of servers, whoever asked."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Coroutine
from functools import cache
from typing import Any, TypeVar

from audiojudge_cli.waits import LOOK_S, go_on

Found = TypeVar("Found")


@cache
def loop() -> asyncio.AbstractEventLoop:
    """Return the event loop of this process; it runs until the process ends."""
    made = asyncio.new_event_loop()
    threading.Thread(target=made.run_forever, name="audiojudge-servers", daemon=True).start()
    return made


def wait_for(work: Coroutine[Any, Any, Found]) -> Found:
    """Carry out `work` on the loop and return what comes of it; called from any other thread.

    Raises:
        StoppedError: If the end of the run is asked for meanwhile; the work is cancelled.
        Exception: As the work.
    """
    future = asyncio.run_coroutine_threadsafe(work, loop())
    try:
        while True:
            go_on()
            try:
                return future.result(LOOK_S)
            except concurrent.futures.TimeoutError:
                # The work may raise a TimeoutError of its own, which is its result.
                if future.done():
                    return future.result()
    finally:
        future.cancel()
