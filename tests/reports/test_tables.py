from __future__ import annotations

from audiojudge_cli.reports.tables import aligned, cell, interval, number, p_value
from audiojudge_cli.text.terminal import width


def test_columns_stand_under_each_other():
    lines = aligned([("a", "b", "c"), ("女声", "10", ""), ("x", "5", "z")], right=(1,))
    assert lines == ["a      b  c", "女声  10", "x      5  z"]
    assert aligned([]) == []


def test_numbers():
    assert [number(value) for value in (None, 3, 0.12345, -0.00001)] == ["-", "3", "0.123", "0.000"]
    assert [number(value, signed=True) for value in (3, 0.1, -0.1, 0.0)] == ["+3", "+0.100", "-0.100", "0.000"]
    assert interval(0.1, None) == "-"
    assert interval(-0.1, 0.2, signed=True) == "-0.100 to +0.200"
    assert [p_value(value) for value in (None, 0.0001, 0.0404)] == ["-", "< 0.001", "0.040"]


def test_cells_are_harmless_and_short():
    assert cell("a\x1b[31mb\nc", 50) == "a\\x1b[31mb\\nc"
    assert width(cell("女" * 50, 20)) <= 20
