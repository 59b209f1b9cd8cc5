from __future__ import annotations

import datetime as dt
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.clips.columns import Columns
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.clips.rowmaker import make_row


def made(**values: object) -> Row:
    row = make_row("m.jsonl", 7, values, Columns())
    assert isinstance(row, Row), row
    return row


def refused(**values: object) -> str:
    problem = make_row("m.jsonl", 7, values, Columns())
    assert isinstance(problem, Problem)
    assert str(problem).startswith("m.jsonl:7: ")
    return problem.kind


def test_a_full_row() -> None:
    row = made(
        id="x1", audio="a/b.wav", caption="A dog", subset="Sound", language="en", rubric=["Is it?"], seed=3, note=None
    )
    assert (row.id, row.audio, row.caption, row.subset, row.language) == ("x1", "a/b.wav", "A dog", "sound", "en")
    assert row.rubric == ({"question": "Is it?"},)
    assert row.metadata == {"seed": 3, "note": None}
    assert row.line == 7


def test_missing_captions_are_kept_for_the_record() -> None:
    assert made(audio="a.wav", caption=None).caption is None
    assert made(audio="a.wav").caption is None
    assert made(audio="a.wav", caption="").caption == ""
    assert made(audio=None, caption="x").audio is None
    assert made(audio="", caption="x").audio is None


@pytest.mark.parametrize("caption", [4, math.nan, True, ["a"], {"en": "a"}, b"a"])
def test_captions_are_text(caption: object) -> None:
    assert refused(audio="a.wav", caption=caption) == "caption"


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({}, "missing-fields"),
        ({"audio": None, "seed": 1}, "missing-fields"),
        ({"audio": 5, "caption": "x"}, "audio"),
        ({"audio": {"bytes": b"RIFF", "path": None}, "caption": "x"}, "audio"),
        ({"audio": "a", "id": True}, "id"),
        ({"audio": "a", "id": [1]}, "id"),
        ({"audio": "a", "id": 1.5}, "id"),
        ({"audio": "a", "caption": "\udcff"}, "not-utf-8"),
        ({"audio": "a", "rubric": 3}, "rubric"),
        ({"audio": "a", "rubric": "[broken"}, "rubric"),
        ({"audio": "a", "rubric": [1, 2]}, "rubric"),
        ({"audio": "a", "items": "[broken"}, "rubric"),
    ],
)
def test_what_is_refused(values: dict[str, object], kind: str) -> None:
    assert refused(**values) == kind


def test_ids_are_text() -> None:
    assert made(audio="a", id=12).id == "12"
    assert made(audio="a", id=12.0).id == "12"
    assert made(audio="a", id="").id is None
    assert made(audio="a", uuid="u", key="k").id == "u"
    assert made(audio="a", uuid="u", key="k").metadata == {"key": "k"}


def test_rubrics_in_every_form() -> None:
    item = {"question": "Is it?", "dimension": "event"}
    for form in ([item], json.dumps([item]), {"items": [item]}, json.dumps({"items": [item]})):
        assert made(audio="a", rubric=form).rubric == (item,)
    assert made(audio="a", items=[item]).rubric == (item,)
    empty: list[object] = []
    for nothing in (None, "", empty):
        assert made(audio="a", rubric=nothing).rubric is None
    assert made(audio="a", items=5).metadata == {"items": 5}
    assert made(audio="a", items="three items").metadata == {"items": "three items"}


def test_a_split_is_not_a_subset() -> None:
    row = made(audio="a", subset="train", language=["en"])
    assert row.subset is row.language is None
    assert row.metadata == {"subset": "train", "language": ["en"]}


def test_audio_columns_of_data_sets() -> None:
    assert made(audio={"path": "x.wav", "bytes": None}, caption="c").audio == "x.wav"


def test_metadata_is_plain() -> None:
    row = made(
        audio="a",
        a=math.nan,
        b=[math.inf, 1],
        c=dt.date(2026, 1, 2),
        d=b"123",
        e={"x": (1, 2)},
        f=10**30,
    )
    assert row.metadata == {
        "a": None,
        "b": [None, 1],
        "c": "2026-01-02",
        "d": "(3 bytes)",
        "e": {"x": [1, 2]},
        "f": 10**30,
    }


def test_depth_is_bounded() -> None:
    deep: object = 1
    for _ in range(100):
        deep = [deep]
    assert refused(audio="a", x=deep) == "too-deep"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["audio", "caption", "id", "rubric", "items", "subset", "lang", "x"])


@given(st.dictionaries(NAMES, JSON))
def test_any_row_is_a_row_or_a_problem(values: dict[str, object]) -> None:
    row = make_row("m", 1, values, Columns())
    if isinstance(row, Row):
        json.dumps([row.metadata, row.rubric], allow_nan=False)
        (row.caption or "").encode()  # no half characters: every output file is UTF-8
