from __future__ import annotations

import pytest

from audiojudge_cli.quality.words import word_errors
from audiojudge_cli.reports.clip_lines import words_line


@pytest.mark.parametrize(
    ("wanted", "heard", "expected"),
    [
        ("the cat sat", "the cat sat", "the cat sat"),
        ("the cat sat", "the dog sat", "the [“cat” heard as “dog”] sat"),
        ("the cat sat", "the sat", "the [“cat” missing] sat"),
        ("the cat sat", "so the cat sat", "[“so” put in] the cat sat"),
        ("the cat sat", "", "nothing was recognised"),
        ("我们说", "我们听", "我们 [“说” heard as “听”]"),
        (f"{'a ' * 20}cat", f"{'a ' * 20}dog", "a a a a a a … a a a a a a [“cat” heard as “dog”]"),
    ],
)
def test_what_was_heard_otherwise_stands_in_brackets(wanted, heard, expected):
    found = word_errors(wanted, heard, "zh" if "我" in wanted else "en")
    assert found is not None
    assert words_line(found) == expected
