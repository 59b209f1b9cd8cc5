"""docs/systems.md cannot fall behind what programs are given."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[2] / "docs"
WORDS = {word.removesuffix("[]") for word in re.findall(r"`([^`\n]+)`", (DOCS / "systems.md").read_text("utf-8"))}


def names(schema: dict[str, Any]) -> Iterator[str]:
    for name, part in schema.get("properties", {}).items():
        yield name
        yield from names(part)
    yield from names(schema["items"]) if "items" in schema else ()


def test_every_field_is_on_the_page():
    schema = json.loads((DOCS / "schemas" / "systems.schema.json").read_text("utf-8"))
    found = set(names(schema))
    assert len(found) > 20
    assert found - WORDS <= {"name", "fingerprint"}
