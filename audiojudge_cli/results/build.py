"""Build the record of a clip, from its verdicts or from what went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.errors import ClipError
from audiojudge_cli.results.plain import plain, plain_fact
from audiojudge_cli.results.quality import QualityProfile
from audiojudge_cli.results.record import (
    JUDGED,
    NOBODY,
    AudioFacts,
    Decision,
    Fact,
    Failure,
    JudgeRef,
    Record,
    RecordItem,
    Status,
)
from audiojudge_cli.results.rule import DecisionRule, score
from audiojudge_cli.results.verdict import Verdict, faulted, unverifiable
from audiojudge_cli.rubrics.item import Rubric, RubricItem
from audiojudge_cli.text.hidden import hidden

NO_ITEMS = "the rubric has no items, so nothing could be asked about this clip"


@dataclass(frozen=True, slots=True)
class Makers:
    """Who and what is behind a record.

    Attributes:
        judge: Who answers.
        expander: Who made the rubric.
        rule: How a clip is decided.
    """

    judge: JudgeRef
    expander: JudgeRef
    rule: DecisionRule


@dataclass(frozen=True, slots=True)
class Measured:
    """The quality of a clip, or what kept it from being measured.

    Attributes:
        profile: What was measured; None where nothing was.
        warnings: What could not be measured, one sentence each.
    """

    profile: QualityProfile | None = None
    warnings: tuple[str, ...] = ()


UNMEASURED = Measured()


def judged_record(
    clip: Clip,
    waveform: Waveform,
    rubric: Rubric,
    verdicts: Sequence[Verdict],
    makers: Makers,
    *,
    measured: Measured = UNMEASURED,
) -> Record:
    """Return the record of a judged clip, or of one that was only measured.

    Args:
        clip: The clip.
        waveform: Its audio.
        rubric: Its items; one without items gives status `unverifiable` and a warning, unless nobody was to ask any.
        verdicts: One per item, in order; one that contradicts itself becomes a fault of its item, for a judge's slip
            must not become a score.
        makers: Judge, expander and decision rule.
        measured: Its quality.

    Raises:
        ValueError: If there are more or fewer verdicts than items.
    """
    if len(verdicts) != len(rubric.items):
        raise ValueError(f"the judge gave {len(verdicts)} verdicts for {len(rubric.items)} items")
    items = tuple(_judged(item, verdict, makers) for item, verdict in zip(rubric.items, verdicts, strict=True))
    heard = dict.fromkeys(str(warning) for verdict in verdicts for warning in verdict.warnings)
    idle = () if items or makers.judge == NOBODY else (NO_ITEMS,)
    warnings = (*waveform.warnings, *heard, *rubric.notes, *idle, *measured.warnings)
    return _record(clip, waveform, rubric, items, makers, warnings=warnings, quality=measured.profile)


def failed_record(
    clip: Clip,
    error: ClipError,
    makers: Makers,
    *,
    waveform: Waveform | None = None,
    rubric: Rubric | None = None,
    measured: Measured = UNMEASURED,
) -> Record:
    """Return the record of a clip that could not be judged: status `error`, no score.

    Items that are known already are listed as unverifiable, so that they count in coverage.
    """
    told = hidden(str(error))
    reason = unverifiable(f"not judged: {told}", "")
    items = tuple(_item(item, reason) for item in rubric.items) if rubric else ()
    warnings = (*(waveform.warnings if waveform else ()), *(rubric.notes if rubric else ()), *measured.warnings)
    failure = Failure(error.kind, told)
    return _record(clip, waveform, rubric, items, makers, warnings=warnings, quality=measured.profile, error=failure)


def _record(
    clip: Clip,
    waveform: Waveform | None,
    rubric: Rubric | None,
    items: tuple[RecordItem, ...],
    makers: Makers,
    *,
    warnings: tuple[str, ...],
    quality: QualityProfile | None,
    error: Failure | None = None,
) -> Record:
    answers = [item.p_yes for item in items if item.p_yes is not None]
    return Record(
        id=clip.id,
        audio=audio_facts(clip, waveform),
        caption=clip.caption,
        language=clip.language or (rubric and rubric.language) or None,
        subset=clip.subset or (rubric and rubric.subset) or None,
        status="error" if error else status_of(len(answers), len(items), is_judged=makers.judge != NOBODY),
        score=score(answers),
        decision=_decided(items, makers.rule),
        coverage=coverage_of(len(answers), len(items)),
        items=items,
        judge=makers.judge,
        expander=makers.expander,
        warnings=warnings,
        error=error,
        metadata=plain_metadata(clip.metadata),
        transcript=clip.transcript,
        quality=quality,
    )


def _decided(items: Sequence[RecordItem], rule: DecisionRule) -> Decision:
    """Return the decision on what the judge answered; its mean and lowest are those of the record's p_yes."""
    made = rule.decide([item.judged for item in items if item.judged is not None])
    answers = [item.p_yes for item in items if item.p_yes is not None]
    return replace(made, mean=score(answers), min=round(min(answers), 4)) if answers else made


def plain_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return the metadata columns as the record keeps them: plain JSON data."""
    return {str(name): plain(value) for name, value in metadata.items()}


def audio_facts(clip: Clip, waveform: Waveform | None) -> AudioFacts:
    """Return what is known about the audio of a clip; only its path when nothing was decoded."""
    if waveform is None:
        return AudioFacts(clip.audio_name)
    return AudioFacts(
        path=clip.audio_name,
        sha256=waveform.sha256,
        duration_s=round(waveform.duration_s, 4),
        sample_rate=waveform.rate,
        channels=int(waveform.channels.shape[0]),
    )


def _judged(item: RubricItem, verdict: Verdict, makers: Makers) -> RecordItem:
    try:
        _check(verdict)
        return _item(item, _counted(verdict, item.dimension, makers.rule))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        return _item(item, faulted(error, makers.judge.name))


def _counted(verdict: Verdict, dimension: str, rule: DecisionRule) -> Verdict:
    """Return the verdict as the curves of a calibration count it, with what the judge had answered among its facts."""
    if verdict.p_yes is None or rule.curves is None or (p := rule.curves.p_yes(dimension, verdict.p_yes)) is None:
        return verdict
    p = round(p, 4)
    facts = {**verdict.facts, JUDGED: round(float(verdict.p_yes), 4)}
    return replace(verdict, p_yes=p, answer="yes" if p >= 0.5 else "no", facts=facts)


def _check(verdict: Verdict) -> None:
    p_yes = verdict.p_yes
    if not (isinstance(verdict.evidence, str) and isinstance(verdict.source, str)):
        raise TypeError("evidence or source of a verdict is no text")
    if p_yes is not None and verdict.fault is not None:
        raise ValueError(f"{verdict.source} gave p_yes {p_yes!r} and a fault")
    if p_yes is None:
        fits = verdict.answer == "unverifiable"
    else:
        fits = 0 <= p_yes <= 1 and verdict.answer == ("yes" if p_yes >= 0.5 else "no")
    if not fits:
        raise ValueError(f"{verdict.source} gave p_yes {p_yes!r} with the answer {verdict.answer!r}, not a verdict")


def coverage_of(verified: int, items: int) -> float | None:
    """Return the share of verified items with four decimals; None without items."""
    return round(verified / items, 4) if items else None


def status_of(verified: int, items: int, *, is_judged: bool = True) -> Status:
    """Return the status of a clip that did not fail; one that was only measured is `ok`."""
    if not is_judged:
        return "ok"
    if not verified:
        return "unverifiable"
    return "ok" if verified == items else "partial"


def _item(item: RubricItem, verdict: Verdict) -> RecordItem:
    facts: dict[str, Fact] = {name: plain_fact(value) for name, value in verdict.facts.items()}
    return RecordItem(
        dimension=item.dimension,
        question=item.question,
        basis=item.basis,
        negated=item.negated,
        p_yes=None if verdict.p_yes is None else round(float(verdict.p_yes), 4),
        answer=verdict.answer,
        evidence=verdict.evidence,
        source=verdict.source,
        times=tuple((round(float(start), 2), round(float(end), 2)) for start, end in verdict.times),
        facts=facts,
        fault=verdict.fault,
    )
