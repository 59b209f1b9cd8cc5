"""Which of two clips is better, from what a run recorded of each: pure arithmetic.

Quality is the speech-quality scale (`quality.scale`) less what the wrong words cost, or what a judge said that heard
both. Alignment is the value of the decision on the caption as log odds, over the items verified in both clips.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from audiojudge_cli.comparing.couples import Opinion
from audiojudge_cli.results.quality import QualityProfile, WordErrors
from audiojudge_cli.results.ratings import REWARDED, number_in
from audiojudge_cli.results.record import Record
from audiojudge_cli.results.rule import read_rule

By = Literal["quality", "alignment", "both", "reward"]
Verdict = Literal["a", "b", "tie", "unverifiable", "error"]
VERDICTS: tuple[Verdict, ...] = ("a", "b", "tie", "unverifiable", "error")

PER_ERROR = 1.0
"""Points that a word error rate of 1 takes from the quality, chosen on devset: of 0, 1, 2 and 3 the largest by which no
preference there is lost to a word that only the recogniser got wrong. A wrong word of ten costs the margin."""

NOTHING_SAID = -5.0
"""Quality of a clip in which nobody says anything although words were to be said: the lower end of the scale."""

FEW_WORDS = 4
"""So many words (or Chinese characters) are not said in half a second, the least speech of which there is an opinion:
eight syllables a second is as fast as people speak."""

QUALITY_MARGIN = 0.1
"""Points by which a clip must be better: measured in docs/compare.md."""

ALIGNMENT_MARGIN = 0.3
"""Log odds by which a clip must follow its caption better: measured in docs/compare.md."""

# Decision values have four decimals, so nothing is surer than this.
_SUREST = 0.0001


@dataclass(frozen=True, slots=True)
class Heard:
    """What comparing needs of a record.

    Attributes:
        sha256: Of the file; None where it was not read.
        error: Why the clip could not be judged, or None.
        quality: On the scale, or None.
        answers: p_yes of each item as the judge gave it, before a calibration's curve, None where it was not verified.
        asked: The items, so that only equal rubrics are compared.
        rule: Of the decision, with its threshold.
        reward: What a reward model gave it, or None.
    """

    sha256: str | None
    error: str | None
    quality: float | None
    answers: tuple[float | None, ...]
    asked: int
    rule: tuple[str, float]
    reward: float | None = None


@dataclass(frozen=True, slots=True)
class Preference:
    """How a pair was decided.

    Attributes:
        preferred: The better one, a tie, or why there is none.
        score_a: Score of one side; None where it has none.
        score_b: Score of the other side.
        margin: score_a - score_b; None without both.
        reason: One sentence.
    """

    preferred: Verdict
    score_a: float | None
    score_b: float | None
    margin: float | None
    reason: str


def heard(record: Record) -> Heard:
    """Return what comparing needs of a record."""
    return Heard(
        sha256=record.audio.sha256,
        error=None if record.error is None else f"{record.error.kind}: {record.error.message}",
        quality=quality(record.quality),
        answers=tuple(item.judged for item in record.items),
        asked=hash(tuple((item.question, item.negated) for item in record.items)),
        rule=(record.decision.rule, record.decision.threshold),
        reward=_reward(record),
    )


def _reward(record: Record) -> float | None:
    if record.expander.name != REWARDED or not record.items:
        return None
    return number_in(record.items[0].facts.get(REWARDED))


def quality(profile: QualityProfile | None) -> float | None:
    """Return the quality of the speech, higher is better, about 1 to 5; None where nothing can be said.

    Without speech there is none, unless words were to be spoken: nothing heard, or hardly any speech for four words and
    more, is the worst there is.
    """
    if profile is None:
        return None
    words = profile.words
    if words is not None and (not words.heard or (profile.speech is None and _many(words))):
        return NOTHING_SAID
    if profile.speech is None:
        return None
    rate = None if words is None else words.cer if words.wer is None else words.wer
    return round(max(NOTHING_SAID, profile.speech - PER_ERROR * min(1.0, rate or 0.0)), 4)


def own_score(one: Heard, by: By) -> float | None:
    """Return the score of a clip by itself; None where it has none, or two questions were asked."""
    if one.error is not None or by == "both":
        return None
    if by == "quality":
        return one.quality
    if by == "reward":
        return one.reward
    verified = [p for p in one.answers if p is not None]
    return _log_odds(read_rule(*one.rule).decide(verified).value) if verified else None


def can_be_judged(one: Heard, by: By) -> bool:
    """Return whether anything that was asked can be said about a clip."""
    asked: tuple[By, ...] = ("quality", "alignment") if by == "both" else (by,)
    return any(own_score(one, each) is not None for each in asked)


def _many(words: WordErrors) -> bool:
    wanted = words.wanted.replace(" ", "") if words.wer is None else words.wanted.split()
    return len(wanted) >= FEW_WORDS


def prefer(a: Heard, b: Heard, by: By, heard_both: Preference | None = None) -> Preference:
    """Return which of two clips is better.

    Args:
        a: One side.
        b: The other side.
        by: What is asked.
        heard_both: What a judge said of the quality that heard both (`by_ear`); None: records tell it.
    """
    for side, one in (("a", a), ("b", b)):
        if one.error is not None:
            return Preference("error", None, None, None, f"{side} could not be judged: {one.error}")
    same = a.sha256 is not None and a.sha256 == b.sha256
    if same and heard_both is not None:
        return Preference("tie", None, None, None, "both are the same file")
    quality = heard_both or _by_quality(a, b)
    if by == "quality":
        found = quality
    elif by == "alignment":
        found = _by_alignment(a, b)
    elif by == "reward":
        found = _by_reward(a.reward, b.reward)
    else:
        found = quality if quality.preferred == "error" else _by_both(quality, _by_alignment(a, b))
    if same:
        return Preference("tie", found.score_a, found.score_b, found.margin, "both are the same file")
    return found


def by_ear(opinion: Opinion | None) -> Preference:
    """Return what a judge said that heard both clips; any difference decides, and a contradiction is a tie."""
    if opinion is None:
        return Preference("error", None, None, None, "the two were not heard together")
    if opinion.error is not None:
        told = f"the two could not be compared: {opinion.error.kind}: {opinion.error.message}"
        return Preference("error", None, None, None, told)
    a, b = opinion.score_a, opinion.score_b
    if a is None or b is None:
        return by_ear(None)
    margin = round(a - b, 4) + 0.0
    preferred: Verdict = "tie" if margin == 0 or opinion.contradicted else "a" if margin > 0 else "b"
    return Preference(preferred, a, b, margin, opinion.told())


def _by_quality(a: Heard, b: Heard) -> Preference:
    silent = " and ".join(side for side, one in (("a", a), ("b", b)) if one.quality is None)
    if silent:
        reason = f"no speech to be rated in {silent}"
        return Preference("unverifiable", a.quality, b.quality, None, reason)
    return _decided(a.quality, b.quality, QUALITY_MARGIN, "quality")


def _by_alignment(a: Heard, b: Heard) -> Preference:
    if a.asked != b.asked:
        return Preference("unverifiable", None, None, None, "the two were asked different things")
    shared = [(p, q) for p, q in zip(a.answers, b.answers, strict=True) if p is not None and q is not None]
    if not shared:
        why = "no item was verified in both" if a.answers else "the caption makes no claim that can be checked"
        return Preference("unverifiable", None, None, None, why)
    rule = read_rule(*a.rule)
    scores = [_log_odds(rule.decide(side).value) for side in zip(*shared, strict=True)]
    over = "" if len(shared) == len(a.answers) else f", over the {len(shared)} of {len(a.answers)} items heard in both"
    return _decided(scores[0], scores[1], ALIGNMENT_MARGIN, "alignment", over)


def _by_reward(a: float | None, b: float | None) -> Preference:
    """The difference of two rewards is the log odds of a preference (Bradley and Terry, Biometrika 39, 1952)."""
    if a is None or b is None:
        return Preference("unverifiable", a, b, None, "a clip has no reward")
    margin = round(a - b, 4) + 0.0
    if not margin:
        return Preference("tie", a, b, margin, "both have the same reward")
    better: Verdict = "a" if margin > 0 else "b"
    chance = 0.5 * (1.0 + math.tanh(abs(margin) / 2.0))
    told = f"reward {abs(margin):.2f} higher: preferred with a probability of {chance:.2f}"
    return Preference(better, a, b, margin, told)


def _by_both(quality: Preference, alignment: Preference) -> Preference:
    """A clip is better that wins one question without losing the other; a score is the number of questions won."""
    told = [one for one in (quality, alignment) if one.preferred != "unverifiable"]
    reason = f"quality {quality.preferred}, alignment {alignment.preferred}"
    if not told:
        return Preference("unverifiable", None, None, None, f"{quality.reason}; {alignment.reason}")
    won = {side: sum(one.preferred == side for one in told) for side in ("a", "b")}
    preferred: Verdict = "tie" if won["a"] == won["b"] else "a" if won["a"] > won["b"] else "b"
    return Preference(preferred, won["a"], won["b"], won["a"] - won["b"], reason)


def _decided(a: float | None, b: float | None, margin: float, what: str, over: str = "") -> Preference:
    if a is None or b is None:
        return Preference("unverifiable", a, b, None, f"no {what} of either")
    difference = round(a - b, 4) + 0.0
    if abs(difference) < margin:
        return Preference("tie", a, b, difference, f"{what} {abs(difference):.2f} apart, under {margin:g}{over}")
    better: Verdict = "a" if difference > 0 else "b"
    return Preference(better, a, b, difference, f"{what} {abs(difference):.2f} better{over}")


def _log_odds(value: float | None) -> float | None:
    if value is None:
        return None
    kept = min(1.0 - _SUREST, max(_SUREST, value))
    return round(math.log(kept / (1.0 - kept)), 4)
