from __future__ import annotations

import io
import json
from typing import Any

import pandas as pd
import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.reports.figure import Middle, Value
from audiojudge_cli.reports.pivot import Pivot, pivot
from audiojudge_cli.reports.pivot_lines import pivot_csv, pivot_data, pivot_jsonl, pivot_lines, pivot_markdown
from audiojudge_cli.results.quality_figures import QUALITY


@pytest.fixture
def run(make_run):
    return make_run(
        [
            {"answers": [0.9, 0.7], "dimensions": ["event", "order"], "subset": "sound", "metadata": {"model": "a"}},
            {"answers": [0.4, None], "dimensions": ["event", "room"], "subset": "sound", "metadata": {"model": "=b"}},
            {"answers": [0.2], "subset": "mix", "metadata": {"model": "=b"}},
            {"answers": [None], "subset": "mix"},
            {"error": "decode", "subset": "mix", "metadata": {"model": "a"}},
        ]
    )


def value(found: Pivot, row: str, column: str = "all") -> float | None:
    return found.cells[found.rows.index(row)][found.columns.index(column)].value


def counts(found: Pivot) -> dict[str, int]:
    return {name: cells[-1].n for name, cells in zip(found.rows, found.cells, strict=True)}


def test_means_of_clips_leave_out_what_has_no_score(run):
    found = pivot([run], Value.SCORE, rows="model", columns="subset")
    assert found.rows == ("a", "=b", "all")
    assert found.columns == ("mix", "sound", "all")
    assert value(found, "=b", "mix") == pytest.approx(0.2)
    assert value(found, "=b") == pytest.approx(0.3)
    assert value(found, "a", "mix") is None
    assert counts(found)["all"] == 3
    assert value(found, "all") == pytest.approx((0.8 + 0.4 + 0.2) / 3)


@pytest.mark.parametrize("empty", [None, "", " ", "\t"], ids=repr)
def test_an_empty_cell_is_no_model(make_run, empty):
    found = pivot([make_run([{"metadata": {"model": empty}}, {"metadata": {"model": "a"}}])], Value.SCORE, rows="model")
    assert sorted(found.rows) == ["(none)", "a", "all"]


def test_figures_of_items(run):
    assert value(pivot([run], Value.P_YES, rows="dimension"), "event") == pytest.approx(0.5)
    yes = pivot([run], Value.YES, rows="dimension")
    assert value(yes, "event") == pytest.approx(1 / 3)
    assert counts(yes)["all"] == 4
    assert "room" not in yes.rows


def test_coverage_counts_the_unverifiable_and_not_what_has_no_items(run):
    found = pivot([run], Value.COVERAGE, rows="subset")
    assert value(found, "sound") == pytest.approx(0.75)
    assert value(found, "mix") == pytest.approx(0.5)
    assert counts(found)["all"] == 4


def test_clips_without_a_value_have_a_row_of_their_own(run):
    assert value(pivot([run], Value.COVERAGE, rows="model"), "(none)") == 0


def test_runs_side_by_side(make_run):
    old, new = make_run([{"answers": [0.5]}], "old"), make_run([{"answers": [0.6]}], "new")
    found = pivot([old, new], Value.SCORE, rows="run")
    assert [(name, value(found, name)) for name in found.rows] == [("new", 0.6), ("old", 0.5), ("all", 0.55)]


def test_runs_of_different_judges_have_no_common_mean(make_run):
    runs = [make_run([{"answers": [0.5]}], "old", judge="a1"), make_run([{"answers": [0.6]}], "new", judge="b2")]
    with pytest.raises(InputError, match="different judges"):
        pivot(runs, Value.SCORE, rows="run")
    assert pivot(runs, Value.SCORE, rows="judge").rows == ("test@b2", "test@a1", "all")


def systems(captions: int, of_each: int = 1) -> list[dict[str, Any]]:
    """Two models that answer the same captions, each so many times."""
    return [
        {"caption": f"Caption {at}.", "answers": [round(0.2 + 0.1 * (at % 5) + gain, 2)], "metadata": {"model": model}}
        for at in range(captions)
        for model, gain in (("a", 0.0), ("b", 0.2))
        for _ in range(of_each)
    ]


def test_intervals_are_those_of_the_summary(make_run):
    folder = make_run([{**row, "subset": row["metadata"]["model"]} for row in systems(9)])
    summary = json.loads((folder / "summary.json").read_text())
    found = pivot([folder], Value.SCORE, rows="subset", columns="language")
    told = {name: cells[-1] for name, cells in zip(found.rows, found.cells, strict=True)}
    for name, part in {**summary["subsets"], "all": summary}.items():
        score, cell = part["score"], told[name]
        assert (score["mean"], score["low"], score["high"]) == pytest.approx(
            (cell.value, cell.low, cell.high), abs=6e-5
        )
        assert (score["clips"], score["captions"]) == (cell.n, cell.captions)


@pytest.mark.parametrize("middle", list(Middle))
@pytest.mark.parametrize("figure", [Value.SCORE, Value.P_YES, Value.MATCH])
def test_clips_of_one_caption_count_as_one_draw(make_run, figure, middle):
    once, often = (
        pivot([make_run(systems(8, of_each), f"times{of_each}")], figure, rows="model", middle=middle)
        for of_each in (1, 5)
    )
    assert [cells[-1].n * 5 for cells in once.cells] == [cells[-1].n for cells in often.cells]
    for one, five in zip(once.cells, often.cells, strict=True):
        assert five[-1].captions == one[-1].captions == 8
        assert (five[-1].low, five[-1].high) == pytest.approx((one[-1].low, one[-1].high))
        assert (one[-1].low is None) == (middle in {Middle.MIN, Middle.MAX})
        told = [each for each in (one[-1].low, one[-1].value, one[-1].high) if each is not None]
        assert sorted(told) == told


@pytest.mark.parametrize("middle", list(Middle))
def test_one_caption_has_no_interval(make_run, middle):
    found = pivot([make_run(systems(1, 4))], Value.SCORE, rows="model", columns="subset", middle=middle)
    assert {(cell.low, cell.high) for cells in found.cells for cell in cells} == {(None, None)}
    assert [line.split()[-1] for line in pivot_lines(found)] == ["n", "4", "4", "8"]


def test_captions_that_all_agree_are_sure_of_nothing(make_run):
    folder = make_run([{"caption": f"Caption {at}.", "answers": [0.9]} for at in range(20)])
    for figure in (Value.SCORE, Value.MATCH, Value.COVERAGE):
        [*_, whole] = pivot([folder], figure, rows="subset").cells
        assert (whole[-1].captions, whole[-1].low, whole[-1].high) == (20, None, None)


@pytest.mark.parametrize(
    ("value", "rows", "columns", "said"),
    [
        (Value.SCORE, "modle", None, "did you mean 'model'"),
        (Value.SCORE, "dimension", None, "use --value p_yes or yes"),
        (Value.SCORE, "subset", "subset", "two different columns"),
    ],
)
def test_what_cannot_be_shown(run, value, rows, columns, said):
    with pytest.raises(InputError, match=said):
        pivot([run], value, rows=rows, columns=columns)


def test_nothing_judged_is_no_table(make_run):
    with pytest.raises(InputError, match="nothing was judged"):
        pivot([make_run([{"error": "decode"}])], Value.SCORE, rows="subset")


def test_lines(run):
    lines = pivot_lines(pivot([run], Value.SCORE, rows="model", columns="subset"))
    assert [line.split() for line in lines] == [
        ["model", "mix", "sound", "all", "95", "%", "interval", "n"],
        ["a", "-", "0.800", "0.800", "-", "1"],
        ["=b", "0.200", "0.400", "0.300", "0.200", "to", "0.400", "2"],
        ["all", "0.200", "0.600", "0.467", "0.200", "to", "0.800", "3"],
    ]


def test_the_only_mean_is_called_what_it_is_of(run):
    for middle in Middle:
        head = pivot_lines(pivot([run], Value.COVERAGE, rows="model", middle=middle))[0]
        ends = ["95", "%", "interval"] if middle in {Middle.MEAN, Middle.MEDIAN} else []
        assert head.split() == ["model", "coverage", *ends, "n"]


def test_markdown_keeps_labels_inert(make_run):
    rows = [{"answers": [0.5], "metadata": {"model": "<img src=x>|[a](b)"}}, {"answers": [0.7]}]
    page = pivot_markdown(pivot([make_run(rows)], Value.SCORE, rows="model"))
    assert page.splitlines()[:2] == ["| model | score | 95 % interval | n |", "| --- | ---: | --- | ---: |"]
    assert "<img" not in page
    assert {line.count("|") for line in page.splitlines()} == {5}


def test_csv_runs_in_no_spreadsheet_and_reads_back(run):
    text = pivot_csv(pivot([run], Value.SCORE, rows="model", columns="subset"))
    assert "'=b" in text
    back = pd.read_csv(io.StringIO(text), index_col=0)
    assert list(back.columns) == ["mix", "sound", "all", "low", "high", "n"]
    assert back.loc["all", "n"] == 3
    assert back.loc["a", "sound"] == pytest.approx(0.8)
    assert (back["low"] < back["all"]).to_list() == (back["all"] < back["high"]).to_list() == [False, True, True]


def test_data_keeps_labels_that_are_called_like_ours(make_run):
    run = make_run([{"answers": [0.5], "metadata": {"model": "all"}}, {"answers": [0.7], "metadata": {"model": "n"}}])
    data = pivot_data(pivot([run], Value.SCORE, rows="subset", columns="model"))
    assert data["columns"] == ["all", "n", "all", "n"]
    assert data["cells"][-1] == [0.5, 0.7, 0.6, 2]
    assert data["counts"][-1] == [1, 1, 2]
    assert data["intervals"][-1] == [None, None, [0.5, 0.7]]


def test_lines_of_json_say_the_same_as_the_table(run):
    found = pivot([run], Value.SCORE, rows="model", columns="subset")
    lines = [json.loads(line) for line in pivot_jsonl(found).splitlines()]
    data = pivot_data(found)
    cells = {(one["row"], one["column"]): one for one in lines}
    for row, values, ends, ns in zip(data["rows"], data["cells"], data["intervals"], data["counts"], strict=True):
        for column, value, pair, n in zip(found.columns, values[:-1], ends, ns, strict=True):
            one = cells.pop((row, column), None)
            assert (one is None) == (value is None)
            assert one is None or (one["value"], one["n"]) == (value, n)
            assert one is None or (one["low"], one["high"]) == tuple(pair or (None, None))
    assert not cells


def test_runs_of_one_name_are_told_apart_and_one_named_twice_counts_once(make_run, tmp_path):
    runs = []
    for number, answer in enumerate((0.9, 0.2)):
        (tmp_path / f"at{number}").mkdir()
        runs.append(make_run([{"answers": [answer]}]).rename(tmp_path / f"at{number}" / "run"))
    found = pivot([*runs, runs[0]], Value.SCORE, rows="run")
    assert counts(found) == {str(runs[0]): 1, str(runs[1]): 1, "all": 2}


def test_every_figure_of_quality_is_a_value():
    assert [value.value for value in Value if not value.of_judge] == ["faulty", *QUALITY]


@pytest.mark.parametrize("middle", list(Middle))
@pytest.mark.parametrize("name", ["lufs", "wer", "mos"])
def test_figures_of_files(make_run, middle, name):
    values: dict[str, list[float | None]] = {"a": [1.0, 2.0, 6.0], "b": [0.5, 0.25, None]}
    rows = [{"metadata": {"model": model}, "quality": {name: one}} for model in values for one in values[model]]
    run = make_run([*rows, {"error": "decode", "metadata": {"model": "a"}}], judged=False)
    found = pivot([run], Value(name), rows="model", middle=middle)
    expected = pd.DataFrame({model: pd.Series(values[model], dtype=float) for model in values}).agg(middle.value)
    assert value(found, "a") == pytest.approx(expected["a"])
    assert value(found, "b") == pytest.approx(expected["b"])
    assert counts(found) == {"a": 3, "b": 2, "all": 5}
    assert found.rows == (("b", "a", "all") if name == "wer" else ("a", "b", "all"))


def test_measured_and_judged_runs_stand_side_by_side_for_what_was_measured(make_run):
    rows = [{"quality": {"lufs": -20.0}, "faults": ["loop"]}, {"quality": {"lufs": -30.0}}]
    judged, measured = make_run(rows, "judged"), make_run(rows, "measured", judged=False)
    found = pivot([judged, measured], Value.LUFS, rows="run")
    assert {name: value(found, name) for name in found.rows} == dict.fromkeys(("judged", "measured", "all"), -25.0)
    assert value(pivot([judged, measured], Value.FAULTY, rows="run"), "all") == 0.5
    with pytest.raises(InputError, match="it was not measured"):
        pivot([judged, measured], Value.MOS, rows="run")
    with pytest.raises(InputError, match="nothing was judged"):
        pivot([measured], Value.SCORE, rows="run")


def test_a_row_of_which_every_clip_failed_comes_first_and_does_not_vanish(make_run):
    rows = [
        {"answers": [0.9], "metadata": {"model": "good"}},
        {"answers": [0.2], "metadata": {"model": "poor"}},
        {"error": "empty", "metadata": {"model": "poor"}},
        {"error": "empty", "metadata": {"model": "broken"}},
        {"error": "empty", "metadata": {"model": "lost"}},
        {"answers": [None], "metadata": {"model": "open"}},
    ]
    found = pivot([make_run(rows)], Value.SCORE, rows="model", columns="subset")
    assert found.rows == ("broken", "lost", "good", "poor", "all")
    assert [cells[-1].n for cells in found.cells] == [0, 0, 1, 1, 2]
    assert {cell.value for cells in found.cells[:2] for cell in cells} == {None}
    assert pivot_lines(found)[1].split()[:2] == ["broken", "-"]
    assert [row[-1] for row in pivot_data(found)["cells"]][:2] == [0, 0]
