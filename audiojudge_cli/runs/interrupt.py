"""Ctrl-C that lets the batch in flight finish."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class Stop:
    """A wish to end the run soon; true once made."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def __bool__(self) -> bool:
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for so long, or until the end is asked for; return whether it is."""
        return self._event.wait(seconds)

    def wish(self) -> None:
        """Ask for the end."""
        self._event.set()


@contextmanager
def stopping_gently(stop: Stop, tell: Callable[[str], None]) -> Iterator[None]:
    """Turn the first Ctrl-C (SIGINT) or SIGTERM within the block into a wish; the second one interrupts at once.

    Outside the main thread signals cannot be caught, and the block runs as it is.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        if stop:
            raise KeyboardInterrupt
        stop.wish()
        tell("stopping: the batch in flight is finished first (again: stop at once)")

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
