from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiojudge_cli.results.summary import Tally

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "summary.schema.json"


@pytest.fixture
def summarise(makers):
    def run(records, pending=0):
        tally = Tally(makers.judge, makers.rule)
        for record in records:
            tally.add(record)
        summary = tally.summary(pending=pending)
        jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(summary)
        return summary

    return run


def test_nothing_judged_is_null_everywhere(summarise, make_record):
    for records in ([], [make_record([None]), make_record([], error="not-audio", clip_id="b")]):
        summary = summarise(records)
        assert summary["score"]["mean"] is None
        assert summary["score"]["low"] is None
        assert summary["pass_rate"]["value"] is None


def test_an_error_is_counted_and_never_averaged(summarise, make_record):
    summary = summarise([make_record([0.8], clip_id="a"), make_record([], error="empty", clip_id="b")])
    assert summary["score"]["mean"] == 0.8
    assert summary["clips"] == {
        "total": 2,
        "ok": 1,
        "partial": 0,
        "unverifiable": 0,
        "error": 1,
        "pending": 0,
        "warned": 1,
        "faulted": 0,
    }
    assert (summary["faults"], summary["fault_kinds"]) == (0, {})
    assert summary["failures"] == {
        "empty": {"count": 1, "examples": [{"id": "b", "audio": "b.wav", "message": "no such file"}]}
    }


def test_coverage_counts_the_items_of_failed_clips(summarise, make_record):
    summary = summarise([make_record([0.8, 0.9], clip_id="a"), make_record([0, 0], error="empty", clip_id="b")])
    assert summary["coverage"] == {"items": 4, "verified": 2, "value": 0.5}


def test_subsets_and_dimensions_stand_apart(summarise, make_record):
    records = [
        make_record([0.8, 0.6], clip_id="a", subset="sound", dimension="event"),
        make_record([0.2], clip_id="b", subset="music", dimension="tempo"),
    ]
    summary = summarise(records)
    assert summary["subsets"]["sound"]["score"]["mean"] == 0.7
    assert summary["subsets"]["music"]["pass_rate"] == {"clips": 1, "passed": 0, "value": 0.0}
    assert summary["dimensions"]["event"] == {"items": 2, "verified": 2, "yes": 2, "yes_rate": 1.0, "mean_p_yes": 0.7}
    assert summary["dimensions"]["tempo"]["yes_rate"] == 0.0


def test_clips_of_one_caption_are_one_cluster(summarise, make_record):
    same = summarise([make_record([p], clip_id=str(p), caption="one") for p in (0.1, 0.5, 0.9)])
    assert (same["score"]["captions"], same["score"]["low"]) == (1, None)
    apart = summarise([make_record([p], clip_id=str(p), caption=str(p)) for p in (0.1, 0.5, 0.9)])
    assert apart["score"]["low"] < apart["score"]["mean"] == 0.5 < apart["score"]["high"]


def test_failures_come_with_the_most_frequent_first(summarise, make_record):
    kinds = ["empty", "truncated", "truncated"]
    summary = summarise([make_record([], error=kind, clip_id=str(n)) for n, kind in enumerate(kinds)])
    assert list(summary["failures"]) == ["truncated", "empty"]


def test_pending_clips_belong_to_the_total(summarise, make_record):
    assert summarise([make_record()], pending=3)["clips"]["total"] == 4


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.lists(st.none() | st.floats(0, 1), max_size=4), max_size=6), st.randoms(use_true_random=False))
def test_order_of_the_clips_does_not_matter(summarise, make_record, answers, random):
    records = [make_record(values, clip_id=str(n), caption=str(n % 3)) for n, values in enumerate(answers)]
    shuffled = list(records)
    random.shuffle(shuffled)
    assert summarise(records) == summarise(shuffled)
