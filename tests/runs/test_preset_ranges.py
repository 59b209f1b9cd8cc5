"""Every number of a preset has a range, and no preset inside all ranges makes everything match or nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from annotated_types import Ge, Gt, Le
from pydantic import BaseModel

from audiojudge_cli.errors import InputError
from audiojudge_cli.runs.preset import DecisionOptions, Preset
from audiojudge_cli.runs.preset_file import read_preset

NEEDED: dict[tuple[str, ...], dict[str, Any]] = {
    ("gate",): {"rules": ["count >= 1"]},
    ("endpoint", "price"): {"input": 1.0},
}


def branches(annotation: Any) -> Iterator[tuple[type, list[Any]]]:
    """Yield every plain type in an annotation with the constraints on it."""
    inner = get_args(annotation)
    marks = [mark for each in getattr(annotation, "__metadata__", ()) for mark in getattr(each, "metadata", [each])]
    if marks and inner:
        yield inner[0], marks
        return
    if isinstance(annotation, type) and not inner:
        yield annotation, []
    for each in inner:
        yield from branches(each)


def numbers(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], type, list[Any]]]:
    for name, field in model.model_fields.items():
        for kind, marks in branches(field.annotation):
            if kind in {int, float}:
                yield (*path, name), kind, [*marks, *field.metadata]
            elif isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from numbers(kind, (*path, name))


# What a calibration file holds is tried in tests/commands/test_calibrate.py: one number alone is no calibration.
EVERY = [each for each in numbers(Preset) if each[0][0] != "calibration"]


def bounds(marks: list[Any]) -> tuple[float, float, bool]:
    low = next(
        (mark.ge, False) if isinstance(mark, Ge) else (mark.gt, True) for mark in marks if isinstance(mark, Ge | Gt)
    )
    high = next(mark.le for mark in marks if isinstance(mark, Le))
    return float(str(low[0])), float(str(high)), low[1]


def write(folder: Path, path: tuple[str, ...], value: Any) -> Path:
    data: Any = value
    for depth in range(len(path), 0, -1):
        if path[: depth - 1] == ("gate", "rules"):
            data = {"rules": [{"require": "count >= 1", path[depth - 1]: data}]}
            return _dump(folder, {"gate": data})
        data = {**NEEDED.get(path[: depth - 1], {}), path[depth - 1]: data}
    return _dump(folder, data)


def _dump(folder: Path, data: Any) -> Path:
    file = folder / "my.yaml"
    file.write_text(yaml.safe_dump(data))
    return file


def test_all_numbers_are_found():
    names = {".".join(path) for path, _, _ in EVERY}
    assert {"decision.threshold", "limits.items", "gate.pass_at", "gate.rules.min_clips", "max_errors"} <= names
    assert len(names) >= 18


@pytest.mark.parametrize(
    ("path", "kind", "marks"), EVERY, ids=lambda part: ".".join(part) if type(part) is tuple else ""
)
def test_every_number_has_a_range_and_keeps_it(tmp_path, path, kind, marks):
    least, most, open_below = bounds(marks)
    low, high = kind(least), kind(most)
    outside: list[Any] = [math.nan, math.inf, -math.inf, -1, True, "1", [1], low - 1, high + 1, high * 2, 10**30]
    outside += [low] if open_below else []
    outside += [1.5] if kind is int else []
    for value in outside:
        with pytest.raises(InputError) as told:
            read_preset(write(tmp_path, path, value))
        assert "my.yaml" in str(told.value), value
        assert path[-1] in str(told.value), value
    if path[0] != "decision" or path[-1] == "threshold":  # the weights sum to 1
        read_preset(write(tmp_path, path, high))
        if not open_below:
            read_preset(write(tmp_path, path, low))


@pytest.mark.parametrize("mean", [0.0, 0.25, 0.5, 1.0])
@pytest.mark.parametrize("threshold", [0.01, 0.5, 1.0])
def test_no_decision_matches_everything_or_nothing(mean, threshold):
    rule = DecisionOptions(mean=mean, min=1 - mean, threshold=threshold).rule
    for count in (1, 2, 7):
        assert rule.decide([0.0] * count).match is False
        assert rule.decide([1.0] * count).match is True


@pytest.mark.parametrize(
    "options",
    [{"workers": 0}, {"workers": 10**9}, {"max_errors": -1}, {"judge": ""}, {"llm": {"timeout_s": math.inf}}],
)
def test_the_command_line_keeps_the_same_ranges(options):
    with pytest.raises(InputError, match="option "):
        Preset().overridden(options)
