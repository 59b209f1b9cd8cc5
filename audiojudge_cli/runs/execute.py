"""Judge prepared clips in small batches; every clip comes out as one record, in the order it went in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from audiojudge_cli.errors import AudiojudgeError, ClipError
from audiojudge_cli.judges.base import Case, Judge
from audiojudge_cli.results.build import failed_record, judged_record
from audiojudge_cli.results.record import Record
from audiojudge_cli.runs.prepare import Prepared, Ready, Settled

# Clips whose record is known already travel with the batch, to keep the order; so many at most.
_MAX_TOGETHER = 256


@dataclass(slots=True)
class Effort:
    """What judging took, for `run.json`.

    Attributes:
        judge_s: Seconds inside the judge.
    """

    judge_s: float = 0.0


def execute(
    prepared: Iterable[Prepared], judge: Judge, *, batch: int, stop: Callable[[], bool], effort: Effort
) -> Iterator[Settled]:
    """Yield every prepared clip settled, in order.

    Args:
        prepared: Clips in order.
        judge: Answers batches; when one fails, its clips are judged one by one.
        batch: Clips handed to the judge at once.
        stop: Asked between batches; True ends the run there.
        effort: Counts along.

    Raises:
        AudiojudgeError: What ends a whole run, such as missing weights; a `ClipError` becomes a record instead.
    """
    for together in _batches(prepared, batch):
        judged = iter(_judge([clip for clip in together if isinstance(clip, Ready)], judge, effort))
        for clip in together:
            yield clip if isinstance(clip, Settled) else Settled(next(judged))
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


def _judge(clips: Sequence[Ready], judge: Judge, effort: Effort) -> list[Record]:
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
        effort.judge_s += time.perf_counter() - started
    return [_judge_one(clip, judge, effort) for clip in clips]


def _judge_one(clip: Ready, judge: Judge, effort: Effort) -> Record:
    started = time.perf_counter()
    try:
        return _records([clip], judge)[0]
    except ClipError as error:
        problem = error
    except AudiojudgeError:
        raise
    except Exception as error:  # noqa: BLE001 - one clip that a probe stumbles over must not end the run
        problem = ClipError("judge", f"{type(error).__name__}: {error}")
    finally:
        effort.judge_s += time.perf_counter() - started
    return failed_record(clip.clip, problem, clip.makers, waveform=clip.waveform, rubric=clip.rubric)


def _records(clips: Sequence[Ready], judge: Judge) -> list[Record]:
    asked = [clip for clip in clips if clip.rubric.items]
    cases = [Case(clip.waveform, clip.rubric.items, clip.clip.caption, clip.rubric.language) for clip in asked]
    answers = judge.judge(cases) if cases else []
    if len(answers) != len(asked):
        raise ValueError(f"the judge answered {len(answers)} of {len(asked)} clips")
    verdicts = iter(answers)
    return [
        judged_record(clip.clip, clip.waveform, clip.rubric, next(verdicts) if clip.rubric.items else [], clip.makers)
        for clip in clips
    ]
