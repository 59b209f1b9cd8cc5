"""The page on the embedded judge speaks of every dimension, and only of curves that exist."""

from __future__ import annotations

import re
from pathlib import Path

from audiojudge_cli.judges.embedded.docs_tables import filled
from audiojudge_cli.judges.embedded.traits import ROWS, TRAITS
from audiojudge_cli.rubrics.dimensions import NAMES
from audiojudge_cli.rubrics.vocabulary import dimensions

PAGE = (Path(__file__).parents[3] / "docs" / "embedded.md").read_text(encoding="utf-8")


def test_every_dimension_has_its_row() -> None:
    rows = set(re.findall(r"^\| (\w+) \|", PAGE, re.MULTILINE))
    assert set(dimensions()) <= set(ROWS)
    assert set(NAMES) == set(ROWS)
    assert set(NAMES) <= rows


def test_the_tables_are_what_the_traits_say_of_themselves() -> None:
    assert filled(PAGE) == PAGE, "python -m audiojudge_cli.judges.embedded.docs_tables docs/embedded.md"


def test_no_trait_answers_a_dimension_that_is_not_described() -> None:
    assert {form.dimension for one in TRAITS for form in one.asks} <= set(ROWS)
    for row in ROWS.values():
        assert row.refusal.endswith("."), row


def test_no_figure_was_forgotten() -> None:
    assert "{{" not in PAGE
