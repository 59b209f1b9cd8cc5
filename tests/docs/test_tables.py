"""docs/tables.md cannot fall behind what programs are given."""

from __future__ import annotations

import re
from pathlib import Path

from audiojudge_cli.commands.table import Layout
from audiojudge_cli.reports.figure import Middle, Value
from audiojudge_cli.reports.pivot import pivot
from audiojudge_cli.reports.pivot_lines import pivot_data, pivot_jsonl
from audiojudge_cli.text.jsonl import loads

PAGE = (Path(__file__).parents[2] / "docs" / "tables.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"`([^`\n]+)`", PAGE))


def test_every_field_and_layout_is_on_the_page(make_run):
    found = pivot([make_run([{}])], Value.SCORE, rows="subset")
    line = loads(pivot_jsonl(found).splitlines()[0])
    assert {*pivot_data(found), *line, *Layout, *Middle} <= WORDS
