from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audiojudge_cli.clips.ids import base_digest, row_digest, safe_id, told_apart


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dog", "dog"),
        ("speech/dog bark", "speech__dog_bark"),
        ("a\\b", "a__b"),
        ("../../etc/passwd", "___..__etc__passwd"),
        ("/abs", "abs"),
        (".hidden", "_hidden"),
        ("-rf", "_rf"),
        ("v1.2", "v1.2"),
        ("end...", "end"),
        ("狗叫", "狗叫"),
        ("हिन्दी", "हिन्दी"),
        ("e\u0301", "é"),
        ("new\nline\x1b[0m", "new_line__0m"),
        ("🐕", "_"),
        ("a~b", "a_b"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("", "clip"),
        ("///", "clip"),
        ("...", "_"),
    ],
)
def test_examples(text: str, expected: str) -> None:
    assert safe_id(text) == expected


@given(st.text(max_size=400))
@example("\udcff" * 300)
@example("é" * 300)
def test_any_text_gives_a_safe_name(text: str) -> None:
    name = safe_id(text)
    assert name
    assert len(name.encode()) <= 120
    assert not name.startswith((".", "-"))
    assert not name.endswith((".", " "))
    assert not re.search(r'[/\\:*?"<>|\x00-\x20]', name)
    assert unicodedata.normalize("NFC", name) == name or len(text) > 50
    assert safe_id(text) == name


@given(st.text(alphabet="abc_-.", min_size=1, max_size=60).filter(lambda text: text[0] in "abc_" and text[-1] != "."))
def test_plain_ids_stay_as_they_are(text: str) -> None:
    assert safe_id(text) == text


def test_long_ids_are_told_apart_by_a_hash() -> None:
    left, right = safe_id("x" * 300), safe_id("x" * 301)
    assert left != right
    assert left[:100] == right[:100] == "x" * 100


def test_only_told_apart_and_cut_ids_hold_a_tilde() -> None:
    assert told_apart("dog", 5) == "dog~000000000005"
    assert "~" not in safe_id("dog~000000000005")


def test_digests_do_not_change_between_versions() -> None:
    """Ids name files of finished runs: another hash would make a resume judge everything again."""
    assert row_digest("", "a/dog.wav", "A dog", "") == 0xC33B_B05B_C6A9
    assert safe_id("x" * 300) == "x" * 100 + "~6eb05c555288"
    assert base_digest("Dog") == base_digest("dog")
    assert base_digest("Dog") != base_digest("dot")


@given(st.lists(st.text(max_size=5), min_size=2, max_size=2), st.lists(st.text(max_size=5), min_size=2, max_size=2))
def test_parts_do_not_run_into_each_other(left: list[str], right: list[str]) -> None:
    assert (row_digest(*left) == row_digest(*right)) == (left == right)
