"""Two runs side by side: clips paired by id, and a refusal where numbers would not compare."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audiojudge_cli.errors import InputError
from audiojudge_cli.gates.expression import Selection
from audiojudge_cli.gates.figures import Figure
from audiojudge_cli.gates.sample import Mask, Units, selected, units, units_in
from audiojudge_cli.gates.table import Floats, Ints, RunTable
from audiojudge_cli.results.record import JudgeRef
from audiojudge_cli.stats.estimate import Estimate
from audiojudge_cli.stats.estimators import quantile_drop, ratio
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.terminal import safe_line, shown


@dataclass(frozen=True)
class Pairs:
    """Clips with the same id and caption in two runs.

    Attributes:
        old: The baseline.
        new: The run.
        at_old: Place of each pair in the baseline.
        at_new: Place of each pair in the run, same order.
        item_old: Place of each paired item in the baseline: same clip, same rubric, same number.
        item_new: Place of each paired item in the run.
        only_old: Places of clips that only the baseline has.
        only_new: Places of clips that only the run has.
        changed: Places in the run of clips whose caption or rubric is another; they are no pairs.
    """

    old: RunTable
    new: RunTable
    at_old: Ints
    at_new: Ints
    item_old: Ints
    item_new: Ints
    only_old: Ints
    only_new: Ints
    changed: Ints

    def __len__(self) -> int:
        """Number of pairs."""
        return len(self.at_new)

    @property
    def same_audio(self) -> bool:
        """Whether every pair is the very same file: then the baseline was scored against itself."""
        old, new = self.old.audio[self.at_old], self.new.audio[self.at_new]
        return len(self) > 0 and bool(((old == new) & (old != 0)).all())

    @property
    def same_measures(self) -> bool:
        """Whether the quality of both was measured alike, as far as it was measured in both."""
        return not (self.old.measures and self.new.measures) or self.old.measures == self.new.measures


@dataclass(frozen=True)
class Moves:
    """Paired units of one figure.

    Attributes:
        old: Values in the baseline.
        new: Values in the run.
        size: As in `Units`.
        caption: The cluster of each pair.
        place: Of each pair in the run.
        share: Share of the units with a value, on the side that has more of them, that are in pairs.
        same_audio: As in `Pairs`.
    """

    old: Floats
    new: Floats
    size: Floats
    caption: Ints
    place: Ints
    share: float
    same_audio: bool


def pair_runs(old: RunTable, new: RunTable) -> Pairs:
    """Return the pairs of two runs.

    Raises:
        InputError: If it is one folder twice, the judge or the decision rule is another, or rubrics of two makers
            differ.
    """
    refuse_itself(old.folder, new.folder)
    refuse_other_judge(old, new.judges, new.decisions)
    place_in_old = {clip_id: place for place, clip_id in enumerate(old.ids)}
    partner = np.array([place_in_old.get(clip_id, -1) for clip_id in new.ids], dtype=np.int64)
    at_new = np.flatnonzero(partner >= 0)
    at_old = partner[at_new]
    both_asked = (old.rubrics[at_old] != 0) & (new.rubrics[at_new] != 0)
    told_alike = old.captions[at_old] == new.captions[at_new]
    asked_alike = ~both_asked | (old.rubrics[at_old] == new.rubrics[at_new])
    _refuse_other_rubrics(old, new, at_old[told_alike & ~asked_alike], at_new[told_alike & ~asked_alike])
    same = told_alike & asked_alike
    lone = np.ones(len(old), dtype=np.bool_)
    lone[at_old] = False
    at_old, changed, at_new = at_old[same], at_new[~same], at_new[same]
    item_old, item_new = _item_pairs(old, new, at_old, at_new)
    only_new = np.flatnonzero(partner < 0)
    return Pairs(old, new, at_old, at_new, item_old, item_new, np.flatnonzero(lone), only_new, changed)


def refuse_itself(old: Path, new: Path) -> None:
    """Refuse one folder as its own baseline.

    Raises:
        InputError: If so.
    """
    if old.resolve() == new.resolve():
        raise InputError(f"{shown(new)} is its own baseline; nothing can have moved")


def refuse_other_judge(old: RunTable, judges: Iterable[JudgeRef], decisions: Iterable[tuple[str, float]]) -> None:
    """Refuse a baseline by another judge, or with another decision rule.

    Args:
        old: The baseline.
        judges: Of the run.
        decisions: Its (rule, threshold) pairs.

    Raises:
        InputError: If so.
    """
    _same("judge", {ref.fingerprint: ref.name for ref in old.judges}, {ref.fingerprint: ref.name for ref in judges})
    _same("decision rule", dict.fromkeys(map(str, old.decisions), ""), dict.fromkeys(map(str, decisions), ""))


def _same(what: str, old: dict[str, str], new: dict[str, str]) -> None:
    if old.keys() != new.keys():
        left, right = (
            safe_line(", ".join(f"{name} {key}".strip() for key, name in each.items())) for each in (old, new)
        )
        raise InputError(
            f"the baseline has another {what} ({left}) than the run ({right}), so their figures do not compare; "
            "score both with the same one"
        )


def _refuse_other_rubrics(old: RunTable, new: RunTable, at_old: Ints, at_new: Ints) -> None:
    """Refuse runs whose rubrics are of two makers, or two versions of one, and differ.

    Items are compared, not makers: a rubric that was written to a file and given back asks the same.

    Args:
        old: The baseline.
        new: The run.
        at_old: Places of clips in both with the same caption and other items.
        at_new: Their places in the run.
    """
    makers = [
        (old.expanders[left], new.expanders[right])
        for left, right in zip(old.makers[at_old].tolist(), new.makers[at_new].tolist(), strict=True)
    ]
    others = [(mine, theirs) for mine, theirs in makers if mine != theirs]
    if others:
        left, right = (safe_line(f"{ref.name} {ref.fingerprint}") for ref in others[0])
        raise InputError(
            f"{len(others)} of {counted(len(new), 'clip')} have another rubric in the baseline (made by {left}) than "
            f"in the run (made by {right}), so their figures do not compare; score both with the same rubrics"
        )


def _item_pairs(old: RunTable, new: RunTable, at_old: Ints, at_new: Ints) -> tuple[Ints, Ints]:
    """Return the places of the items of paired clips; their rubrics are equal, so the items stand in the same order."""
    asked = (old.items[at_old] > 0) & (new.items[at_new] > 0)
    at_old, at_new = at_old[asked], at_new[asked]
    sizes = new.items[at_new]
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    starts_old, starts_new = np.cumsum(old.items) - old.items, np.cumsum(new.items) - new.items
    return np.repeat(starts_old[at_old], sizes) + within, np.repeat(starts_new[at_new], sizes) + within


def moves(pairs: Pairs, figure: Figure, selection: Selection, pass_at: float) -> Moves:
    """Return the paired units of a figure that have a value on both sides; the selection is taken in the run.

    Raises:
        InputError: As `gates.sample.selected`, or if the figure was measured otherwise in the baseline.
    """
    if figure.is_of_quality and not pairs.same_measures:
        raise InputError(
            f"{figure.name} was measured otherwise in the baseline ({_told(pairs.old.measures)}) than in the run "
            f"({_told(pairs.new.measures)}), so the two do not compare; repeat the command of the older one"
        )
    everything = np.ones(len(pairs.old), dtype=np.bool_)
    old = units_in(pairs.old, figure, everything, selection.dimension, pass_at)
    new = units(pairs.new, figure, selection, pass_at)
    of_items = selection.dimension is not None
    left, right = (pairs.item_old, pairs.item_new) if of_items else (pairs.at_old, pairs.at_new)
    total_old = len(pairs.old.item_p) if of_items else len(pairs.old)
    total_new = len(pairs.new.item_p) if of_items else len(pairs.new)
    values_old, _ = _spread(old, total_old)
    values_new, row_new = _spread(new, total_new)
    both = ~np.isnan(values_old[left]) & ~np.isnan(values_new[right])
    left, right = left[both], right[both]
    rows = row_new[right]
    before = _counted(pairs, selection, old)
    after = int((~np.isnan(new.value)).sum())
    share = len(right) / max(before, after) if max(before, after) else 0.0
    return Moves(
        values_old[left],
        values_new[right],
        new.size[rows],
        new.caption[rows],
        new.place[rows],
        share,
        pairs.same_audio,
    )


def _told(versions: Iterable[int]) -> str:
    return f"version {', '.join(map(str, versions))}"


def drop(found: Moves, figure: Figure) -> Estimate:
    """Return the change for the worse, positive when the run is worse than its baseline."""
    before, after = (found.new, found.old) if figure.lower_is_better else (found.old, found.new)
    if figure.quantile is not None:
        return quantile_drop(before, after, found.caption, figure.quantile)
    bounds = (-math.inf, math.inf) if figure.quality else None
    share = figure.is_share and not found.same_audio
    return ratio(before - after, found.size, found.caption, share=share, bounds=bounds)


def _spread(found: Units, total: int) -> tuple[Floats, Ints]:
    values, rows = np.full(total, np.nan), np.full(total, -1, dtype=np.int64)
    values[found.place], rows[found.place] = found.value, np.arange(len(found.place))
    return values, rows


def _counted(pairs: Pairs, selection: Selection, old: Units) -> int:
    """Return how many units of the baseline had a value, among clips that the selection may be about.

    The conditions are those of the run (the model may be a new one), but a clip that failed there or is gone has lost
    what the run knew of it: its own columns in the baseline count as well. What broke must not drop out of sight.
    """
    mask = np.ones(len(pairs.old), dtype=np.bool_)
    if selection.where:
        mask = _by_own_columns(pairs, selection)
        mask[pairs.at_old] |= selected(pairs.new, Selection(selection.where))[pairs.at_new]
    clips = pairs.old.item_clip[old.place] if selection.dimension is not None else old.place
    return int((mask[clips] & ~np.isnan(old.value)).sum())


def _by_own_columns(pairs: Pairs, selection: Selection) -> Mask:
    mask = np.ones(len(pairs.old), dtype=np.bool_)
    lone = np.ones(len(pairs.old), dtype=np.bool_)
    lone[pairs.at_old] = False
    for key, value in selection.where:
        column = pairs.old.columns.get(key)
        # A value that the baseline does not know (another model) says nothing about the clips that are gone.
        mask &= column.mask(value, len(pairs.old)) if column and value in column.labels else lone
    return mask
