"""The history of several runs in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

from audiojudge_cli.reports.history import Line, Point, read_history
from audiojudge_cli.reports.html.trend import large, small, trend_report

EVIL = "<img src=x onerror=hacked=1>"


def rows(rise: float) -> list[dict[str, Any]]:
    return [
        {
            "id": f"clip {n} {EVIL}",
            "audio": f"clip{n}.wav",
            "answers": [round(0.2 + rise + n / 100, 4), 0.716],
            "dimensions": ["event", f"tempo{EVIL}"],
            "subset": "音乐" if n % 2 else "sound",
        }
        for n in range(12)
    ]


@pytest.fixture(scope="module")
def history(runs_in, tmp_path_factory):
    folder = tmp_path_factory.mktemp("history")
    make = runs_in(folder)
    long = "a-very-long-name-of-a-checkpoint-that-nobody-can-pronounce"
    folders = [make(rows(0), "v1"), make(rows(0.5), "v2"), make(rows(0.4), long), make(rows(0.4), "v4", judge="j2")]
    (folders[1] / "report.html").write_text("a page")
    page = folder / "trend.html"
    page.write_text(trend_report(read_history(folders), page), encoding="utf-8")
    return page


def test_the_table_says_what_the_drawings_show(open_page, history):
    page = open_page(history)
    table = page.get_by_label("Every figure in every run").locator("table")
    assert table.locator("thead th").count() == 5
    score = table.locator("tbody tr", has=page.locator("th", has_text="score")).first.locator("td:not(.plot-cell)")
    told = score.all_inner_texts()
    assert [float(cell.split()[0]) for cell in told] == pytest.approx([0.4855, 0.7355, 0.6855, 0.6855], abs=6e-4)
    assert ["better" in cell or "worse" in cell for cell in told] == [False, True, True, False]
    assert all("to" in cell for cell in told)
    # Drawings are for those who see; the table holds all of it.
    assert page.locator("svg:not([aria-hidden=true])").count() == 0
    first = page.locator("svg.large").first
    assert first.locator("circle").count() == 4
    assert first.locator("circle.better").count() == 1
    # v4 has another judge: no line leads there.
    assert [
        len(str(one).split())
        for one in first.locator("polyline").evaluate_all("a => a.map(b => b.getAttribute('points'))")
    ] == [3]


def test_neighbours_say_what_changed_and_lead_to_the_single_reports(open_page, history):
    page = open_page(history)
    section = page.locator("section", has=page.locator("#steps-title"))
    assert "Not compared" in section.inner_text()
    assert "another judge" in section.inner_text()
    assert page.locator("thead a").evaluate_all("all => all.map(one => one.getAttribute('href'))") == ["v2/report.html"]
    links = section.locator(".moved a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    # Five that rose most; their page lies beside the later run, and clips of runs without one are no links.
    assert len(links) == 5
    assert all(link.startswith("v2/report.html#clip=clip%20") for link in links)
    assert page.evaluate("typeof hacked") == "undefined"
    assert page.locator("img").count() == 0


def figure(*values: float | None, kind: str = "overall", share: bool = False) -> Line:
    points = [Point(value, value and value - 0.01, value and value + 0.01) for value in values]
    return Line(kind, "score", share, tuple(points))


@pytest.mark.parametrize(
    "line",
    [
        figure(0.5, 0.5),
        figure(0.0, 0.0, share=True),
        figure(1.0, 1.0, share=True),
        figure(None, None),
        figure(0.1, None, 0.9),
        figure(-40.0, 12.0, kind="quality"),
        figure(0.5),
        figure(*(n / 40 for n in range(40))),
    ],
)
def test_everything_is_drawn_within_its_drawing(line):
    count = len(line.points)
    for chart in (
        large(line, [True] * (count - 1), [f"run {n}" for n in range(count)]),
        small(line, [True] * (count - 1)),
    ):
        assert len(chart.dots) == sum(point.value is not None for point in line.points)
        for dot in chart.dots:
            assert 0 <= dot.x <= chart.width
            assert 0 <= dot.y <= chart.height
        assert len(chart.names) <= 6
    # A run that has not the figure breaks the line.
    if line.points[1:2] == (Point(),):
        assert large(line, [True, True], ["a", "b", "c"]).paths == ()
