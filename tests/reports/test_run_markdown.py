from __future__ import annotations

from typing import Any

from audiojudge_cli.reports.gather import gather
from audiojudge_cli.reports.run_markdown import run_markdown

ROWS: list[dict[str, Any]] = [
    {"id": "fine", "answers": [0.9], "subset": "music"},
    {"id": "bad", "answers": [0.1, 0.9], "subset": "sound", "questions": ["Is a dog heard?", "Is rain heard?"]},
    {"id": "broken", "error": "not-found", "subset": "sound"},
]


def row(text: str, name: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(f"| {name} |"))


def test_figures_subsets_worst_clips_and_failures(make_run):
    text = run_markdown(gather(make_run(ROWS), None, clips=10))
    assert "3 clips (2 ok, 1 error)" in text
    assert "**0.700**" in row(text, "score")
    assert "**50.0 %**" in row(text, "match")
    assert row(text, "sound").startswith("| sound | 2 | 0.500 |")
    assert "Is a dog heard? Heard at 1.0 s." in row(text, "`bad`")
    assert "Is rain heard?" not in text
    assert "`fine`" not in text
    assert row(text, "`not-found`").startswith("| `not-found` | 1 |")
    assert "audiojudge diff" not in text


def test_a_baseline_adds_what_moved(make_run):
    old = make_run([{**ROWS[0], "answers": [0.4]}, {**ROWS[1], "answers": [0.9, 0.9]}, ROWS[2]], "old")
    text = run_markdown(gather(make_run(ROWS), old, clips=10))
    assert "1 item turned from yes to no" in text


def test_hostile_text_stays_in_its_cell(make_run):
    hostile = "a|b <img src=x> @you `code` [x](y)\n# h"
    rows = [{"id": "x`|", "caption": hostile, "answers": [0.1], "questions": [hostile], "subset": hostile}]
    text = run_markdown(gather(make_run(rows), None, clips=10))
    assert "<img" not in text
    assert "@you" not in text
    assert "\n# h" not in text
    assert all(line.count("|") in {5, 6, 8} for line in text.splitlines() if line.startswith("|"))


def test_a_run_that_only_measures_tells_figures_and_faults_and_no_scores(make_run):
    rows = [
        {"id": "fine", "quality": {"lufs": -20.0, "snr_db": 30.0}},
        {"id": "bad", "quality": {"lufs": -9.0, "snr_db": 3.0}, "faults": ["clipped", "loop"]},
        {"id": "broken", "error": "not-found"},
    ]
    text = run_markdown(gather(make_run(rows, judged=False), None, clips=10))
    assert "**50.0 %**" in row(text, "faulty")
    assert "clipped 1, loop 1" in text
    assert row(text, "signal to noise").endswith("| dB | `bad` |")
    assert "`clipped` It is clipped." in row(text, "`bad`")
    assert not any(word in text for word in ("score", "coverage", "Question", ", judge"))
    judged = run_markdown(gather(make_run(rows[:2], "judged"), None, clips=10))
    assert "Faults: 1 of 2 clips" in judged
    assert "Quality" not in run_markdown(gather(make_run(ROWS, "unmeasured"), None, clips=10))
