from __future__ import annotations

import html
import json
from pathlib import Path

import pytest

from audiojudge_cli.errors import NotJudgedError
from audiojudge_cli.gates import RuleSet, evaluate
from audiojudge_cli.gates.outcome import trouble
from audiojudge_cli.reports.gather import gather
from audiojudge_cli.reports.html.page import html_report
from audiojudge_cli.reports.kept_gate import read_gate
from audiojudge_cli.reports.run_markdown import run_markdown

HOSTILE = "<script>x</script> | `b` \x1b[31m"


def pages(folder: Path, page: Path) -> tuple[str, str]:
    run = gather(folder, None, clips=10)
    return html_report(run, page / "report.html"), run_markdown(run)


@pytest.fixture
def gated(make_run):
    def make(*rules, old=None, name="run"):
        folder = make_run([{"answers": [0.9]}, {"answers": [0.2]}], name)
        (folder / "gate.json").write_text(json.dumps(evaluate(folder, RuleSet.of(rules), old).to_dict()))
        return folder

    return make


def test_a_gate_that_passed(gated, tmp_path):
    shown, markdown = pages(gated("score.mean >= 0.5"), tmp_path)
    assert '<p class="passed">Gate passed (1 rule)' in shown
    assert "✅ Gate passed (1 rule)" in html.unescape(markdown)


def test_a_gate_that_failed_names_its_rules(gated, make_run, tmp_path):
    old = make_run([{"answers": [0.9]}] * 2, "old")
    folder = gated("score.mean >= 0.5", "regression.score.mean <= 0.1", old=old)
    shown, markdown = pages(folder, tmp_path)
    assert "old (1 of 2 rules)" in shown
    assert shown.count('<tr class="worse"><th scope="row"><code>regression.score.mean') == 1
    assert "❌ Gate failed against" in markdown
    assert "| fail | `regression.score.mean <= 0.1` |" in markdown
    assert "score.mean >= 0.5" not in markdown


def test_a_gate_without_an_outcome_is_no_gate_that_passed(make_run, tmp_path):
    folder = make_run([{}])
    (folder / "gate.json").write_text(json.dumps(trouble(NotJudgedError(HOSTILE), "run", None)))
    shown, markdown = pages(folder, tmp_path)
    assert '<p class="remark failure">The gate was not evaluated: ' in shown
    assert "<script>x" not in shown + markdown
    assert "\x1b" not in shown + markdown + markdown
    assert "❌" in markdown


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "nonsense", '{"verdict": "pass"}', '{"verdict": "great"}', "[" * 9999]
)
def test_what_is_no_outcome_is_left_out(make_run, tmp_path, text):
    folder = make_run([{}])
    (folder / "gate.json").write_text(text)
    assert read_gate(folder) is None
    assert "gate-title" not in pages(folder, tmp_path)[0]
