"""Several bench runs side by side: those over the same cases in one table, the best first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audiojudge_cli.benchmarking.data import SCHEMA
from audiojudge_cli.benchmarking.files import FIGURES
from audiojudge_cli.benchmarking.told import NAMES, remarks
from audiojudge_cli.errors import InputError
from audiojudge_cli.text.inputs import read_regular
from audiojudge_cli.text.jsonl import loads
from audiojudge_cli.text.terminal import safe_line, shown

_LOWER = frozenset({"ece", "brier"})
"""Figures of which less is better."""

_LEVELS = {"clips": "clips", "systems": "systems"}
_COEFFICIENTS = {"spearman": "Spearman", "pearson": "Pearson", "kendall": "Kendall"}
_FEW = 10
"""Groups of fewer cases are left out, as in the lines of one run."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one run; None each where there is none."""

    value: float | None
    low: float | None
    high: float | None
    n: int


NOTHING = Figure(None, None, None, 0)


@dataclass(frozen=True, slots=True)
class Standing:
    """One run in its table.

    Attributes:
        name: The judge, and what tells the run from others of the same judge.
        run: The folder.
        figures: As the columns of its table, by name.
        groups: Its first column by group: (`subset`, `music`) and the like.
        remarks: What is in no figure.
    """

    name: str
    run: str
    figures: Mapping[str, Figure]
    groups: Mapping[tuple[str, str], Figure]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The runs over the same cases.

    Attributes:
        title: Name of the benchmark.
        layout: Its layout.
        cases: Hash of the cases.
        columns: Names of the figures; the first is what runs are sorted by.
        standings: The best first.
        published: What others published for the benchmark, as in `bench.json`; None without.
    """

    title: str
    layout: str
    cases: str
    columns: tuple[str, ...]
    standings: tuple[Standing, ...]
    published: Mapping[str, Any] | None

    @property
    def groups(self) -> list[tuple[str, str]]:
        """Groups that any run has, in the order in which they first occur."""
        return list(dict.fromkeys(group for one in self.standings for group in one.groups))


def read_boards(runs: Sequence[Path]) -> list[Board]:
    """Return the tables of bench runs, in the order in which their benchmarks were named.

    Args:
        runs: Their folders.

    Raises:
        InputError: If one is no finished run of `audiojudge bench`.
    """
    found: dict[tuple[str, str], list[tuple[Path, dict[str, Any]]]] = {}
    for run in dict.fromkeys(runs):
        data = _read(run)
        found.setdefault((str(data["cases"]), str(data["layout"])), []).append((run, data))
    boards = []
    for told in found.values():
        try:
            boards.append(_board(told))
        except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
            names = ", ".join(shown(run / FIGURES) for run, _ in told)
            raise InputError(f"{names}: damaged ({type(error).__name__}: {error}); run the bench again") from error
    return boards


def _read(run: Path) -> dict[str, Any]:
    path = run / FIGURES
    if not path.is_file():
        raise InputError(
            f"{shown(run)} has no {FIGURES}: it is no run of `audiojudge bench`, or one that was not finished"
        )
    try:
        data = loads(read_regular(path))
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {shown(path)}: {error}") from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise InputError(f"{shown(path)} is not of the form {SCHEMA}; run the bench again")
    if lacking := [name for name in ("cases", "layout", "judge") if name not in data]:
        raise InputError(f"{shown(path)} has no {', '.join(lacking)}: an older version wrote it; run the bench again")
    return data


def _board(told: Sequence[tuple[Path, dict[str, Any]]]) -> Board:
    standings = [_standing(run, data) for run, data in told]
    columns = tuple(dict.fromkeys(name for one in standings for name in one.figures))
    lead = columns[0] if columns else ""
    standings.sort(key=lambda one: (-_value(one, lead), one.name, one.run))
    first = told[0][1]
    # `AnyAudio-Judge-Bench/en`, `devset2/pairs.jsonl`: two parts of a path tell what it is, all of it where it lay.
    title = safe_line("/".join(part for part in str(first["benchmark"]).split("/")[-2:] if part))
    return Board(title, str(first["layout"]), str(first["cases"]), columns, _named(standings), first["published"])


def _value(one: Standing, column: str) -> float:
    value = one.figures.get(column, NOTHING).value
    return float("-inf") if value is None else value


def _named(standings: Sequence[Standing]) -> tuple[Standing, ...]:
    """Return the runs under names that tell them apart: where two have one name, the folders do."""
    names = [one.name for one in standings]
    return tuple(
        Standing(f"{one.name} ({one.run})", one.run, one.figures, one.groups, one.remarks)
        if names.count(one.name) > 1
        else one
        for one in standings
    )


def _standing(run: Path, data: Mapping[str, Any]) -> Standing:
    judge = safe_line(str(data["judge"]["name"]))
    if judge == "none":
        judge = "speech quality, measured"
    rubrics = {"own": ", own rubrics"}.get(str(data["rubrics"]), "")
    asked = {"alignment": ", by alignment", "both": ", by both"}.get(data["by"], "") if data["preferences"] else ""
    figures, groups = _labelled(data) if data["groups"] else ({}, {})
    if data["preferences"]:
        figures, groups = _preferred(data["preferences"])
    if data["agreement"]:
        figures = _agreed(data["agreement"])
    return Standing(f"{judge}{rubrics}{asked}", shown(run), figures, groups, tuple(remarks(data)))


def _labelled(data: Mapping[str, Any]) -> tuple[dict[str, Figure], dict[tuple[str, str], Figure]]:
    whole, *parts = data["groups"]
    figures = {told: _figure(whole["figures"][name]) for name, told in NAMES.items()}
    if items := data["items"]:
        figures["items right"] = _figure(items[0]["figures"]["accuracy"])
    groups = {
        (str(one["by"]), safe_line(str(one["name"]))): _figure(one["figures"]["accuracy"])
        for one in parts
        if one["clips"] >= _FEW
    }
    return figures, groups | {
        ("dimension", safe_line(str(one["dimension"]))): _figure(one["figures"]["accuracy"])
        for one in data["items"][1:]
        if one["n"] >= _FEW
    }


def _preferred(
    told: Sequence[Mapping[str, Any]],
) -> tuple[dict[str, Figure], dict[tuple[str, str], Figure]]:
    whole, *parts = told
    asked = whole["pairs"] + whole["undecided"]
    decided = Figure(whole["pairs"] / asked if asked else None, None, None, asked)
    groups = {
        (str(one["by"]), safe_line(str(one["name"]))): _figure(one["accuracy"]) for one in parts if one["pairs"] >= _FEW
    }
    return {"pair accuracy": _figure(whole["accuracy"]), "compared": decided}, groups


def _agreed(told: Sequence[Mapping[str, Any]]) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    for one in told:
        dimension = safe_line(str(one["dimension"]))
        for level, named in _LEVELS.items():
            found = one["human"][level]
            for coefficient, name in _COEFFICIENTS.items():
                if found and found[coefficient]:
                    figures[f"{dimension}: {name}, {named}"] = _figure({**found[coefficient], "n": found["n"]})
        if within := one["human"]["within"]:
            figures[f"{dimension}: Spearman, in sources"] = _figure({**within["spearman"], "n": within["sources"]})
    return figures


def _figure(told: Mapping[str, Any]) -> Figure:
    value, low, high = (None if told[name] is None else float(told[name]) for name in ("value", "low", "high"))
    return Figure(value, low, high, int(told["n"]))


def lower_is_better(column: str) -> bool:
    """Return whether less of a figure is better."""
    return column in {NAMES[name] for name in _LOWER}


def published_columns(published: Mapping[str, Any]) -> list[str]:
    """Return the names of the figures that others published, in the order in which they first occur."""
    judges: Iterable[Mapping[str, Any]] = published["judges"]
    return list(dict.fromkeys(name for one in judges for name in one["figures"]))
