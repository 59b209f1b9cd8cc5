"""From a run and labels to a calibration, or to the reason why there is none."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from audiojudge_cli.calibration.curves import CurveOutcome, audio_of, curve_outcome, grouped, kept
from audiojudge_cli.calibration.file import SCHEMA, CalibrationFile, calibration_text
from audiojudge_cli.calibration.fit import Cases, Figures, Gain, Outcome, cases_of, cross_validated, figures
from audiojudge_cli.calibration.join import Labelled, join
from audiojudge_cli.calibration.labels import read_labels
from audiojudge_cli.errors import InputError
from audiojudge_cli.results.curves import ItemCurve, ItemCurves
from audiojudge_cli.results.index import read_records
from audiojudge_cli.results.record import JudgeRef, Record
from audiojudge_cli.results.rule import Calibrated, read_rule
from audiojudge_cli.text.atomic import write_text
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.terminal import shown

FEWEST = 50
"""Labels below which nothing is fitted: the 95 % interval of an accuracy of 0.9 is then wider than 16 points."""

LABELS = "labels.jsonl"
"""The file of a run folder in which `audiojudge label` keeps what people say."""

SEVERAL = "several"
"""In place of a fingerprint where rubrics were given with the clips, each with its own."""

FEWEST_OF_A_KIND = 10
"""Labels of either kind: with fewer, one of them more or less moves the bias by a tenth of a logit or more."""


@dataclass(frozen=True)
class Found:
    """A fitted calibration with what it was fitted to.

    Attributes:
        labelled: The clips.
        base: The decision as it is.
        outcome: The decision fitted to the clips, and its figures.
        judge: Who answered.
        expanders: Who wrote the rubrics, each once.
        curves: By dimension of labelled items: the curve, or why there is none.
    """

    labelled: Labelled
    base: Calibrated
    outcome: Outcome
    judge: JudgeRef
    expanders: tuple[JudgeRef, ...]
    curves: Mapping[str, CurveOutcome]

    @property
    def kept(self) -> ItemCurves | None:
        """The curves of items that gain something; None without any."""
        return kept(self.curves)

    @property
    def at_random(self) -> tuple[Figures, Figures] | None:
        """Figures before and after on the clips drawn at random; None where all are, or none is known to be."""
        clips = self.labelled.clips
        drawn = [at for at, (record, _) in enumerate(clips) if record.id in self.labelled.random]
        if not 0 < len(drawn) < len(clips):
            return None
        truth = np.array([clips[at][1] for at in drawn], dtype=np.bool_)
        before, after = (figures(logits[drawn], truth, self.base.threshold) for logits in self.outcome.logits)
        return before, after

    @property
    def refusal(self) -> str | None:
        """Why nothing may be written, in plain words; None where the labels gain something."""
        if self.outcome.teaches or self.kept:
            return None
        gain = self.outcome.gains["log_loss"]
        if self.outcome.over_share.low <= 0:
            return (
                "the labels and the judge's answers have too little to do with each other: after calibration the "
                "decision tells no more than the share of yes among the labels does; nothing was written. See whether "
                "the labels name the right clips, or label more of them"
            )
        return (
            "calibration gains nothing that these labels could show: the log loss falls by "
            f"{gain.value:.3f}, interval {gain.low:.3f} to {gain.high:.3f}; nothing was written. Keep the decision "
            "as it is, or label more clips"
        )

    def file(self) -> CalibrationFile:
        """Return what a calibration file says."""
        outcome, curves = self.outcome, self.kept
        rule = outcome.rule if outcome.teaches else self.base
        clips = self.labelled.clips
        numbers = ("bias", "mean_odds", "min_log", "count_log", "floor")
        return CalibrationFile.model_validate(
            {
                "schema": SCHEMA,
                "judge": _plain(self.judge),
                "expanders": [_plain(one) for one in self.expanders],
                "labels": {"clips": len(clips), "yes": sum(match for _, match in clips)},
                "fitted": outcome.fitted if outcome.teaches else "nothing",
                "decision": {name: getattr(rule, name) for name in numbers},
                "curves": {name: _curve(self.curves[name]) for name, _ in (curves.by if curves else ())},
                "figures": {
                    "before": _plain_figures(outcome.before),
                    **(
                        {"after": _plain_figures(outcome.after), "gain": _ends(outcome.gains)}
                        if outcome.teaches
                        else {}
                    ),
                },
            }
        )


def calibrate(run: Path, labels: Path | None = None, *, yes_from: float | None = None) -> Found:
    """Return the decision of a run fitted to labels of its clips.

    Args:
        run: Folder of a finished run of one judge.
        labels: JSONL, as `read_labels` takes it; None takes `labels.jsonl` of the run folder.
        yes_from: As there.

    Raises:
        InputError: If either cannot be read, they do not fit each other, or the labels are too few or of one kind; or
            `yes_from` is no number.
    """
    if yes_from is not None and not math.isfinite(yes_from):
        raise InputError("--yes-from is a number, such as 4")
    labels = labels or run / LABELS
    said = read_labels(labels, yes_from=yes_from)
    records = list(read_records(run))
    base, judge = run_base(records, run)
    labelled = join(said, records, labels)
    _refuse_few(labelled, labels)
    outcome = cross_validated(base, decision_cases(labelled.clips, base))
    curves = {name: curve_outcome(each) for name, each in grouped(labelled.items).items()}
    return Found(labelled, base, outcome, judge, _writers(labelled), curves)


def save(found: Found, out: Path | None) -> CalibrationFile:
    """Write a calibration, and return what it holds.

    Args:
        found: As `calibrate` gives it.
        out: The file; None writes nothing.

    Raises:
        InputError: If the labels gain nothing, or the file cannot be written.
    """
    if found.refusal is not None:
        raise InputError(found.refusal)
    data = found.file()
    if out is not None:
        try:
            write_text(out, calibration_text(data))
        except OSError as error:
            raise InputError(f"cannot write {shown(out)}: {error.strerror or error}; give another --out") from error
    return data


def decision_cases(clips: Sequence[tuple[Record, bool]], base: Calibrated) -> Cases:
    """Return labelled clips that have a decision as numbers."""
    return cases_of(
        [[item.judged for item in record.items if item.judged is not None] for record, _ in clips],
        [match for _, match in clips],
        [audio_of(record) for record, _ in clips],
        [record.told for record, _ in clips],
        floor=base.floor,
    )


def _writers(labelled: Labelled) -> tuple[JudgeRef, ...]:
    """Return who wrote the rubrics; where each has a fingerprint of its own, as in a manifest, one stands for all."""
    prints: dict[str, set[str]] = {}
    for record, _ in labelled.clips:
        prints.setdefault(record.expander.name, set()).add(record.expander.fingerprint)
    return tuple(JudgeRef(name, each.pop() if len(each) == 1 else SEVERAL) for name, each in prints.items())


def run_base(records: Sequence[Record], run: Path) -> tuple[Calibrated, JudgeRef]:
    """Return how the clips of a run were decided, and on whose answers.

    Raises:
        InputError: If by nothing that can be fitted, or in several ways.
    """
    judges = dict.fromkeys(record.judge for record in records)
    rules = dict.fromkeys((record.decision.rule, record.decision.threshold) for record in records)
    if not records or any(not record.is_judged or record.is_rated for record in records):
        raise InputError(f"{shown(run)} decides about no captions; give the run folder of `audiojudge score`")
    if len(judges) > 1 or len(rules) > 1:
        raise InputError(f"{shown(run)} holds records of several judges or decision rules; score it again")
    ((text, threshold),) = rules
    base = read_rule(text, threshold)
    if not isinstance(base, Calibrated):
        raise InputError(
            f"{shown(run)} was decided by {text}, which has no numbers to fit: score it again with a preset without "
            "decision.mean and decision.min"
        )
    return base, next(iter(judges))


def _refuse_few(labelled: Labelled, labels: Path) -> None:
    clips = len(labelled.clips)
    yes = sum(match for _, match in labelled.clips)
    if clips < FEWEST:
        raise InputError(
            f"{shown(labels)} labels {counted(clips, 'clip')} of this run{left_out(labelled)}; that is too few to "
            f"learn from, label at least {FEWEST}"
        )
    if min(yes, clips - yes) < FEWEST_OF_A_KIND:
        few, count = ("yes", yes) if yes < clips - yes else ("no", clips - yes)
        raise InputError(
            f"{shown(labels)}: {count} of {clips} labels are {few}; to learn what tells them apart it takes at least "
            f"{FEWEST_OF_A_KIND} of either kind"
        )


def left_out(labelled: Labelled) -> str:
    """Return what of the labels was left out, in brackets with a blank before them; empty where nothing was."""
    parts = []
    if labelled.strangers:
        lines = counted(len(labelled.strangers), "label")
        parts.append(f"{lines} of no clip of the run, the first on line {labelled.strangers[0]}")
    if labelled.undecided:
        parts.append(f"{counted(labelled.undecided, 'clip')} without a decision")
    if labelled.unsure:
        parts.append(f"{labelled.unsure} that people could not tell")
    if labelled.split:
        parts.append(f"{labelled.split} of which as many people said yes as no")
    if labelled.strange_items:
        parts.append(f"{counted(labelled.strange_items, 'label')} of items that their clip does not have")
    return f" (left out: {'; '.join(parts)})" if parts else ""


def _curve(one: CurveOutcome) -> dict[str, Any]:
    return {
        **asdict(one.curve or ItemCurve(0.0, 1.0)),
        "items": one.items,
        "yes": one.yes,
        "gain": _ends(one.gains or {}),
    }


def _plain_figures(figures: Figures) -> dict[str, float | None]:
    return {name: _short(value) for name, value in asdict(figures).items()}


def _ends(gains: Mapping[str, Gain]) -> dict[str, list[float | None]]:
    return {name: [_short(value) for value in (gain.value, gain.low, gain.high)] for name, gain in gains.items()}


def _plain(ref: JudgeRef) -> dict[str, str]:
    return {"name": ref.name, "fingerprint": ref.fingerprint}


def _short(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, 4)
