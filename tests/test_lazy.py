from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from audiojudge_cli.lazy import lazy


@dataclass(frozen=True)
class Square:
    """Has a side."""

    side: int
    made: list[int]

    @lazy
    def area(self) -> int:
        """Its area."""
        self.made.append(self.side)
        return self.side * self.side


def test_computed_once_for_each_object():
    made: list[int] = []
    small, large = Square(2, made), Square(3, made)
    assert made == []
    assert (small.area, large.area, small.area) == (4, 9, 4)
    assert made == [2, 3]
    assert Square.area.__doc__ == "Its area."


class Meeting:
    """Can be computed only while another thread computes it for another object."""

    barrier = threading.Barrier(2)

    @lazy
    def met(self) -> bool:
        self.barrier.wait(20)
        return True


def test_two_objects_are_computed_at_the_same_time():
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda one: one.met, [Meeting(), Meeting()])) == [True, True]
