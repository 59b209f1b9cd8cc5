"""docs/record.md names every field and column that the files of a run hold."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audiojudge_cli.results.clip_table import SUMMARY_COLUMNS
from audiojudge_cli.results.quality import FIGURES, QualityFault, QualityProfile
from audiojudge_cli.results.ratings import COLUMNS as RATING_COLUMNS
from audiojudge_cli.results.record import RATED, Failure, JudgeRef, Record
from audiojudge_cli.results.summary import Tally
from audiojudge_cli.results.verdict import Fault
from audiojudge_cli.results.write import ITEM_COLUMNS

PAGE = (Path(__file__).parents[2] / "docs" / "record.md").read_text()
# Keys below these are names of subsets, dimensions, kinds or columns, not fields.
OPEN = {"subsets", "dimensions", "failures", "fault_kinds", "figures", "ratings"}
CLOSED = {"metadata", "facts", "times", "options", "card", "packages", "arguments", "examples", "fault"}
CLOSED |= {"words", "reference"}


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def documented(title: str) -> set[str]:
    cells = re.findall(r"^\| (`.*?) \|", section(title).split("| kind |")[0], re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def fields(data: object, prefix: str = "") -> set[str]:
    if isinstance(data, list):
        return set().union(*(fields(entry, f"{prefix}[]") for entry in data)) if data else {f"{prefix}[]"}
    if not isinstance(data, dict):
        return {prefix}
    found: set[str] = set()
    for name, value in data.items():
        path = f"{prefix}.{name}" if prefix else name
        if name in OPEN or (path == "quality.faults" and isinstance(value, dict)):
            inner = set().union(*(fields(entry, f"{path}.*") for entry in value.values()))
            found |= inner
        else:
            found |= {path} if name in CLOSED else fields(value, path)
    return found


def with_fault(record: Record) -> Record:
    items = [replace(item, p_yes=None, answer="unverifiable", fault=Fault("KeyError", "'x'")) for item in record.items]
    return replace(record, items=tuple(items))


def rated(record: Record) -> Record:
    items = [replace(item, facts={"rating": 3.0, "spread": 0.5}) for item in record.items]
    return replace(record, items=tuple(items), expander=JudgeRef(RATED, "x"), metadata={"score": 3})


def profile() -> QualityProfile:
    numbers: dict[str, Any] = dict.fromkeys(FIGURES[:9], 0.0)
    return QualityProfile(**numbers, faults=(QualityFault("loop", "It repeats.", ((0.0, 1.0),)),))


def test_every_field_of_a_record(make_record):
    record = replace(with_fault(make_record([0.5])), error=Failure("x", "y"), quality=profile())
    assert fields(record.to_dict()) == documented("The record of a clip")


def test_every_field_of_the_summary(make_record, makers):
    tally = Tally(makers.judge, makers.rule)
    tally.add(make_record())
    tally.add(make_record([], error="empty"))
    tally.add(with_fault(make_record([0.5])))
    tally.add(rated(make_record([0.5])))
    unrated = rated(make_record([0.5]))
    tally.add(replace(unrated, items=tuple(replace(one, facts={}, evidence="why") for one in unrated.items)))
    found = fields(tally.summary())
    # Null here, with one clip: what they hold is one kind of object each.
    found = {re.sub(r"^(ratings\.\*\.human\.(?:clips|systems)).*", r"\1", name) for name in found}
    found = {re.sub(r"^(ratings\.\*\.unrated\.).*", r"\1*", name) for name in found}
    assert {re.sub(r"^subsets\..*", "subsets.*", name) for name in found} == {
        re.sub(r"\.examples\[\].*", ".examples", name) for name in documented("summary.json")
    }


@pytest.mark.parametrize(
    ("title", "columns"),
    [("summary.csv", SUMMARY_COLUMNS), ("items.csv", ITEM_COLUMNS), ("ratings.csv", RATING_COLUMNS)],
)
def test_every_column(title, columns):
    assert tuple(re.findall(r"`([^`]+)`", section(title)))[: len(columns)] == columns
