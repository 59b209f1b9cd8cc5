from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.judges.base import Case, concurrency
from audiojudge_cli.judges.cached import CachedJudge
from audiojudge_cli.judges.verdict_store import VerdictStore
from audiojudge_cli.results.verdict import Verdict, answered, unverifiable
from audiojudge_cli.rubrics.item import RubricItem

WORDS = ("loud", "long", "odd", "nothing")


class Judge:
    """Answers from the number of the item's letters and, where its scope says so, from everything else."""

    name = "test"
    device = "cpu"
    fingerprint = "f1"

    def __init__(self, scope: str | None = None) -> None:
        if scope:
            self.scope = scope
        self.heard: list[list[list[str]]] = []

    def judge(self, cases: Sequence[Case]) -> list[list[Verdict]]:
        self.heard.append([[item.basis for item in case.items] for case in cases])
        return [[self._answer(item, case) for item in case.items] for case in cases]

    def _answer(self, item: RubricItem, case: Case) -> Verdict:
        if item.basis == "nothing":
            return unverifiable("Nobody can tell.", "test")
        p = 1 / (1 + len(item.basis) + len(case.caption) + (0 if hasattr(self, "scope") else len(case.items)))
        return answered(
            p,
            f"é\u2028 {case.caption}",
            "test",
            times=((0.0, np.float64(0.125)),),
            facts={"f0_hz": 440.25, "key": "C"},
            warnings=("heard in 2 windows",),
        )

    def describe(self) -> Mapping[str, str]:
        return {"card": "none"}


@pytest.fixture
def store(tmp_path):
    made = VerdictStore(tmp_path, 1 << 30)
    yield made
    made.close()


def case(
    words: Sequence[str] = WORDS, *, sha: str = "a" * 64, caption: str = "a caption", language: str = "en"
) -> Case:
    items = tuple(RubricItem("event", f"Is it {word}?", word) for word in words)
    return Case(Waveform(np.zeros((1, 8000), np.float32), 8000, sha), items, caption, language)


def plain(verdicts: list[list[Verdict]]) -> list[list[Any]]:
    return [[(v.p_yes, v.answer, v.evidence, v.source, v.times, v.warnings) for v in row] for row in verdicts]


def test_answers_from_the_store_are_those_of_the_judge(store):
    for scope in (None, "item", "caption", "case"):
        direct = Judge(scope).judge([case(), case(sha="b" * 64)])
        judge = Judge(scope)
        judge.fingerprint = f"f {scope}"
        first = CachedJudge(judge, store).judge([case(), case(sha="b" * 64)])
        again = CachedJudge(judge, store).judge([case(), case(sha="b" * 64)])
        assert plain(direct) == plain(first) == plain(again)
        assert again[0][0].facts == {"f0_hz": 440.25, "key": "C"}


def test_only_what_is_missing_is_asked_and_only_what_was_verified_is_kept(store):
    judge = Judge("item")
    cached = CachedJudge(judge, store)
    cached.judge([case(("loud",))])
    cached.judge([case(), case(("loud",)), case(("loud",), sha="b" * 64)])
    assert judge.heard == [[["loud"]], [["long", "odd", "nothing"], ["loud"]]]
    cached.judge([case()])
    assert judge.heard[2:] == [[["nothing"]]]
    assert (cached.asked, cached.hits) == (6, 5)
    cached.judge([case(("odd", "long"))])
    assert len(judge.heard) == 3


@pytest.mark.parametrize(
    ("scope", "asked"),
    [
        ("item", [[], [], [["odd"]]]),
        ("caption", [[["loud", "long"]], [["loud", "long"]], [["odd"]]]),
        ("case", [[["loud", "long"]], [["loud", "long"]], [["loud", "odd"]]]),
        (None, [[["loud", "long"]], [["loud", "long"]], [["loud", "odd"]]]),
    ],
)
def test_what_a_judge_reads_is_in_the_key(scope, asked, store):
    judge = Judge(scope)
    cached = CachedJudge(judge, store)
    cached.judge([case(("loud", "long"))])
    for other, wanted in zip(
        (
            case(("loud", "long"), caption="another"),
            case(("loud", "long"), language="zh"),
            case(("loud", "odd")),
        ),
        asked,
        strict=True,
    ):
        judge.heard.clear()
        cached.judge([other])
        assert [items for call in judge.heard for items in call] == wanted


def test_a_judge_that_answers_items_together_is_asked_for_all_of_them(store):
    judge = Judge("case")
    cached = CachedJudge(judge, store)
    for _ in range(2):
        cached.judge([case(("loud", "nothing"))])
    assert judge.heard == [[["loud", "nothing"]]] * 2


def test_another_judge_another_file_another_question_is_another_answer(store):
    judge = Judge("item")
    CachedJudge(judge, store).judge([case(("loud",))])
    judge.fingerprint = "f2"
    CachedJudge(judge, store).judge([case(("loud",))])
    assert len(judge.heard) == 2
    item = RubricItem("event", "Is it loud?", "loud", negated=True)
    CachedJudge(judge, store).judge([Case(case().waveform, (item,))])
    assert len(judge.heard) == 3


def test_audio_without_a_digest_is_never_stored(store):
    judge = Judge("item")
    for _ in range(2):
        CachedJudge(judge, store).judge([case(("loud",), sha="")])
    assert len(judge.heard) == 2


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        '[2, "yes", "e", "s", [], {}, []]',
        '[0.2, "yes", "e", "s", [], {}, []]',
        '[NaN, "no", "", "", [], {}, []]',
    ],
)
def test_a_stored_text_that_is_no_verdict_is_asked_again(text, store, monkeypatch):
    judge = Judge("item")
    cached = CachedJudge(judge, store)
    first = cached.judge([case(("loud",))])
    monkeypatch.setattr(store, "get", lambda keys: dict.fromkeys(keys, text))
    assert plain(cached.judge([case(("loud",))])) == plain(first)
    assert len(judge.heard) == 2


@pytest.mark.parametrize("answers", [[], [[]], [[answered(1, "", "t")] * 5]])
def test_too_many_or_too_few_answers_are_a_slip_of_the_judge(answers, store, monkeypatch):
    judge = Judge("item")
    monkeypatch.setattr(judge, "judge", lambda cases: answers)
    with pytest.raises(ValueError, match="the judge "):
        CachedJudge(judge, store).judge([case()])


def test_it_is_as_concurrent_as_the_judge_behind_it(store):
    judge = Judge("item")
    assert concurrency(CachedJudge(judge, store)) == 1
    judge.concurrent = 3  # type: ignore[attr-defined]
    assert concurrency(CachedJudge(judge, store)) == 3
