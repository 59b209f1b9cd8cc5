from __future__ import annotations

import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.reports.gather import gather
from audiojudge_cli.reports.headline import headline
from audiojudge_cli.reports.history import History, Line, read_history

CLIPS = 12


def rows(rise: float) -> list[dict[str, object]]:
    return [
        {
            "answers": [round(0.2 + rise + n / 100, 4), 0.7],
            "dimensions": ["event", "tempo"],
            "subset": "music" if n % 2 else "sound",
            "quality": {"lufs": -20.0 - rise},
        }
        for n in range(CLIPS)
    ]


def line(history: History, kind: str, name: str) -> Line:
    return next(one for one in history.lines if (one.kind, one.name) == (kind, name))


def test_figures_are_those_of_each_run_alone_in_the_order_given(make_run):
    folders = [make_run(rows(rise), name) for name, rise in (("late", 0.5), ("early", 0.0), ("mid", 0.2))]
    found = read_history(folders)
    assert [release.name for release in found.releases] == ["late", "early", "mid"]
    assert [step.comparison is not None for step in found.steps] == [True, True]
    for at, folder in enumerate(folders):
        for tile in headline(gather(folder, None, clips=1)):
            point = line(found, "overall", tile.name).points[at]
            assert (point.value, point.low, point.high) == (tile.value, tile.low, tile.high)
    event = line(found, "dimension", "event").points
    assert [point.value for point in event] == [pytest.approx(0.255 + rise) for rise in (0.5, 0.0, 0.2)]
    assert all((point.low or 1) < (point.value or 0) < (point.high or 0) for point in event)
    # All items agree: there is nothing to draw an interval from.
    assert [point.low for point in line(found, "dimension", "tempo").points] == [None] * 3
    assert [point.verdict for point in line(found, "overall", "score").points] == ["", "worse", "better"]
    assert [point.verdict for point in event] == ["", "worse", "better"]
    assert [point.value for point in line(found, "quality", "loudness, LUFS").points] == [-20.5, -20.0, -20.2]


def test_what_one_run_has_not_is_no_figure_there_and_breaks_nothing(make_run):
    one = make_run([{"answers": [0.5], "subset": "sound"}], "one")
    other = make_run([{"answers": [0.5], "dimension": "tempo", "subset": "music"}], "other")
    measured = make_run([{"caption": "", "quality": {"lufs": -20.0}}], "measured", judged=False)
    found = read_history([one, other, measured])
    assert [point.value for point in line(found, "subset", "music").points] == [None, 0.5, None]
    assert [point.value for point in line(found, "dimension", "tempo").points] == [None, 0.5, None]
    assert [point.value for point in line(found, "overall", "score").points] == [0.5, 0.5, None]
    # Another rubric, then another judge: no step is compared, and each says why.
    assert [step.comparison for step in found.steps] == [None, None]
    assert all(step.why for step in found.steps)


def test_one_judge_after_another_is_shown_and_not_compared(make_run):
    found = read_history(
        [make_run(rows(0), "a"), make_run(rows(0.2), "b", judge="j2"), make_run(rows(0.3), "c", pending=2)]
    )
    assert "another judge" in found.steps[0].why
    assert not any(point.verdict for each in found.lines for point in each.points)
    assert found.releases[2].pending == 2


def test_a_run_named_twice_is_refused_and_two_of_one_name_are_told_apart(make_run, tmp_path):
    first, second = make_run(rows(0), "x/run"), make_run(rows(0.1), "y/run")
    with pytest.raises(InputError, match="named twice"):
        read_history([first, second, tmp_path / "y" / ".." / "x" / "run"])
    names = [release.name for release in read_history([first, second]).releases]
    assert len(set(names)) == 2
