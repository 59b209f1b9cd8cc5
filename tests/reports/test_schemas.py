"""The JSON of gates and comparisons is what docs/schemas says, field by field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.gates import RuleSet, evaluate
from audiojudge_cli.gates.compare import compare
from audiojudge_cli.gates.systems import compare_systems
from audiojudge_cli.reports.diff_files import diff_data
from audiojudge_cli.reports.gate_files import outcome_texts, trouble_texts
from audiojudge_cli.reports.systems_files import systems_data

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
RULES = ["score.mean >= 0.5 at 95%", "count >= 2", "regression.score.p10 <= 0.1", "dimension.tempo.mean >= 0.2"]


def schema(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(data)
    return data


def check(name: str, data: Any) -> None:
    jsonschema.Draft202012Validator(schema(name)).validate(data)


@pytest.fixture
def two(make_run):
    old = [{"answers": [0.9, 0.8 + n / 200], "subset": "music"} for n in range(12)]
    new: list[dict[str, Any]] = [{**row, "answers": [0.8, 0.8]} for row in old]
    new[4] |= {"answers": [0.2, 0.9]}
    new[5] |= {"answers": [None, None]}
    new[6] |= {"answers": [0.95, 0.95]}
    return make_run([*old, {"id": "gone"}], "old"), make_run([*new, {"id": "extra"}], "new")


def outcome(old: Path, new: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(outcome_texts(evaluate(new, RuleSet.of(RULES), old))["json"]())
    return data


def test_the_outcome_of_a_gate(two):
    data = outcome(*two)
    check("gate", data)
    assert {rule["verdict"] for rule in data["rules"]} >= {"pass", "not-enough-data"}


@pytest.mark.parametrize("rules_hash", [None, "0123456789abcdef"])
def test_a_gate_without_an_outcome(rules_hash):
    check("gate", json.loads(trouble_texts(InputError("no rules"), Path("run"), rules_hash)["json"]()))


def test_a_comparison(two):
    data = diff_data(compare(*two))
    check("diff", json.loads(json.dumps(data)))
    assert all(data[name] for name in ("changes", "fell", "rose", "flips", "lost", "only_old", "only_new"))


def objects(data: Any) -> Iterator[dict[str, Any]]:
    """Yield every object inside plain data."""
    if isinstance(data, dict):
        yield data
    for inner in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from objects(inner)


@pytest.mark.parametrize("name", ["gate", "diff"])
def test_a_field_more_or_less_is_not_the_schema(two: tuple[Path, Path], name: str) -> None:
    made = json.dumps(outcome(*two) if name == "gate" else diff_data(compare(*two)))
    for at in range(len(list(objects(json.loads(made))))):
        for more in (True, False):
            data = json.loads(made)
            found = list(objects(data))[at]
            found.update(news=1) if more else found.popitem()
            with pytest.raises(jsonschema.ValidationError):
                check(name, data)


@pytest.mark.parametrize("judged", [True, False])
@pytest.mark.parametrize("names", ["ab", "abc"])
def test_systems_of_one_run(make_run, names, judged):
    rows = [
        {
            "caption": f"Caption {at}.",
            "answers": [round(0.1 * at + 0.05 * number, 4), None],
            "metadata": {"model": name},
            "quality": {"lufs": -20.0 - number - at, "mos": None},
        }
        for at in range(8)
        for number, name in enumerate(names)
        if number or at
    ]
    data = systems_data(compare_systems(make_run(rows, judged=judged), "model"))
    check("systems", data)
    assert {change["kind"] for pair in data["pairs"] for change in pair["changes"]} >= {"overall"}
