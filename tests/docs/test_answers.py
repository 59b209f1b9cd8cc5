"""docs/answers.md cannot fall behind what the command writes, takes and prints."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from audiojudge_cli.answers.files import COLUMNS
from audiojudge_cli.answers.row import COLUMNS as READ
from audiojudge_cli.answers.tasks import METRICS, load_tasks

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "answers.md").read_text("utf-8")
WORDS = set(re.findall(r"`([^`\n]+)`", PAGE))


def names(schema: dict[str, Any], before: str = "") -> Iterator[str]:
    for name, part in schema.get("properties", {}).items():
        inner = part.get("items", part)
        path = f"{before}{name}{'[]' if 'items' in part else ''}"
        yield from names(inner, f"{path}.") if "properties" in inner else [path]


def test_every_field_of_the_summary_is_on_the_page():
    schema = json.loads((DOCS / "schemas" / "answers.schema.json").read_text("utf-8"))
    found = {name for name in names(schema) if ".templates[]." not in name}
    assert len(found) > 25
    assert found <= WORDS


def test_every_column_that_is_read_or_written_is_on_the_page():
    assert {*COLUMNS, *(name for some in READ.values() for name in some)} <= WORDS


def test_the_tasks_and_their_metrics_are_those_of_the_table():
    rows = re.findall(r"^\| `([a-z]+)` \| [^|]+ \| ((?:`[a-z-]+`(?:, )?)+) \|$", PAGE, re.MULTILINE)
    told = {task: tuple(re.findall(r"`(.+?)`", metrics)) for task, metrics in rows}
    assert told == load_tasks("audiobench").metrics
    assert len(told) == 8
    assert set(METRICS) <= WORDS
