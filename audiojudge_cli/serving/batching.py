"""Where requests meet the judge: clips wait in line, and a judge that hears several at once gets all that wait.

As in a run (`runs.execute`), a judge that several threads may call gets whole clips on as many threads; any other is
called from one thread in batches, while others decode. A batch is what is ready when the judge is: nobody waits for it
to fill up.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import groupby

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.judges.base import Judge, concurrency
from audiojudge_cli.results.record import Record
from audiojudge_cli.runs.execute import Effort, Pace, settle
from audiojudge_cli.runs.memory_budget import MemoryBudget
from audiojudge_cli.runs.prepare import Prepared, audio_bytes

Heard = Callable[[int, float], None]
"""Told of every call of a judge: clips, and seconds."""


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """One clip in line.

    Attributes:
        clip: The clip.
        prepare: Rubric, decoding, measuring.
        judge: Who answers.
        done: Gets the record, or what was raised; a job whose future was cancelled before its turn is left out.
    """

    clip: Clip
    prepare: Callable[[Clip], Prepared]
    judge: Judge
    done: Future[Record] = field(default_factory=Future)


@dataclass(frozen=True, slots=True, eq=False)
class _Ready:
    job: Job
    prepared: Prepared
    room: ExitStack


class Batcher:
    """Settles jobs on threads of its own until it is closed.

    Args:
        judge: Whose threads are counted.
        pace: Threads that prepare, clips in one call, decoded audio that may wait.
        heard: Told of every call of a judge.
    """

    def __init__(self, judge: Judge, pace: Pace, heard: Heard) -> None:
        self._room = MemoryBudget(pace.audio_bytes)
        self._batch, self._heard = pace.batch, heard
        self._inbox: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._ready: queue.SimpleQueue[_Ready | None] = queue.SimpleQueue()
        threads = min(pace.workers, concurrency(judge))
        work = self._whole if threads > 1 else self._prepare
        count = threads if threads > 1 else pace.workers
        self._first = [threading.Thread(target=work, name=f"audiojudge-{n}", daemon=True) for n in range(count)]
        self._second = [threading.Thread(target=self._together, name="audiojudge-judge", daemon=True)]
        for thread in (*self._first, *self._second):
            thread.start()

    def submit(self, job: Job) -> None:
        """Put a job in line."""
        self._inbox.put(job)

    def close(self) -> None:
        """Wait until everything in line is settled, and end the threads."""
        for _ in self._first:
            self._inbox.put(None)
        for thread in self._first:
            thread.join()
        self._ready.put(None)
        for thread in self._second:
            thread.join()

    def _whole(self) -> None:
        while (job := self._inbox.get()) is not None:
            if ready := self._prepared(job):
                self._settle([ready])

    def _prepare(self) -> None:
        while (job := self._inbox.get()) is not None:
            if ready := self._prepared(job):
                self._ready.put(ready)

    def _together(self) -> None:
        while (first := self._ready.get()) is not None:
            found, ended = [first], False
            while len(found) < self._batch and not ended:
                try:
                    another = self._ready.get_nowait()
                except queue.Empty:
                    break
                ended = another is None
                found += [another] if another is not None else []
            found.sort(key=lambda one: id(one.job.judge))
            for _, group in groupby(found, key=lambda one: id(one.job.judge)):
                self._settle(list(group))
            if ended:
                return

    def _prepared(self, job: Job) -> _Ready | None:
        if not job.done.set_running_or_notify_cancel():
            return None
        room = ExitStack()
        try:
            held = room.enter_context(self._room.one())
            prepared = job.prepare(job.clip)
            held.take(audio_bytes(prepared))
        except BaseException as error:  # noqa: BLE001 - whoever waits gets it, and the thread goes on
            room.close()
            job.done.set_exception(error)
            return None
        return _Ready(job, prepared, room)

    def _settle(self, together: Sequence[_Ready]) -> None:
        judge, begun = together[0].job.judge, time.perf_counter()
        try:
            settled = settle([one.prepared for one in together], judge, Effort())
        except BaseException as error:  # noqa: BLE001 - as above
            if len(together) > 1:  # what ends a run ends one request: the others are asked for by themselves
                for one in together:
                    self._settle([one])
                return
            together[0].room.close()
            together[0].job.done.set_exception(error)
            return
        self._heard(len(together), time.perf_counter() - begun)
        for one, found in zip(together, settled, strict=True):
            one.room.close()
            one.job.done.set_result(found.record)
