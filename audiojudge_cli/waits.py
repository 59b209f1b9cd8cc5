"""Waits for others (the writer of a pipe, a server) that end with the first signal.

A run takes the first Ctrl-C as a wish: the clips in flight are finished first. Nobody can say when others will be
ready, so a wait for them ends at once instead. Signals are sent to the process, so that is where the wish is kept.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

LOOK_S = 0.1
"""How often, in seconds, a wait looks whether it shall end: short enough that a person sees it end at once."""


class StoppedError(KeyboardInterrupt):
    """The end was asked for during a wait; nothing is wrong with what was waited for."""


class _Wish:
    asked = threading.Event()
    urgent = threading.Event()
    waiting = 0  # changed by the main thread alone, which is the one that hears signals


def ask_for_the_end() -> None:
    """End what waits for others, and every such wait that follows."""
    _Wish.asked.set()


def insist() -> None:
    """Ask for the end a second time: nothing is waited for any more, however little is missing."""
    _Wish.urgent.set()
    _Wish.asked.set()


def forget() -> None:
    """Let waits be waits again."""
    _Wish.asked.clear()
    _Wish.urgent.clear()


def is_over(*, at_once: bool = False) -> bool:
    """Return whether the end was asked for; with `at_once`, whether that was a second time."""
    return (_Wish.urgent if at_once else _Wish.asked).is_set()


def main_thread_waits() -> bool:
    """Return whether the main thread is within `waiting`, so that a signal should interrupt it."""
    return _Wish.waiting > 0


def go_on() -> None:
    """Return if the wait may go on.

    Raises:
        StoppedError: If the end was asked for.
    """
    if _Wish.asked.is_set():
        raise StoppedError


def pause(seconds: float) -> None:
    """Wait for so long.

    Raises:
        StoppedError: If the end was asked for, as soon as it is.
    """
    _Wish.asked.wait(seconds)
    go_on()


@contextmanager
def waiting() -> Iterator[None]:
    """Mark a block in which nothing is lost by an interrupt: the first signal raises KeyboardInterrupt in it.

    Raises:
        StoppedError: If the end was asked for before it begins.
    """
    if threading.current_thread() is not threading.main_thread():
        go_on()
        yield
        return
    _Wish.waiting += 1
    try:
        go_on()
        yield
    finally:
        _Wish.waiting -= 1
