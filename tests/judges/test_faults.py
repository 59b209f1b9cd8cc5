"""Whatever is raised inside one item stays with that item: every exception that Python knows, by three ways."""

from __future__ import annotations

import builtins
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from audiojudge_cli import errors
from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.errors import ClipError, WeightsError
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.embedded import judge as embedded
from audiojudge_cli.judges.embedded.reading import NotHeard
from audiojudge_cli.judges.faults import NOT_OF_AN_ITEM
from audiojudge_cli.results.build import Makers
from audiojudge_cli.results.record import JudgeRef, Record
from audiojudge_cli.results.rule import Rule
from audiojudge_cli.results.verdict import Verdict, answered
from audiojudge_cli.rubrics.item import Rubric, RubricItem
from audiojudge_cli.runs.execute import Effort, settle
from audiojudge_cli.runs.prepare import Ready

UNICODE = {
    UnicodeDecodeError: ("utf-8", b"\xff", 0, 1, "bad"),
    UnicodeEncodeError: ("utf-8", "\ud800", 0, 1, "bad"),
    UnicodeTranslateError: ("x", 0, 1, "bad"),
    BaseExceptionGroup: ("several", [ValueError("x")]),
    ExceptionGroup: ("several", [ValueError("x")]),
}
EVERY = [
    kind(*UNICODE.get(kind, ("what\n\x1b[31mwent wrong <a object at 0x7f00deadbeef>",)))
    for kind in vars(builtins).values()
    if isinstance(kind, type) and issubclass(kind, BaseException)
]
OF_AN_ITEM = [error for error in EVERY if isinstance(error, Exception) and not isinstance(error, NOT_OF_AN_ITEM)]
OF_THE_CLIP = [error for error in EVERY if isinstance(error, MemoryError | OSError)]
NEVER_CAUGHT = [error for error in EVERY if not isinstance(error, Exception)]
ITEMS = tuple(RubricItem("event", f"Is thing {number} heard?", "it") for number in range(3))


def names(error: BaseException) -> str:
    return type(error).__name__


class Stumbling:
    """Stumbles over the items that it is told; answers the others."""

    name, fingerprint, device = "j", "1", "cpu"

    def __init__(self, error: BaseException, over: Sequence[int], scope: str = "item") -> None:
        self.error, self.over, self.scope = error, [ITEMS[at] for at in over], scope

    def judge(self, cases: Sequence[Case]) -> list[list[Verdict]]:
        return [[self.answer(item) for item in case.items] for case in cases]

    def answer(self, item: RubricItem) -> Verdict:
        if item in self.over:
            raise self.error
        return answered(0.9, "Heard.", "j")

    def describe(self) -> dict[str, str]:
        return {}


def by_engine(judge: Stumbling, clips: int = 2) -> list[Record]:
    makers = Makers(JudgeRef("j", "1"), JudgeRef("e", "1"), Rule())
    wave = Waveform(np.zeros((1, 800), dtype=np.float32), 8000, "ab" * 32)
    ready = [
        Ready(Clip(f"c{n}", Path("a.wav"), "a.wav", "Things."), makers, Rubric(ITEMS, "en", "sound"), wave)
        for n in range(clips)
    ]
    return [settled.record for settled in settle(ready, judge, Effort())]


def by_embedded(monkeypatch: pytest.MonkeyPatch, error: BaseException, over: Sequence[int]) -> list[Verdict]:
    bad = [ITEMS[at] for at in over]

    def observe(_: object, item: RubricItem) -> object:
        if item in bad:
            raise error
        return NotHeard("nobody knows")

    monkeypatch.setattr(embedded, "observe", observe)
    wave = Waveform(np.zeros((1, 800), dtype=np.float32), 8000, "ab" * 32)
    return embedded.load(device="cpu").judge([Case(wave, ITEMS)])[0]


def check(found: Verdict, error: BaseException) -> None:
    assert (found.p_yes, found.answer) == (None, "unverifiable")
    assert found.fault is not None
    assert found.fault.kind == type(error).__name__
    assert found.evidence.startswith(f"A fault while this item was judged: {found.fault.kind}: ")
    assert re.search(r"0x[0-9a-f]{4}", found.fault.message) is None, "the address would differ from run to run"
    assert found.fault.message.isprintable()


@pytest.mark.parametrize("error", OF_AN_ITEM, ids=names)
def test_the_embedded_judge_answers_the_other_items(monkeypatch, error):
    found = by_embedded(monkeypatch, error, [1])
    check(found[1], error)
    assert [verdict.evidence for verdict in found[::2]] == ["nobody knows"] * 2
    assert [verdict.fault for verdict in found[::2]] == [None] * 2


@pytest.mark.parametrize("scope", ["item", "caption"])
@pytest.mark.parametrize("error", OF_AN_ITEM, ids=names)
def test_the_engine_asks_any_other_judge_item_by_item(error, scope):
    for record in by_engine(Stumbling(error, [1], scope)):
        assert (record.status, record.score, record.coverage) == ("partial", 0.9, 0.6667)
        assert [fault.kind for fault in record.faults] == [type(error).__name__]
        assert Record.from_dict(record.to_dict()) == record


@pytest.mark.parametrize(("over", "scope"), [((0, 1, 2), "item"), ((1,), "case")])
def test_what_no_single_item_is_to_blame_for_is_the_clips_error(over, scope):
    for record in by_engine(Stumbling(KeyError("x"), over, scope)):
        assert (record.status, record.score, record.faults) == ("error", None, ())
        assert record.error is not None
        assert record.error.kind == "judge"


@pytest.mark.parametrize("error", OF_THE_CLIP, ids=names)
def test_memory_and_disk_are_the_clips_error_which_a_later_run_tries_again(monkeypatch, error):
    with pytest.raises(type(error)):
        by_embedded(monkeypatch, error, [1])
    assert [record.status for record in by_engine(Stumbling(error, [1]))] == ["error", "error"]


@pytest.mark.parametrize("error", [*NEVER_CAUGHT, WeightsError("none")], ids=names)
def test_what_ends_a_run_is_not_caught(monkeypatch, error):
    with pytest.raises(type(error)):
        by_embedded(monkeypatch, error, [1])
    with pytest.raises(type(error)):
        by_engine(Stumbling(error, [1]))


def test_what_a_judge_says_of_a_clip_is_the_clips():
    (record,) = by_engine(Stumbling(ClipError("refused", "no"), [1]), clips=1)
    assert record.error is not None
    assert record.error.kind == "refused"
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert all(issubclass(kind, NOT_OF_AN_ITEM) for kind in kinds)


def test_a_fault_names_its_place_in_the_code(monkeypatch):
    def answer(*_: object) -> object:
        no_curves: dict[str, object] = {}
        return no_curves["instrument"]

    monkeypatch.setattr(embedded, "answer", answer)
    wave = Waveform(np.zeros((1, 800), dtype=np.float32), 8000, "ab" * 32)
    (verdict, *_) = embedded.load(device="cpu").judge([Case(wave, ITEMS)])[0]
    assert verdict.fault is not None
    assert re.fullmatch(r"'instrument' \(judges\.embedded\.judge:\d+\)", verdict.fault.message)
