"""The project's own quality figures (`benchmarks/quality.py`) are those of `audiojudge bench` on the same answers."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from audiojudge_cli.benchmarking.gather import Gathered
from audiojudge_cli.stats.classified import points

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
NAMES = {"accuracy": "accuracy", "auc": "AUC", "ece": "ECE"} | {
    name: name for name in ("sensitivity", "specificity", "pairs", "coverage")
}


@pytest.fixture
def quality(monkeypatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("quality")


@pytest.mark.parametrize("seed", range(5))
def test_both_count_the_same_from_the_same_answers(quality, seed):
    observed = importlib.import_module("observe")
    random = np.random.default_rng(seed)
    values = np.round(random.random(60), 1)
    values[random.random(60) < 0.1] = np.nan
    found, rows = Gathered(), []
    for value in values:
        match, audio, verified = bool(random.random() < 0.5), f"{random.integers(15)}.wav", int(random.integers(4))
        items = tuple(observed.Observed(None, object() if at < verified else None, False, None) for at in range(3))
        rows.append(observed.Row(audio, "", match, "", "sound", "", False, items, ()))
        found.values.append(float(value))
        found.said.append(bool(value >= 0.5))
        found.truth.append(match)
        found.keys.append(audio)
        found.verified.append(min(verified, 3))
        found.asked.append(3)
    theirs = quality.figures(rows, values, np.ones(60, dtype=np.bool_), quality.RUBRICS["gold"])
    ours = points(found.cases())
    assert {name: ours[name] for name in NAMES} == {name: pytest.approx(theirs[other]) for name, other in NAMES.items()}
    assert theirs["n"] == 60
