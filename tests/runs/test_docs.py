"""docs/record.md names every field of `run.json`."""

from __future__ import annotations

import json
import re
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "record.md").read_text()
# Only of runs in which a judge hears pairs, or a server judges: those have tests of their own.
SOME = ("counts.couples", "spent.")
OPEN = {"options", "card", "packages", "arguments", "criteria"}


def fields(data: dict[str, object], prefix: str = "") -> set[str]:
    found: set[str] = set()
    for name, value in data.items():
        found |= fields(value, f"{prefix}{name}.") if isinstance(value, dict) and name not in OPEN else {prefix + name}
    return found


def test_every_field_of_run_json(run, make_tone, make_captions, tmp_path):
    make_tone("0.wav")
    run(make_captions(["loud"]))
    found = fields(json.loads((tmp_path / "run" / "run.json").read_text()))
    cells = re.findall(r"^\| (`.*?) \|", PAGE.split("\n## run.json\n")[1], re.MULTILINE)
    told = {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}
    assert found == {name for name in told if not name.startswith(SOME)}
