"""One clip as lines for the terminal: caption, decision and every item with its bar."""

from __future__ import annotations

from audiojudge_cli.reports.tables import cell, number, wrapped
from audiojudge_cli.results.quality import QualityProfile, WordErrors, WordStep
from audiojudge_cli.results.quality_figures import QUALITY
from audiojudge_cli.results.ratings import item_rating
from audiojudge_cli.results.record import Record, RecordItem
from audiojudge_cli.results.terminal import Screen, rule_name
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.terminal import safe_line

_BAR = 10
_AROUND = 6
"""Words that agree which are shown on either side of those that don't."""
_STYLES = {"yes": "green", "no": "red", "unverifiable": "yellow"}


def clip_lines(record: Record, screen: Screen, *, blocks: bool) -> list[str]:
    """Return the lines.

    Args:
        record: Of the clip.
        screen: Where they go.
        blocks: Whether bars are drawn with block characters or with plain ones.
    """
    lines = [screen.paint(safe_line(record.id), "bold"), *_facts(record, screen), ""]
    if record.error:
        lines += [*wrapped(f"{record.error.kind}: {record.error.message}", screen.columns, ""), ""]
    lines += [*_quality(record.quality, screen)]
    for item in record.items:
        lines += [*_item(item, screen, blocks=blocks, rated=record.is_rated), ""]
    lines += [line for warning in record.warnings for line in wrapped(f"warning: {warning}", screen.columns, "")]
    return lines[:-1] if lines[-1] == "" else lines


def _facts(record: Record, screen: Screen) -> list[str]:
    audio, decision = record.audio, record.decision
    facts = [f"{audio.duration_s:.2f} s" if audio.duration_s is not None else ""]
    facts += [f"{audio.sample_rate} Hz, {audio.channels} ch" if audio.sample_rate else ""]
    match = {True: "match", False: "no match", None: "no decision"}[decision.match]
    value = (
        f" ({rule_name(decision.rule)} {number(decision.value)}, threshold {decision.threshold:g})"
        if decision.value is not None
        else ""
    )
    style = {True: "green", False: "red", None: "yellow"}[decision.match]
    about = ", ".join(part for part in (record.subset, record.language, record.status) if part)
    coverage = "" if record.coverage is None else f"  coverage {100 * record.coverage:.0f} %"
    told = f"score     {number(record.score)}  {screen.paint(match, style)}{safe_line(value)}{coverage}"
    if record.is_rated:
        # A place on a scale is no score, and nothing is matched.
        told = f"rated     {len(record.verified)} of {counted(len(record.items), 'rating')} given"
    metadata = [f"{key}={value}" for key, value in record.metadata.items() if value is not None]
    return [
        f"audio     {safe_line(audio.path)}" + (f" ({', '.join(filter(None, facts))})" if any(facts) else ""),
        *(wrapped(record.caption, screen.columns, "caption   ") if record.caption or _lacks_words(record) else ()),
        *(wrapped(record.transcript, screen.columns, "says      ") if record.transcript else ()),
        f"about     {safe_line(about)}",
        *([told] if record.is_judged else []),
        *([f"metadata  {cell(', '.join(metadata), screen.columns - 10)}"] if metadata else []),
    ]


def _lacks_words(record: Record) -> bool:
    return record.is_judged and not record.transcript and not record.is_rated


def _quality(profile: QualityProfile | None, screen: Screen) -> list[str]:
    if profile is None:
        return []
    known = ((figure, figure.of(profile)) for figure in QUALITY.values())
    told = [
        f"{figure.label} {figure.text(value)} {figure.unit}".rstrip() for figure, value in known if value is not None
    ]
    lines = wrapped(", ".join(told), screen.columns, "quality   ")
    if profile.words is not None:
        lines += wrapped(safe_line(words_line(profile.words)), screen.columns, "words     ")
    if profile.reference is not None:
        lines += wrapped(safe_line(profile.reference.audio), screen.columns, "against   ")
    for fault in profile.faults:
        times = ", ".join(f"{start:.2f}-{end:.2f} s" for start, end in fault.times[:5])
        message = f"{fault.message} [{times}]" if times else fault.message
        first, *rest = wrapped(f"{fault.name}: {message}", screen.columns, "fault     ")
        lines += [screen.paint(first, "red"), *rest]
    return [*lines, ""]


def words_line(words: WordErrors) -> str:
    """Return the words wanted with what was heard otherwise in brackets; long stretches that agree are shortened."""
    if not words.heard:
        return "nothing was recognised"
    return " ".join(_step(step) for step in words.diff)


def _step(step: WordStep) -> str:
    if step.kind == "equal":
        said = step.wanted.split()
        return " ".join((*said[:_AROUND], "…", *said[-_AROUND:])) if len(said) > 3 * _AROUND else step.wanted
    if step.kind == "substitute":
        return f"[“{step.wanted}” heard as “{step.heard}”]"
    return f"[“{step.wanted}” missing]" if step.kind == "delete" else f"[“{step.heard}” put in]"


def _item(item: RecordItem, screen: Screen, *, blocks: bool, rated: bool) -> list[str]:
    bar = screen.paint(_bar(item.p_yes, blocks=blocks), "dim" if rated else _STYLES[item.answer])
    times = ", ".join(f"{start:.2f}-{end:.2f} s" for start, end in item.times[:5])
    under = f"{item.evidence} [{times}]" if times else item.evidence
    about = ", ".join(
        [
            item.dimension,
            *([f"from “{item.basis}”"] if item.basis else []),
            *([f"by {item.source}"] if item.source else []),
        ]
    )
    value, answer = number(item.p_yes), {"unverifiable": "-  ", "yes": "yes", "no": "no "}[item.answer]
    if rated:
        rating, spread = item_rating(item)
        value, answer = ("-" if rating is None else f"{rating:.2f}"), "   "
        about += "" if spread is None else f", spread {spread:.2f}"
    pad = " " * (_BAR + 13)
    first, *rest = wrapped(item.question, screen.columns, pad)
    head = f"{bar}  {value:>5}  {answer} {first[len(pad) :]}"
    dim = [screen.paint(line, "dim") for text in (under, about) for line in wrapped(text, screen.columns, pad)]
    return [head, *rest, *dim]


def _bar(p_yes: float | None, *, blocks: bool) -> str:
    full, empty, none = ("█", "░", "·") if blocks else ("#", ".", " ")
    if p_yes is None:
        return none * _BAR
    filled = round(p_yes * _BAR)
    return full * filled + empty * (_BAR - filled)
