"""What carries out a run: threads of this process, or a cluster. Records do not depend on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.runs.execute import Pace, Work
from audiojudge_cli.runs.prepare import Settled


class Engine(Protocol):
    """Settles clips; `runs.execute.execute` is the one that uses threads of this process."""

    def __call__(self, clips: Iterable[Clip], work: Work, pace: Pace, stop: Callable[[], bool]) -> Iterator[Settled]:
        """Yield clips settled, in order; each was handed to `work.keep` before.

        Args:
            clips: Read lazily, in the calling thread.
            work: What is done with each.
            pace: How many at once.
            stop: Once True, the clips in flight are the last.

        Raises:
            AudiojudgeError: What ends a whole run, such as missing weights; a `ClipError` becomes a record instead.
        """
        ...
