from __future__ import annotations

from typing import Any

import pytest

from audiojudge_cli.runs.outcome import outcome
from audiojudge_cli.runs.preset import RequiredOptions


def summary(
    *,
    total: int = 10,
    error: int = 0,
    unverifiable: int = 0,
    scored: int = 10,
    coverage: float | None = 1.0,
    pending: int = 0,
) -> dict[str, Any]:
    return {
        "judge": {"name": "test"},
        "clips": {"total": total, "error": error, "unverifiable": unverifiable, "pending": pending},
        "score": {"clips": scored},
        "coverage": {"value": coverage},
    }


@pytest.mark.parametrize(
    ("figures", "interrupted", "code", "reason"),
    [
        ({}, False, 0, None),
        ({"error": 1}, False, 0, None),
        ({"error": 2}, False, 3, "2 of 10 clips could not be judged"),
        ({"coverage": 0.5}, False, 0, None),
        ({"coverage": 0.4999}, False, 3, "only 49.99 % of the rubric items"),
        ({"coverage": None}, False, 3, "only 0 % of the rubric items"),
        ({"coverage": 0.9996}, False, 0, None),
        ({"scored": 0, "error": 9, "unverifiable": 1}, False, 3, "nothing could be judged: 9 clips failed, 1 clip unv"),
        ({"pending": 4}, True, 130, "4 clips to go"),
        ({"scored": 0, "pending": 10}, True, 130, "10 clips to go"),
    ],
)
def test_exit_codes(figures, interrupted, code, reason):
    found = outcome(summary(**figures), RequiredOptions(), interrupted=interrupted)
    assert found[0] == code
    assert (found[1] is None) if reason is None else (reason in (found[1] or ""))


def test_nothing_judged_is_never_0_whatever_the_preset_forgives():
    code, _ = outcome(summary(scored=0, error=10), RequiredOptions(coverage=0.0, errors=1.0), interrupted=False)
    assert code == 3


@pytest.mark.parametrize(("broken", "rows", "code"), [(1, 10, 0), (2, 10, 3), (5, 6, 3), (0, 0, 0)])
def test_rows_that_cannot_be_read_are_errors_too(broken, rows, code):
    found = outcome(summary(), RequiredOptions(), interrupted=False, broken=broken, rows=rows)
    assert found[0] == code
    assert code == 0 or f"{broken} of {rows} rows could not be read" in str(found[1])


def test_a_share_just_below_the_wanted_one_does_not_read_as_all():
    _, reason = outcome(summary(coverage=0.9996), RequiredOptions(coverage=1.0), interrupted=False)
    assert "only 99.96 %" in str(reason)
