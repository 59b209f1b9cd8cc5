"""docs/bench.md cannot fall behind what programs are given."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from audiojudge_cli.benchmarking.layouts import LAYOUTS
from audiojudge_cli.commands.bench import LayoutName
from audiojudge_cli.stats.classified import FIGURES

DOCS = Path(__file__).parents[2] / "docs"
WORDS = {word.removesuffix("[]") for word in re.findall(r"`([^`\n]+)`", (DOCS / "bench.md").read_text("utf-8"))}


def names(schema: dict[str, Any]) -> Iterator[str]:
    for name, part in schema.get("properties", {}).items():
        yield name
        yield from names(part)
    yield from names(schema["items"]) if "items" in schema else ()


def test_every_field_figure_and_layout_is_on_the_page():
    schema = json.loads((DOCS / "schemas" / "bench.schema.json").read_text("utf-8"))
    found = set(names(schema))
    assert len(found) > 30
    assert found - WORDS == set()
    assert set(FIGURES) <= WORDS
    assert {one.name for one in LAYOUTS} == {one.value for one in LayoutName}
    assert {one.name for one in LAYOUTS} <= WORDS
