from __future__ import annotations

import io

import pandas as pd
import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.reports.figure import Middle, Value
from audiojudge_cli.reports.pivot import pivot
from audiojudge_cli.reports.pivot_lines import pivot_csv, pivot_data, pivot_lines
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


def test_means_of_clips_leave_out_what_has_no_score(run):
    found = pivot([run], Value.SCORE, rows="model", columns="subset")
    assert list(found.index) == ["a", "=b", "all"]
    assert list(found.columns) == ["mix", "sound", "all", "n"]
    assert found.loc["=b", "mix"] == pytest.approx(0.2)
    assert found.loc["=b", "all"] == pytest.approx(0.3)
    assert pd.isna(found["mix"]["a"])
    assert found.loc["all", "n"] == 3
    assert found.loc["all", "all"] == pytest.approx((0.8 + 0.4 + 0.2) / 3)


def test_figures_of_items(run):
    assert pivot([run], Value.P_YES, rows="dimension").loc["event", "all"] == pytest.approx(0.5)
    yes = pivot([run], Value.YES, rows="dimension")
    assert yes.loc["event", "all"] == pytest.approx(1 / 3)
    assert yes.loc["all", "n"] == 4
    assert "room" not in yes.index


def test_coverage_counts_the_unverifiable_and_not_what_has_no_items(run):
    found = pivot([run], Value.COVERAGE, rows="subset")
    assert found.loc["sound", "all"] == pytest.approx(0.75)
    assert found.loc["mix", "all"] == pytest.approx(0.5)
    assert found.loc["all", "n"] == 4


def test_clips_without_a_value_have_a_row_of_their_own(run):
    assert pivot([run], Value.COVERAGE, rows="model").loc["(none)", "all"] == 0


def test_runs_side_by_side(make_run):
    old, new = make_run([{"answers": [0.5]}], "old"), make_run([{"answers": [0.6]}], "new")
    assert pivot([old, new], Value.SCORE, rows="run")["all"].round(4).to_dict() == {"new": 0.6, "old": 0.5, "all": 0.55}


def test_runs_of_different_judges_have_no_common_mean(make_run):
    runs = [make_run([{"answers": [0.5]}], "old", judge="a1"), make_run([{"answers": [0.6]}], "new", judge="b2")]
    with pytest.raises(InputError, match="different judges"):
        pivot(runs, Value.SCORE, rows="run")
    assert list(pivot(runs, Value.SCORE, rows="judge").index) == ["test@b2", "test@a1", "all"]


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
        ["model", "mix", "sound", "all", "n"],
        ["a", "-", "0.800", "0.800", "1"],
        ["=b", "0.200", "0.400", "0.300", "2"],
        ["all", "0.200", "0.600", "0.467", "3"],
    ]


def test_csv_runs_in_no_spreadsheet_and_reads_back(run):
    text = pivot_csv(pivot([run], Value.SCORE, rows="model", columns="subset"))
    assert "'=b" in text
    back = pd.read_csv(io.StringIO(text), index_col=0)
    assert back.loc["all", "n"] == 3
    assert back.loc["a", "sound"] == pytest.approx(0.8)


def test_data_keeps_labels_that_are_called_like_ours(make_run):
    run = make_run([{"answers": [0.5], "metadata": {"model": "all"}}, {"answers": [0.7], "metadata": {"model": "n"}}])
    data = pivot_data(pivot([run], Value.SCORE, rows="subset", columns="model"))
    assert data["columns"] == ["all", "n", "all", "n"]
    assert data["cells"][-1] == [0.5, 0.7, 0.6, 2]


def test_runs_of_one_name_are_told_apart_and_one_named_twice_counts_once(make_run, tmp_path):
    runs = []
    for number, answer in enumerate((0.9, 0.2)):
        (tmp_path / f"at{number}").mkdir()
        runs.append(make_run([{"answers": [answer]}]).rename(tmp_path / f"at{number}" / "run"))
    found = pivot([*runs, runs[0]], Value.SCORE, rows="run")
    assert list(found.index) == [str(runs[0]), str(runs[1]), "all"]
    assert list(found["n"]) == [1, 1, 2]


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
    assert found["all"]["a"] == pytest.approx(expected["a"])
    assert found["all"]["b"] == pytest.approx(expected["b"])
    assert found["n"].to_dict() == {"a": 3, "b": 2, "all": 5}
    assert list(found.index) == (["b", "a", "all"] if name == "wer" else ["a", "b", "all"])


def test_measured_and_judged_runs_stand_side_by_side_for_what_was_measured(make_run):
    rows = [{"quality": {"lufs": -20.0}, "faults": ["loop"]}, {"quality": {"lufs": -30.0}}]
    judged, measured = make_run(rows, "judged"), make_run(rows, "measured", judged=False)
    assert pivot([judged, measured], Value.LUFS, rows="run")["all"].to_dict() == dict.fromkeys(
        ("judged", "measured", "all"), -25.0
    )
    assert pivot([judged, measured], Value.FAULTY, rows="run")["all"]["all"] == 0.5
    with pytest.raises(InputError, match="it was not measured"):
        pivot([judged, measured], Value.MOS, rows="run")
    with pytest.raises(InputError, match="nothing was judged"):
        pivot([measured], Value.SCORE, rows="run")
