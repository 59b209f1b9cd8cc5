from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.gates import RuleSet, evaluate
from audiojudge_cli.gates.rule_file import read_rules
from audiojudge_cli.reports.junit import gate_junit, trouble_junit


@pytest.fixture
def result(make_run, tmp_path):
    file = tmp_path / "rules.yaml"
    file.write_text(
        "- {require: score.mean >= 0.5, name: '<b> & \"quoted\" ]]>'}\n- score.mean >= 0.99\n"
        "- {require: score.median >= 0.99, severity: warn}\n- score.mean >= 0.9 at 95%\n"
    )
    return evaluate(make_run([{"answers": [0.9]}] * 4), read_rules(file))


def test_one_case_per_rule(result):
    suite = ET.fromstring(gate_junit(result)).find("testsuite")
    assert suite is not None
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "5", "failures": "2", "errors": "0", "skipped": "0"}
    cases = {case.get("name"): case for case in suite.findall("testcase")}
    assert '<b> & "quoted" ]]>' in cases
    assert [failure.get("type") for failure in suite.iter("failure")] == ["fail", "not-enough-data"]
    warning = cases["score.median >= 0.99"].findtext("system-out") or ""
    assert warning.startswith("warning: ")
    properties = {each.get("name"): each.get("value") for each in suite.iter("property")}
    assert properties["rules_hash"] == result.rules.hash
    assert properties["verdict"] == "fail"


def test_too_little_judged_is_an_error(make_run):
    folder = make_run([{"answers": [0.9]}, {"error": "empty"}])
    suite = ET.fromstring(gate_junit(evaluate(folder, RuleSet.of(["score.mean >= 0.5"])))).find("testsuite")
    assert suite is not None
    assert suite.get("errors") == "1"


@given(st.text(max_size=50))
def test_any_message_is_well_formed(message):
    root = ET.fromstring(trouble_junit(message, run=message, rules_hash=None))
    assert root.find(".//error") is not None


def test_what_xml_cannot_write_is_made_visible():
    error = ET.fromstring(trouble_junit("a\x00b\x1b[31m\ufffe\ud800", run="r", rules_hash="h")).find(".//error")
    assert error is not None
    assert error.get("message") == "a\\x00b\\x1b[31m\\xfffe\\xd800"
