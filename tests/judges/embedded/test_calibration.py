"""Curves give probabilities: monotone, bounded, and never quite sure."""

from __future__ import annotations

import ast
import json
import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.judges.embedded import calibration, reading
from audiojudge_cli.judges.embedded.answers import ANSWERS
from audiojudge_cli.judges.embedded.calibration import Curve, default_path, load_calibration, music_path, traits_path
from audiojudge_cli.judges.embedded.reading import FEATURES, Reading

CURVE = Curve(("f0",), (1.0,), (2.0,), (3.0,), 0.5, limit=4.0, floor=0.02)


def test_curve_is_the_logistic_function_of_the_standardised_feature() -> None:
    assert CURVE.p_yes({"f0": 2.0}) == pytest.approx(1 / (1 + math.exp(-(0.5 + 3.0 * 0.5))))


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_curve_is_monotone_and_never_sure(one: float, other: float) -> None:
    low, high = CURVE.p_yes({"f0": min(one, other)}), CURVE.p_yes({"f0": max(one, other)})
    assert 0.02 <= low <= high <= 0.98


def test_missing_feature_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(KeyError):
        CURVE.p_yes({"other": 1.0})


def test_shipped_calibration_says_how_each_curve_came_about() -> None:
    curves = load_calibration().curves
    assert len(curves) >= 25
    for kind, curve in curves.items():
        assert curve.fitted, kind
        assert all(scale > 0 for scale in curve.scales), kind


def test_every_check_has_an_answer_and_no_answer_is_left_over() -> None:
    from typing import get_args

    from audiojudge_cli.judges.checks.kinds import Check

    assert set(ANSWERS) == set(get_args(Check))


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": "other/1", "curves": {}}', '{"schema": 1, "curves": []}'])
def test_damaged_calibration_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WeightsError, match=r"broken\.json"):
        load_calibration(path)


def _shipped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Copy the three files into `folder`, make them this installation's, and return where each kind's curve lies."""
    where: dict[str, Path] = {}
    for name in ("default_path", "traits_path", "music_path"):
        path = getattr(calibration, name)()
        copy = folder / path.name
        copy.write_bytes(path.read_bytes())
        monkeypatch.setattr(calibration, name, lambda copy=copy: copy)
        where |= dict.fromkeys(json.loads(copy.read_text(encoding="utf-8"))["curves"], copy)
    return where


@pytest.mark.parametrize("kind", sorted(FEATURES))
def test_loading_fails_where_a_kind_has_no_curve_or_one_for_other_features(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    path = _shipped(tmp_path, monkeypatch)[kind]
    load_calibration()
    data = json.loads(path.read_text(encoding="utf-8"))
    curve = data["curves"].pop(kind)
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(WeightsError, match=rf"no calibration curve for {re.escape(kind)}\. Reinstall"):
        load_calibration()
    name = next(iter(curve["features"]))
    curve["features"]["another"] = curve["features"].pop(name)
    data["curves"][kind] = curve
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(WeightsError, match=rf"asks for another, which a reading of kind '{re.escape(kind)}'"):
        load_calibration()


def test_loading_fails_where_a_curve_is_of_no_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _shipped(tmp_path, monkeypatch)["sex"]
    data = json.loads(path.read_text(encoding="utf-8"))
    data["curves"]["sexx"] = data["curves"]["sex"]
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(WeightsError, match="'sexx', which no reading is of"):
        load_calibration()


@pytest.mark.parametrize("kind", sorted(FEATURES))
def test_a_reading_gives_what_its_kind_declares(kind: str) -> None:
    features = dict.fromkeys(FEATURES[kind], 0.0)
    Reading(kind, features, "Heard.", "test", given={kind: features})
    spoiled: list[dict[str, float]] = [{}, {**features, "another": 0.0}]
    spoiled += [{**features, name: math.nan} for name in features] + [{**features, name: math.inf} for name in features]
    for wrong in spoiled:
        with pytest.raises(ValueError, match=re.escape(repr(kind))):
            Reading(kind, wrong, "Heard.", "test")
        with pytest.raises(ValueError, match=re.escape(repr(kind))):
            Reading(kind, features, "Heard.", "test", given={kind: wrong})


def test_no_kind_is_declared_that_no_reading_names() -> None:
    patterns = set()
    for source in Path(reading.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))) if source.name != "reading.py" else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                patterns.add(re.escape(node.value))
            elif isinstance(node, ast.JoinedStr):
                parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"[a-z_.]+" for p in node.values]
                patterns.add("".join(parts))
    named = re.compile("|".join(f"(?:{pattern})" for pattern in patterns if len(pattern) < 60))
    assert [kind for kind in FEATURES if not named.fullmatch(kind)] == []


def test_calibration_round_trips_through_json(tmp_path: Path) -> None:
    features = {"f0": {"mean": 1.0, "scale": 2.0, "weight": 3.0}}
    data = {"schema": "audiojudge.calibration/1", "curves": {"sex": {"features": features, "bias": 0.5, "floor": 0.02}}}
    path = tmp_path / "calibration.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert load_calibration(path).p_yes("sex", {"f0": 2.0}) == CURVE.p_yes({"f0": 2.0})


def test_the_shipped_files_share_no_curve() -> None:
    files = [load_calibration(path).curves for path in (default_path(), traits_path(), music_path())]
    kinds = [kind for curves in files for kind in curves]
    assert len(kinds) == len(set(kinds))
    assert set(load_calibration().curves) == set(kinds)


def test_curves_of_generated_clips_are_never_sure() -> None:
    for kind, curve in load_calibration(traits_path()).curves.items():
        assert curve.floor >= 0.1, kind


def test_curves_of_one_soundfont_are_never_sure() -> None:
    for kind, curve in load_calibration(music_path()).curves.items():
        assert curve.floor >= 0.04, kind
