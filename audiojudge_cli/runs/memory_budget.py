"""A budget of memory for decoded audio: when it is full, threads wait before they decode the next clip."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class MemoryBudget:
    """Counts the bytes that several threads hold.

    Args:
        limit: Nobody begins while more than this is held, unless nothing is.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0
        self._changed = threading.Condition()

    @property
    def held(self) -> int:
        """Bytes held now."""
        return self._held

    @contextmanager
    def one(self) -> Iterator[Reservation]:
        """Wait for room, then yield what one thread holds; it is given back at the end of the block."""
        with self._changed:
            self._changed.wait_for(lambda: self._held < self._limit or not self._held)
        held = Reservation(self)
        try:
            yield held
        finally:
            self.add(-held.size)

    def add(self, size: int) -> None:
        """Count bytes taken, or given back when negative."""
        if size:
            with self._changed:
                self._held += size
                self._changed.notify_all()


class Reservation:
    """What one thread holds of a `MemoryBudget`.

    Attributes:
        size: Bytes.
    """

    def __init__(self, room: MemoryBudget) -> None:
        self._room = room
        self.size = 0

    def take(self, size: int) -> None:
        """Hold `size` bytes more."""
        self.size += size
        self._room.add(size)
