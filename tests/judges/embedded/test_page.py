"""The page on the embedded judge speaks of every dimension, and only of curves that exist."""

from __future__ import annotations

import re
from pathlib import Path

from audiojudge_cli.rubrics.dimensions import NAMES
from audiojudge_cli.rubrics.vocabulary import dimensions

PAGE = (Path(__file__).parents[3] / "docs" / "embedded.md").read_text(encoding="utf-8")


def test_every_dimension_has_its_row() -> None:
    rows = set(re.findall(r"^\| (\w+) \|", PAGE, re.MULTILINE))
    assert set(dimensions()) <= rows
    assert set(NAMES) - {"overall"} <= rows


def test_every_row_is_full() -> None:
    for row in re.findall(r"^\| \w+ \|.*$", PAGE, re.MULTILINE):
        if row.split("|")[1].strip() in NAMES:
            assert row.count("|") == 5, row
            assert all(cell.strip() for cell in row.split("|")[2:4]), row


def test_no_figure_was_forgotten() -> None:
    assert "{{" not in PAGE
