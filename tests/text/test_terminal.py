from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.text.terminal import safe_line, shorten, shown, width


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("\u202egpj.exe", "\\u202egpj.exe"),
        ("\u2028", "\\u2028"),
        ("\udcff.wav", "\\xff.wav"),
        ("狗叫 é नमस्ते", "狗叫 é नमस्ते"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("\U000e0001", "\\U000e0001"),
    ],
)
def test_what_moves_the_cursor_becomes_visible(text: str, expected: str) -> None:
    assert safe_line(text) == expected


@given(st.text())
def test_any_text_becomes_one_harmless_line(text: str) -> None:
    line = safe_line(text)
    assert len(line.splitlines()) <= 1
    assert not any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 for char in line)
    line.encode()


@pytest.mark.parametrize(
    ("text", "columns"),
    [("abc", 3), ("狗叫", 4), ("ｆｕｌｌ", 8), ("e\u0301", 1), ("", 0), ("한국", 4), ("a\u200db", 2)],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 4, "abc…"),
        ("狗叫了两声", 6, "狗叫…"),
        ("狗叫了两声", 7, "狗叫了…"),
        ("abc", 1, "…"),
    ],
)
def test_shorten(text: str, columns: int, expected: str) -> None:
    assert shorten(text, columns) == expected


def test_shorten_in_the_middle() -> None:
    assert shorten("folder/subfolder/name.wav", 11, middle=True) == "folde…e.wav"


@given(st.text(), st.integers(1, 40), st.booleans())
def test_shortened_text_fits(text: str, columns: int, middle: bool) -> None:
    assert width(shorten(text, columns, middle=middle)) <= columns


def test_shown_paths() -> None:
    assert shown(Path("a/b\n.wav")) == "a/b\\n.wav"
    assert len(shown("x" * 1000)) == 200
