"""The clips of one run by system and prompt: what each system answered to each prompt, its repeats averaged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audiojudge_cli.errors import InputError
from audiojudge_cli.gates.expression import Selection
from audiojudge_cli.gates.figures import Figure
from audiojudge_cli.gates.sample import units
from audiojudge_cli.gates.table import Floats, Ints, RunTable, read_table
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.nearest import nearest
from audiojudge_cli.text.terminal import safe_line, shown

CAPTION = "caption"
# 45 pairs; more are no comparison that anybody reads, and every one makes it harder to be sure of the others.
MOST_SYSTEMS = 10


@dataclass(frozen=True)
class Prompted:
    """The clips of a run that belong to the systems which are compared.

    Attributes:
        table: The run.
        by: The column that names the system of a clip.
        pair_by: What clips of one prompt have in common: `caption`, or a column.
        names: The systems, in the order in which they are compared.
        system: Of each clip, a place in `names`; -1 for clips of others, or without a prompt.
        prompt: Of each clip, a number from 0; -1 likewise.
        first: The first clip of each prompt, whoever answered it.
        nameless: Clips without a value in `by`.
        promptless: Clips of these systems without a value in `pair_by`.
        others: Clips of systems that are not compared.
    """

    table: RunTable
    by: str
    pair_by: str
    names: tuple[str, ...]
    system: Ints
    prompt: Ints
    first: Ints
    nameless: int
    promptless: int
    others: int

    def clips(self, system: int) -> Ints:
        """Return the places of the clips of a system."""
        return np.flatnonzero(self.system == system)

    def answered(self) -> Ints:
        """Return the number of clips per system and prompt, shape (systems, prompts)."""
        return self._summed(np.flatnonzero(self.system >= 0)).astype(np.int64)

    def means(self, figure: Figure, selection: Selection) -> Floats:
        """Return a figure per system and prompt, the mean over its clips or items; NaN where it has none.

        Every prompt counts once, however many clips a system made for it.
        """
        found = units(self.table, figure, selection, pass_at=1.0)
        clip = self.table.item_clip[found.place] if selection.dimension is not None else found.place
        used = ~np.isnan(found.value) & (self.system[clip] >= 0)
        sums = self._summed(clip[used], found.value[used] / found.size[used])
        counts = self._summed(clip[used])
        means: Floats = np.full(sums.shape, np.nan)
        np.divide(sums, counts, out=means, where=counts > 0)
        return means

    def rubric_ends(self) -> tuple[Ints, Ints]:
        """Return the least and the greatest number of a rubric per system and prompt; clips without items have none.

        Where the least of all differs from the greatest of all, not everybody was asked the same.
        """
        ends = np.iinfo(np.int64)
        least = np.full((len(self.names), len(self.first)), ends.max)
        most = np.full_like(least, ends.min)
        clip = np.flatnonzero((self.system >= 0) & (self.table.rubrics != 0))
        at = (self.system[clip], self.prompt[clip])
        np.minimum.at(least, at, self.table.rubrics[clip])
        np.maximum.at(most, at, self.table.rubrics[clip])
        return least, most

    def _summed(self, clips: Ints, weights: Floats | None = None) -> Floats:
        shape = (len(self.names), len(self.first))
        at = self.system[clips] * shape[1] + self.prompt[clips]
        flat = np.bincount(at, weights=weights, minlength=shape[0] * shape[1])
        return np.asarray(flat, dtype=np.float64).reshape(shape)


def by_prompt(folder: Path, by: str, pair_by: str, systems: Sequence[str] = ()) -> Prompted:
    """Return the clips of a run by system and prompt.

    Args:
        folder: The run folder.
        by: The column that names systems: `model`, say.
        pair_by: `caption`, or the column that names the prompt.
        systems: The systems wanted, in order; all, sorted, when empty.

    Raises:
        InputError: If the run cannot be read, a column or a system is not there, there is but one system, or there are
            more than `MOST_SYSTEMS`.
    """
    if by == pair_by:
        raise InputError(f"--by and --pair-by are both {safe_line(by)!r}: what tells systems apart is no common prompt")
    table = read_table(folder, columns={by, pair_by})
    wanted = [by, *([pair_by] if pair_by != CAPTION else [])]
    _refuse_unknown(folder, [name for name in wanted if name not in table.columns])
    column = table.columns[by]
    names = _chosen(folder, by, column.labels, systems)
    place = {name: at for at, name in enumerate(names)}
    codes = column.codes(len(table))
    system = np.array([*(place.get(label, -1) for label in column.labels), -1], dtype=np.int64)[codes]
    prompts = table.captions if pair_by == CAPTION else table.columns[pair_by].codes(len(table))
    has_prompt = np.ones(len(table), dtype=np.bool_) if pair_by == CAPTION else prompts >= 0
    ours, nameless = system >= 0, codes < 0
    used = np.flatnonzero(ours & has_prompt)
    _, first, number = np.unique(prompts[used], return_index=True, return_inverse=True)
    prompt = np.full(len(table), -1, dtype=np.int64)
    prompt[used] = number
    return Prompted(
        table,
        by,
        pair_by,
        names,
        np.where(has_prompt, system, -1),
        prompt,
        used[first],
        int(nameless.sum()),
        int((ours & ~has_prompt).sum()),
        int((~ours & ~nameless).sum()),
    )


def _refuse_unknown(folder: Path, unknown: Sequence[str]) -> None:
    if unknown:
        known = list(read_table(folder).columns)
        raise InputError(
            f"{shown(folder)} has no column {safe_line(unknown[0])!r}{nearest(unknown[0], known)}; "
            f"there are: {safe_line(', '.join(known[:30]))}"
        )


def _chosen(folder: Path, by: str, labels: Sequence[str], systems: Sequence[str]) -> tuple[str, ...]:
    column = safe_line(by)
    for name in systems:
        if name not in labels:
            known = safe_line(", ".join(sorted(labels)[:30]))
            raise InputError(
                f"{shown(folder)} has no {column} {safe_line(name)!r}{nearest(name, labels)}; there are: {known}"
            )
    names = tuple(systems) or tuple(sorted(labels))
    if len(set(names)) < 2:
        only = f"{safe_line(names[0])!r}" if names else "no value"
        raise InputError(f"there is nothing to compare: {column} has only {only} here; it takes two systems")
    if len(names) > MOST_SYSTEMS:
        raise InputError(
            f"{column} has {counted(len(names), 'value')} in {shown(folder)}, and at most {MOST_SYSTEMS} systems are "
            f"compared at once; name two (--systems A B), or see all means with `audiojudge table RUN --rows {column}`"
        )
    return names
