from __future__ import annotations

import pickle
import threading

import pytest

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.errors import AudiojudgeError, ClipError, InputError, NotJudgedError, WeightsError
from audiojudge_cli.results.build import Makers
from audiojudge_cli.results.record import JudgeRef
from audiojudge_cli.results.rule import Rule
from audiojudge_cli.rubrics.item import Rubric, RubricItem
from audiojudge_cli.runs.prepare import Asked, Fetch
from audiojudge_cli.runs.preset import LimitOptions
from audiojudge_cli.runs.ray_worker import Answer, Hello, Task, Trouble, Worker

MAKERS = Makers(JudgeRef("tone", "tone-1"), JudgeRef("tones", "tones-1"), Rule())


@pytest.fixture
def make_task(make_tone):
    def make(name="a.wav", basis="440 Hz", caption="440 Hz"):
        path = make_tone(name or "there.wav")
        path = path if name else path.with_name("gone.wav")
        rubric = Rubric((RubricItem("pitch", "Is it?", basis),), "en", "sound")
        return Task(Asked(Clip(path.stem, path, path.name, caption), MAKERS, rubric), None)

    return make


@pytest.fixture
def worker(tone_judge, tmp_path):
    return Worker(tone_judge.load, Fetch(LimitOptions()), str(tmp_path))


@pytest.mark.parametrize("error", [InputError("a"), NotJudgedError("b"), WeightsError("c"), AudiojudgeError("d")])
def test_errors_arrive_as_they_were_sent(error):
    arrived = pickle.loads(pickle.dumps(Trouble.of(error))).error()
    assert type(arrived) is type(error)
    assert (str(arrived), arrived.exit_code) == (str(error), error.exit_code)


def test_an_error_that_is_none_of_ours_still_ends_the_run():
    assert type(Trouble("ClipError", "x").error()) is NotJudgedError
    assert type(Trouble("Path", "x").error()) is NotJudgedError
    assert type(Trouble("annotations", "x").error()) is NotJudgedError
    assert ClipError("kind", "x").kind == "kind"


def test_a_worker_says_who_it_is_and_settles_what_it_is_given(worker, make_task, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    hello = worker.hello()
    assert isinstance(hello, Hello)
    assert (hello.name, hello.fingerprint, hello.device) == ("tone", "tone-1", "cpu")
    tasks = pickle.loads(pickle.dumps([make_task("a.wav"), make_task(""), make_task("b.wav", "explode")]))
    answer = pickle.loads(pickle.dumps(worker.settle(tasks)))
    assert isinstance(answer, Answer)
    assert answer.fingerprint == "tone-1"
    found = [settled.record.error.kind if settled.record.error else "ok" for settled in answer.settled]
    assert found == ["ok", "not-found", "judge"]


def test_a_finished_record_is_kept_without_judging(worker, make_task, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    task = make_task()
    record = worker.settle([task]).settled[0].record
    again = worker.settle([Task(task.asked, record)]).settled[0]
    assert (again.kept, again.journaled) == (True, True)


def test_a_judge_that_cannot_be_loaded_is_told(tmp_path):
    def load():
        raise WeightsError("none here")

    trouble = Worker(load, Fetch(LimitOptions()), str(tmp_path)).hello()
    assert trouble == Trouble("WeightsError", "none here")


def test_two_calls_at_once_load_one_judge_and_share_it(tone_judge, make_task, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    loaded = []

    def load():
        loaded.append(1)
        return tone_judge.load()

    worker = Worker(load, Fetch(LimitOptions()), str(tmp_path))
    tasks = [make_task("a.wav"), make_task("b.wav")]
    answers: list[Answer | Trouble] = []
    threads = [threading.Thread(target=lambda task=task: answers.append(worker.settle([task]))) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loaded) == 1
    assert [answer.settled[0].record.status for answer in answers if isinstance(answer, Answer)] == ["ok", "ok"]
