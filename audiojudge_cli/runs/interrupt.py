"""Ctrl-C that lets the batch in flight finish."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from audiojudge_cli.waits import ask_for_the_end, forget, insist, main_thread_waits

_HANG_UP: signal.Signals | None = getattr(signal, "SIGHUP", None)  # Windows has none


_ENDING_S = 1.0
"""After an interruption it is written down within this that the run was interrupted; a further Ctrl-C, which fingers
often give, must not cut that off."""


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
    """Turn the first Ctrl-C (SIGINT), SIGTERM or SIGHUP within the block into a wish; a second one interrupts at once.

    What waits for others (`audiojudge_cli.waits`) ends with the first one. SIGHUP, which a closing terminal may send
    twice, never counts as a second one, not even behind the block; where it is ignored (nohup), it stays ignored.
    Outside the main thread signals cannot be caught, and the block runs as it is.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    hung_up = False
    interrupted_at = -math.inf

    def on_signal(number: int, _frame: FrameType | None) -> None:
        nonlocal hung_up, interrupted_at
        hung_up = hung_up or number == _HANG_UP
        if (stop and number == _HANG_UP) or time.monotonic() < interrupted_at + _ENDING_S:
            return
        first = not stop
        stop.wish()
        ask_for_the_end()
        if not first or main_thread_waits():
            insist()
            interrupted_at = time.monotonic()
            raise KeyboardInterrupt
        with suppress(OSError):  # the terminal may be the one that hung up
            tell("stopping: the batch in flight is finished first (again: stop at once)")

    caught = [signal.SIGINT, signal.SIGTERM]
    if _HANG_UP is not None and signal.getsignal(_HANG_UP) is not signal.SIG_IGN:
        caught.append(_HANG_UP)
    before = {number: signal.signal(number, on_signal) for number in caught}
    try:
        yield
    finally:
        forget()
        for number, handler in before.items():
            # The second SIGHUP of a closing terminal may come while the process ends: it still counts for nothing.
            signal.signal(number, signal.SIG_IGN if hung_up and number == _HANG_UP else handler)
