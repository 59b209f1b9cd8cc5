"""docs/runs.md names options, events and columns that exist, and all events."""

from __future__ import annotations

import json
import re
from pathlib import Path

from audiojudge_cli.runs.clip_filter import parse_filter

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "runs.md").read_text()


def test_every_option_exists():
    reference = (DOCS / "cli.md").read_text()
    named = set(re.findall(r"--[a-z][a-z-]+", PAGE))
    known = set(re.findall(r"--[a-z][a-z-]+", reference))
    assert named - known == set()


def test_events_are_those_of_the_schema():
    schema = json.loads((DOCS / "schemas" / "event.schema.json").read_text())
    wanted = {
        event["properties"]["event"]["const"]: set(event["required"]) - {"event", "time"} for event in schema["oneOf"]
    }
    rows = re.findall(r"^\| `(\w+)` \| [^|]* \| (.*) \|$", PAGE, re.MULTILINE)
    assert {name: set(re.findall(r"`(\w+)`", fields)) for name, fields in rows} == wanted


def test_the_example_of_a_filter_can_be_read():
    text = re.search(r"--filter '(subset.*?)' --sample", PAGE)
    assert text is not None
    parse_filter(text[1])
