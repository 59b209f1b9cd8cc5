"""Ratings in records: rows, sums, and agreement with people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audiojudge_cli.results.rating_lines import unrated_lines
from audiojudge_cli.results.ratings import RatingTally, clip_ratings, human_score
from audiojudge_cli.results.record import RATED, AudioFacts, Decision, Fact, Failure, JudgeRef, Record, RecordItem
from audiojudge_cli.results.verdict import Answer


def item(dimension: str, rating: float | None) -> RecordItem:
    facts: dict[str, Fact] = {} if rating is None else {"rating": rating, "spread": 0.2}
    p = None if rating is None else (rating - 1) / 4
    answer: Answer = "unverifiable" if p is None else "yes" if p >= 0.5 else "no"
    return RecordItem(dimension, "Rate it 1-5", "", False, p, answer, "heard", "test", facts=facts)


def record(
    name: str, items: list[RecordItem], metadata: dict[str, object] | None = None, expander: str = RATED
) -> Record:
    decision = Decision("mean", None, 0.5, match=None)
    ref = JudgeRef(expander, "0")
    return Record(
        name, AudioFacts(f"{name}.wav"), "", None, None, "ok", None, decision, None, tuple(items), ref, ref,
        metadata=metadata or {},
    )  # fmt: skip


def test_wordings_are_averaged_and_their_spread_told():
    found = list(clip_ratings(record("a", [item("noise", 2.0), item("noise", 4.0), item("noise", None)])))
    assert [(one.rating, one.wordings, one.wording_spread) for one in found] == [(3.0, 2, 1.0)]


def test_what_could_not_be_rated_is_no_number():
    (found,) = clip_ratings(record("a", [item("noise", None)]))
    assert (found.rating, found.spread, found.wordings) == (None, None, 0)
    tally = RatingTally()
    tally.add(record("a", [item("noise", None)]))
    told = tally.summary()["noise"]
    assert (told["clips"], told["rated"], told["mean"], told["human"]) == (1, 0, None, None)


def test_why_nothing_was_rated_is_told_the_most_frequent_first_and_never_of_what_was_rated_or_failed():
    tally = RatingTally()
    for name, reason in zip("abcdefg", "xyyzzzw", strict=True):
        tally.add(record(name, [replace(item("noise", None), evidence=reason)]))
    tally.add(record("h", [replace(item("noise", 2.0), evidence="rated")]))
    tally.add(replace(record("i", [replace(item("noise", None), evidence="broken")]), error=Failure("empty", "0")))
    told = tally.summary()
    assert told["noise"]["unrated"] == {"z": 3, "y": 2, "w": 1}
    assert unrated_lines(told) == ["noise: z (3 clips)", "noise: y (2 clips)", "noise: w (1 clip)"]
    del told["noise"]["unrated"]  # as in a summary of an earlier version
    assert unrated_lines(told) == []


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"noise": 3}, 3.0),
        ({"noise": "2.5", "score": 4}, 2.5),
        ({"score": 4}, 4.0),
        ({"score": 4, "dimension": "noise"}, 4.0),
        ({"score": 4, "dimension": "reverb"}, None),
        ({"mos": "n/a", "rating": 1}, 1.0),
        ({"score": True}, None),
        ({"score": float("nan")}, None),
        ({}, None),
    ],
)
def test_what_people_gave_is_found_by_its_column(metadata, expected):
    assert human_score(metadata, "noise") == expected


def test_agreement_is_told_by_clip_and_by_system():
    tally = RatingTally()
    for n in range(12):
        system = "abc"[n % 3]
        people = {"score": 1 + n / 3, "system": system}
        tally.add(record(f"c{n}", [item("overall", 1 + n / 4)], people))
    told = tally.summary()["overall"]["human"]
    assert told["clips"]["n"] == 12
    assert told["clips"]["spearman"] == {"value": 1.0, "low": None, "high": None}
    assert told["systems"]["n"] == 3
    assert told["systems"]["kendall"]["value"] == 1.0


def test_a_run_that_judges_has_no_ratings():
    judged = record("a", [item("noise", 3.0)], expander="rules")
    assert not judged.is_rated
    tally = RatingTally()
    tally.add(judged)
    assert tally.summary() == {}


@pytest.mark.parametrize("ratings", [[5.0], [5.0] * 2, [3.4836] * 40])
def test_ratings_that_are_all_the_same_have_no_interval(ratings):
    def interval(values: list[float]) -> tuple[float | None, float | None]:
        tally = RatingTally()
        for at, rating in enumerate(values):
            tally.add(record(f"{at}", [item("noise", rating)]))
        told = tally.summary()["noise"]
        return told["low"], told["high"]

    assert interval(ratings) == (None, None)
    low, high = interval([*ratings, 1.0, 2.0])
    assert low is not None
    assert high is not None
    assert low < high
