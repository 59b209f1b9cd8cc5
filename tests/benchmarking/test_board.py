"""The leaderboard: what stands in one table, in which order, and what a browser makes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from audiojudge_cli.benchmarking.board import read_boards
from audiojudge_cli.benchmarking.board_page import board_html, board_markdown
from audiojudge_cli.errors import InputError

HOSTILE = "</style><script>alert(1)</script>\x1b[31m|x"


def figure(value: float | None, n: int = 40) -> dict[str, Any]:
    low, high = (None, None) if value is None else (max(0.0, value - 0.1), min(1.0, value + 0.1))
    return {"value": value, "low": low, "high": high, "n": n}


def bench(name: str, accuracy: float | None = 0.8, **changes: Any) -> dict[str, Any]:
    names = ("accuracy", "sensitivity", "specificity", "f1", "auc", "pairs", "coverage", "ece", "brier")
    figures = {name: figure(accuracy) for name in names}
    groups = [("all", "all", 40), ("subset", "music", 20), ("language", "zh", 9)]
    published = {"judge": "Theirs", "prompt": "rubric", "figures": {"en": 0.7, "zh": None}}
    return {
        "schema": "audiojudge.bench/1",
        "benchmark": "/data/Bench/en",
        "layout": "labelled",
        "by": "alignment",
        "judge": {"name": name, "fingerprint": "0"},
        "rubrics": "gold",
        "cases": "0" * 16,
        "agreement": [],
        "clips": {"total": 42, "failed": 2, "unverifiable": 0, "expanded": 0},
        "groups": [{"by": by, "name": name, "clips": n, "figures": figures} for by, name, n in groups],
        "items": [],
        "preferences": [],
        "published": {"title": "Bench", "source": "arXiv 1", "figure": "accuracy", "judges": [published]},
        **changes,
    }


@pytest.fixture
def write(tmp_path):
    def made(name: str, data: Any) -> Path:
        folder: Path = tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / "bench.json").write_text(data if isinstance(data, str) else json.dumps(data))
        return folder

    return made


def test_the_best_stands_first_and_what_has_no_figure_last(write):
    runs = [write(str(at), bench(f"j{at}", value)) for at, value in enumerate((0.5, None, 0.9, 0.7))]
    (board,) = read_boards(runs)
    assert [one.name for one in board.standings] == ["j2", "j3", "j0", "j1"]
    assert board.title == "Bench/en"
    # Nine clips are few.
    assert board.groups == [("subset", "music")]
    assert board.standings == read_boards(runs[::-1])[0].standings


def test_runs_over_other_cases_or_of_another_layout_are_never_in_one_table(write):
    pairs: dict[str, Any] = {
        "by": "all",
        "name": "all",
        "pairs": 30,
        "right": 20,
        "tied": 0,
        "wrong": 10,
        "undecided": 10,
    }
    contest: dict[str, Any] = {
        "layout": "pairs",
        "groups": [],
        "preferences": [{**pairs, "human_ties": 0, "accuracy": figure(0.7)}],
    }
    runs = [
        write("a", bench("j")),
        write("b", bench("j", cases="1" * 16)),
        write("c", bench("j", **contest)),
        write("d", bench("k")),
    ]
    boards = read_boards(runs)
    assert [[one.name for one in board.standings] for board in boards] == [["j", "k"], ["j"], ["j, by alignment"]]
    assert boards[2].standings[0].figures["compared"].value == 0.75
    assert "The two do not compare" in board_html(boards[:2])
    assert "The two do not compare" not in board_html(boards[:1])


def test_runs_of_one_name_are_told_apart_by_their_folders_and_a_run_counts_once(write):
    runs = [write("a", bench("j")), write("b", bench("j", 0.6)), write("c", bench("j", rubrics="own"))]
    (board,) = read_boards([*runs, runs[0]])
    assert {one.name for one in board.standings} == {f"j ({runs[0]})", f"j ({runs[1]})", "j, own rubrics"}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("{", "cannot read"),
        ("[]", "is not of the form audiojudge.bench/1"),
        ({"schema": "audiojudge.bench/9"}, "is not of the form"),
        ({"schema": "audiojudge.bench/1"}, "has no cases, layout, judge"),
        (bench("j", judge="j"), "damaged"),
        (bench("j", groups=[{}]), "damaged"),
        (bench("j", groups=5), "damaged"),
        (bench("j", published=3, preferences=[1]), "damaged"),
    ],
)
def test_what_is_no_figures_of_a_bench_run_is_one_clear_line(write, data, told):
    with pytest.raises(InputError, match=told) as error:
        read_boards([write("a", data)])
    assert "\n" not in str(error.value)
    assert "bench.json" in str(error.value)


def test_a_folder_without_figures_is_named(tmp_path):
    with pytest.raises(InputError, match=r"has no bench.json: it is no run of `audiojudge bench`"):
        read_boards([tmp_path])


def test_correlations_have_a_column_for_each_dimension_and_level(write):
    one = {"value": 0.5, "low": -0.1, "high": 0.8}
    clips = {"n": 20, "pearson": one, "spearman": one, "kendall": None}
    human = {"clips": clips, "systems": clips, "within": {"sources": 4, "spearman": one}}
    agreement = [{"dimension": "noise", "clips": 20, "rated": 20, "human": human}]
    (board,) = read_boards([write("a", bench("none", layout="scored", groups=[], agreement=agreement, by="quality"))])
    assert board.columns == (
        *("noise: Spearman, clips", "noise: Pearson, clips", "noise: Spearman, systems", "noise: Pearson, systems"),
        "noise: Spearman, in sources",
    )
    assert board.standings[0].name == "speech quality, measured"
    assert "-0.100 to 0.800" in board_html([board])


def test_names_of_others_stay_text(write):
    boards = read_boards([write("a", bench(HOSTILE, benchmark=HOSTILE))])
    for page in (board_html(boards), board_markdown(boards)):
        assert "script" in page
        assert "<script>alert" not in page
        assert "\x1b" not in page
    assert "judge &#40;theirs&#41; | how" in board_markdown(boards)


@pytest.fixture
def page(write, tmp_path):
    runs = [write(str(at), bench(f"judge-{at}" * (1 + 3 * at), 0.9 - at / 10)) for at in range(6)]
    path: Path = tmp_path / "board.html"
    path.write_text(board_html(read_boards(runs)), encoding="utf-8")
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_browser_shows_it_without_sideways_scrolling_and_axe_finds_nothing(chromium, page, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is missing")
    context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    tab, troubles = context.new_page(), []
    tab.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: troubles.append(str(error)))
    tab.on("request", lambda sent: None if sent.url.startswith(("file:", "data:")) else troubles.append(sent.url))
    tab.goto(page.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.locator("table.board tbody tr").count() == 6
    assert tab.locator("table.board tbody th").first.inner_text() == "1. judge-0"
    dots = [float(one.get_attribute("cx")) for one in tab.locator("svg.whisker circle").all()]
    assert dots == sorted(dots, reverse=True)
    assert tab.get_by_text("Published by others, not measured here").is_visible()
    tab.locator("summary").click()
    found = axe.Axe().run(tab).response["violations"]
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
    assert troubles == []
    context.close()
