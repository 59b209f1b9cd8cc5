from __future__ import annotations

import pytest

from audiojudge_cli.reports.clip_lines import clip_lines
from audiojudge_cli.reports.find import find_records
from audiojudge_cli.results.terminal import Screen


@pytest.mark.parametrize("judged", [True, False])
def test_what_was_measured_and_what_is_wrong_with_the_file(make_run, judged):
    row = {"id": "a", "caption": "A dog." if judged else "", "quality": {"lufs": -20.25}, "faults": ["loop"]}
    record = find_records(make_run([row], judged=judged), ["a"])[0][0]
    lines = clip_lines(record, Screen(columns=200), blocks=False)
    assert "quality   loudness -20.2 LUFS" in lines
    assert "fault     loop: It is loop. [0.00-0.05 s]" in lines
    assert any(line.startswith("score") for line in lines) == judged
    assert any(line.startswith("caption") for line in lines) == judged


def test_nothing_is_said_of_a_file_that_nobody_measured(make_run):
    lines = clip_lines(find_records(make_run([{"id": "a"}]), ["a"])[0][0], Screen(), blocks=False)
    assert not any(line.startswith(("quality", "fault")) for line in lines)
