"""Ratings by the embedded judge: what it can measure, put on the scale that was asked for; nothing is guessed.

An instruction is answered where all of it is about one aspect that has a figure ("Rate the background noise …"), or
where it asks how much of one trait there is ("Rate how happy the speaker sounds …"). Any other is unrated, with the
reason.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from audiojudge_cli.bundle import bundled
from audiojudge_cli.errors import WeightsError
from audiojudge_cli.judges.embedded.reading import NotHeard
from audiojudge_cli.judges.embedded.traits import answerable
from audiojudge_cli.rubrics.rules import RulesExpander
from audiojudge_cli.scales.rated import Rated, Unrated
from audiojudge_cli.text.jsonl import loads

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
    from audiojudge_cli.rubrics.claim import Claim
    from audiojudge_cli.scales.instruction import Criterion

SCHEMA = "audiojudge.ratings/1"

Pole = Literal["good", "poor"]
Answer = Callable[["ClipFeatures", "Claim"], float | NotHeard]
"""Gives the p_yes of a claim about a clip."""

_LEAST_SPEECH_S = 0.5
"""Speech from which an opinion on it means something, as for the quality profile."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured of an aspect.

    Attributes:
        value: In the unit of the curve.
        evidence: One sentence.
        facts: By name with unit.
    """

    value: float
    evidence: str
    facts: Mapping[str, float | str]


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing that can be measured and rated.

    Attributes:
        name: As in `models/embedded.ratings.json`.
        words: Words that name it.
        is_flaw: Whether more of what the words name is worse ("noise"), or better ("quality").
        measure: Measures it.
    """

    name: str
    words: re.Pattern[str]
    is_flaw: bool
    measure: Callable[[ClipFeatures], Figure | NotHeard]


def _of_speech(
    what: str, measure: Callable[[ClipFeatures], Figure | NotHeard]
) -> Callable[[ClipFeatures], Figure | NotHeard]:
    """Return what measures clips in which somebody speaks: steady music and rain are no background noise."""

    def measured(clip: ClipFeatures) -> Figure | NotHeard:
        if clip.speech.seconds < _LEAST_SPEECH_S:
            return NotHeard(f"{what} is rated where somebody speaks, and nobody speaks here for half a second.")
        return measure(clip)

    return measured


def _noise(clip: ClipFeatures) -> Figure | NotHeard:
    found = clip.noise
    if found is None:
        return NotHeard("Silence has no noise to measure.")
    db = round(found.snr_db, 1)
    return Figure(db, f"About {db:.0f} dB between sound and noise floor.", {"snr_db": db})


def _reverb(clip: ClipFeatures) -> Figure | NotHeard:
    found = clip.reverb
    if found is None:
        return NotHeard("Too few sounds die away here to tell the reverberation.")
    seconds = round(found.rt60_s, 2)
    return Figure(math.log(found.rt60_s), f"Reverberation time about {seconds:g} s.", {"rt60_s": seconds})


def _clipping(clip: ClipFeatures) -> Figure | NotHeard:
    found = clip.measured.artifacts
    if found is None:
        return NotHeard("Silence has nothing to clip.")
    share = round(100 * found.clipped_share, 2)
    return Figure(math.log10(share + 0.1), f"{share:g} % of the samples lie in flat tops.", {"clipped_pct": share})


def _bandwidth(clip: ClipFeatures) -> Figure | NotHeard:
    found = clip.spectrum
    if found is None:
        return NotHeard("Silence has no band.")
    hertz = round(found.bandwidth_hz)
    return Figure(
        math.log2(max(100.0, hertz)), f"The band reaches {hertz:,} Hz (of 8,000 that count).", {"bandwidth_hz": hertz}
    )


def _dropouts(clip: ClipFeatures) -> Figure | NotHeard:
    found = clip.measured.artifacts
    if found is None:
        return NotHeard("Silence has no holes.")
    share = 100 * sum(end - start for start, end in found.dropouts) / clip.waveform.duration_s
    told = f"{len(found.dropouts)} holes of digital silence, {share:.1f} % of the clip."
    return Figure(math.log10(share + 1.0), told, {"dropout_pct": round(share, 2)})


def _quality(clip: ClipFeatures) -> Figure | NotHeard:
    score = round(clip.speech_quality.score, 2)
    return Figure(score, f"Speech quality {score:g} on the scale of the small models.", {"speech_quality": score})


def _words(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


ASPECTS = (
    Aspect(
        "noise",
        _words(r"\b(?:background )?nois(?:e|y|iness)\b|\bhiss(?:ing)?\b|(?:背景)?(?:噪声|噪音|杂音)"),
        True,
        _of_speech("Noise", _noise),
    ),
    Aspect(
        "reverb",
        _words(r"\breverb(?:eration|erant)?\b|\becho(?:e[sy]|ing)?\b|混响|回声"),
        True,
        _of_speech("Reverberation", _reverb),
    ),
    Aspect("clipping", _words(r"\bclipp(?:ing|ed)\b|削波"), True, _clipping),
    Aspect("bandwidth", _words(r"\b(?:audio )?bandwidth\b|\bfrequency range\b|带宽"), False, _bandwidth),
    Aspect("muffled", _words(r"\bmuffled(?:ness)?\b|\bdull(?:ness)?\b"), True, _bandwidth),
    Aspect(
        "dropouts", _words(r"\bdrop-?outs?\b|\bgaps?\b|\bholes?\b|\bdiscontinuit(?:y|ies)\b|断音|丢失"), True, _dropouts
    ),
    Aspect("continuity", _words(r"\bcontinuity\b|连续性"), False, _dropouts),
    Aspect(
        "overall",
        _words(
            r"\b(?:overall |audio |sound |speech |voice )*quality\b|\bnatural(?:ness|ly)?\b"
            r"|(?:整体)?(?:音质|质量)|自然度?"
        ),
        False,
        _of_speech("Quality", _quality),
    ),
)
"""Words of flaws and merits; two names of one figure where both are in use."""

_CURVE = {"muffled": "bandwidth", "continuity": "dropouts"}
"""Aspects that share the curve of another."""

# Words around the aspect that change nothing about what is asked: with any other word, something else is meant.
_FILLER = _words(
    r"\b(?:rate|score|grade|judge|assess|evaluate|measure|please|give|say|tell|me|a|an|the|of|for|in|on|"
    r"to|is|are|was|does|do|sounds?|how|much|many|level|amount|degree|severity|extent|presence|freedom|from|overall|general|background|recording|"
    r"recorded|audio|clip|file|speech|voice|speaker|signal|sample|this|it|its|there|you|can|hear|heard|any|which|with)\b"
    r"|请|给|评价|评估|评分|打分|这段|录音|音频|语音|声音|的|背景|整体|程度|水平"
)
_AMOUNT = _words(r"\bhow\b|\blevel\b|\bamount\b|\bdegree\b|\bseverity\b|\bextent\b|\bpresence\b|程度|水平")
_FREE = _words(r"\bfreedom from\b")
# What an anchor says of its end, apart from the aspect itself.
_LITTLE = _words(
    r"\b(?:no|not|none|never|without|little|low|least|hardly|barely|free|weak|lowest|imperceptible|inaudible)\b"
    r"|无|没有|不|低|小|弱"
)
_POOR = _words(
    r"\b(?:bad|badly|poor|worst|worse|terrible|awful|unacceptable|annoying|distracting|unpleasant|unnatural|artificial|robotic|"
    r"machine|narrow|dull|muffled|cathedral)\b|差|糟|吵|嘈杂"
)
_GOOD = _words(
    r"\b(?:good|excellent|best|better|perfect|perfectly|fine|clean|clear|silent|silence|quiet|dry|natural|human|person|"
    r"pristine|full band|wide|crisp|smooth|studio)\b|好|优|佳|完美|干净|安静|清晰|自然"
)
_MUCH = _words(
    r"\b(?:very|much|many|extreme(?:ly)?|heavy|heavily|strong(?:ly)?|severe(?:ly)?|high|highest|most|full of|loud|"
    r"constant)\b|很|非常|高|大|强"
)


def pole(words: str, aspect: Aspect) -> Pole | None:
    """Return which end of an aspect an anchor means; None where its words do not say."""
    little = _LITTLE.search(words) is not None
    poor, good = _POOR.search(words) is not None, _GOOD.search(words) is not None
    if poor != good:
        return "good" if good != little else "poor"
    if poor and good:
        return None
    named = any(other.words.search(words) and other.is_flaw for other in ASPECTS)
    if named or aspect.is_flaw:
        if little:
            return "good"
        return "poor" if named or _MUCH.search(words) else None
    if little:
        return "poor"
    return "good" if _MUCH.search(words) else None


def rising(criterion: Criterion, aspect: Aspect) -> bool | None:
    """Return whether the highest value of the scale is the good end; None where the instruction does not say."""
    scale = criterion.scale
    low, high = (pole(scale.words(end), aspect) for end in (scale.low, scale.high))
    if low or high:
        return None if low == high else (high == "good" or low == "poor")
    if scale.spellings == ("fail", "pass"):
        return True
    if _FREE.search(criterion.asking) or not aspect.is_flaw:
        return True
    amount = scale.spellings == ("no", "yes") or _AMOUNT.search(criterion.asking)
    return False if amount and not scale.anchors else None


def aspect_of(asking: str) -> Aspect | None:
    """Return the aspect that an instruction is about, where all of it is about that one."""
    named = [aspect for aspect in ASPECTS if aspect.words.search(asking)]
    if len(named) != 1:
        return None
    rest = _FILLER.sub(" ", named[0].words.sub(" ", asking))
    return None if re.search(r"\w", rest) else named[0]


@dataclass(frozen=True, slots=True)
class _Curve:
    knots: tuple[tuple[float, float], ...]
    spread: float

    def goodness(self, value: float) -> float:
        import numpy as np

        return float(np.interp(value, [x for x, _ in self.knots], [share for _, share in self.knots]))


@lru_cache(1)
def _curves() -> Mapping[str, _Curve]:
    path = _data()
    try:
        data = loads(path.read_text(encoding="utf-8"))
        found = {name: _curve(fields) for name, fields in data["curves"].items()}
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise WeightsError(f"{path.name} is damaged or missing ({error}); install audiojudge-cli again") from error
    missing = {_CURVE.get(aspect.name, aspect.name) for aspect in ASPECTS} - set(found)
    if missing or data.get("schema") != SCHEMA:
        raise WeightsError(f"{path.name} is of another version of audiojudge; install audiojudge-cli again")
    return found


def _curve(fields: Mapping[str, Any]) -> _Curve:
    return _Curve(tuple((float(x), float(y)) for x, y in sorted(fields["knots"])), float(fields["spread"]))


def _data() -> Path:
    return bundled("models") / "embedded.ratings.json"


def ratings_data() -> bytes:
    """Return the data that ratings rest on, for fingerprints."""
    return _data().read_bytes()


def rate(clip: ClipFeatures, criterion: Criterion, p_yes: Answer) -> Rated | Unrated:
    """Rate one clip.

    Args:
        clip: Its features.
        criterion: What on.
        p_yes: Answers claims, for traits.
    """
    aspect = aspect_of(criterion.asking)
    if aspect is None:
        return _by_trait(clip, criterion, p_yes)
    upwards = rising(criterion, aspect)
    if upwards is None:
        return Unrated(
            f"Whether {criterion.scale.spellings[-1]} is the good end is not said; name both ends of the scale, "
            "such as 'from 1 (very noisy) to 5 (silent)'."
        )
    found = aspect.measure(clip)
    if isinstance(found, NotHeard):
        return Unrated(found.reason)
    curve = _curves()[_CURVE.get(aspect.name, aspect.name)]
    good = curve.goodness(found.value)
    return Rated(good if upwards else 1.0 - good, curve.spread, found.evidence, facts=found.facts)


# Who can have a trait; of "how well the pace suits the text" nobody knows a trait.
_WHO = (
    r"(?P<subject>(?:the|this) (?:speaker|voice|man|woman|boy|girl|child|narrator|reader|person|singer|vocalist|"
    r"singing|music|song|piece|track|tempo|melody|delivery|speech))"
)
# "Rate how happy the speaker sounds", "How fast does the man talk?".
_HOW = re.compile(
    rf"(?:(?:please )?(?:rate|score|grade|judge|assess|evaluate|say) )?how (?P<value>[a-z-]+) (?:(?:does|is) )?{_WHO}"
    r"(?: (?P<verb>sounds?|is|feels?|speaks?|talks?|sings?))?[?.]?",
    re.IGNORECASE,
)
# "Does the speaker sound happy?", "Is the voice calm".
_IS = re.compile(
    rf"(?:does|is) {_WHO} (?:(?P<verb>sound|feel|speak|talk|sing) )?(?P<value>[a-z-]+)[?.]?", re.IGNORECASE
)
# How much of a trait an anchor means, beside the trait itself.
_DEGREE = _words(r"^(?:very|extremely|quite|rather|completely|totally|really|most|clearly)\s+")
_NONE = _words(r"^(?:not at all|not|none|never|hardly|no)\b|^(?:完全不|不)$")


def _by_trait(clip: ClipFeatures, criterion: Criterion, p_yes: Answer) -> Rated | Unrated:
    ends = trait_ends(criterion)
    if ends is None:
        return Unrated(
            f"The embedded judge has no measure of what is asked here: {criterion.asking[:200]!r}; an omni judge may."
        )
    high, low = ends
    answers = [None if claim is None else p_yes(clip, claim) for claim in (high, low)]
    for found in answers:
        if isinstance(found, NotHeard):
            return Unrated(found.reason)
    up, down = (found if isinstance(found, float) else None for found in answers)
    if up is not None and down is not None:
        position = (1.0 + up - down) / 2.0
    else:
        position = up if up is not None else 1.0 - (down or 0.0)
    named = [
        f"p of {claim.words or claim.value!r} {p:.2f}"
        for claim, p in ((high, up), (low, down))
        if claim and p is not None
    ]
    return Rated(position, math.sqrt(position * (1.0 - position)), f"From its trait: {'; '.join(named)}.")


@lru_cache(256)  # the same criterion is asked of every clip
def trait_ends(criterion: Criterion) -> tuple[Claim | None, Claim | None] | None:
    """Return the claims that the highest and the lowest value make; None where the instruction names no known trait.

    One of the two may be None: then the other's opposite is meant.
    """
    scale = criterion.scale
    found = _HOW.fullmatch(criterion.asking) or _IS.fullmatch(criterion.asking)
    if found is None:
        return None
    verb = found["verb"] or "sounds"
    verb = verb if verb.endswith("s") else verb + "s"

    def claim(words: str) -> Claim | None:
        return _claim(f"{found['subject'].capitalize()} {verb}", _DEGREE.sub("", words.strip()))

    asked = claim(found["value"])
    if asked is None:
        return None
    low, high = (
        None if _NONE.search(words) else claim(words) for words in (scale.words(scale.low), scale.words(scale.high))
    )
    same_low, same_high = _same(low, asked), _same(high, asked)
    if same_low and same_high:
        return None
    if same_low or (high is not None and not same_high and _related(high, asked)):
        return (high if _related(high, asked) else None), asked
    if scale.words(scale.high) and _NONE.search(scale.words(scale.high)):
        return None, asked
    return asked, (low if _related(low, asked) else None)


def _same(claim: Claim | None, asked: Claim) -> bool:
    return claim is not None and (claim.dimension, claim.value, claim.negated) == (
        asked.dimension,
        asked.value,
        asked.negated,
    )


def _related(claim: Claim | None, asked: Claim) -> bool:
    return claim is not None and claim.dimension == asked.dimension


def _claim(subject: str, value: str) -> Claim | None:
    """Return the claim that a subject has a value; None where that is no claim, several, or one nobody can measure."""
    if not value:
        return None
    claims = [item.claim for item in RulesExpander().expand(f"{subject} {value}.").items if item.claim is not None]
    fitting = [claim for claim in claims if claim.value and claim.words.lower() == value.lower()]
    return fitting[0] if len(fitting) == 1 and answerable(fitting[0]) else None
