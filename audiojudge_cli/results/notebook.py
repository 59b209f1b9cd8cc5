"""Records for prompts and notebooks: one line; a small table in HTML, without colours of its own (light, dark)."""

from __future__ import annotations

from audiojudge_cli.results.record import Record, RecordItem
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.markup import escaped, table
from audiojudge_cli.text.terminal import safe_line, shorten

_COLUMNS = 60
_MATCH = {True: "match", False: "no match", None: "no decision"}


def record_line(record: Record) -> str:
    """Return a record in one line: `<Record of dog.wav: no match, score 0.174, 0 of 3 items yes; lowest 0.010: …>`."""
    if record.error:
        return f"<Record of {_name(record)}: {record.error.kind}: {_cut(record.error.message)}>"
    if not record.is_judged:
        faults = ", ".join(sorted({fault.name for fault in record.quality.faults})) if record.quality else ""
        return f"<Record of {_name(record)}: measured, {faults or 'no faults'}>"
    yes = sum(item.answer == "yes" for item in record.items)
    worst = record.worst
    lowest = f"; lowest {p_yes(worst)}: {_cut(worst.question)}" if worst is not None and worst.answer == "no" else ""
    return f"<Record of {_name(record)}: {outcome(record)}, {yes} of {counted(len(record.items), 'item')} yes{lowest}>"


def record_html(record: Record) -> str:
    """Return a record as a table of its items: answer, p_yes, question, evidence; every text of others escaped."""
    told = f"{outcome(record)}" if record.is_judged else "measured"
    if record.error:
        told = f"{record.error.kind}: {record.error.message}"
    lines = [f"<b>{escaped(record.audio.path)}</b>: {escaped(told)}"]
    lines += [f"<i>{escaped(text)}</i>" for text in (record.caption, record.transcript) if text]
    rows = [(item.answer, p_yes(item), item.question, item.evidence) for item in record.items]
    body = table(("answer", "p_yes", "question", "evidence"), rows) if rows else ""
    notes = "".join(f"<div><small>{escaped(warning)}</small></div>" for warning in record.warnings)
    return f"<div>{'<br>'.join(lines)}{body}{notes}</div>"


def outcome(record: Record) -> str:
    """Return the decision on a clip and its score: `match, score 0.982`."""
    score = "no score" if record.score is None else f"score {record.score:.3f}"
    return f"{_MATCH[record.decision.match]}, {score}"


def p_yes(item: RecordItem) -> str:
    """Return the p_yes of an item with three decimals; `-` without one."""
    return "-" if item.p_yes is None else f"{item.p_yes:.3f}"


def _name(record: Record) -> str:
    return _cut(record.audio.path)


def _cut(text: str) -> str:
    return shorten(safe_line(text), _COLUMNS)
