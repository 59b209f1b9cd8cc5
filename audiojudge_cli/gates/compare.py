"""What moved between two runs: figures with paired intervals, clips that fell and rose, items that flipped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from audiojudge_cli.errors import InputError
from audiojudge_cli.gates.expression import DIMENSION, Selection
from audiojudge_cli.gates.figures import Figure
from audiojudge_cli.gates.flips import Flip, lost_items
from audiojudge_cli.gates.pairs import Pairs, drop, moves, pair_runs
from audiojudge_cli.gates.run_completeness import check_completeness
from audiojudge_cli.gates.table import Ints, RunTable, read_table
from audiojudge_cli.results.quality import FAULTS
from audiojudge_cli.results.quality_figures import QUALITY
from audiojudge_cli.results.record import JudgeRef
from audiojudge_cli.stats.estimate import Floats
from audiojudge_cli.stats.holm import holm
from audiojudge_cli.stats.paired import clusters_needed, sign_flip_p
from audiojudge_cli.text.terminal import shown

LEVEL = 0.95
_SAME = 1e-9
"""Two moves that differ by less are the same: figures have four decimals at least, sums of them lose the last bits."""
_SCORE = Figure("score.mean")
_OVERALL = (_SCORE, Figure("match_rate"), Figure("coverage"), Figure("error_rate"))
_OF_CAPTIONS = {"score.mean", "match_rate"}
_QUALITY = {
    **{name: Figure(f"quality.{name}.mean", quality=figure) for name, figure in QUALITY.items()},
    "fault_rate": Figure("quality.fault_rate"),
    **{f"fault_rate.{name}": Figure(f"quality.fault_rate.{name}", fault=name) for name in FAULTS},
}


def overall_figures() -> tuple[Figure, ...]:
    """Return the figures of a whole run that are compared, the score first."""
    return _OVERALL


def quality_figures() -> Mapping[str, Figure]:
    """Return what was measured of files and is compared, by the name of the row."""
    return _QUALITY


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in both runs, over the pairs.

    Attributes:
        kind: `overall`, `subset`, `dimension`, or `quality` of what was measured of the files.
        name: Of the figure, the subset or the dimension.
        old: The figure in the old run.
        new: The figure in the new run.
        change: new - old.
        low: Lower end of the 95 % interval of the change; None without one.
        high: Its upper end.
        no_interval: Why there is none, as shown in its place; None where there is one. With fewer than six captions, or
            fewer than six that moved, nothing can be told at 95 % (`clusters_needed`): any interval would be the bounds
            of the figure, too narrow, or absurdly wide. Where nothing moved, or all by as much, there is no spread.
        p_value: Of a permutation test that nothing moved, after Holm's correction over all rows of what was judged, or
            of what was measured.
        pairs: Number of paired clips or items.
        captions: Distinct captions among them.
        worse: `low` or `high`; None where neither end is worse.
    """

    kind: str
    name: str
    old: float
    new: float
    change: float
    low: float | None
    high: float | None
    p_value: float
    pairs: int
    captions: int
    worse: str | None = "low"
    no_interval: str | None = None

    @property
    def is_worse(self) -> bool:
        """Whether it moved beyond doubt, and for the worse."""
        return self.surely and self.worse == ("high" if self.change > 0 else "low")

    @property
    def is_better(self) -> bool:
        """Whether it moved beyond doubt, and for the better."""
        return self.surely and self.worse == ("low" if self.change > 0 else "high")

    @property
    def surely(self) -> bool:
        """Whether it moved beyond doubt: the corrected p-value is at most 0.05."""
        return self.p_value <= 1 - LEVEL + 1e-12


@dataclass(frozen=True, slots=True)
class Moved:
    """A clip whose score changed.

    Attributes:
        id: Of the clip.
        old: Its score in the old run.
        new: Its score in the new run.
    """

    id: str
    old: float
    new: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side.

    Attributes:
        old: The old folder, as given.
        new: The new folder, as given.
        judge: Of both.
        clips: Clips in the (old, new) run.
        pairs: Clips in both with the same caption and rubric.
        changes: Overall figures, then subsets, dimensions, and those figures of quality that moved in any clip.
        fell: Clips whose score fell most.
        rose: Clips whose score rose most.
        flips: Items that were yes and are no, the largest fall first, at most as many as asked for.
        flipped: Number of all such items.
        regained: Number of items that were no and are yes.
        lost: Clips that had a score and have none.
        gained: Clips that had none and have one.
        only_old: Clips that only the old run has.
        only_new: Clips that only the new run has.
        changed: Clips with the same id and another caption or rubric.
        faulty: Clips with a fault in their files that they had not.
        same_audio: Whether all paired clips are the very same files.
        notes: What could not be judged in either run, one line each.
        is_rated: Whether the runs rate on scales.
    """

    old: str
    new: str
    judge: JudgeRef
    clips: tuple[int, int]
    pairs: int
    changes: tuple[Change, ...]
    fell: tuple[Moved, ...]
    rose: tuple[Moved, ...]
    flips: tuple[Flip, ...]
    flipped: int
    regained: int
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    changed: tuple[str, ...]
    same_audio: bool
    notes: tuple[str, ...] = ()
    faulty: tuple[str, ...] = ()
    is_rated: bool = False


def compare(old_folder: Path, new_folder: Path, *, top: int = 10) -> Comparison:
    """Return what moved from one run to another.

    Args:
        old_folder: The earlier run.
        new_folder: The later run.
        top: Most clips and flipped items to list.

    Raises:
        InputError: If a folder cannot be read or the runs do not compare, as `gates.evaluate`, or if no clip is in both
            with the same caption and rubric.
        NotJudgedError: As `gates.evaluate`.
    """
    old, new = read_table(old_folder, columns=()), read_table(new_folder, columns=())
    told = {name: check_completeness(table).notes for name, table in (("old", old), ("new", new))}
    pairs = pair_runs(old, new)
    _refuse_strangers(pairs)
    before, after = old.score[pairs.at_old], new.score[pairs.at_new]
    rise = after - before
    was, now = old.item_p[pairs.item_old], new.item_p[pairs.item_new]
    # A rating is no answer: nothing turns from yes to no.
    asked = not new.is_rated
    fallen = np.flatnonzero((was >= 0.5) & (now < 0.5) & asked)
    worst = fallen[np.argsort((now - was)[fallen], kind="stable")][:top]
    return Comparison(
        old=shown(old_folder),
        new=shown(new_folder),
        judge=new.judges[0],
        clips=(len(old), len(new)),
        pairs=len(pairs),
        changes=tuple(_changes(pairs)),
        fell=_moved(pairs, [at for at in _ordered(rise) if rise[at] < 0][:top]),
        rose=_moved(pairs, [at for at in _ordered(-rise) if rise[at] > 0][:top]),
        flips=lost_items(pairs, worst),
        flipped=len(fallen),
        regained=int(((was < 0.5) & (now >= 0.5) & asked).sum()),
        lost=_ids(new, pairs.at_new[~np.isnan(before) & np.isnan(after)]),
        gained=_ids(new, pairs.at_new[np.isnan(before) & ~np.isnan(after)]),
        only_old=_ids(old, pairs.only_old),
        only_new=_ids(new, pairs.only_new),
        changed=_ids(new, pairs.changed),
        same_audio=pairs.same_audio,
        faulty=_ids(new, pairs.at_new[_newly_faulty(pairs)]),
        is_rated=new.is_rated,
        notes=(
            *(["ratings are places on their scales: 0 the lowest value, 1 the highest"] if new.is_rated else []),
            *(f"{name} run, {note}" for name, notes in told.items() for note in notes),
            *_measured_otherwise(pairs),
        ),
    )


def _refuse_strangers(pairs: Pairs) -> None:
    if len(pairs):
        return
    both = f"{shown(pairs.old.folder)} and {shown(pairs.new.folder)}"
    if len(pairs.changed):
        raise InputError(
            f"every clip that {both} share has another caption or rubric "
            f"(first: {shown(pairs.new.ids[pairs.changed[0]])}), so there is nothing to compare"
        )
    raise InputError(
        f"{both} have no clip in common, so there is nothing to compare: "
        f"one begins with {shown(pairs.old.ids[0])}, the other with {shown(pairs.new.ids[0])}; clips pair by id"
    )


def _ordered(rise: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[int]:
    """Return the places from the smallest on; those without a number are left out."""
    return [int(at) for at in np.argsort(rise, kind="stable") if not np.isnan(rise[at])]


def _moved(pairs: Pairs, places: Sequence[int]) -> tuple[Moved, ...]:
    return tuple(
        Moved(
            pairs.new.ids[pairs.at_new[at]],
            float(pairs.old.score[pairs.at_old[at]]),
            float(pairs.new.score[pairs.at_new[at]]),
        )
        for at in places
    )


def _ids(table: RunTable, places: Ints) -> tuple[str, ...]:
    return tuple(table.ids[place] for place in places)


def _measured_otherwise(pairs: Pairs) -> Iterator[str]:
    if not pairs.same_measures:
        yield "the quality of the files was measured by another version of the measures in the old run: not compared"


def _newly_faulty(pairs: Pairs) -> Ints:
    if not pairs.same_measures:
        return np.empty(0, dtype=np.int64)
    before, after = pairs.old.faults[pairs.at_old], pairs.new.faults[pairs.at_new]
    return np.flatnonzero((before >= 0) & (after >= 0) & ((after & ~before) != 0))


def _changes(pairs: Pairs) -> Iterator[Change]:
    # The score of a run that rates is a mean over unlike scales, and nothing matches.
    overall = [figure for figure in _OVERALL if not (pairs.new.is_rated and figure.name in _OF_CAPTIONS)]
    asked = [("overall", figure.name, figure, Selection()) for figure in overall]
    subsets = [] if pairs.new.is_rated else sorted(pairs.new.columns["subset"].labels)
    asked += [("subset", name, _SCORE, Selection((("subset", name),))) for name in subsets]
    asked += [(DIMENSION, name, _SCORE, Selection((), name)) for name in sorted(pairs.new.dimensions)]
    yield from _corrected([found for each in asked if (found := _change(pairs, *each))])
    # A family of its own: what was measured must not make it harder to be sure of what was judged.
    if not pairs.same_measures:
        return
    measured = [(name, figure) for name, figure in _QUALITY.items() if _moved_at_all(pairs, figure)]
    rows = [_change(pairs, "quality", name, figure, Selection()) for name, figure in measured]
    yield from _corrected([row for row in rows if row])


def _corrected(rows: list[Change]) -> Iterator[Change]:
    for row, p_value in zip(rows, holm([row.p_value for row in rows]), strict=True):
        yield replace(row, p_value=p_value)


def _moved_at_all(pairs: Pairs, figure: Figure) -> bool:
    moved = moves(pairs, figure, Selection(), pass_at=1.0)
    return bool((moved.old != moved.new).any())


def _change(pairs: Pairs, kind: str, name: str, figure: Figure, selection: Selection) -> Change | None:
    moved = moves(pairs, figure, selection, pass_at=1.0)
    found = drop(moved, figure)
    p_value = sign_flip_p(moved.new - moved.old, moved.caption)
    if found.value is None or p_value is None:
        return None
    sign = 1 if figure.lower_is_better else -1
    lacking, ends = no_interval(moved.new - moved.old, moved.caption), found.interval(LEVEL)
    if lacking is None and ends and figure.quality is None and ends[1] - ends[0] >= 1 - _SAME:
        lacking = "too few pairs"  # as wide as a share or score can fall: it says nothing
    ends = None if lacking else ends
    low, high = sorted(sign * end for end in ends) if ends else (None, None)
    size = float(moved.size.sum())
    old, new = float(moved.old.sum()) / size, float(moved.new.sum()) / size
    worse = figure.worse if figure.quality else "high" if figure.lower_is_better else "low"
    return Change(
        kind, name, old, new, sign * found.value, low, high, p_value, found.units, found.clusters, worse, lacking
    )


def no_interval(rise: Floats, captions: Ints) -> str | None:
    """Return why these changes give no interval at 95 %, in the words of `Change`; None where they give one.

    Args:
        rise: new - old, one per pair.
        captions: The caption of each pair, as a number.
    """
    needed = clusters_needed(1 - LEVEL)
    kinds, places = np.unique(captions, return_inverse=True)
    if len(kinds) < needed:
        return "too few pairs" if len(rise) < needed else "too few captions"
    if np.allclose(rise, rise[0], rtol=0, atol=_SAME):
        return "nothing moved" if abs(rise[0]) <= _SAME else "all moved alike"
    # What stands still adds nothing to what the others tell: a bootstrap that mostly draws it has no spread to study.
    return "too few moved" if (np.abs(np.bincount(places, weights=rise)) > _SAME).sum() < needed else None
