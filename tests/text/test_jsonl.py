from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.text.jsonl import dump_line, dumps

TEXT = st.text(st.characters(), max_size=10)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_values_come_back_through_bytes(value: object) -> None:
    assert json.loads(dumps(value).encode()) == value
    assert json.loads(dumps(value, indent=2).encode()) == value


@given(VALUES)
def test_a_line_is_one_line(value: object) -> None:
    line = dump_line(value)
    assert len(line.splitlines()) == 1
    assert json.loads(line) == value


def test_order_and_letters_are_kept() -> None:
    assert dumps({"z": 1, "a": "狗", "n": [0.5, None]}) == '{"z": 1, "a": "狗", "n": [0.5, null]}'
    assert dumps({"a": 1}, indent=2) == '{\n  "a": 1\n}'


@given(VALUES)
def test_nothing_in_it_steers_a_terminal(value: object) -> None:
    assert not set("\x1b\x9b\x85\x7f\u202e\u2066\u2028") & set(dumps(value))


def test_signs_that_steer_a_terminal_come_back() -> None:
    text = "\x1b[31m\x9b1m\x7f\u202e\u2066"
    assert dumps(text) == '"\\u001b[31m\\u009b1m\\u007f\\u202e\\u2066"'
    assert json.loads(dumps(text)) == text


def test_names_that_are_not_utf_8() -> None:
    assert dumps("\udcff\ud83d") == '"\\udcff\\ud83d"'


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_numbers_that_json_lacks_are_refused(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        dumps({"score": [number]})
