"""Judge clips: every clip comes out as one settled record, in the order it went in, kept as soon as it is settled.

A judge that may be called from several threads (`judges.base.Concurrent`) gets whole clips on as many threads: each
prepares a clip, has it judged and keeps its record. Any other judge is called in batches from one thread, while other
threads prepare the next clips.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.errors import AudiojudgeError, ClipError
from audiojudge_cli.judges.base import Case, Judge, concurrency
from audiojudge_cli.judges.faults import NOT_OF_AN_ITEM, one_by_one
from audiojudge_cli.results.build import failed_record, judged_record
from audiojudge_cli.results.record import Record
from audiojudge_cli.results.verdict import Verdict
from audiojudge_cli.runs.memory_budget import MemoryBudget
from audiojudge_cli.runs.prefetch import prefetch
from audiojudge_cli.runs.prepare import Prepared, Ready, Settled, audio_bytes
from audiojudge_cli.waits import StoppedError

# Clips whose record is known already travel with the batch, to keep the order; so many at most.
_MAX_TOGETHER = 256
# Settled clips that may wait for a slower one before them. Their records are kept already: this bounds memory only.
_WAITING_PER_WORKER = 32


@dataclass(slots=True)
class Effort:
    """What judging took, for `run.json`; counts along from any thread.

    Attributes:
        judge_s: Seconds inside the judge, summed over threads.
    """

    judge_s: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def add(self, seconds: float) -> None:
        """Count one call of the judge."""
        with self._lock:
            self.judge_s += max(0.0, seconds)


@dataclass(frozen=True, slots=True)
class Pace:
    """How many clips are worked on at once.

    Attributes:
        workers: Threads, at least 1.
        batch: Clips handed to the judge at once, where it is called from one thread.
        audio_bytes: Decoded audio beyond which no further clip is decoded.
    """

    workers: int = 1
    batch: int = 1
    audio_bytes: int = 512 << 20


@dataclass(frozen=True, slots=True)
class Work:
    """What is done with each clip.

    Attributes:
        prepare: Rubric, resume, decoding; called on several threads.
        judge: Answers.
        keep: Called with every clip as soon as it is settled, in no set order, on several threads.
        effort: Counts along.
    """

    prepare: Callable[[Clip], Prepared]
    judge: Judge
    keep: Callable[[Settled], None]
    effort: Effort = field(default_factory=Effort)


def execute(clips: Iterable[Clip], work: Work, pace: Pace, stop: Callable[[], bool]) -> Iterator[Settled]:
    """Yield clips settled, in order, on threads of this process (see `runs.engine.Engine`)."""
    if stop():
        return iter(())
    threads = min(pace.workers, concurrency(work.judge))
    return _side_by_side(clips, work, pace, threads, stop) if threads > 1 else _in_batches(clips, work, pace, stop)


def _side_by_side(
    clips: Iterable[Clip], work: Work, pace: Pace, threads: int, stop: Callable[[], bool]
) -> Iterator[Settled]:
    room = MemoryBudget(pace.audio_bytes)

    def settle(clip: Clip) -> Settled:
        with room.one() as held:
            prepared = work.prepare(clip)
            held.take(audio_bytes(prepared))
            settled = prepared if isinstance(prepared, Settled) else _settled(prepared, work)
        work.keep(settled)
        return settled

    with closing(prefetch(clips, settle, workers=threads, window=threads * _WAITING_PER_WORKER, stop=stop)) as settled:
        yield from settled


def _in_batches(clips: Iterable[Clip], work: Work, pace: Pace, stop: Callable[[], bool]) -> Iterator[Settled]:
    window = pace.workers + 2 * pace.batch
    prepared = prefetch(
        clips, work.prepare, workers=pace.workers, window=window, cost=audio_bytes, budget=pace.audio_bytes
    )
    with closing(prepared):
        for together in _batches(prepared, pace.batch):
            try:
                done = settle(together, work.judge, work.effort)
            except StoppedError:  # the judge waited for others when the end was asked for, or came to its own
                return
            for settled in done:
                work.keep(settled)
                yield settled
            if stop():
                return


def _batches(prepared: Iterable[Prepared], batch: int) -> Iterator[list[Prepared]]:
    together: list[Prepared] = []
    ready = 0
    for clip in prepared:
        together.append(clip)
        ready += isinstance(clip, Ready)
        if ready >= batch or len(together) >= _MAX_TOGETHER:
            yield together
            together, ready = [], 0
    if together:
        yield together


def settle(together: Sequence[Prepared], judge: Judge, effort: Effort) -> list[Settled]:
    """Return prepared clips settled, in order; the judge answers those that need it in one call.

    When that call fails, its clips are judged one by one, so that one bad clip spares the others.

    Raises:
        AudiojudgeError: As `execute`.
    """
    ready = [clip for clip in together if isinstance(clip, Ready)]
    judged = iter(_judge(ready, judge, effort))
    return [clip if isinstance(clip, Settled) else Settled(next(judged), again=clip.again) for clip in together]


def _settled(clip: Ready, work: Work) -> Settled:
    return Settled(_judge_one(clip, work.judge, work.effort), again=clip.again)


def _judge(clips: Sequence[Ready], judge: Judge, effort: Effort) -> list[Record]:
    if len(clips) == 1:
        return [_judge_one(clips[0], judge, effort)]
    if not clips:
        return []
    started = time.perf_counter()
    try:
        return _records(clips, judge)
    except ClipError:
        pass
    except AudiojudgeError:
        raise
    except Exception:  # noqa: BLE001, S110 - found again below, for the clip it belongs to
        pass
    finally:
        effort.add(time.perf_counter() - started)
    return [_judge_one(clip, judge, effort) for clip in clips]


def _judge_one(clip: Ready, judge: Judge, effort: Effort) -> Record:
    started = time.perf_counter()
    try:
        return _spared(clip, judge)
    except ClipError as error:
        problem = error
    except AudiojudgeError:
        raise
    except Exception as error:  # noqa: BLE001 - one clip that a probe stumbles over must not end the run
        problem = ClipError("judge", f"{type(error).__name__}: {error}")
    finally:
        effort.add(time.perf_counter() - started)
    return failed_record(
        clip.clip, problem, clip.makers, waveform=clip.waveform, rubric=clip.rubric, measured=clip.measured
    )


def _spared(clip: Ready, judge: Judge) -> Record:
    """Return the record of one clip; where the judge stumbles over some items only, those are faults."""
    try:
        return _records([clip], judge)[0]
    except NOT_OF_AN_ITEM:
        raise
    except Exception:
        verdicts = one_by_one(judge, _case(clip))
        if verdicts is None:
            raise
    return _record(clip, verdicts)


def _case(clip: Ready) -> Case:
    return Case(clip.waveform, clip.rubric.items, clip.clip.caption, clip.rubric.language)


def _records(clips: Sequence[Ready], judge: Judge) -> list[Record]:
    asked = [clip for clip in clips if clip.rubric.items]
    cases = [_case(clip) for clip in asked]
    answers = judge.judge(cases) if cases else []
    if len(answers) != len(asked):
        raise ValueError(f"the judge answered {len(answers)} of {len(asked)} clips")
    verdicts = iter(answers)
    return [_record(clip, next(verdicts) if clip.rubric.items else []) for clip in clips]


def _record(clip: Ready, verdicts: Sequence[Verdict]) -> Record:
    return judged_record(clip.clip, clip.waveform, clip.rubric, verdicts, clip.makers, measured=clip.measured)
