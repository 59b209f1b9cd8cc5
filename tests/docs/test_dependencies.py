"""docs/dependencies.md names what pyproject.toml asks for, and nothing else."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}")[1].split("\n## ")[0]


def names(lines: list[str]) -> set[str]:
    return {Requirement(line).name for line in lines}


def test_the_base_is_listed_with_its_reasons():
    rows = re.findall(r"^\| `([\w-]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", section("Base"), re.MULTILINE)
    assert {name for name, *_ in rows} == names(PROJECT["dependencies"])
    assert all(cell.strip() for row in rows for cell in row)


def test_the_extras_are_listed():
    rows = re.findall(r"^\| `([\w-]+)` \| `([\w-]+)` \| ([^|]+) \| ([^|]+) \|$", section("Extras"), re.MULTILINE)
    listed = {(extra, name) for extra, name, *_ in rows}
    extras = {extra: lines for extra, lines in PROJECT["optional-dependencies"].items() if extra != "dev"}
    assert listed == {(extra, name) for extra, lines in extras.items() for name in names(lines)}


def test_what_development_needs_is_listed():
    listed = set(
        re.findall(r"`([\w-]+)`", "\n".join(re.findall(r"^\| (`.*?) \|", section("Development"), re.MULTILINE)))
    )
    assert listed == names(PROJECT["optional-dependencies"]["dev"])
