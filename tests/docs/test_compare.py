"""docs/compare.md names every field, column and margin, and rules that are some."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from audiojudge_cli.comparing.pairs_file import COLUMNS
from audiojudge_cli.comparing.prefer import ALIGNMENT_MARGIN, NOTHING_SAID, QUALITY_MARGIN, VERDICTS
from audiojudge_cli.gates.grammar import parse

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "compare.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"`([^`\n]+)`", PAGE))


def fields(schema: dict[str, Any], place: str = "") -> set[str]:
    """Return the way to every value in a schema: `systems.*.pairs`, `ranking.gaps[].low`."""
    found: set[str] = set()
    for one in schema.get("oneOf", [schema]):
        for name, inner in one.get("properties", {}).items():
            found |= fields(inner, f"{place}.{name}".strip("."))
        if isinstance(one.get("additionalProperties"), dict):
            found |= fields(one["additionalProperties"], f"{place}.*")
        if "items" in one:
            found |= fields(one["items"], f"{place}[]")
    return found or {place}


def test_every_field_is_on_the_page() -> None:
    schema = json.loads((DOCS / "schemas" / "summary.schema.json").read_text(encoding="utf-8"))
    wanted = {name for name in fields(schema["properties"]["comparison"]) if not name.startswith("subsets.")}
    assert {name.replace("ranking.apart[][]", "apart") for name in wanted} <= WORDS
    assert {"subsets.*", *(fields(schema["properties"]["selection"]))} <= WORDS


def test_every_column_verdict_and_margin_is_on_the_page() -> None:
    assert {*COLUMNS, *VERDICTS} <= WORDS
    assert f"less than {QUALITY_MARGIN:g} apart" in PAGE
    assert f"less than {ALIGNMENT_MARGIN:g} apart" in PAGE
    assert f"has the quality {NOTHING_SAID:g}" in PAGE


def test_every_rule_on_the_page_is_one() -> None:
    rules = re.findall(r"--require '([^']+)'", PAGE)
    assert len(rules) >= 2
    for rule in rules:
        assert parse(rule).figure.system == "NEW"


def test_every_option_on_the_page_exists() -> None:
    known = set(re.findall(r"--[a-z][a-z-]+", (DOCS / "cli.md").read_text(encoding="utf-8")))
    mine = set(re.findall(r"--[a-z][a-z-]+", PAGE)) - {"--out"}
    assert mine <= known
