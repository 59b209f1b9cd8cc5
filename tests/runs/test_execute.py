from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.errors import ClipError, WeightsError
from audiojudge_cli.judges.base import Case, Judge
from audiojudge_cli.results.build import Makers
from audiojudge_cli.results.record import JudgeRef
from audiojudge_cli.results.rule import Rule
from audiojudge_cli.results.verdict import Verdict, answered
from audiojudge_cli.rubrics.item import Rubric, RubricItem
from audiojudge_cli.runs.execute import Pace, Work, execute
from audiojudge_cli.runs.prepare import Ready, Settled

MAKERS = Makers(JudgeRef("j", "1"), JudgeRef("e", "1"), Rule())
RUBRIC = Rubric((RubricItem("event", "Is it there?", "it"),), "en", "sound")


class Alone:
    """Says nothing about threads."""

    name, fingerprint, device = "j", "1", "cpu"

    def __init__(self) -> None:
        self.threads: set[str] = set()
        self.sizes: list[int] = []
        self.lock = threading.Lock()

    def judge(self, cases: Sequence[Case]) -> list[list[Verdict]]:
        with self.lock:
            self.threads.add(threading.current_thread().name)
            self.sizes.append(len(cases))
        return [[self.answer(case)] for case in cases]

    def answer(self, case: Case) -> Verdict:
        if case.caption == "refuse":
            raise ClipError("refused", "no")
        if case.caption == "stumble":
            raise LookupError(case.caption)
        if case.caption == "weights":
            raise WeightsError("none")
        return answered(float(case.waveform.channels[0, 0]), "heard", "j")

    def describe(self) -> dict[str, str]:
        return {}


class Together(Alone):
    """May be called by three threads; answers once three are inside, so that one alone would wait in vain."""

    concurrent = 3

    def __init__(self, inside: int = 1) -> None:
        super().__init__()
        self.barrier = threading.Barrier(inside)

    def judge(self, cases: Sequence[Case]) -> list[list[Verdict]]:
        self.barrier.wait(20)
        return super().judge(cases)


def clips(captions: list[str]) -> list[Clip]:
    return [Clip(str(number), Path(f"{number}.wav"), f"{number}.wav", text) for number, text in enumerate(captions)]


def prepare(clip: Clip) -> Ready:
    level = np.full((1, 10), int(clip.id) / 100, dtype=np.float32)
    return Ready(clip, MAKERS, RUBRIC, Waveform(level, 10), "audio" if clip.caption == "again" else None)


def run(judge: Judge, captions: list[str], *, workers: int = 3) -> tuple[list[Settled], list[Settled]]:
    kept: list[Settled] = []
    work = Work(prepare, judge, kept.append)
    settled = list(execute(clips(captions), work, Pace(workers, 2), lambda: False))
    return settled, kept


@pytest.mark.parametrize(("judge", "workers"), [(Alone, 1), (Alone, 3), (Together, 1), (Together, 3), (Together, 9)])
def test_clips_come_out_once_in_order_and_kept(judge, workers):
    settled, kept = run(judge(), ["x"] * 40, workers=workers)
    assert [one.record.id for one in settled] == [str(number) for number in range(40)]
    assert [one.record.score for one in settled] == [round(number / 100, 4) for number in range(40)]
    assert sorted(kept, key=id) == sorted(settled, key=id)


def test_a_judge_that_says_so_is_called_side_by_side_and_one_that_does_not_in_batches():
    together, alone = Together(inside=3), Alone()
    run(together, ["x"] * 6)
    assert len(together.threads) == 3
    run(alone, ["x"] * 6)
    assert alone.threads == {threading.current_thread().name}
    assert alone.sizes == [2, 2, 2]


@pytest.mark.parametrize("judge", [Alone, Together])
def test_a_bad_clip_spares_the_others(judge):
    settled, _ = run(judge(), ["x", "refuse", "x", "stumble", "again"])
    kinds = [one.record.error and one.record.error.kind for one in settled]
    assert kinds == [None, "refused", None, "judge", None]
    assert [one.again for one in settled] == [None, None, None, None, "audio"]


@pytest.mark.parametrize("judge", [Alone, Together])
def test_what_ends_a_run_is_raised_after_the_clips_before_it(judge):
    kept: list[Settled] = []
    settled = execute(clips(["x", "x", "weights", "x"]), Work(prepare, judge(), kept.append), Pace(3, 1), lambda: False)
    assert [next(settled).record.id, next(settled).record.id] == ["0", "1"]
    with pytest.raises(WeightsError):
        next(settled)


@pytest.mark.parametrize("judge", [Alone, Together])
def test_after_a_stop_nothing_new_begins_and_what_was_kept_comes_out(judge):
    kept: list[Settled] = []
    work = Work(prepare, judge(), kept.append)
    out = list(execute(clips(["x"] * 500), work, Pace(3, 2), lambda: bool(kept)))
    assert 1 <= len(out) < 200
    assert sorted(kept, key=id) == sorted(out, key=id)


def test_decoded_audio_in_work_is_bounded():
    most: list[int] = []
    inside, lock = [0], threading.Lock()

    def counting(clip):
        with lock:
            inside[0] += 1
            most.append(inside[0])
        return prepare(clip)

    class Slow(Together):
        def judge(self, cases: Sequence[Case]) -> list[list[Verdict]]:
            answers = super().judge(cases)
            with lock:
                inside[0] -= 1
            return answers

    judge = Slow()
    list(execute(clips(["x"] * 30), Work(counting, judge, lambda _: None), Pace(3, 1, audio_bytes=1), lambda: False))
    # All threads may begin before the first has decoded; from then on one at a time.
    assert max(most[6:]) <= 3
    assert len(most) == 30
