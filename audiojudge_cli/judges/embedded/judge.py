"""The embedded judge: claims are measured by the traits that answer them, readings become p_yes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from audiojudge_cli import __version__
from audiojudge_cli.code_digest import JUDGING, code_digest
from audiojudge_cli.errors import AudiojudgeError
from audiojudge_cli.judges.base import Case, Scope
from audiojudge_cli.judges.embedded.calibration import Calibration, load_calibration
from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
from audiojudge_cli.judges.embedded.heads import Heads, load_heads
from audiojudge_cli.judges.embedded.rating import rate, ratings_data
from audiojudge_cli.judges.embedded.reading import NotHeard, Reading
from audiojudge_cli.judges.embedded.traits import answer, answerable, check_curves
from audiojudge_cli.judges.faults import spared
from audiojudge_cli.probes.ordinary import load_ordinary
from audiojudge_cli.probes.sessions import Models, shared_models
from audiojudge_cli.results.verdict import Verdict, answered, unverifiable
from audiojudge_cli.rubrics.claim import Claim
from audiojudge_cli.rubrics.item import RubricItem
from audiojudge_cli.scales.instruction import Criterion
from audiojudge_cli.scales.rated import Rated, Unrated
from audiojudge_cli.signals.parameters import parameters
from audiojudge_cli.weights.catalog import find_card

SOURCES = ("judges/embedded", "probes", "rubrics", "signals", "quality/scale.py", *JUDGING)
"""What answers and their evidence rest on: traits, probes, and the parser that reads the questions of others."""

LEAST = 0.01
"""No answer is surer than this: two curves at their floors do not make a certainty when they are multiplied."""

SHARED = 0.4
"""How far from one half an answer may go that was measured over all sounds though one of them is asked about: of a clip
with several sounds the loudest says most, so its level, pitch and rhythm are a hint of each of the others, no more."""


@dataclass(frozen=True)
class EmbeddedJudge:
    """Answers items with small models on any CPU.

    Attributes:
        models: Sessions by name, loaded when first needed.
        calibration: From readings to p_yes.
        heads: Names instruments.
        concurrent: Threads that may call it at once.
    """

    models: Models
    calibration: Calibration
    heads: Heads
    concurrent: int = 1

    @property
    def name(self) -> str:
        """The card's name."""
        return self.models.card.name

    @property
    def device(self) -> str:
        """`cpu` or `cuda`."""
        return self.models.device

    @property
    def scope(self) -> Scope:
        """Each item is answered from its own text and the audio; caption and other items play no part."""
        return "item"

    @property
    def fingerprint(self) -> str:
        """Digest of everything an answer depends on: weights, calibration, code."""
        parts = (
            self.models.card.fingerprint,
            self.calibration.digest,
            self.heads.digest,
            load_ordinary().digest,
            parameters().digest,
            code_digest(*SOURCES),
            self.device,
        )
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def judge(self, cases: Sequence[Case]) -> list[list[Verdict]]:
        """Return one verdict per item, in order, for every case; each case is heard on its own."""
        return [self._judge_one(case) for case in cases]

    def describe(self) -> Mapping[str, str]:
        """Return card, digests of the code of the calibration, the fitted models and the weights."""
        weights = {f"weights.{name}": entry.fingerprint for name, entry in self.models.card.weights.items()}
        return {
            "card": self.models.card.name,
            "version": __version__,
            "code": code_digest(*SOURCES),
            "calibration": self.calibration.digest,
            "heads": self.heads.digest,
            "ordinary": load_ordinary().digest,
            "signals": parameters().digest,
            **weights,
        }

    @property
    def ratings_digest(self) -> str:
        """Digest of what ratings rest on besides the answers to claims."""
        return hashlib.sha256(ratings_data()).hexdigest()[:16]

    def rate(self, case: Case, criteria: Sequence[Criterion]) -> list[Rated | Unrated | Exception]:
        """Return one rating per criterion, or why there is none (`judges.rating.Rating`)."""
        clip = ClipFeatures(case.waveform, self.models, self.heads)
        return [self._rated(clip, criterion) for criterion in criteria]

    def _rated(self, clip: ClipFeatures, criterion: Criterion) -> Rated | Unrated | Exception:
        try:
            return rate(clip, criterion, self._p_yes)
        except AudiojudgeError:
            raise
        except Exception as error:  # noqa: BLE001 - one criterion's failure never takes its clip
            return error

    def _p_yes(self, clip: ClipFeatures, claim: Claim) -> float | NotHeard:
        reading = answer(clip, claim)
        if isinstance(reading, NotHeard):
            return reading
        p = probability(reading, self.calibration)
        return 1.0 - p if reading.negated else p

    def _judge_one(self, case: Case) -> list[Verdict]:
        clip = ClipFeatures(case.waveform, self.models, self.heads)
        return [spared(partial(self._judge_item, clip, item), self.name) for item in case.items]

    def _judge_item(self, clip: ClipFeatures, item: RubricItem) -> Verdict:
        return self._verdict(observe(clip, item))

    def _verdict(self, reading: Reading | NotHeard) -> Verdict:
        if isinstance(reading, NotHeard):
            return unverifiable(reading.reason, self.name)
        p = probability(reading, self.calibration)
        return answered(
            1.0 - p if reading.negated else p,
            reading.evidence,
            reading.source,
            times=reading.times,
            facts=reading.facts,
        )


# "Is the voice spoken normally rather than whispered?": what it is about, and what it is said not to be.
_CONTRAST = re.compile(
    r"^(?P<about>(?:is|are|was|were|does|do|did) (?:the|this) \w+) .*\brather than (?!(?:an?|the) )(?P<denied>.+)$",
    re.IGNORECASE,
)


def claim_of(item: RubricItem) -> Claim | None:
    """Return what an item asserts: its claim, else what its question is read as; None where nobody can tell."""
    if item.claim is not None:
        return item.claim
    from audiojudge_cli.rubrics.questions import read_question

    claim, contrast = read_question(item), _CONTRAST.match(item.question)
    if contrast is None:
        return claim
    denied = read_question(replace(item, question=f"{contrast['about']} {contrast['denied']}"))
    if denied is None or not answerable(denied):
        return claim
    # "Spoken rather than sung" is no claim of singing, and no trait hears "spoken normally" but "whispered".
    misread = (
        claim is None or not answerable(claim) or (claim.dimension, claim.value) == (denied.dimension, denied.value)
    )
    return replace(denied, negated=not denied.negated) if misread else claim


def checkable(item: RubricItem) -> bool:
    """Return whether some trait answers items like this one; whether a given clip allows it is another matter."""
    claim = claim_of(item)
    return claim is not None and answerable(claim)


def observe(clip: ClipFeatures, item: RubricItem) -> Reading | NotHeard:
    """Return what was measured for an item, or why nothing could be."""
    claim = claim_of(item)
    if claim is None:
        return NotHeard(f"What is asked here could not be read as a claim: {item.question[:200]!r}.")
    return answer(clip, claim)


def probability(reading: Reading, calibration: Calibration) -> float:
    """Return the probability that what was measured holds: its own curve times those of what must hold first.

    Where `reading.negated`, the claim says the opposite, and its p_yes is one minus this.
    """
    p = calibration.p_yes(reading.kind, reading.features)
    if reading.shared:
        p = 0.5 + SHARED * (p - 0.5)
    for kind, features in reading.given.items():
        p *= calibration.p_yes(kind, features)
    return max(LEAST, p)


def load(*, card: str | None = None, device: str = "auto", threads: int | None = None) -> EmbeddedJudge:
    """Return the embedded judge (entry point `audiojudge.judges`: `embedded`).

    Args:
        card: Name or path of a card, else the bundled card `embedded`.
        device: `auto`, `cpu` or `cuda`.
        threads: How many clips are judged at the same time; more sessions of the recogniser are kept then.

    Raises:
        WeightsError: If the calibration is missing, or has no curve for a reading that a trait can give; weights are
            fetched when a probe first needs them.
    """
    models = shared_models(find_card(card or "embedded"), device, threads or 1)
    calibration = load_calibration()
    check_curves(calibration)
    return EmbeddedJudge(models, calibration, load_heads(), threads or 1)
