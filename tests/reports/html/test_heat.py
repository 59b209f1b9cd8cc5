from __future__ import annotations

import re

from audiojudge_cli.gates.table import read_table
from audiojudge_cli.reports.html.heat import SHADES, Cell, heat_map, shade_css


def test_cells_count_what_was_asked_verified_and_missed(make_run):
    rows = [
        {"answers": [0.2, 0.8, None], "dimensions": ["event", "event", "tempo"], "subset": "sound"},
        {"answers": [0.6], "dimension": "event", "subset": "music"},
        {"error": "not-found"},
    ]
    subsets, found = heat_map(read_table(make_run(rows)))
    assert subsets == ["music", "sound", "unknown"]
    event, tempo = found
    assert (event.dimension, event.whole) == ("event", Cell(0.5333333333333333, 3, 3, 1))
    assert event.cells == (Cell(0.6, 1, 1, 0), Cell(0.5, 2, 2, 1), None)
    assert tempo.cells == (None, Cell(None, 1, 0, 0), None)
    assert tempo.whole.shade is None


def test_the_worst_dimension_comes_first(make_run):
    rows = [{"answers": [0.9, 0.1, 0.5], "dimensions": ["a", "b", "c"]}]
    _, found = heat_map(read_table(make_run(rows)))
    assert [row.dimension for row in found] == ["b", "c", "a"]


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_figures_stand_out_on_every_shade():
    shades = re.findall(r"^\.h(\d+) \{ background: #(\w{6}); \}$", shade_css(), re.MULTILINE)
    assert [int(number) for number, _ in shades] == list(range(SHADES + 1))
    # Contrast after WCAG 2.2 with the ink of the cells, #14181e in report.css.
    assert all((_light(colour) + 0.05) / (_light("14181e") + 0.05) >= 4.5 for _, colour in shades)
