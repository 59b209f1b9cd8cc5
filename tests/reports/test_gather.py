from __future__ import annotations

import pytest

from audiojudge_cli.errors import InputError, NotJudgedError
from audiojudge_cli.reports.gather import gather
from audiojudge_cli.reports.headline import headline

ROWS = [
    {"id": "fine", "answers": [0.9]},
    {"id": "bad", "answers": [0.1, 0.5]},
    {"id": "worse", "answers": [0.1]},
    {"id": "broken", "error": "not-found"},
]


def test_failed_clips_come_first_and_then_the_worst(make_run):
    run = gather(make_run(ROWS), None, clips=10)
    assert [record.id for record in run.records] == ["broken", "worse", "bad", "fine"]
    assert [record.id for record in gather(make_run(ROWS), None, clips=2).records] == ["broken", "worse"]
    assert [record.id for record in gather(make_run(ROWS), None, clips=2, failed=False).records] == ["worse", "bad"]
    assert len(run.table) == run.summary["clips"]["total"] == 4
    assert run.comparison is None


def test_only_the_same_clip_is_compared(make_run):
    old = [
        {"id": "fine", "answers": [0.8]},
        {"id": "bad", "answers": [0.6, 0.6], "questions": ["Is something else heard?", "Is thing 1 heard?"]},
        {"id": "worse", "answers": [0.7], "caption": "Another caption."},
        {"id": "broken", "answers": [0.7], "caption": "Caption 3."},
        {"id": "lone", "answers": [0.7]},
    ]
    run = gather(make_run(ROWS), make_run(old, "old"), clips=10)
    assert {name: record.score for name, record in run.earlier.items()} == {"fine": 0.8, "broken": 0.7}
    assert run.comparison is not None
    assert run.comparison.pairs == 2


def test_what_does_not_compare_is_refused(make_run):
    with pytest.raises(InputError, match="judge"):
        gather(make_run(ROWS), make_run(ROWS, "old", judge="j2"), clips=10)
    with pytest.raises(NotJudgedError):
        gather(make_run(ROWS), make_run(ROWS, "half", pending=3), clips=10)


@pytest.mark.parametrize("content", ["", "[1]", "{", None, "[" * 100_000])
def test_a_damaged_run_file_costs_only_what_it_would_have_told(make_run, content):
    folder = make_run(ROWS)
    (folder / "run.json").unlink()
    if content is not None:
        (folder / "run.json").write_text(content)
    run = gather(folder, None, clips=10)
    assert run.info == {}
    assert len(run.records) == 4


def test_headline_figures_have_intervals_by_caption(make_run):
    rows = [{"answers": [0.9 if at % 3 else 0.2], "caption": f"c{at // 2}"} for at in range(12)]
    score, match, coverage, failed = headline(gather(make_run(rows), None, clips=10))
    assert (score.name, round(score.value or 0, 4)) == ("score", 0.6667)
    assert (match.value, coverage.value, failed.value) == (8 / 12, 1.0, 0.0)
    for figure in (score, match):
        assert figure.low is not None
        assert figure.high is not None
        assert figure.value is not None
        assert figure.low < figure.value < figure.high
    # Clips that all agree prove nothing about the next one.
    assert (failed.low, failed.high) == (coverage.low, coverage.high) == (None, None)
