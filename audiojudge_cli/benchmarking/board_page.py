"""The leaderboard as one HTML page, and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audiojudge_cli.benchmarking.board import NOTHING, Board, Figure, lower_is_better, published_columns
from audiojudge_cli.reports.html.render import render
from audiojudge_cli.reports.markdown import page, table, text
from audiojudge_cli.reports.tables import interval, number
from audiojudge_cli.text.counted import counted

_SHOWN = ("accuracy", "ROC AUC", "F1", "pair accuracy", "compared", "coverage", "ECE")
"""Figures in the table of judges, where there are such; of correlations the first six of Spearman's."""

_MOST = 6
_EDGE = 6
"""Pixels at either end of a picture of an interval, so that no dot is cut."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Where values lie in a picture of an interval.

    Attributes:
        low: The least value.
        high: The largest.
        wide: Pixels.
    """

    low: float = 0.0
    high: float = 1.0
    wide: int = 150

    @property
    def middle(self) -> float:
        """What guessing gives."""
        return (self.low + self.high) / 2

    def at(self, value: float) -> float:
        """Return the place of a value, in pixels from the left."""
        share = (value - self.low) / (self.high - self.low)
        return round(_EDGE + (self.wide - 2 * _EDGE) * min(1.0, max(0.0, share)), 1)


@dataclass(frozen=True, slots=True)
class View:
    """A board as the template shows it."""

    board: Board
    lead: str
    shown: tuple[str, ...]
    lower: frozenset[str]
    scale: Scale
    groups: list[tuple[str, list[Figure]]]
    every: list[tuple[str, list[Figure]]]
    theirs: list[str]
    twin: bool
    items: bool
    nothing: Figure = NOTHING


def board_html(boards: Sequence[Board]) -> str:
    """Return the leaderboard as one file that reads nothing else."""
    titles = [board.title for board in boards]
    views = [_view(board, twin=board.title in titles[:at]) for at, board in enumerate(boards)]
    runs = sum(len(board.standings) for board in boards)
    return render("board.html.j2", ("theme.js",), None, title="Leaderboard", views=views, runs=counted(runs, "run"))


def board_markdown(boards: Sequence[Board]) -> str:
    """Return the tables of judges as Markdown."""
    lines = ["## audiojudge leaderboard"]
    for board in boards:
        view = _view(board, twin=False)
        head = ["judge", *(f"{name} (less is better)" if name in view.lower else name for name in view.shown), "n"]
        rows = [
            [
                text(one.name),
                *(_told(one.figures.get(name, NOTHING)) for name in view.shown),
                str(one.figures.get(view.lead, NOTHING).n),
            ]
            for one in board.standings
        ]
        lines += ["", f"### {text(board.title)} ({text(board.layout)}, cases {board.cases})", ""]
        lines += table([text(name) for name in head], rows, right=range(1, len(head)))
        if board.published:
            told = board.published
            lines += ["", f"Published by others, not measured here: {text(told['title'])} ({text(told['source'])})", ""]
            theirs = [
                [text(one["judge"]), text(one["prompt"]), *(number(one["figures"].get(name)) for name in view.theirs)]
                for one in told["judges"]
            ]
            names = ["judge (theirs)", "how", *view.theirs]
            lines += table([text(name) for name in names], theirs, right=range(2, len(names)))
    return page(lines)


def _told(one: Figure) -> str:
    ends = "" if one.low is None else f" ({interval(one.low, one.high)})"
    return f"{number(one.value)}{ends}"


def _view(board: Board, *, twin: bool) -> View:
    kept = [name for name in board.columns if name in _SHOWN or name.endswith(("Spearman, clips", "in sources"))]
    lead = board.columns[0] if board.columns else ""
    return View(
        board=board,
        lead=lead,
        shown=tuple(kept[:_MOST]),
        lower=frozenset(name for name in kept if lower_is_better(name)),
        scale=Scale(-1.0, 1.0) if board.layout == "scored" else Scale(),
        groups=[
            (f"{by}: {name}", [one.groups.get((by, name), NOTHING) for one in board.standings])
            for by, name in board.groups
        ],
        every=[(name, [one.figures.get(name, NOTHING) for one in board.standings]) for name in board.columns],
        theirs=published_columns(board.published) if board.published else [],
        twin=twin,
        items=any(by == "dimension" for by, _ in board.groups),
    )
