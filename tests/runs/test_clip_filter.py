from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.errors import InputError
from audiojudge_cli.runs.clip_filter import Column, parse_filter

METADATA = {"model": "a", "seed": 3, "score": "0.5", "ok": True, "prompt id": "p1", "none": None, "tags": ["x", "y"]}
CLIP = Clip("c1", Path("a/c1.wav"), "a/c1.wav", "A dog barks.", "sound", "en", metadata=METADATA)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('subset == "sound"', True),
        ("subset == 'speech'", False),
        ('subset != "speech" and meta.model == "a"', True),
        ('model == "a"', True),
        ('model == "b" or seed == 3', True),
        ('model == "b" or seed == 3 and subset == "music"', False),
        ('(model == "b" or seed == 3) and subset == "sound"', True),
        ("not seed == 3", False),
        ("not not seed == 3", True),
        ('not (model == "b" or seed > 5)', True),
        ("seed >= 3 and seed <= 3 and seed > 2.5 and seed < 1e2", True),
        ("meta.score == 0.5", True),
        ("score > 0.4", True),
        ('score > "0.6"', False),
        ('model > "A"', True),
        ("model > 3", False),
        ("model == 3", False),
        ('seed == "3"', True),
        ("ok == true", True),
        ("ok == 1", False),
        ("ok != false", True),
        ("none == null", True),
        ("none == 0", False),
        ("none < 5", False),
        ("model != null", True),
        ('meta."prompt id" == "p1"', True),
        ('meta."absent" == null', True),
        ('id in ("c0", "c1")', True),
        ('id in ("c0")', False),
        ('caption contains "dog"', True),
        ('caption contains "cat"', False),
        ('tags contains "y"', True),
        ('none contains "x"', False),
        ('audio == "a/c1.wav" and language == "en"', True),
        ('caption == "A \\u0064og barks."', True),
    ],
)
def test_conditions(text, wanted):
    assert parse_filter(text).holds(CLIP) is wanted


def test_columns_are_known_by_their_kind():
    found = parse_filter('subset == "x" or meta.subset == "x" or model == "x" or meta.model == "y"').columns
    assert found == {Column("subset", True), Column("subset", False), Column("model", False)}
    assert [column.text for column in sorted(found)] == ["meta.model", "meta.subset", "subset"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "a filter is empty"),
        ("subset", "a comparison .* is missing at the end"),
        ("subset = 'x'", "a comparison .* is missing before"),
        ("subset == ", "a value .* is missing at the end"),
        ("subset == speech", "a value .* is missing before 'speech'"),
        ("subset == 'x' subset", "'subset' is left over"),
        ("(subset == 'x'", r"\) is missing at the end"),
        ("subset in 'x'", r"\( after in is missing"),
        ("subset contains 3", "a quoted text is missing"),
        ("seed > true", "> compares numbers or texts"),
        ("seed < null", "< compares numbers or texts"),
        ("__import__('os').system('x')", "a comparison .* is missing"),
        ('id == "\\x"', "is not a quoted text"),
        ("(" * 60 + "id == 'x'" + ")" * 60, "at most 50 deep"),
        ("id == 'x' or " * 100 + "id == 'x'", "at most 1,000 characters"),
    ],
)
def test_what_cannot_be_read_says_where(text, problem):
    with pytest.raises(InputError, match=problem):
        parse_filter(text)


@given(st.text(alphabet=st.sampled_from(list("subset metan.()'\"=!<>,0-9\\and or not in contains")), max_size=60))
def test_any_text_is_a_filter_or_an_input_error(text):
    try:
        found = parse_filter(text)
    except InputError:
        return
    assert found.holds(CLIP) in {True, False}
