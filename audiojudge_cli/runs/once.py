"""Calls with the same arguments happen once, also when several threads ask at the same time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Once(Generic[P, T]):
    """A function that remembers its latest answers; whoever asks while one is worked out waits for it.

    What raises is not remembered; those who wait for it get the same error.

    Args:
        function: Of hashable positional arguments.
        most: How many answers to remember; the least recently used goes first.
    """

    def __init__(self, function: Callable[P, T], most: int) -> None:
        self._function, self._most = function, most
        self._known: OrderedDict[Hashable, Future[T]] = OrderedDict()
        self._lock = threading.Lock()

    def learn(self, answer: T, *args: P.args, **kwargs: P.kwargs) -> None:
        """Remember what was worked out elsewhere; what is known, or worked out just now, stays as it is."""
        future, mine = self._future((args, tuple(sorted(kwargs.items()))))
        if mine:
            future.set_result(answer)

    def knows(self, *args: P.args, **kwargs: P.kwargs) -> bool:
        """Return whether an answer is remembered, or worked out just now."""
        with self._lock:
            return (args, tuple(sorted(kwargs.items()))) in self._known

    def _future(self, key: Hashable) -> tuple[Future[T], bool]:
        """Return where an answer is or will be, and whether whoever asks has to work it out."""
        with self._lock:
            future, mine = self._known.get(key), False
            if future is None:
                future, mine = Future(), True
                self._known[key] = future
                while len(self._known) > self._most:
                    self._known.popitem(last=False)
            self._known.move_to_end(key)
        return future, mine

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return the function's answer."""
        key = (args, tuple(sorted(kwargs.items())))
        future, mine = self._future(key)
        if mine:
            try:
                future.set_result(self._function(*args, **kwargs))
            except BaseException as error:
                with self._lock:
                    if self._known.get(key) is future:
                        del self._known[key]
                future.set_exception(error)
                raise
        return future.result()
