from __future__ import annotations

import pytest

from audiojudge_cli.commands.throughput import Throughput, span
from audiojudge_cli.results.record import AudioFacts, Decision, Failure, JudgeRef, Record


def record(score: float | None = 0.5, *, failed: bool = False, seconds: float = 2.0) -> Record:
    return Record(
        id="a",
        audio=AudioFacts("a.wav", duration_s=seconds),
        caption="c",
        language=None,
        subset=None,
        status="error" if failed else "ok",
        score=None if failed else score,
        decision=Decision("", None, 0.5, None),
        coverage=None,
        items=(),
        judge=JudgeRef("j", "1"),
        expander=JudgeRef("e", "1"),
        error=Failure("judge", "x") if failed else None,
    )


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_speed_mean_failures_and_what_is_to_come():
    clock = Clock()
    pace = Throughput(10, clock)
    assert pace.standing().text == "0 of 10 clips"
    for score in (1.0, 0.5, None):
        clock.now += 1
        pace.add(record(score or 0.0, failed=score is None), kept=False)
    standing = pace.standing()
    assert (standing.done, standing.failed, standing.kept, standing.elapsed_s) == (3, 1, 0, 3)
    assert standing.mean == pytest.approx(0.75)
    assert standing.clips_per_s == pytest.approx(1)
    assert standing.audio_s_per_s == pytest.approx(2)
    assert standing.eta_s == pytest.approx(7)
    assert standing.text == "3 of 10 clips, 1 clips/s, 2 s of audio/s, mean score 0.750, 1 failed, 7 s to go"


def test_clips_that_were_kept_do_not_flatter_the_speed():
    clock = Clock()
    pace = Throughput(1100, clock)
    for _ in range(1000):
        clock.now += 0.001
        pace.add(record(), kept=True)
    for _ in range(50):
        clock.now += 2
        pace.add(record(), kept=False)
    standing = pace.standing()
    assert standing.kept == 1000
    assert standing.clips_per_s == pytest.approx(0.5, rel=0.05)
    assert standing.eta_s == pytest.approx(100, rel=0.05)


def test_a_finished_run_has_nothing_to_go():
    clock = Clock()
    pace = Throughput(1, clock)
    clock.now += 5
    pace.add(record(), kept=False)
    assert pace.standing().eta_s is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.2, "1 s"),
        (59, "59 s"),
        (61, "2 min"),
        (3600, "1 h 0 min"),
        (3661, "1 h 2 min"),
        (90_000, "1 d 1 h"),
    ],
)
def test_lengths_of_time(seconds, text):
    assert span(seconds) == text
