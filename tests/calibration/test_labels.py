"""Files of labels as people write them: what can be wrong is told with its line, and never becomes a label."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiojudge_cli.calibration.join import join
from audiojudge_cli.calibration.labels import read_labels
from audiojudge_cli.errors import InputError
from audiojudge_cli.results.index import read_records


@pytest.fixture
def read(tmp_path):
    def call(*lines: object, yes_from: float | None = None):
        path = tmp_path / "labels.jsonl"
        path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
        return read_labels(path, yes_from=yes_from)

    return call


@pytest.mark.parametrize(
    ("said", "match"),
    [
        *[(said, True) for said in ("yes", "Yes", " YES ", "true", True, 1)],
        *[(said, False) for said in ("no", "No", "false", False, 0)],
        *[(said, None) for said in (None, "can't tell", "Can’t tell", "unsure")],
    ],
)
def test_what_is_a_label(read, said, match):
    assert [one.match for one in read({"id": "a", "label": said})] == [match]


def test_ratings(read):
    rows = [{"id": "a", "label": rating} for rating in (1, 3.9, 4, 5.0, None)]
    assert [one.match for one in read(*rows, yes_from=4)] == [False, False, True, True, None]


def test_items_are_answered_in_words_or_rated(read):
    said = [{"question": "Is it?", "dimension": "event", "label": one} for one in ("yes", 2, 5, None)]
    [one] = read({"id": "a", "items": said}, yes_from=4)
    assert [(item.question, item.dimension, item.match) for item in one.items] == [
        ("Is it?", "event", match) for match in (True, False, True, None)
    ]
    assert one.match is None


GOOD = {"id": "a", "label": "yes"}


@pytest.mark.parametrize(
    ("line", "yes_from", "told"),
    [
        ("{", None, "not valid JSON"),
        ("[" * 300 + "]" * 300, None, "nested too deeply"),
        ("[1]", None, "a label is an object"),
        ('"yes"', None, "a label is an object"),
        ({"label": "yes"}, None, "names no clip"),
        ({"id": "", "label": "yes"}, None, "names no clip"),
        ({"id": 3, "label": "yes"}, None, "id is text, not 3"),
        ({"audio": ["a"], "label": "yes"}, None, "audio is text"),
        ({"id": "a"}, None, "has no label"),
        ({"id": "a", "label": "maybe\x1b[31m"}, None, "neither"),
        ({"id": "a", "label": 4}, None, "--yes-from 4"),
        ({"id": "a", "label": []}, None, "neither"),
        ({"id": "a", "label": {"yes": 1}}, None, "neither"),
        ({"id": "a", "label": "4"}, 4.0, "is no number"),
        ({"id": "a", "label": True}, 4.0, "is no number"),
        ('{"id": "a", "label": NaN}', 4.0, "is no number"),
        ('{"id": "a", "label": NaN}', None, "neither"),
        ('{"id": "a", "label": 1' + "0" * 400 + "}", 4.0, "is no number"),
        ({"id": "a", "label": "yes", "by": 3}, None, "by is text"),
        ({"id": "a", "label": "yes", "undone": "x"}, None, "undone is true or false"),
        ({"id": "a", "items": {"question": "x"}}, None, "items is a list"),
        ({"id": "a", "items": ["x"]}, None, "an item is an object"),
        ({"id": "a", "items": [{"label": "yes"}]}, None, "an item is an object"),
        ({"id": "a", "items": [{"question": "x", "label": "maybe"}]}, None, "neither"),
        ({"id": "a", "items": [{"question": "x", "label": 3}]}, None, "--yes-from"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(read, line, yes_from, told):
    good = {**GOOD, "label": 5} if yes_from else GOOD
    with pytest.raises(InputError, match=told) as caught:
        read(good, "", line, good, yes_from=yes_from)
    assert "labels.jsonl:3: " in str(caught.value)
    assert str(caught.value).isprintable()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(raw=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_bytes_stumble_the_reader(raw, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "bytes.jsonl"
    path.write_bytes(raw)
    with suppress(InputError):
        assert all(label.line >= 1 and (label.id or label.audio) for label in read_labels(path))


def test_no_file(tmp_path):
    with pytest.raises(InputError, match=r"cannot read the labels .*none\.jsonl.*audiojudge label RUN"):
        read_labels(tmp_path / "none.jsonl")


@pytest.fixture
def records(make_run):
    rows = [
        {"id": "a", "audio": "x.wav", "caption": "one"},
        {"id": "b", "audio": "x.wav", "caption": "two"},
        {"id": "c", "audio": "y.wav"},
        {"id": "d", "error": "not-found"},
        {"id": "e", "answers": [None]},
    ]
    return list(read_records(make_run(rows)))


def test_labels_find_their_clips(read, records):
    labels = read(
        {"audio": "y.wav", "label": "no"},
        {"audio": "x.wav", "caption": "two", "label": "yes"},
        {"id": "c", "audio": "elsewhere.wav", "label": "no"},
        {"id": "a", "label": None},
        {"id": "z", "label": "yes"},
        {"audio": "x.wav", "caption": "three", "label": "yes"},
        {"id": "d", "label": "yes"},
        {"id": "e", "label": "no"},
    )
    found = join(labels, records, Path("labels.jsonl"))
    assert [(record.id, match) for record, match in found.clips] == [("b", True), ("c", False)]
    assert (found.unsure, found.strangers, found.undecided) == (1, (5, 6), 2)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{"audio": "x.wav", "label": "no"}], r"l\.jsonl:1: the run has 2 clips of the audio x\.wav"),
        ([GOOD, {"id": "a", "label": "no"}], r"l\.jsonl:2: the clip a has the other label on line 1"),
        (
            [GOOD, {"audio": "x.wav", "caption": "one", "label": "no"}],
            r"l\.jsonl:2: the clip a has the other label on line 1",
        ),
    ],
)
def test_labels_that_contradict_or_fit_several_clips(read, records, rows, told):
    with pytest.raises(InputError, match=told):
        join(read(*rows), records, Path("l.jsonl"))
