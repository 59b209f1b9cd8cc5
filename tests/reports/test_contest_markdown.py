"""Comparisons and selections as Markdown."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from audiojudge_cli.comparing.pair import Entrant, Pair
from audiojudge_cli.comparing.pairs_file import COLUMNS, PAIRS, Bout, row_of
from audiojudge_cli.comparing.prefer import Preference
from audiojudge_cli.comparing.standing import Standing
from audiojudge_cli.reports.gather import gather
from audiojudge_cli.reports.run_markdown import run_markdown

EVIL = "a|b <img src=x> `code`"
# id, preferred, margin, what a person preferred
MADE: list[tuple[str, Any, float | None, Any]] = [
    ("clear", "a", 3.0, "a"),
    ("wrong", "b", -1.0, "a"),
    ("failed", "error", None, None),
    ("close", "tie", 0.05, None),
]


@pytest.fixture
def contest(make_run):
    def make(*, ranked: bool = False) -> Path:
        run: Path = make_run([{"id": f"{name}-{side}"} for name, *_ in MADE for side in "ab"])
        standing = Standing(("new", "old"))
        with (run / PAIRS).open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(COLUMNS)
            for name, preferred, margin, human in MADE:
                a, b = Entrant((f"{name}-a.wav", "", None), "new"), Entrant((f"{name}-b.wav", "", None), "old")
                pair = Pair(name, a, b, name, "sound", human)
                table.writerow(row_of(pair, Preference(preferred, margin, 0.0, margin, EVIL)))
                standing.add(Bout("new", "old", preferred, name, "sound", human or ""))
        summary = json.loads((run / "summary.json").read_text())
        summary["comparison"] = {"by": "quality", **standing.to_dict(ranked=ranked), "undecided": {EVIL: 1}}
        (run / "summary.json").write_text(json.dumps(summary))
        return run

    return make


def test_wins_agreement_and_the_pairs_to_hear_first_take_the_place_of_scores(contest):
    text = run_markdown(gather(contest(), None, clips=10))
    assert "| new | 1 | 1 | 1 | **0.500** |" in text
    assert "agreement with people 0.500" in text
    listed = [line.split(" | ")[0] for line in text.splitlines() if line.startswith("| `")]
    assert listed == ["| `wrong`", "| `failed`", "| `close`", "| `clear`"]
    assert "| b | a |" in next(line for line in text.splitlines() if line.startswith("| `wrong`"))
    assert "<img" not in text
    for word in ("Worst clips", "By subset", "Ranking", "\n\n\n"):
        assert word not in text, word


def test_a_ranking_has_its_table(contest):
    text = run_markdown(gather(contest(ranked=True), None, clips=10))
    assert "### Ranking\n\n|  | system | strength | 95 % interval | to the next |" in text


def test_without_pairs_the_figures_stand_and_without_a_contest_nothing(contest, make_run):
    run = contest()
    (run / PAIRS).unlink()
    text = run_markdown(gather(run, None, clips=10))
    assert "| new | 1 | 1 | 1 |" in text
    assert "Pairs to hear" not in text
    plain = make_run([{"id": "x"}], "plain")
    assert "Which is better" not in run_markdown(gather(plain, None, clips=10))


def test_a_selection_says_what_was_selected(make_run):
    run = make_run([{"id": "x"}])
    summary = json.loads((run / "summary.json").read_text())
    summary["selection"] = {"by": "quality", "prompts": 2, "clips": 3, "selected": 1, "without": 1}
    (run / "summary.json").write_text(json.dumps(summary))
    text = run_markdown(gather(run, None, clips=10))
    assert "1 of 3 clips for 2 prompts, by quality" in text
    assert "1 prompt without" in text
    assert "Worst clips" not in text
