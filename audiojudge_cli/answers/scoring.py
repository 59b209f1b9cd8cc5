"""All metrics of all answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice

from audiojudge_cli.answers.marking import key_of, mark, messages_for
from audiojudge_cli.answers.marks import Marks
from audiojudge_cli.answers.metrics import MARKED, MetricName, UnscoredError, Value, measure
from audiojudge_cli.answers.row import Answer
from audiojudge_cli.errors import NotJudgedError
from audiojudge_cli.rubrics.writer import Message, RefusedError, Writer, WriterError
from audiojudge_cli.waits import LOOK_S, ask_for_the_end, forget

SILENT = 3
"""So many requests in a row without any answer: the server is away, and asking for all other rows would take hours.
Each of them was tried five times."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One metric of one answer.

    Attributes:
        answer: The row.
        task: Short name of its task, or as the row has it.
        metric: The metric.
        value: Its value; None where there is none.
        error: Why there is none.
    """

    answer: Answer
    task: str
    metric: MetricName
    value: Value | None
    error: str = ""


Wanted = Sequence[tuple[Answer, str, MetricName]]
"""What is to be scored: answers, their tasks, and a metric of each."""


def score(
    wanted: Wanted, *, language: str, writer: Writer | None = None, marks: Marks | None = None, workers: int = 1
) -> list[Scored]:
    """Return every metric of every answer, in the order wanted.

    Args:
        wanted: What to score.
        language: Of texts in Latin letters that name none.
        writer: The model that marks; needed where a metric is one of `MARKED`.
        marks: What it has marked already.
        workers: Requests at once.

    Raises:
        NotJudgedError: If the model does not answer at all.
        StoppedError, KeyboardInterrupt: If the end is asked for; what was marked is kept.
    """
    asked: dict[str, tuple[MetricName, list[Message]]] = {}
    keys: dict[int, str] = {}
    if writer is not None and marks is not None:
        for at, (answer, _, metric) in enumerate(wanted):
            if metric in MARKED:
                messages = messages_for(metric, answer)
                keys[at] = key_of(writer, messages)
                asked.setdefault(keys[at], (metric, messages))
        open_ones = {key: one for key, one in asked.items() if marks.get(key) is None}
        errors = _ask(writer, marks, open_ones, workers)
    found = []
    for at, (answer, task, metric) in enumerate(wanted):
        if metric not in MARKED:
            found.append(_measured(answer, task, metric, language))
            continue
        given = marks.get(keys[at]) if marks is not None else None
        value = None if given is None else Value(100.0 * given / MARKED[metric])
        found.append(Scored(answer, task, metric, value, "" if given is not None else errors[keys[at]]))
    return found


def _measured(answer: Answer, task: str, metric: MetricName, language: str) -> Scored:
    try:
        return Scored(answer, task, metric, measure(metric, answer, language))
    except UnscoredError as error:
        return Scored(answer, task, metric, None, str(error))


def _ask(
    writer: Writer, marks: Marks, asked: Mapping[str, tuple[MetricName, list[Message]]], workers: int
) -> dict[str, str]:
    """Have everything marked; return why by key where it could not be."""
    errors: dict[str, str] = {}
    silent = _Silence()

    def one(key: str, metric: MetricName, messages: list[Message]) -> None:
        silent.check()
        try:
            marks.add(key, mark(writer, metric, messages))
        except (UnscoredError, RefusedError) as error:
            errors[key] = str(error)
        except WriterError as error:
            errors[key] = str(error)
            silent.count(error)
            silent.check()
            return
        silent.end()

    try:
        _spread(workers, (_call(one, key, *what) for key, what in asked.items()))
    except NotJudgedError as error:
        raise NotJudgedError(f"{error}; marks given so far are kept: the same command goes on") from error
    return errors


class _Silence:
    """How many requests in a row had no answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._last = ""

    def count(self, error: WriterError) -> None:
        with self._lock:
            self._count += 1
            self._last = str(error)

    def check(self) -> None:
        """Raise NotJudgedError once they are too many: requests that still waited are not made any more."""
        if self._count >= SILENT:
            raise NotJudgedError(f"the text model gave no answer {SILENT} times in a row, last: {self._last}")

    def end(self) -> None:
        with self._lock:
            self._count = 0


def _call(
    what: Callable[[str, MetricName, list[Message]], None], key: str, metric: MetricName, messages: list[Message]
) -> Callable[[], None]:
    return lambda: what(key, metric, messages)


def _spread(workers: int, calls: Iterable[Callable[[], None]]) -> None:
    """Make calls on several threads; the first error, or Ctrl-C, ends them."""
    pool = ThreadPoolExecutor(workers, thread_name_prefix="audiojudge-answers")
    left: Iterator[Callable[[], None]] = iter(calls)
    running: set[Future[None]] = set()
    try:
        while running := running | {pool.submit(call) for call in islice(left, 2 * workers - len(running))}:
            done, running = wait(running, timeout=LOOK_S, return_when=FIRST_COMPLETED)
            for each in done:
                each.result()
    except BaseException:
        ask_for_the_end()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        forget()
