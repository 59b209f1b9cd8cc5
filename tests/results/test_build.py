from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from audiojudge_cli.errors import ClipError
from audiojudge_cli.results.build import NO_ITEMS, failed_record, judged_record
from audiojudge_cli.results.record import Record
from audiojudge_cli.results.verdict import Fault, Verdict, answered, unverifiable
from audiojudge_cli.text.jsonl import dump_line

DOCS = Path(__file__).parents[2] / "docs"


def validate(record: Record) -> None:
    schema = json.loads((DOCS / "schemas" / "record.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(json.loads(dump_line(record.to_dict())))


def test_score_coverage_and_status(make_record):
    ok, partial, none = make_record([0.9, 0.4]), make_record([0.9, None]), make_record([None, None])
    assert (ok.status, ok.score, ok.coverage) == ("ok", 0.65, 1.0)
    assert (partial.status, partial.score, partial.coverage) == ("partial", 0.9, 0.5)
    assert (none.status, none.score, none.coverage) == ("unverifiable", None, 0.0)
    assert none.decision.match is None
    for record in (ok, partial, none):
        validate(record)


def test_rubric_without_items_is_unverifiable_with_a_warning(make_record):
    record = make_record([])
    assert (record.status, record.score, record.coverage) == ("unverifiable", None, None)
    assert NO_ITEMS in record.warnings
    validate(record)


def test_audio_facts_come_from_the_waveform(make_record):
    record = make_record()
    assert (record.audio.duration_s, record.audio.sample_rate, record.audio.channels) == (0.5, 44100, 2)
    assert record.warnings == ("the clip is silent",)


def test_what_a_judge_did_to_the_clip_is_a_warning_once(make_clip, make_rubric, waveform, makers):
    windowed = "heard in 2 windows"
    verdicts = [answered(0.9, "heard", "test", warnings=(windowed,)), unverifiable("no", "test", warnings=(windowed,))]
    record = judged_record(make_clip(), waveform, make_rubric(2), verdicts, makers)
    assert record.warnings == ("the clip is silent", windowed)
    validate(record)


def test_error_has_no_score_and_its_items_count_as_not_verified(make_clip, make_rubric, makers):
    error = ClipError("truncated", "clip.wav breaks off after 1.00 s")
    record = failed_record(make_clip(), error, makers, rubric=make_rubric(3))
    assert (record.status, record.score, record.coverage) == ("error", None, 0.0)
    assert record.error is not None
    assert record.error.kind == "truncated"
    assert [item.answer for item in record.items] == ["unverifiable"] * 3
    validate(record)
    validate(failed_record(make_clip(), error, makers))


def test_the_manifest_has_the_last_word_on_subset_and_language(make_clip, make_rubric, waveform, makers):
    clip = make_clip(subset="speech", language="zh")
    record = judged_record(clip, waveform, make_rubric(0, subset="music"), [], makers)
    assert (record.subset, record.language) == ("speech", "zh")


def test_numbers_of_numpy_and_long_tails_become_plain(make_clip, make_rubric, waveform, makers):
    facts: Any = {"f0_hz": np.float32(155.123456), "n": np.int64(3), "bad": float("nan"), "key": "A minor"}
    verdicts = [answered(0.5, "", "test", times=((0.123, 1.456),), facts=facts)]
    clip = make_clip(metadata={"when": dt.date(2026, 1, 2), "x": np.float64(0.5), "inf": float("inf")})
    record = judged_record(clip, waveform, make_rubric(1), verdicts, makers)
    assert record.items[0].facts == {"f0_hz": 155.123, "n": 3, "bad": None, "key": "A minor"}
    assert record.items[0].times == ((0.12, 1.46),)
    assert record.metadata == {"when": "2026-01-02", "x": 0.5, "inf": None}
    validate(record)


@pytest.mark.parametrize("verdicts", [[], [answered(1, "", "t")] * 3])
def test_a_judge_that_answers_too_little_or_too_much_is_refused(verdicts, make_clip, make_rubric, waveform, makers):
    with pytest.raises(ValueError, match="verdicts for 2 items"):
        judged_record(make_clip(), waveform, make_rubric(2), verdicts, makers)


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict(float("nan"), "yes", "", "t"),
        Verdict(1.5, "yes", "", "t"),
        Verdict(0.9, "no", "", "t"),
        Verdict(0.9, "unverifiable", "", "t"),
        Verdict(None, "yes", "", "t"),
        Verdict("0.9", "yes", "", "t"),  # type: ignore[arg-type]
        Verdict(0.9, "yes", None, "t"),  # type: ignore[arg-type]
        Verdict(0.9, "yes", "", "t", ((0.0,),)),  # type: ignore[arg-type]
        Verdict(0.9, "yes", "", "t", fault=Fault("KeyError", "'x'")),
    ],
)
def test_a_verdict_that_contradicts_itself_is_a_fault_of_its_item(verdict, make_clip, make_rubric, waveform, makers):
    good = answered(0.8, "Heard.", "t")
    record = judged_record(make_clip(), waveform, make_rubric(2), [verdict, good], makers)
    assert (record.status, record.score, record.items[0].p_yes) == ("partial", 0.8, None)
    assert [fault.kind in {"ValueError", "TypeError"} for fault in record.faults] == [True]
    assert Record.from_dict(json.loads(json.dumps(record.to_dict()))) == record


def test_same_inputs_give_the_same_bytes(make_clip, make_rubric, waveform, makers):
    def line() -> str:
        verdicts = [answered(1 / 3, "heard", "t", facts={"x": 1 / 7}), unverifiable("no", "t")]
        return dump_line(judged_record(make_clip(), waveform, make_rubric(2), verdicts, makers).to_dict())

    assert line() == line()
