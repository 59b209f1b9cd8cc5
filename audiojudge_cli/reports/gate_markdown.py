"""The outcome of a gate as Markdown, for a step summary or a pull request."""

from __future__ import annotations

from audiojudge_cli.gates.outcome import GateResult, Ruling
from audiojudge_cli.reports.markdown import code, page, table, text
from audiojudge_cli.reports.tables import interval, number, p_value
from audiojudge_cli.results.record import NOBODY

_SIGNS = {"pass": "✅ pass", "fail": "❌ fail", "not-enough-data": "❔ not enough data"}
_HEAD = ("verdict", "rule", "value", "interval", "p", "why")


def gate_markdown(result: GateResult) -> str:
    """Return a page with the verdict, a table of rules and what a reader should know."""
    against = f" against {code(result.baseline)}" if result.baseline else ""
    judge = f"{result.scored} scored by {code(result.judge.name)} ({code(result.judge.fingerprint)})"
    told = f"{result.measured} measured" if result.judge == NOBODY else judge
    lines = [
        f"## audiojudge gate: {_SIGNS[result.verdict]}",
        "",
        f"{code(result.run)}{against}: {result.clips} clips, {told}.",
        f"Rule set {code(result.rules.hash)}.",
        "",
    ]
    if result.shortage:
        lines += [f"**Not judged enough:** {text(result.shortage)}", ""]
    order = sorted(result.rulings, key=lambda ruling: (not ruling.fails_gate, ruling.verdict == "pass"))
    lines += [*(f"- {text(note)}" for note in result.notes), *([""] if result.notes else [])]
    lines += table(_HEAD, [_row(ruling) for ruling in order], right=(2, 4))
    return page(lines)


def _row(ruling: Ruling) -> tuple[str, ...]:
    sign = _SIGNS[ruling.verdict]
    if ruling.rule.severity == "warn" and ruling.verdict != "pass":
        sign = f"⚠️ {ruling.verdict.replace('-', ' ')} (warning)"
    rule = code(ruling.rule.expression.text)
    name = f"{text(ruling.rule.name)}: {rule}" if ruling.rule.name else rule
    ends = interval(ruling.low, ruling.high)
    return sign, name, number(ruling.value), ends, p_value(ruling.p_value), text(ruling.reason)
