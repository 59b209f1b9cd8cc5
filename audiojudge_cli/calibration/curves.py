"""Curves of single dimensions, fitted to what people said of items; each stands or falls by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from audiojudge_cli.calibration.fit import Cases, Gain, chances_of, folds, interval_of, platt
from audiojudge_cli.results.curves import ItemCurve, ItemCurves, log_odds
from audiojudge_cli.results.record import Record, RecordItem
from audiojudge_cli.stats.probability import Floats, log_losses

FEWEST_ITEMS = 30
"""Labels below which no curve is tried: its two numbers want fifteen each (Peduzzi et al. 1996 ask for ten)."""

FEWEST_OF_A_KIND = 5
"""Labels of either kind: with fewer, one more or less moves the bias by a fifth of a logit or more."""

_HALF = 0.5
"""Where yes begins among answers to items (docs/record.md)."""


@dataclass(frozen=True)
class ItemCases:
    """Labelled items of one dimension.

    Attributes:
        cases: As numbers: a one and the log odds of p_yes; shape (items, 2).
    """

    cases: Cases

    @classmethod
    def of(cls, items: Sequence[tuple[Record, RecordItem, bool]]) -> ItemCases:
        """Return labelled items, all with a p_yes, as numbers."""
        looks = [[1.0, log_odds(item.judged or 0.0)] for _, item, _ in items]
        return cls(
            Cases(
                np.array(looks, dtype=np.float64).reshape(len(items), 2),
                np.array([truth for _, _, truth in items], dtype=np.bool_),
                [audio_of(record) for record, _, _ in items],
                [record.told for record, _, _ in items],
            )
        )

    @property
    def logits(self) -> Floats:
        """The log odds of what the judge answered."""
        return self.cases.looks[:, 1]

    @property
    def too_few(self) -> str | None:
        """Why no curve is tried; None where there are labels enough."""
        cases = self.cases
        if len(cases) < FEWEST_ITEMS:
            return f"fewer than {FEWEST_ITEMS} labels"
        return f"fewer than {FEWEST_OF_A_KIND} of a kind" if cases.rarer < FEWEST_OF_A_KIND else None


@dataclass(frozen=True)
class CurveOutcome:
    """What the labels of one dimension's items say.

    Attributes:
        items: How many.
        yes: How many of them yes.
        curve: Fitted to all of them; None where none was tried.
        before: Mean log loss and accuracy of what the judge answered; None where no curve was tried.
        after: The same on labels that the curve had not seen.
        gains: By figure, accuracy and log_loss: what the curve gains.
        refusal: Why there is no curve; None where it is kept.
    """

    items: int
    yes: int
    curve: ItemCurve | None = None
    before: tuple[float, float] | None = None
    after: tuple[float, float] | None = None
    gains: Mapping[str, Gain] | None = None
    refusal: str | None = None


def curve_outcome(items: ItemCases) -> CurveOutcome:
    """Return the curve of one dimension with what it gains, cross-validated as the decision is (`fit`)."""
    cases, truth = items.cases, items.cases.truth
    count, yes = len(cases), int(truth.sum())
    if refusal := items.too_few:
        return CurveOutcome(count, yes, refusal=refusal)
    after = np.empty(count)
    for held_out, seen in folds(cases):
        bias, slope = platt(items.logits[seen], truth[seen])
        after[held_out] = bias + slope * items.logits[held_out]
    right = [((chances_of(logits) >= _HALF) == truth).astype(np.float64) for logits in (items.logits, after)]
    losses = [log_losses(logits, truth) for logits in (items.logits, after)]
    gains = {
        "accuracy": interval_of(right[1] - right[0], cases),
        "log_loss": interval_of(losses[0] - losses[1], cases),
    }
    (before_loss, after_loss), (before_right, after_right) = losses, right
    return CurveOutcome(
        count,
        yes,
        curve=ItemCurve(*platt(items.logits, truth)),
        before=(float(before_loss.mean()), float(before_right.mean())),
        after=(float(after_loss.mean()), float(after_right.mean())),
        gains=gains,
        refusal=None if gains["log_loss"].low > 0 else "no gain that the labels could show",
    )


def kept(outcomes: Mapping[str, CurveOutcome]) -> ItemCurves | None:
    """Return the curves that gain something; None without any."""
    return ItemCurves.of(
        {name: one.curve for name, one in outcomes.items() if one.curve is not None and one.refusal is None}
    )


def grouped(items: Sequence[tuple[Record, RecordItem, bool]]) -> dict[str, ItemCases]:
    """Return labelled items by dimension, sorted."""
    names = sorted({item.dimension for _, item, _ in items})
    return {name: ItemCases.of([one for one in items if one[1].dimension == name]) for name in names}


def audio_of(record: Record) -> str:
    """Return what tells the audio of a clip from others."""
    return record.audio.sha256 or record.audio.path
