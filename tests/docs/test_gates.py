"""docs/gates.md cannot fall behind the code."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audiojudge_cli.app import app
from audiojudge_cli.gates import RuleSet, evaluate
from audiojudge_cli.gates.compare import compare
from audiojudge_cli.gates.figures import CLIP_FIGURES, QUALITY_FIGURES
from audiojudge_cli.gates.grammar import parse
from audiojudge_cli.gates.rule_file import GateOptions, RuleOptions, read_rules
from audiojudge_cli.reports.diff_files import diff_data

PAGE = (Path(__file__).parents[2] / "docs" / "gates.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"`([^`\n]+)`", PAGE))


def test_every_figure_is_on_the_page():
    assert {*CLIP_FIGURES, *QUALITY_FIGURES} <= WORDS


def test_every_rule_on_the_page_is_one_or_is_refused_as_it_says():
    rules = [word for word in WORDS if re.search(r" (>=|<=) [\d.]", word)]
    rules += re.findall(r"--require '([^']+)'", PAGE)
    assert len(rules) >= 5
    for rule in rules:
        if rule not in {"score.mean >= 0", "error_rate <= 5"}:
            parse(rule)


def test_the_rule_file_shows_every_key_with_its_default(tmp_path):
    text = re.search(r"<!-- file: rules.yaml -->\n```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert text is not None
    (tmp_path / "rules.yaml").write_text(text[1], encoding="utf-8")
    rules = read_rules(tmp_path / "rules.yaml")
    keys = set(re.findall(r"^\W*(\w+):", text[1], re.MULTILINE))
    assert keys == {*GateOptions.model_fields, *RuleOptions.model_fields}
    plain = RuleSet(rules.rules)
    assert (rules.pass_at, rules.max_errors) == (plain.pass_at, plain.max_errors)
    assert (rules.min_coverage, rules.min_paired) == (plain.min_coverage, plain.min_paired)


def test_every_field_is_on_the_page(make_run):
    old, new = make_run([{"answers": [0.9]}] * 3, "old"), make_run([{"answers": [0.4]}] * 3, "new")
    data = evaluate(new, RuleSet.of(["score.mean >= 0.5"]), old).to_dict()
    moved = diff_data(compare(old, new))
    names = {
        *data,
        *data["rules"][0],
        *data["options"],
        *moved,
        *moved["changes"][0],
        *moved["fell"][0],
        *moved["items"],
    }
    told = WORDS | {word.removesuffix("[]") for word in WORDS}
    assert names <= told, names - told


@pytest.mark.parametrize("command", ["gate", "diff", "show"])
def test_the_commands_are_mounted(command):
    done = CliRunner().invoke(app, [command, "--help"])
    assert done.exit_code == 0
    assert json.dumps(done.stdout)
