"""Records, rubrics, gates and runs as prompts and notebooks show them; nothing in a caption is markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import audiojudge_cli as aj
from audiojudge_cli.api.opened import Run
from audiojudge_cli.rubrics.item import Rubric, RubricItem
from audiojudge_cli.text.markup import escaped, table

NASTY = "<script>alert(\"x\")</script><img src=x onerror='y'>&amp;\x1b[31m\u202e</table>"
TAGS = {"div", "b", "i", "br", "small", "table", "thead", "tbody", "tr", "th", "td"}


class Tags(HTMLParser):
    """Collects tags, attributes and text; open tags must be closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= set(attrs)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def harmless(page: str) -> str:
    found = Tags(page)
    assert found.seen <= TAGS
    # No colours: those of the notebook hold, light or dark.
    assert found.attributes <= {("style", "text-align:left")}
    assert not re.search(r"[\x00-\x1f\x7f\u202e]", found.text)
    return found.text


@given(st.text())
def test_any_text_is_text(text):
    shown = harmless(table((text,), [[text], ["plain"]]))
    assert shown.endswith("plain")
    assert "<" not in escaped(text)


@pytest.fixture
def run(make_run):
    rows: list[dict[str, Any]] = [
        {"caption": NASTY, "audio": f"{NASTY}.wav", "questions": [NASTY], "answers": [0.2], "evidence": NASTY},
        {"caption": "A dog barks.", "answers": [0.9, 0.8], "subset": "sound"},
        {"error": "not-audio"},
        {"answers": [None]},
        {"transcript": NASTY, "answers": [0.6]},
    ]
    return Run(make_run(rows, info={"reason": NASTY}))


def test_records(run):
    for record in run:
        text = harmless(record._repr_html_())
        assert (record.caption in text) == (NASTY not in record.caption) or not record.caption
        line = repr(record)
        assert line.startswith("<Record of ")
        assert line.isprintable()
        assert len(line) < 400
    first, second, third, fourth, _ = run
    assert repr(second) == "<Record of clip1.wav: match, score 0.850, 2 of 2 items yes>"
    assert repr(third) == "<Record of clip2.wav: not-audio: no such file>"
    assert repr(fourth) == "<Record of clip3.wav: no decision, no score, 0 of 1 item yes>"
    assert "no match, score 0.200, 0 of 1 item yes; lowest 0.200: <script>" in repr(first)
    for told in ("yes", "0.900", "Is thing 0 heard?", "Heard at 1.0 s."):
        assert told in second._repr_html_()


def test_a_run_shows_its_worst_clips_first(run):
    text = harmless(run._repr_html_())
    assert text.index("not-audio") < text.index("no match, score 0.200") < text.index("match, score 0.850")
    mean = f"{run.summary['score']['mean']:.3f}"
    assert repr(run) == f"<Run of 5 clips, score {mean} (0.200 to 0.850), 2 match, 1 failed, in {run.folder}>"


def test_a_long_run_shows_ten_and_says_so(make_run):
    run = Run(make_run([{"answers": [n / 20]} for n in range(12)]))
    page = run._repr_html_()
    assert page.count("<tr>") == 11
    assert "… and 2 more" in harmless(page)


def test_a_run_without_records_and_one_that_only_measures(make_run, tmp_path):
    run = Run(make_run([{"quality": {"lufs": -20.0}, "faults": ["clipped"]}, {"quality": {}}], judged=False))
    assert "1 with faults" in repr(run)
    assert "measured" in harmless(run._repr_html_())
    assert [repr(record) for record in run] == [
        "<Record of clip0.wav: measured, clipped>",
        "<Record of clip1.wav: measured, no faults>",
    ]
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "records.jsonl").touch()
    empty = aj.open_run(tmp_path / "empty")
    assert "no clip has a record yet" in repr(empty)
    assert "no clip has a record yet" in harmless(empty._repr_html_())
    assert (len(empty), len(empty.clips), len(empty.items)) == (0, 0, 0)
    assert "not a run folder" in repr(Run(Path("nowhere")))


def test_gates_and_rubrics(run):
    gate = run.gate(["score.mean >= 0.9", "count.error == 0"])
    assert "score.mean >= 0.9" in harmless(gate._repr_html_())
    assert repr(gate).startswith("<Gate failed: fail: score.mean >= 0.9 (is 0.")
    rubric = Rubric((RubricItem("event", NASTY, NASTY, negated=True),), "en", "sound")
    assert "¬" in harmless(rubric._repr_html_())
    assert repr(rubric).isprintable()
    assert str(rubric).splitlines()[0] == "subset sound, language en, 1 item"
