from __future__ import annotations

import pytest

from audiojudge_cli.results.summary import Tally
from audiojudge_cli.results.terminal import Screen, summary_lines
from audiojudge_cli.results.worst import Worst
from audiojudge_cli.text.terminal import width


@pytest.fixture
def lines(makers):
    def make(records, columns=100, colour=False, pending=0):
        tally, worst = Tally(makers.judge, makers.rule), Worst()
        for record in records:
            tally.add(record)
            worst.add(record)
        return summary_lines(tally.summary(pending=pending), worst.clips(), Screen(columns, colour))

    return make


def test_nothing_judged_shows_dashes_and_no_zero(lines, make_record):
    head = lines([make_record([], error="not-found")])
    assert head[1].split() == ["score", "-"]
    assert head[2].startswith("match     - (0 of 0 clips")
    assert "not-found      1  clip.wav" in head


def test_failures_name_files_and_count_the_rest(lines, make_record):
    records = [make_record([], error="empty", clip_id=f"{number}") for number in range(5)]
    shown = lines(records)
    at = shown.index("empty      5  0.wav, 1.wav, 2.wav, and 2 more")
    assert shown[at + 1] == "      no such file"


def test_columns_are_aligned(lines, make_record):
    records = [make_record([0.9], clip_id="a", subset="mix"), make_record([0.1], clip_id="b", subset="speech")]
    table = [line for line in lines(records) if line.split()[:1] in (["subset"], ["mix"], ["speech"])]
    assert len(table) == 3
    assert len({width(line) for line in table}) == 1


@pytest.mark.parametrize("columns", [60, 100])
def test_lines_fit_the_terminal(lines, make_record, columns):
    records = [make_record([0.1, 0.2], clip_id="狗" * 90), make_record([0.3], clip_id="b" * 110)]
    assert all(width(line) <= columns for line in lines(records, columns=columns)[4:])


def test_an_id_of_its_own_is_shown_with_the_file(lines, make_record):
    assert "0.100  clip.wav" in lines([make_record([0.1])])


def test_colour_is_a_choice(lines, make_record):
    assert "\x1b" not in "".join(lines([make_record([0.1])]))
    assert "\x1b[31m" in "".join(lines([make_record([0.1])], colour=True))


def test_pending_clips_are_told(lines, make_record):
    assert lines([make_record()], pending=3)[0] == "clips     4 (1 ok, 3 pending)"
