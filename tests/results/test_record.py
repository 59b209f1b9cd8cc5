from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.errors import InputError
from audiojudge_cli.results.record import (
    SCHEMA,
    AudioFacts,
    Decision,
    Failure,
    JudgeRef,
    Record,
    RecordItem,
)
from audiojudge_cli.text.jsonl import dump_line

text = st.text(st.characters(exclude_categories=()), max_size=20)
unit = st.none() | st.floats(0, 1).map(lambda p: round(p, 4))
items = st.builds(
    RecordItem,
    dimension=text,
    question=text,
    basis=text,
    negated=st.booleans(),
    p_yes=unit,
    answer=st.sampled_from(["yes", "no", "unverifiable"]),
    evidence=text,
    source=text,
    times=st.lists(st.tuples(st.floats(0, 9), st.floats(0, 9)), max_size=2).map(tuple),
    facts=st.dictionaries(text, st.floats(allow_nan=False, allow_infinity=False) | text | st.none(), max_size=2),
)
refs = st.builds(JudgeRef, text, text)
records = st.builds(
    Record,
    id=text,
    audio=st.builds(AudioFacts, text, st.none() | text, unit, st.none() | st.integers(1, 10**6), st.just(2)),
    caption=text,
    language=st.none() | text,
    subset=st.none() | text,
    status=st.sampled_from(["ok", "partial", "unverifiable", "error"]),
    score=unit,
    decision=st.builds(Decision, text, unit, st.floats(0, 1), st.none() | st.booleans()),
    coverage=unit,
    items=st.lists(items, max_size=3).map(tuple),
    judge=refs,
    expander=refs,
    warnings=st.lists(text, max_size=2).map(tuple),
    error=st.none() | st.builds(Failure, text, text),
    metadata=st.dictionaries(text, st.none() | st.integers() | text, max_size=2),
)


@given(records)
def test_a_record_survives_the_journal(record):
    line = dump_line(record.to_dict())
    assert line.encode().count(b"\n") == 1
    again = Record.from_dict(json.loads(line))
    assert again == record
    assert dump_line(again.to_dict()) == line


@given(records)
def test_schema_and_id_come_first(record):
    assert list(record.to_dict())[:2] == ["schema", "id"]
    assert record.to_dict()["schema"] == SCHEMA


def test_another_schema_is_refused_by_name():
    with pytest.raises(InputError, match=r"audiojudge\.record/9"):
        Record.from_dict({"schema": "audiojudge.record/9", "id": "a"})


@pytest.mark.parametrize("change", [{"audio": None}, {"items": [{}]}, {"surprise": 1}, {"error": {"kind": "x"}}])
def test_damaged_records_are_refused(change, make_record):
    data = {**make_record().to_dict(), **change}
    with pytest.raises(InputError, match="damaged record 'clip'"):
        Record.from_dict(data)


def test_worst_is_the_first_of_the_lowest_verified_items(make_record):
    record = make_record([0.9, None, 0.2, 0.2])
    assert record.worst is record.items[2]
    assert len(record.verified) == 3
    assert make_record([None]).worst is None


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("score",), "0.5"),
        (("score",), 1.5),
        (("score",), True),
        (("coverage",), []),
        (("decision", "value"), "x"),
        (("items", 0, "p_yes"), "x"),
        (("items", 0, "p_yes"), -0.1),
        (("items", 0, "evidence"), None),
        (("items", 0), 5),
        (("caption",), None),
        (("id",), 5),
        (("status",), "fine"),
        (("metadata",), []),
        (("error",), {"kind": 1, "message": "x"}),
        (("warnings",), [5]),
    ],
)
def test_values_of_another_kind_are_damage(where, value):
    item = RecordItem("event", "Is it?", "it", False, 0.5, "yes", "it is", "x")
    judge = JudgeRef("j", "1")
    decision = Decision("mean", 0.5, 0.5, match=True)
    record = Record("a", AudioFacts("a.wav"), "it", "en", "sound", "ok", 0.5, decision, 1.0, (item,), judge, judge)
    data = json.loads(dump_line(record.to_dict()))
    assert Record.from_dict(data) == record
    part = data
    for step in where[:-1]:
        part = part[step]
    part[where[-1]] = value
    with pytest.raises(InputError, match="damaged record"):
        Record.from_dict(data)
