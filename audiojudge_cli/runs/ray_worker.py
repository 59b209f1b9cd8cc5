"""What runs inside a Ray actor: the judge, and the reading of audio. Nothing here needs Ray."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from audiojudge_cli import errors
from audiojudge_cli.errors import AudiojudgeError, NotJudgedError
from audiojudge_cli.judges.base import Judge, Remarking
from audiojudge_cli.judges.cached import hits
from audiojudge_cli.results.record import Record
from audiojudge_cli.runs.execute import Effort, settle
from audiojudge_cli.runs.prepare import Asked, Fetch, Settled


@dataclass(frozen=True, slots=True)
class Task:
    """One clip for a worker.

    Attributes:
        asked: The clip and its rubric.
        old: Its record from an earlier run, or None.
    """

    asked: Asked
    old: Record | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error on its way from a worker to the driver, as plain text: exceptions do not all survive pickling.

    Attributes:
        kind: Name of its class in `errors`.
        message: What it says.
    """

    kind: str
    message: str

    @classmethod
    def of(cls, error: AudiojudgeError) -> Trouble:
        """Return `error` as trouble."""
        return cls(type(error).__name__, str(error))

    def error(self) -> AudiojudgeError:
        """Return it as an error again, with the same exit code."""
        kind = getattr(errors, self.kind, NotJudgedError)
        plain = isinstance(kind, type) and issubclass(kind, AudiojudgeError) and kind is not errors.ClipError
        found: AudiojudgeError = kind(self.message) if plain else NotJudgedError(self.message)
        return found


@dataclass(frozen=True, slots=True)
class Hello:
    """What a worker's judge says of itself.

    Attributes:
        name: As in `Judge`.
        fingerprint: As in `Judge`.
        device: As in `Judge`.
        card: What `Judge.describe` returns.
        remarks: What it had to tell while loading.
    """

    name: str
    fingerprint: str
    device: str
    card: Mapping[str, str]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker made of its tasks.

    Attributes:
        fingerprint: Of its judge.
        settled: One per task, in order.
        judge_s: Seconds inside the judge.
        hits: Verdicts that came from the cache.
    """

    fingerprint: str
    settled: tuple[Settled, ...] = ()
    judge_s: float = 0.0
    hits: int = 0


@dataclass
class Worker:
    """Holds one judge. Two calls may be inside at once: one reads audio while the other judges.

    Attributes:
        load: Loads the judge; called once, here.
        fetch: Reads audio.
        folder: Relative paths start from here, where it exists.
    """

    load: Callable[[], Judge]
    fetch: Fetch
    folder: str
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _judge: Judge | None = None
    _remarks: list[str] = field(default_factory=list)

    def hello(self) -> Hello | Trouble:
        """Load the judge, and say who it is."""
        try:
            judge = self._loaded()
            return Hello(judge.name, judge.fingerprint, judge.device, dict(judge.describe()), tuple(self._remarks))
        except AudiojudgeError as error:
            return Trouble.of(error)

    def settle(self, tasks: Sequence[Task]) -> Answer | Trouble:
        """Settle clips: read those that need it, and judge them together."""
        effort = Effort()
        try:
            judge = self._loaded()
            prepared = [self.fetch(task.asked, task.old) for task in tasks]
            with self._lock:
                before = hits(judge)
                settled = settle(prepared, judge, effort)
                return Answer(judge.fingerprint, tuple(settled), effort.judge_s, hits(judge) - before)
        except AudiojudgeError as error:
            return Trouble.of(error)

    def _loaded(self) -> Judge:
        with self._lock:
            if self._judge is None:
                with suppress(OSError):
                    os.chdir(self.folder)
                self._judge = self.load()
                if isinstance(self._judge, Remarking):
                    self._judge.remark_to(self._remarks.append)
            return self._judge
