"""The outcome of a gate as JUnit XML: one test case per rule, as continuous integration servers read it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from audiojudge_cli.gates.outcome import GateResult, Ruling
from audiojudge_cli.reports.tables import interval, number

# What XML 1.0 has no way to write, escaped or not.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def gate_junit(result: GateResult) -> str:
    """Return the XML document.

    A rule that fails the gate is a `failure`; a run that was not judged enough is an `error` of its own case. Warnings
    pass, with their text in `system-out`: JUnit knows no warnings.
    """
    suite = ET.Element("testsuite", name="audiojudge gate")
    facts = {
        "rules_hash": result.rules.hash,
        "verdict": result.verdict,
        "run": result.run,
        "baseline": result.baseline or "",
        "judge": f"{result.judge.name} {result.judge.fingerprint}",
        "clips": str(result.clips),
        "scored": str(result.scored),
    }
    properties = ET.SubElement(suite, "properties")
    for name, value in facts.items():
        ET.SubElement(properties, "property", name=name, value=_clean(value))
    judged = ET.SubElement(suite, "testcase", classname="audiojudge.gate", name="enough was judged")
    if result.shortage:
        ET.SubElement(judged, "error", message=_clean(result.shortage), type="not-judged")
    for ruling in result.rulings:
        _case(suite, ruling)
    failures, errors = len(suite.findall(".//failure")), len(suite.findall(".//error"))
    for name, count in (("tests", len(result.rulings) + 1), ("failures", failures), ("errors", errors), ("skipped", 0)):
        suite.set(name, str(count))
    return _document(suite)


def trouble_junit(message: str, *, run: str, rules_hash: str | None) -> str:
    """Return the XML document of a gate that could not be evaluated: one case with an `error`."""
    suite = ET.Element("testsuite", name="audiojudge gate", tests="1", failures="0", errors="1", skipped="0")
    properties = ET.SubElement(suite, "properties")
    for name, value in {"rules_hash": rules_hash or "", "verdict": "error", "run": run}.items():
        ET.SubElement(properties, "property", name=name, value=_clean(value))
    case = ET.SubElement(suite, "testcase", classname="audiojudge.gate", name="enough was judged")
    ET.SubElement(case, "error", message=_clean(message), type="not-evaluated")
    return _document(suite)


def _document(suite: ET.Element) -> str:
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _case(suite: ET.Element, ruling: Ruling) -> None:
    rule = ruling.rule
    case = ET.SubElement(suite, "testcase", classname="audiojudge.gate", name=_clean(rule.title))
    told = f"{ruling.verdict}: {number(ruling.value)}, interval {interval(ruling.low, ruling.high)}; {ruling.reason}"
    if ruling.fails_gate:
        failure = ET.SubElement(case, "failure", message=_clean(told), type=ruling.verdict)
        failure.text = _clean(f"{rule.expression.text}\n{told}")
    else:
        warned = "" if ruling.verdict == "pass" else "warning: "
        ET.SubElement(case, "system-out").text = _clean(f"{warned}{rule.expression.text}\n{told}")


def _clean(value: str) -> str:
    return _FORBIDDEN.sub(lambda found: f"\\x{ord(found.group()):02x}", value)
