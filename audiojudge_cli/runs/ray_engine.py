"""The engine that spreads a run over a Ray cluster: actors hold the judge, the journal stays here.

Rubrics are made here, so that one caption has one rubric however many workers there are; audio is read and judged where
the workers are. A worker that dies is replaced, and its clips are given to others, one by one: a clip that takes three
workers with it gets a record with the error `worker`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Self

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.errors import ClipError, NotJudgedError
from audiojudge_cli.judges.base import Case, Judge
from audiojudge_cli.results.build import failed_record
from audiojudge_cli.results.verdict import Verdict
from audiojudge_cli.runs.execute import Pace, Work
from audiojudge_cli.runs.prefetch import prefetch
from audiojudge_cli.runs.prepare import Asked, Fetch, Preparer, Settled
from audiojudge_cli.runs.ray_cluster import IN_FLIGHT, Cluster, LostError, require_ray
from audiojudge_cli.runs.ray_options import RayOptions
from audiojudge_cli.runs.ray_worker import Answer, Hello, Task, Trouble, Worker

_DEATHS = 3
# Settled clips that may wait for a slower one before them.
_WAITING_PER_WORKER = 64
_TICK_S = 0.2


@dataclass
class RemoteJudge:
    """The judge of the workers, as this process knows it: who it is, not what it answers.

    Attributes:
        said: By the first worker.
        hits: Verdicts that came from the cache, all workers together.
    """

    said: Hello
    hits: int = 0

    @property
    def name(self) -> str:
        """As the workers' judge."""
        return self.said.name

    @property
    def fingerprint(self) -> str:
        """As the workers' judge."""
        return self.said.fingerprint

    @property
    def device(self) -> str:
        """As the workers' judge."""
        return self.said.device

    def describe(self) -> Mapping[str, str]:
        """Return what the workers' judge says of itself."""
        return self.said.card

    def remark_to(self, tell: Callable[[str], None]) -> None:
        """Tell what the first worker's judge had to tell."""
        for remark in self.said.remarks:
            tell(remark)

    def judge(self, cases: Sequence[Case]) -> list[list[Verdict]]:
        """Never called: the workers judge."""
        raise NotJudgedError(f"{len(cases)} clips were to be judged here instead of on the cluster")


@dataclass
class _Slot:
    """A clip on its way; slots leave in the order they came."""

    task: Task | None
    settled: Settled | None = None
    deaths: int = 0


@dataclass
class _Seat:
    """A worker, and the calls it has not answered."""

    worker: Any
    calls: dict[Any, list[_Slot]] = field(default_factory=dict)
    alone: bool = False

    def takes(self, slots: Sequence[_Slot]) -> bool:
        """Return whether there is room for a call about `slots`; suspects get a worker to themselves."""
        suspect = any(slot.deaths for slot in slots)
        return not self.calls if suspect else not self.alone and len(self.calls) < IN_FLIGHT


class RayEngine:
    """A run on Ray; also a context manager that leaves the cluster at its end.

    Args:
        options: Which cluster, and how much of it.
        load: Loads the judge; sent to the workers, so it must be possible to pickle it.
        fetch: Reads audio; sent to the workers.
        folder: Relative paths start from here.
        stop: Once True, nothing is waited for.

    Raises:
        InputError: If Ray is not installed.
    """

    def __init__(
        self, options: RayOptions, load: Callable[[], Judge], fetch: Fetch, folder: str, stop: Callable[[], bool]
    ) -> None:
        require_ray()
        self._options = options
        self._load, self._fetch, self._folder, self._stop = load, fetch, folder, stop
        self._joined: Cluster | None = None
        self._seats: list[_Seat] = []
        self._judge: RemoteJudge | None = None
        self._barren = 0

    def __enter__(self) -> Self:
        """Return the engine; the cluster is joined once the judge is asked for."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the workers and leave the cluster."""
        if self._joined is not None:
            for seat in self._seats:
                self._joined.end(seat.worker)
            self._joined.close()

    def judge(self) -> RemoteJudge:
        """Join the cluster, start the workers, and return their judge once the first one has loaded it.

        Raises:
            InputError: If the cluster cannot be reached, or no worker fits into it.
            AudiojudgeError: If the judge cannot be loaded.
            KeyboardInterrupt: If the run is to stop meanwhile.
        """
        if self._joined is None:
            self._joined = Cluster(self._options)
            self._seats = [_Seat(self._worker()) for _ in range(self._joined.size)]
        while self._judge is None:
            calls = {seat.worker.hello.remote(): seat for seat in self._seats}
            for call in self._ended(list(calls)):
                try:
                    said = self._cluster.result(call)
                except LostError as error:
                    self._replace(calls[call], error)
                    continue
                if isinstance(said, Trouble):
                    raise said.error()
                self._judge = self._judge or RemoteJudge(said)
        return self._judge

    @property
    def _cluster(self) -> Cluster:
        if self._joined is None:
            raise RuntimeError("the cluster was not joined: ask for the judge first")
        return self._joined

    def __call__(self, clips: Iterable[Clip], work: Work, pace: Pace, stop: Callable[[], bool]) -> Iterator[Settled]:
        """Yield clips settled, in order (see `runs.engine.Engine`)."""
        prepare = work.prepare
        if not isinstance(prepare, Preparer):
            raise TypeError("clips for a cluster are prepared in two halves")
        slots: deque[_Slot] = deque()
        again: deque[_Slot] = deque()
        most = self._cluster.size * _WAITING_PER_WORKER + pace.batch
        threads = max(1, min(pace.workers, 4))
        with closing(
            prefetch(clips, prepare.ask, workers=threads, window=4 * pace.batch + threads, stop=stop)
        ) as asked:
            waiting = _Batches(asked, prepare, work, slots, pace.batch)
            while True:
                ending = stop()
                while not ending and self._send(again, waiting if len(slots) < most else None):
                    pass
                calls = [call for seat in self._seats for call in seat.calls]
                if calls:
                    for call in self._cluster.ready(calls, _TICK_S):
                        self._receive(call, work, again)
                while slots and slots[0].settled:
                    yield slots.popleft().settled  # type: ignore[misc]
                if not calls and (ending or (not again and waiting.over and not slots)):
                    break
        yield from (slot.settled for slot in slots if slot.settled)

    def _send(self, again: deque[_Slot], waiting: _Batches | None) -> bool:
        """Give one batch to a worker with room for it; False when there is none, or nothing to give."""
        batch = [again[0]] if again else waiting.next() if waiting else []
        free = [seat for seat in self._seats if seat.takes(batch)]
        if not batch or not free:
            return False
        seat = min(free, key=lambda seat: len(seat.calls))
        if again:
            again.popleft()
        elif waiting:
            waiting.sent()
        seat.alone = any(slot.deaths for slot in batch)
        seat.calls[seat.worker.settle.remote([slot.task for slot in batch])] = batch
        return True

    def _receive(self, call: Any, work: Work, again: deque[_Slot]) -> None:  # noqa: ANN401 - a handle of Ray's
        seat = next((seat for seat in self._seats if call in seat.calls), None)
        if seat is None:  # its worker died, and all its calls were taken back
            return
        try:
            answer = self._cluster.result(call)
        except LostError as error:
            lost = [slot for batch in seat.calls.values() for slot in batch]
            self._replace(seat, error)
            again.extend(slot for slot in lost if not self._given_up(slot, work))
            return
        batch = seat.calls.pop(call)
        seat.alone = False
        self._barren = 0
        if isinstance(answer, Trouble):
            raise answer.error()
        self._take(answer, batch, work)

    def _take(self, answer: Answer, batch: Sequence[_Slot], work: Work) -> None:
        judge = self.judge()
        if answer.fingerprint != judge.fingerprint:
            raise NotJudgedError(
                f"the workers do not answer alike: {judge.name} {judge.fingerprint} and {answer.fingerprint}; "
                "install the same versions and weights on every machine"
            )
        judge.hits += answer.hits
        work.effort.add(answer.judge_s)
        for slot, settled in zip(batch, answer.settled, strict=True):
            work.keep(settled)
            slot.settled, slot.task = settled, None

    def _given_up(self, slot: _Slot, work: Work) -> bool:
        """Count the death of a worker that had this clip; True when it was the last one allowed."""
        slot.deaths += 1
        if slot.deaths < _DEATHS or slot.task is None:
            return False
        asked = slot.task.asked
        problem = ClipError("worker", f"{_DEATHS} workers died while they worked on this clip")
        slot.settled = Settled(failed_record(asked.clip, problem, asked.makers, rubric=asked.rubric))
        work.keep(slot.settled)
        return True

    def _replace(self, seat: _Seat, error: LostError) -> None:
        self._barren += 1
        if self._barren > _DEATHS * (len(self._seats) + 1):
            raise NotJudgedError(f"one worker after the other dies before it has answered: {error}") from error
        self._cluster.end(seat.worker)
        seat.worker, seat.calls, seat.alone = self._worker(), {}, False

    def _worker(self) -> Any:  # noqa: ANN401 - a handle of Ray's
        load, fetch, folder = self._load, self._fetch, self._folder
        return self._cluster.worker(lambda: Worker(load, fetch, folder))

    def _ended(self, calls: Sequence[Any]) -> list[Any]:
        while not (done := self._cluster.ready(calls, _TICK_S)):
            if self._stop():
                raise KeyboardInterrupt
        return done


class _Batches:
    """Takes clips from the preparation, in order, a slot for each, and groups those that a worker must see."""

    def __init__(
        self, asked: Iterator[Asked | Settled], prepare: Preparer, work: Work, slots: deque[_Slot], size: int
    ) -> None:
        self._asked, self._prepare, self._work, self._slots, self._size = asked, prepare, work, slots, size
        self._batch: list[_Slot] = []
        self.over = False

    def next(self) -> list[_Slot]:
        """Return the batch that is next, the same until it was sent; [] when there is none."""
        while not self.over and len(self._batch) < self._size:
            entry = next(self._asked, None)
            if entry is None:
                self.over = True
            elif isinstance(entry, Settled):
                self._work.keep(entry)
                self._slots.append(_Slot(None, entry))
            else:
                slot = _Slot(Task(entry, self._prepare.earlier(entry.clip.id)))
                self._slots.append(slot)
                self._batch.append(slot)
        return self._batch

    def sent(self) -> None:
        """Begin the next batch."""
        self._batch = []
