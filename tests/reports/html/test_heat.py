from __future__ import annotations

import re
from typing import Any

from audiojudge_cli.gates.table import read_table
from audiojudge_cli.reports.html.heat import SHADES, Cell, heat_map, heat_maps, shade_css


def test_cells_count_what_was_asked_verified_and_missed(make_run):
    rows = [
        {"answers": [0.2, 0.8, None], "dimensions": ["event", "event", "tempo"], "subset": "sound"},
        {"answers": [0.6], "dimension": "event", "subset": "music"},
        {"error": "not-found"},
    ]
    found = heat_map(read_table(make_run(rows)))
    assert (found.column, found.values) == ("subset", ["music", "sound", "unknown"])
    event, tempo = found.rows
    assert (event.dimension, event.whole) == ("event", Cell(0.5333333333333333, 3, 3, 1))
    assert event.cells == (Cell(0.6, 1, 1, 0), Cell(0.5, 2, 2, 1), None)
    assert tempo.cells == (None, Cell(None, 1, 0, 0), None)
    assert tempo.whole.shade is None


def test_the_worst_dimension_comes_first(make_run):
    rows = [{"answers": [0.9, 0.1, 0.5], "dimensions": ["a", "b", "c"]}]
    found = heat_map(read_table(make_run(rows)))
    assert [row.dimension for row in found.rows] == ["b", "c", "a"]


def test_columns_of_few_values_have_maps_and_the_one_asked_for_comes_first(make_run):
    rows: list[dict[str, Any]] = [
        {"answers": [n / 20], "metadata": {"model": f"v{n % 3}", "same": 1, "seed": n, "late": n > 5, "null": None}}
        for n in range(20)
    ]
    rows[0]["metadata"].pop("model")
    table = read_table(make_run(rows))
    found = heat_maps(table)
    assert [one.column for one in found] == ["subset", "late", "model"]
    assert found[1].values == ["false", "true"]
    # A clip without the value is among all, and in no column.
    (row,) = found[2].rows
    assert row.whole.items == 20
    assert sum(cell.items for cell in row.cells if cell) == 19
    assert [one.column for one in heat_maps(table, "seed")] == ["seed", "subset", "late", "model"]
    many = [{"answers": [0.5], "metadata": {f"c{n}": at for n in range(20)}} for at in range(2)]
    assert len(heat_maps(read_table(make_run(many, "many")))) == 8


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_figures_stand_out_on_every_shade():
    shades = re.findall(r"^\.h(\d+) \{ background: #(\w{6}); \}$", shade_css(), re.MULTILINE)
    assert [int(number) for number, _ in shades] == list(range(SHADES + 1))
    # Contrast after WCAG 2.2 with the ink of the cells, #14181e in report.css.
    assert all((_light(colour) + 0.05) / (_light("14181e") + 0.05) >= 4.5 for _, colour in shades)
