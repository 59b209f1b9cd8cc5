"""Systems of one run against each other: generators that were given the same prompts, compared prompt by prompt."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Self

import numpy as np

from audiojudge_cli.errors import InputError
from audiojudge_cli.gates.compare import LEVEL, Change, no_interval, overall_figures, quality_figures
from audiojudge_cli.gates.expression import DIMENSION, Selection
from audiojudge_cli.gates.figures import Figure
from audiojudge_cli.gates.prompted import CAPTION, Prompted, by_prompt
from audiojudge_cli.gates.run_completeness import check_completeness
from audiojudge_cli.gates.table import Floats, Ints
from audiojudge_cli.results.index import JournalIndex, RecordReader
from audiojudge_cli.results.record import JudgeRef
from audiojudge_cli.stats.estimators import ratio
from audiojudge_cli.stats.holm import holm
from audiojudge_cli.stats.paired import clusters_needed, sign_flip_p
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.terminal import safe_line, shown

# Scores have four decimals; what is nearer than this is the same.
_SAME = 1e-9
# Pairs without a common prompt that are named; the others are counted.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class System:
    """One of the systems.

    Attributes:
        name: Its value in the column.
        clips: Its clips with a prompt.
        prompts: The prompts that it answered.
        repeated: Those of them that it answered more than once; the answers are averaged.
    """

    name: str
    clips: int
    prompts: int
    repeated: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One prompt that both systems of a pair have a score for.

    Attributes:
        prompt: The caption, or the value of the column that prompts are paired by.
        first: Score of the first system, over its clips.
        second: Score of the second system.
        clips: Ids of a clip of the (first, second) system.
    """

    prompt: str
    first: float
    second: float
    clips: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Lone:
    """Prompts that only one system of a pair answered.

    Attributes:
        count: How many.
        prompts: A few of them.
    """

    count: int
    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duel:
    """Two systems, over the prompts that both answered.

    Attributes:
        first: Name of one.
        second: Name of the other.
        prompts: Number of prompts that are compared.
        changes: Figures; `old` is the first system's, `new` the second's, `pairs` counts prompts.
        ahead: Prompts with a higher score of the (first, second) system.
        even: Prompts with the same score of both.
        best_of_first: Prompts where the first is ahead most.
        best_of_second: Prompts where the second is ahead most.
        only_first: Prompts that only the first answered.
        only_second: Prompts that only the second answered.
        other_rubric: Common prompts whose rubrics differ between the two.
        unscored: Common prompts without a score of the (first, second) system.
    """

    first: str
    second: str
    prompts: int
    changes: tuple[Change, ...]
    ahead: tuple[int, int]
    even: int
    best_of_first: tuple[Answer, ...]
    best_of_second: tuple[Answer, ...]
    only_first: Lone
    only_second: Lone
    other_rubric: int
    unscored: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Systems:
    """The systems of a run, every pair of them.

    Attributes:
        folder: The run folder, as given.
        by: The column that names them.
        pair_by: `caption`, or the column that names prompts.
        judge: Of the run.
        systems: All that are compared.
        duels: Every pair.
        judged: Comparisons of what was judged, corrected together.
        measured: Comparisons of what was measured of the files, corrected together.
        notes: What was left out or could not be judged, one line each.
    """

    folder: str
    by: str
    pair_by: str
    judge: JudgeRef
    systems: tuple[System, ...]
    duels: tuple[Duel, ...]
    judged: int
    measured: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    kind: str
    name: str
    figure: Figure
    means: Floats


def compare_systems(
    folder: Path, by: str, *, pair_by: str = CAPTION, systems: Sequence[str] = (), top: int = 10
) -> Systems:
    """Return how the systems of a run compare, paired by prompt.

    Two systems are compared in all that is known of them: overall, by subset and dimension, and in the quality of their
    files; more of them in the overall figures only (in a run that only measures: in those of quality).

    Args:
        folder: The run folder.
        by: The column that names systems.
        pair_by: `caption`, or the column that names prompts.
        systems: The systems wanted, in order; all, sorted, when empty.
        top: Most prompts to list of a kind.

    Raises:
        InputError: As `by_prompt`; if the run is not whole; if two systems have no common prompt.
        NotJudgedError: If nothing was judged.
    """
    found = by_prompt(folder, by, pair_by, systems)
    whole = check_completeness(found.table)
    answered = found.answered()
    rubrics = found.rubric_ends()
    every = [_Pair(found, answered, rubrics, *places) for places in combinations(range(len(found.names)), 2)]
    pairs = [pair for pair in every if pair.used.any()]
    if not pairs:
        raise InputError(every[0].why_strangers())
    asked, measured = _asked(found, alone=len(every) == 1)
    judged_rows = _corrected([list(pair.changes(asked)) for pair in pairs])
    measured_rows = _corrected([list(pair.changes(measured, moved_only=True)) for pair in pairs])
    scores = found.means(overall_figures()[0], Selection())
    with _Captions(found) as captions:
        duels = tuple(
            pair.duel((*judged, *files), scores, captions, top)
            for pair, judged, files in zip(pairs, judged_rows, measured_rows, strict=True)
        )
    strangers = [" and ".join(pair.names) for pair in every if not pair.used.any()]
    return Systems(
        folder=shown(folder),
        by=by,
        pair_by=pair_by,
        judge=found.table.judges[0],
        systems=tuple(
            System(name, int(row.sum()), int((row > 0).sum()), int((row > 1).sum()))
            for name, row in zip(found.names, answered, strict=True)
        ),
        duels=duels,
        judged=sum(map(len, judged_rows)),
        measured=sum(map(len, measured_rows)),
        notes=(*whole.notes, *_left_out(found), *_apart(strangers, pair_by), *_too_few(duels, pair_by)),
    )


def _asked(found: Prompted, *, alone: bool) -> tuple[list[_Asked], list[_Asked]]:
    """Return what is asked of what was judged, and of what was measured."""
    table = found.table
    score = overall_figures()[0]
    wanted = [("overall", figure.name, figure, Selection()) for figure in overall_figures()]
    if alone:
        subsets = sorted(table.columns["subset"].labels)
        wanted += [("subset", name, score, Selection((("subset", name),))) for name in subsets]
        wanted += [(DIMENSION, name, score, Selection((), name)) for name in sorted(table.dimensions)]
    # Files that were measured by two versions of the measures do not compare.
    comparable = len(table.measures) == 1 and (alone or not table.is_judged)
    files = quality_figures().items() if comparable else ()
    measured = [("quality", name, figure, Selection()) for name, figure in files]
    asked, files_asked = (
        [_Asked(kind, name, figure, found.means(figure, selection)) for kind, name, figure, selection in each]
        for each in (wanted, measured)
    )
    return asked, files_asked


def _corrected(rows: list[list[Change]]) -> list[list[Change]]:
    """Return the rows of all pairs with p-values that are corrected over all of them."""
    p_values = iter(holm([row.p_value for part in rows for row in part]))
    return [[replace(row, p_value=next(p_values)) for row in part] for part in rows]


def _left_out(found: Prompted) -> Iterator[str]:
    by, pair_by = safe_line(found.by), safe_line(found.pair_by)
    if found.nameless:
        yield f"{counted(found.nameless, 'clip')} without a {by}: left out"
    if found.promptless:
        yield f"{counted(found.promptless, 'clip')} without a {pair_by}: left out"
    if found.others:
        yield f"{counted(found.others, 'clip')} of other systems: left out"


def _apart(strangers: Sequence[str], pair_by: str) -> Iterator[str]:
    if strangers:
        what = "caption" if pair_by == CAPTION else safe_line(pair_by)
        more = f"; and {counted(left, 'more pair')}" if (left := len(strangers) - _NAMED) > 0 else ""
        yield f"no common {what}, so not compared: {safe_line('; '.join(strangers[:_NAMED]))}{more}"


def _too_few(duels: Sequence[Duel], pair_by: str) -> Iterator[str]:
    least = clusters_needed(1 - LEVEL)
    fewest = min(duel.prompts for duel in duels)
    if fewest < least:
        what = counted(fewest, f"common {'caption' if pair_by == CAPTION else 'prompt'}")
        yield f"{what}: with fewer than {least}, no difference can be told from chance"


class _Pair:
    """Two systems and the prompts that both answered."""

    def __init__(self, found: Prompted, answered: Ints, rubrics: tuple[Ints, Ints], first: int, second: int) -> None:
        self.found, self.places = found, (first, second)
        mine, theirs = answered[first] > 0, answered[second] > 0
        least, most = rubrics
        asked = (most[first] >= least[first]) & (most[second] >= least[second])
        low, high = np.minimum(least[first], least[second]), np.maximum(most[first], most[second])
        other = mine & theirs & asked & (low != high)
        self.other_rubric = int(other.sum())
        self.common = mine & theirs
        # Who pairs by a column of his own says that these are one prompt, whatever is asked about each.
        self.used = self.common & ~other if found.pair_by == CAPTION else self.common
        self.only = (np.flatnonzero(mine & ~theirs), np.flatnonzero(theirs & ~mine))

    @property
    def names(self) -> tuple[str, str]:
        return self.found.names[self.places[0]], self.found.names[self.places[1]]

    def why_strangers(self) -> str:
        """Return why there is nothing to compare, of a run in which no pair has anything in common."""
        one, other = (safe_line(name) for name in self.names)
        if self.common.any():
            return (
                f"{one} and {other} have {counted(self.other_rubric, 'common caption')}, and their rubrics differ in "
                "all of them, so their scores do not compare; score them with the same rubrics"
            )
        more = "" if len(self.found.names) == 2 else " (nor has any other pair)"
        if self.found.pair_by != CAPTION:
            return f"{one} and {other} have no {safe_line(self.found.pair_by)} in common{more}: no prompts to pair"
        return (
            f"{one} and {other} have no caption in common{more}, so they cannot be compared in pairs; "
            "name the column that identifies the prompt with --pair-by"
        )

    def changes(self, asked: Sequence[_Asked], *, moved_only: bool = False) -> Iterator[Change]:
        for each in asked:
            old, new = (each.means[place] for place in self.places)
            both = self.used & ~np.isnan(old) & ~np.isnan(new)
            if both.any() and not (moved_only and (old[both] == new[both]).all()):
                yield self._change(each, old[both], new[both], np.flatnonzero(both))

    def _change(self, asked: _Asked, old: Floats, new: Floats, prompts: Ints) -> Change:
        figure, rise = asked.figure, new - old
        clusters = self.found.table.captions[self.found.first[prompts]]
        bounds = (-math.inf, math.inf) if figure.quality else (-1.0, 1.0)
        found = ratio(rise, np.ones(len(rise)), clusters, bounds=bounds)
        lacking = no_interval(rise, clusters)
        low, high = (None if lacking else found.interval(LEVEL)) or (None, None)
        worse = figure.worse if figure.quality else "high" if figure.lower_is_better else "low"
        p_value = sign_flip_p(rise, clusters)
        return Change(
            kind=asked.kind,
            name=asked.name,
            old=float(old.mean()),
            new=float(new.mean()),
            change=float(new.mean() - old.mean()),
            low=low,
            high=high,
            p_value=1.0 if p_value is None else p_value,
            pairs=len(rise),
            captions=found.clusters,
            worse=worse,
            no_interval=lacking,
        )

    def duel(self, changes: tuple[Change, ...], scores: Floats, captions: _Captions, top: int) -> Duel:
        old, new = (scores[place] for place in self.places)
        rise = np.where(self.used, new - old, np.nan)
        order = np.argsort(rise, kind="stable")
        falls = [int(at) for at in order if rise[at] < -_SAME]
        rises = [int(at) for at in order[::-1] if rise[at] > _SAME]
        told = [tuple(self._answer(at, old, new, captions) for at in places[:top]) for places in (falls, rises)]
        only = [Lone(len(at), tuple(captions.prompt(int(one)) for one in at[:top])) for at in self.only]
        missing = [int((self.used & np.isnan(each)).sum()) for each in (old, new)]
        judged = self.found.table.is_judged
        return Duel(
            first=self.names[0],
            second=self.names[1],
            prompts=int(self.used.sum()),
            changes=changes,
            ahead=(len(falls), len(rises)),
            even=int((np.abs(rise) <= _SAME).sum()),
            best_of_first=told[0],
            best_of_second=told[1],
            only_first=only[0],
            only_second=only[1],
            other_rubric=self.other_rubric,
            unscored=(missing[0], missing[1]) if judged else (0, 0),
        )

    def _answer(self, prompt: int, old: Floats, new: Floats, captions: _Captions) -> Answer:
        found = self.found
        clips = [np.flatnonzero((found.system == place) & (found.prompt == prompt))[0] for place in self.places]
        ids = (found.table.ids[clips[0]], found.table.ids[clips[1]])
        return Answer(captions.prompt(prompt), float(old[prompt]), float(new[prompt]), ids)


class _Captions:
    """What the prompts are called: looked up for those that are shown, not kept for all."""

    def __init__(self, found: Prompted) -> None:
        self._found = found
        journal = found.table.folder / "records.jsonl"
        self._index, self._reader = JournalIndex(journal), RecordReader(journal)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._reader.__exit__()

    def prompt(self, prompt: int) -> str:
        """Return the caption of a prompt, or its value in the column that pairs."""
        found, clip = self._found, self._found.first[prompt]
        if found.pair_by != CAPTION:
            column = found.table.columns[found.pair_by]
            return column.labels[int(column.codes(len(found.table))[clip])]
        record = self._reader.find(self._index.offset(found.table.ids[clip]))
        return "" if record is None else record.told
