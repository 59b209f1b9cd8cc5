"""Wins, ties and losses of each system, agreement with people, and the ranking: the figures of a comparison."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from audiojudge_cli.comparing.pairs_file import POINTS, Bout, Results, read_pairs
from audiojudge_cli.comparing.prefer import VERDICTS
from audiojudge_cli.errors import InputError
from audiojudge_cli.stats.bradley_terry import Games, Ranking, groups, rank
from audiojudge_cli.stats.estimate import Estimate
from audiojudge_cli.stats.estimators import ratio
from audiojudge_cli.text.nearest import nearest
from audiojudge_cli.text.terminal import safe_line

LEVEL = 0.95
_PLACES = 4
_SHOWN = 20


def win_rate(folder: Path, system: str, subset: str = "") -> Estimate:
    """Return the win rate of a system in a run folder; see `Standing.win_rate`.

    Raises:
        InputError: If it has no pairs, or no such system.
    """
    standing = Standing()
    for bout in read_pairs(folder):
        standing.add(bout)
    refuse_unknown_system(system, standing.systems)
    return standing.win_rate(system, subset)


def refuse_unknown_system(system: str, systems: Iterable[str]) -> None:
    """Refuse the name of a system that made no clip.

    Raises:
        InputError: If it is one; names the nearest.
    """
    known = list(systems)
    if system not in known:
        told = safe_line(", ".join(known[:_SHOWN]))
        raise InputError(f"there is no system {safe_line(system)!r}{nearest(system, known)}; there are: {told}")


class Standing:
    """Counts pairs as they are decided.

    Attributes:
        verdicts: Pairs by what became of them.
        systems: All systems, in the order in which they appear.
    """

    def __init__(self, systems: Iterable[str] = ()) -> None:
        """Begin.

        Args:
            systems: Listed even where no pair of theirs is decided.
        """
        self.verdicts: Counter[str] = Counter()
        self.systems: dict[str, int] = {name: at for at, name in enumerate(systems)}
        self._prompts: dict[str, int] = {}
        self._results: dict[tuple[str, str], Results] = defaultdict(Results)
        self._agreement, self._skipped = Results(), Counter[str]()
        self._games: dict[tuple[int, int], Results] = defaultdict(Results)

    def add(self, bout: Bout) -> None:
        """Count one pair."""
        self.verdicts[bout.preferred] += 1
        prompt = self._prompts.setdefault(bout.prompt, len(self._prompts))
        for name in (bout.a, bout.b):
            self.systems.setdefault(name, len(self.systems))
        points = POINTS.get(bout.preferred)
        if bout.human:
            self._compare_with(bout.human, points, prompt)
        if points is None or bout.a == bout.b:
            return
        for subset in ("", bout.subset):
            self._results[subset, bout.a].add(points, prompt)
            self._results[subset, bout.b].add(1.0 - points, prompt)
        self._games[self.systems[bout.a], self.systems[bout.b]].add(points, prompt)

    def _compare_with(self, human: str, points: float | None, prompt: int) -> None:
        if human == "tie":
            self._skipped["human_ties"] += 1
        elif points is None:
            self._skipped["undecided"] += 1
        else:
            self._agreement.add(points if human == "a" else 1.0 - points, prompt)

    def win_rate(self, system: str, subset: str = "") -> Estimate:
        """Return the win rate of a system, a tie as half a win; prompts are drawn as a whole.

        Args:
            system: Its name.
            subset: Only pairs of this one; empty: all.
        """
        return _rate(self._results.get((subset, system), Results()))

    def to_dict(self, *, ranked: bool) -> dict[str, Any]:
        """Return what `summary.json` holds; docs/compare.md documents every field.

        Args:
            ranked: Whether strengths are wanted.
        """
        subsets = sorted({subset for subset, _ in self._results} - {""})
        return {
            "level": LEVEL,
            "pairs": {"total": self.verdicts.total(), **self._decided()},
            "prompts": len(self._prompts),
            "systems": self._systems(""),
            "subsets": {subset: self._systems(subset) for subset in subsets},
            "agreement": self.agreement(),
            "ranking": self._ranking() if ranked else None,
        }

    def _decided(self) -> dict[str, int]:
        decided = self.verdicts["a"] + self.verdicts["b"]
        return {"decided": decided, **{name: self.verdicts[name] for name in VERDICTS[2:]}}

    def _systems(self, subset: str) -> dict[str, Any]:
        found = {}
        for name in self.systems:
            if subset and (subset, name) not in self._results:
                continue
            points, prompts = self._results.get((subset, name), Results()).columns()
            found[name] = {
                "pairs": len(points),
                "prompts": len(np.unique(prompts)),
                "wins": int((points == 1).sum()),
                "ties": int((points == 0.5).sum()),
                "losses": int((points == 0).sum()),
                "win_rate": _told(self.win_rate(name, subset)),
            }
        return found

    def agreement(self) -> dict[str, Any] | None:
        """Return how far the preferences are those of people, as in `summary.json`; None where nobody was asked."""
        points, _ = self._agreement.columns()
        if not len(points) and not self._skipped:
            return None
        return {
            "pairs": len(points),
            "right": int((points == 1).sum()),
            "tied": int((points == 0.5).sum()),
            "wrong": int((points == 0).sum()),
            "human_ties": self._skipped["human_ties"],
            "undecided": self._skipped["undecided"],
            "accuracy": _told(_rate(self._agreement)),
        }

    def _ranking(self) -> dict[str, Any] | None:
        names = list(self.systems)
        games = self._all_games()
        if not len(games.points):
            return None
        apart = groups(games, len(names))
        if len(apart) > 1:
            return {"apart": [[names[at] for at in group] for group in apart]}
        found = rank(games, len(names))
        order = [names[at] for at in found.order]
        return {
            "model": "davidson" if found.tie else "bradley-terry",
            "tie": round(found.tie, _PLACES),
            "strengths": [
                {"system": name, "strength": _round(one.value), "low": _round(one.low), "high": _round(one.high)}
                for name, one in zip(order, found.strengths, strict=True)
            ],
            "gaps": self._gaps(found, order),
            "wins": {name: {other: self._against(name, other) for other in order if other != name} for name in order},
        }

    def _gaps(self, found: Ranking, order: Sequence[str]) -> list[dict[str, Any]]:
        told = []
        for upper, lower, gap in zip(order, order[1:], found.gaps, strict=False):
            met = sum(self._meetings(upper, lower))
            more = None if gap.more is None else round(gap.more * met / found.clusters)
            told.append(
                {
                    "upper": upper,
                    "lower": lower,
                    "difference": _round(gap.value),
                    "low": _round(gap.low),
                    "high": _round(gap.high),
                    "shown": gap.is_shown,
                    "more_prompts": gap.more,
                    "more_pairs": more,
                }
            )
        return told

    def _against(self, one: str, other: str) -> dict[str, int]:
        wins, ties, losses = self._meetings(one, other)
        return {"wins": wins, "ties": ties, "losses": losses}

    def _meetings(self, one: str, other: str) -> tuple[int, int, int]:
        here, there = self.systems[one], self.systems[other]
        mine = [*self._games.get((here, there), Results()).points]
        mine += [1.0 - points for points in self._games.get((there, here), Results()).points]
        return mine.count(1.0), mine.count(0.5), mine.count(0.0)

    def _all_games(self) -> Games:
        parts = [(a, b, *results.columns()) for (a, b), results in sorted(self._games.items())]
        if not parts:
            return Games(np.empty(0, int), np.empty(0, int), np.empty(0), np.empty(0, int))
        sizes = [len(points) for _, _, points, _ in parts]
        return Games(
            np.repeat([a for a, *_ in parts], sizes),
            np.repeat([b for _, b, *_ in parts], sizes),
            np.concatenate([points for _, _, points, _ in parts]),
            np.concatenate([prompts for *_, prompts in parts]),
        )


def _rate(results: Results) -> Estimate:
    points, prompts = results.columns()
    return ratio(points, np.ones(len(points)), prompts, share=True)


def _told(found: Estimate) -> dict[str, float | None]:
    low, high = found.interval(LEVEL) or (None, None)
    if low is not None and low == high and found.value is not None:
        from scipy.stats import beta

        # Prompts that all agree have no spread to draw from: the exact binomial interval (Clopper and Pearson 1934).
        won, tail = found.value * found.clusters, (1 - LEVEL) / 2
        lost = found.clusters - won
        low = float(beta.ppf(tail, won, lost + 1)) if won else 0.0
        high = float(beta.ppf(1 - tail, won + 1, lost)) if lost else 1.0
    return {"value": _round(found.value), "low": _round(low), "high": _round(high)}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, _PLACES) + 0.0
