from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.text.jsonl import dumps
from audiojudge_cli.text.pretty import pretty

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.lists(inner).map(tuple),
    max_leaves=30,
)


@given(VALUES)
def test_the_text_is_that_of_the_standard_library(value):
    assert pretty(value) == dumps(value, indent=2)


@pytest.mark.parametrize("text", ["\ud800", "a\u2028b", '\x00\x1f"\\/', "犬が吠える", "\U0001f600"])
def test_odd_texts_are_escaped_as_elsewhere(text):
    assert pretty({text: [text]}) == dumps({text: [text]}, indent=2)
    pretty(text).encode()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_that_json_has_not_are_refused(value):
    with pytest.raises(ValueError, match="JSON has no number"):
        pretty([value])


@pytest.mark.parametrize("value", [{1: 2}, {"a": {1, 2}}, object(), b"x"])
def test_what_is_no_json_is_refused(value):
    with pytest.raises(TypeError):
        pretty(value)
