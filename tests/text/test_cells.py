from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.text.cells import cell_text, text_cell


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", "\t=1", "\r=1", " =1", "=HYPERLINK(1)", "＝1+1", "-", "+"],
)
def test_formulas_are_disarmed(text: str) -> None:
    assert text_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["-1", "-0.5", "+3", "-1e-5", "-.5", "-12%", "a=1", "A dog", "", "'quoted'", "1-2", "狗"]
)
def test_numbers_and_words_stay(text: str) -> None:
    assert text_cell(text) == text


def test_what_readers_refuse_is_replaced() -> None:
    assert text_cell("a\0b\udcff") == "a\ufffdb\ufffd"


PLAIN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
RISKY = st.text(alphabet="'=+-@ 1\t", max_size=6)


@given(PLAIN | RISKY)
def test_every_text_comes_back(text: str) -> None:
    cell = text_cell(text)
    assert cell_text(cell) == text
    out = io.StringIO(newline="")
    csv.writer(out).writerow([cell, "end"])
    assert next(csv.reader(io.StringIO(out.getvalue(), newline=""))) == [cell, "end"]


@given(PLAIN | RISKY)
def test_no_cell_starts_a_formula(text: str) -> None:
    bare = text_cell(text).lstrip(" \u00a0\u3000")
    if bare.startswith(("=", "+", "-", "@", "\t", "\r")):
        float(bare.rstrip("%"))  # a number, nothing else
