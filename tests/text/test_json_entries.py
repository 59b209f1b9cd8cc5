from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.text.json_entries import entries
from audiojudge_cli.text.jsonl import TooDeepError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(VALUES, max_size=5), st.sampled_from([None, 0, 2]))
def test_the_elements_of_a_list(values, indent):
    assert [(entry.key, entry.value) for entry in entries(json.dumps(values, indent=indent))] == [
        (None, value) for value in values
    ]


@given(st.lists(st.tuples(st.text(max_size=3), VALUES), max_size=5))
def test_the_members_of_an_object_with_keys_twice_and_their_lines(members):
    text = "\n{\n" + ",\n".join(f"{json.dumps(key)} :\n{json.dumps(value)}" for key, value in members) + "\n}\n"
    found = list(entries(text))
    assert [(entry.key, entry.value) for entry in found] == members
    assert [entry.line for entry in found] == [3 + 2 * number for number in range(len(members))]


@given(st.text(alphabet='[]{}",:1a \n', max_size=12))
def test_what_is_no_json_is_refused_and_what_is_json_is_read(text):
    try:
        known = json.loads(text)
    except ValueError:
        known = None
    if isinstance(known, list | dict):
        assert len(list(entries(text))) >= len(known)
    else:
        with pytest.raises(ValueError, match=r"."):
            list(entries(text))


@pytest.mark.parametrize("depth", [101, 1_000, 100_000])
@pytest.mark.parametrize("pair", [("[", "]"), ('{"a":', "}")])
@pytest.mark.parametrize("closed", [True, False])
def test_nested_text_is_refused_as_such(depth, pair, closed):
    inner = pair[0] * depth + ("1" + pair[1] * depth if closed else "")
    with pytest.raises((TooDeepError, json.JSONDecodeError)):
        list(entries(f"[{inner}]"))
