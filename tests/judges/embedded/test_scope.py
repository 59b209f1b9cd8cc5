"""What `scope` promises of the embedded judge: an item's answer depends on its own text and the audio alone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.cached import CachedJudge
from audiojudge_cli.judges.embedded.judge import load
from audiojudge_cli.judges.verdict_store import VerdictStore

pytestmark = pytest.mark.weights

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture
def cases(example_items) -> list[Case]:
    rows = [json.loads(line) for line in (EXAMPLES / "captions.jsonl").read_text(encoding="utf-8").splitlines()]
    wanted = [row for row in rows if row["audio"].startswith(("mix_dog", "music_piano", "speech_hello"))]
    assert len(wanted) == 6
    return [Case(decode(EXAMPLES / "audio" / row["audio"]), example_items[row["id"]], row["caption"]) for row in wanted]


def test_items_are_answered_alike_alone_in_any_order_and_without_the_caption(cases):
    judge = load(device="cpu")
    for case in cases:
        together = judge.judge([case])[0]
        reversed_ = judge.judge([replace(case, items=case.items[::-1], caption="", language="zh")])[0]
        assert reversed_[::-1] == together
        assert [judge.judge([replace(case, items=(item,))])[0][0] for item in case.items] == together


def test_a_cache_filled_by_other_rubrics_changes_nothing(tmp_path, cases):
    store = VerdictStore(tmp_path, 1 << 30)
    judge = CachedJudge(load(device="cpu"), store)
    direct = load(device="cpu").judge(cases)
    judge.judge([replace(case, items=case.items[1::2] or case.items, caption="another") for case in cases])
    filled = judge.hits, judge.asked
    told = judge.judge(cases)
    assert judge.hits > filled[0]
    for mine, theirs in zip(told, direct, strict=True):
        assert [(v.p_yes, v.answer, v.evidence, v.times) for v in mine] == [
            (v.p_yes, v.answer, v.evidence, v.times) for v in theirs
        ]
    store.close()
