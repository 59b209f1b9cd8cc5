"""The report of a run as Markdown, for a pull request."""

from __future__ import annotations

from audiojudge_cli.reports.contest_markdown import contest_markdown
from audiojudge_cli.reports.diff_files import diff_markdown
from audiojudge_cli.reports.gather import LISTED, Gathered
from audiojudge_cli.reports.headline import Headline, headline
from audiojudge_cli.reports.kept_gate import KeptGate
from audiojudge_cli.reports.markdown import code, page, table, text
from audiojudge_cli.reports.rating_markdown import ratings_markdown
from audiojudge_cli.reports.tables import interval, number
from audiojudge_cli.results.quality_lines import fault_counts, figure_rows
from audiojudge_cli.results.record import Record

_MAX_ITEMS = 3


def run_markdown(run: Gathered) -> str:
    """Return headline figures, subsets, failures, worst clips with what they miss, and what moved since a baseline."""
    clips, judge = run.summary["clips"], run.summary["judge"]
    named = f", judge {code(judge['name'])} ({code(judge['fingerprint'])})" if run.table.is_judged else ""
    kinds = ("ok", "partial", "unverifiable", "error", "pending")
    parted = ", ".join(f"{clips[kind]} {kind}" for kind in kinds if clips[kind])
    contest = contest_markdown(run.folder)
    is_asked = run.table.is_judged and not contest and not run.is_rated
    lines = [
        "## audiojudge report",
        "",
        f"{code(str(run.folder))}: {clips['total']} clips ({parted}){named}.",
        "",
        *_gate(run.gate),
        *contest,
        *([""] if contest else []),
        *table(("figure", "value", "95 % interval", "over"), [_headline(tile) for tile in headline(run)], right=(1,)),
        *(_subsets(run) if is_asked else ()),
        *(ratings_markdown(run, run.records[:LISTED]) if run.is_rated else ()),
        *_quality(run),
        *_failures(run),
        *(_worst(run.records[:LISTED]) if is_asked else ()),
        *_faulty(run.records[:LISTED]),
    ]
    if run.comparison:
        lines += ["", *diff_markdown(run.comparison).rstrip("\n").split("\n")]
    return page(lines)


def _gate(gate: KeptGate | None) -> list[str]:
    if gate is None:
        return []
    rules = [
        (rule.word, text(rule.name) if rule.name else code(rule.require), number(rule.value), text(rule.reason))
        for rule in gate.rules
        if rule.verdict != "pass"
    ]
    rows = ["", *table(("verdict", "rule", "value", "why"), rows=rules, right=(2,))] if rules else []
    return [f"{'✅' if gate.passed else '❌'} {text(gate.line)}", *rows, ""]


def _headline(tile: Headline) -> tuple[str, ...]:
    if not tile.share:
        return tile.name, f"**{number(tile.value)}**", interval(tile.low, tile.high), text(tile.note)
    ends = "-" if tile.low is None else f"{_percent(tile.low)} to {_percent(tile.high)}"
    return tile.name, f"**{_percent(tile.value)}**", ends, text(tile.note)


def _subsets(run: Gathered) -> list[str]:
    rows = [
        (
            text(name),
            str(part["clips"]["total"]),
            number(part["score"]["mean"]),
            interval(part["score"]["low"], part["score"]["high"]),
            _percent(part["pass_rate"]["value"]),
            _percent(part["coverage"]["value"]),
            str(part["clips"]["error"]),
        )
        for name, part in run.summary["subsets"].items()
    ]
    head = ("subset", "clips", "score", "95 % interval", "match", "coverage", "failed")
    return ["", "### By subset", "", *table(head, rows, right=(1, 2, 4, 5, 6))]


def _quality(run: Gathered) -> list[str]:
    """Return the figures of the files where only those were asked for, and the faults of all clips."""
    quality = run.summary["quality"]
    if not quality["clips"]:
        return []
    lines = ["", "### Quality of the files", "", f"Faults: {text(fault_counts(quality))}."]
    if run.table.is_judged:
        return lines
    head, *rows = figure_rows(quality)
    return [
        *lines,
        "",
        *table(head, [(*row[:-1], code(row[-1]) if row[-1] else "") for row in rows], right=(1, 2, 3, 4)),
    ]


def _faulty(records: list[Record]) -> list[str]:
    rows = [
        (code(record.id), "<br>".join(f"{code(fault.name)} {text(fault.message)}" for fault in record.quality.faults))
        for record in records
        if record.quality and record.quality.faults
    ]
    return ["", "### Clips with faults", "", *table(("clip", "faults"), rows)] if rows else []


def _worst(records: list[Record]) -> list[str]:
    rows = [
        (code(record.id), number(record.score), text(record.told), _missed(record))
        for record in records
        if record.worst is not None and record.worst.answer == "no"
    ]
    if not rows:
        return []
    return ["", "### Worst clips", "", *table(("clip", "score", "caption", "missed"), rows, right=(1,))]


def _missed(record: Record) -> str:
    missed = sorted((item for item in record.verified if item.answer == "no"), key=lambda item: item.p_yes or 0.0)
    shown = [f"{text(item.question)} {text(item.evidence)}" for item in missed[:_MAX_ITEMS]]
    more = [f"and {len(missed) - _MAX_ITEMS} more"] if len(missed) > _MAX_ITEMS else []
    return "<br>".join([*shown, *more])


def _failures(run: Gathered) -> list[str]:
    failures = run.summary["failures"]
    rows = [
        (code(kind), str(found["count"]), text(found["examples"][0]["message"])) for kind, found in failures.items()
    ]
    head = ("kind", "clips", "for example")
    return ["", "### Failures", "", *table(head, rows, right=(1,))] if rows else []


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f} %"
