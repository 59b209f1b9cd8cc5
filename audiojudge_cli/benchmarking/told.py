"""Figures of a benchmark run for people: lines for the terminal, a page of Markdown, a table of CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from audiojudge_cli.reports.markdown import page, table, text
from audiojudge_cli.reports.tables import aligned, cell, interval, number, wrapped
from audiojudge_cli.results.record import NOBODY
from audiojudge_cli.text.cells import text_cell
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.terminal import safe_line

NAMES = {
    "accuracy": "accuracy",
    "sensitivity": "sensitivity",
    "specificity": "specificity",
    "f1": "F1",
    "auc": "ROC AUC",
    "pairs": "pair accuracy",
    "coverage": "coverage",
    "ece": "ECE",
    "brier": "Brier score",
}
_LINE = 80
_NAME = 18
"""Columns of a name: an interval and four more figures stand beside it on a line of 80."""

_FEW = 10
"""Groups and dimensions of fewer cases are told in bench.json and bench.csv alone: nobody should believe them."""

CSV_COLUMNS = ("by", "name", "figure", "value", "low", "high", "n")

Rows = Sequence[Sequence[str]]


def bench_lines(data: Mapping[str, Any]) -> list[str]:
    """Return all figures as lines of at most 80 columns."""
    lines = [line for told in (headline(data), *remarks(data)) for line in wrapped(told, _LINE)]
    for title, rows in _tables(data, lambda name: cell(name, _NAME, middle=True)):
        lines += ["", *wrapped(title, _LINE), *aligned(rows, right=range(1, 20))]
    return lines


def bench_markdown(data: Mapping[str, Any]) -> str:
    """Return all figures as a page."""
    lines = ["## audiojudge bench", "", text(headline(data)), ""]
    lines += [f"* {text(one, columns=400)}" for one in remarks(data)]
    for title, rows in _tables(data, str):
        lines += ["", f"### {text(title, columns=400)}" if rows else text(title, columns=400), ""]
        told = [tuple(text(one) for one in row) for row in rows]
        lines += table(told[0], told[1:], right=range(1, len(told[0]))) if told else []
    return page(lines)


def bench_csv(data: Mapping[str, Any]) -> str:
    """Return all figures, one a row."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    writer.writerows(csv_rows(data))
    return out.getvalue()


def csv_rows(data: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Yield all figures, one a row, in the order of `CSV_COLUMNS`."""
    for group in data["groups"]:
        yield from _rows(group["by"], group["name"], group["figures"])
    for item in data["items"]:
        yield from _rows("dimension", item["dimension"], item["figures"])
    if chosen := data["chosen_threshold"]:
        yield from _rows("chosen_threshold", str(chosen["threshold"]), {"accuracy": chosen["accuracy"]})
    for one in data["agreement"]:
        for level in ("clips", "systems"):
            found = one["human"][level] or {}
            told = {name: {**value, "n": found["n"]} for name, value in found.items() if name != "n" and value}
            yield from _rows(f"agreement of {level}", one["dimension"], told)
        if within := one["human"]["within"]:
            told = {"spearman": {**within["spearman"], "n": within["sources"]}}
            yield from _rows("agreement within sources", one["dimension"], told)
    for one in data["preferences"]:
        yield from _rows(one["by"], one["name"], {"pairs": one["accuracy"]})


def _rows(by: str, name: str, figures: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for figure, one in figures.items():
        yield by, text_cell(safe_line(name)), figure, one["value"], one["low"], one["high"], one["n"]


def headline(data: Mapping[str, Any]) -> str:
    """Return what was judged by whom."""
    rubrics = {"gold": ", gold rubrics", "own": ", own expansion"}.get(data["rubrics"] or "", "")
    total = counted(data["clips"]["total"], "clip")
    who = f"judge {data['judge']['name']}"
    if data["by"] == "quality" and data["judge"]["name"] == NOBODY.name:
        who = "by speech quality"
    elif data["by"] == "both":
        who = f"by speech quality and {who}"
    return f"{data['benchmark']} ({data['layout']}): {total}{rubrics}, {who}"


def remarks(data: Mapping[str, Any]) -> list[str]:
    """Return what is in no figure, or counts otherwise than one might think."""
    clips, found = data["clips"], []
    if clips["failed"]:
        found.append(f"{counted(clips['failed'], 'clip')} failed and in no figure")
    if clips["unverifiable"] and data["groups"]:
        found.append(
            f"{counted(clips['unverifiable'], 'clip')} with nothing that could be verified: counted as refused"
        )
    if data["by"] == "ratings" and not any(one["rated"] for one in data["agreement"]):
        found.append(
            "no clip has both a rating and a score of people on one dimension; --scale says what is rated (--scale "
            "quality measures speech, and counts for any dimension)"
        )
    if data["preferences"]:
        whole = data["preferences"][0]
        if whole["human_ties"]:
            found.append(f"{counted(whole['human_ties'], 'pair')} that people call a tie, in no figure")
        if whole["undecided"]:
            found.append(f"{counted(whole['undecided'], 'pair')} that could not be compared, in no figure")
    if clips["expanded"] and data["rubrics"] == "gold":
        found.append(f"{counted(clips['expanded'], 'clip')} without a gold rubric: the caption was expanded")
    return found


def _tables(data: Mapping[str, Any], name: Callable[[str], str]) -> Iterator[tuple[str, Rows]]:
    """Yield a title and rows, the head first."""
    if data["groups"]:
        yield from _decided(data, name)
    if data["items"]:
        head = ("items with a gold answer", "n", "yes", "accuracy", "95 %", "AUC", "ECE")
        rows = [
            (
                *(name(one["dimension"]), str(one["n"]), str(one["yes"])),
                *_with_ends(one["figures"], "accuracy"),
                *(number(one["figures"][figure]["value"]) for figure in ("auc", "ece")),
            )
            for one in data["items"]
            if one["n"] >= _FEW
        ]
        if rows:
            yield "p_yes of single items", [head, *rows]
    if data["preferences"]:
        yield from _preferred(data, name)
    if data["agreement"]:
        head = ("dimension", "of", "n", "Pearson", "95 %", "Spearman", "Kendall")
        rows = [row for one in data["agreement"] for row in _agreed(one, name)]
        what = ": the speech quality" if data["by"] == "quality" else ""
        yield f"Agreement with people{what}", [head, *rows]
        if any(one["human"]["within"] for one in data["agreement"]):
            yield "* mean over what clips were made from (source_clip) of the ranks within, and its interval", []
    if data["published"]:
        told = data["published"]
        columns = list(told["judges"][0]["figures"])
        titles = ("judge (theirs)", "prompt", *columns)
        theirs = [
            (one["judge"], one["prompt"], *(number(one["figures"].get(column)) for column in columns))
            for one in told["judges"]
        ]
        yield f"Published by others, not measured here: {told['title']} ({told['source']})", [titles, *theirs]


def _preferred(data: Mapping[str, Any], name: Callable[[str], str]) -> Iterator[tuple[str, Rows]]:
    asked = {"both": "quality and alignment"}.get(data["by"], data["by"])
    whole, *parts = data["preferences"]
    head = ("", "pairs", "right", "tie", "wrong", "pair accuracy", "95 %")
    rows = [
        (
            *(name(_named(one)), str(one["pairs"]), *(str(one[key]) for key in ("right", "tied", "wrong"))),
            *_with_ends({"accuracy": one["accuracy"]}, "accuracy"),
        )
        for one in (whole, *(one for one in parts if one["pairs"] >= _FEW))
    ]
    yield f"Preferences of people, met by {asked}; a tie of ours counts half", [head, *rows]


def _named(one: Mapping[str, Any]) -> str:
    return f"preferred {one['name']}" if one["by"] == "preferred" else str(one["name"])


def _decided(data: Mapping[str, Any], name: Callable[[str], str]) -> Iterator[tuple[str, Rows]]:
    whole = data["groups"][0]["figures"]
    rows = [
        (NAMES[key], *_with_ends(whole, key), str(whole[key]["n"])) for key in NAMES if whole[key]["value"] is not None
    ]
    if chosen := data["chosen_threshold"]:
        for key, told in (
            ("accuracy", f"at {chosen['threshold']:.3f} *"),
            ("accuracy_at_decision", "at the decision *"),
        ):
            rows.append((f"accuracy {told}", *_with_ends(chosen, key), str(chosen[key]["n"])))
    yield f"Decision: {data['decision']['rule']}", [("figure", "value", "95 % interval", "n"), *rows]
    if chosen:
        where = f"{chosen['dev_clips']} clips (half of the audio, by hash)"
        yield f"* threshold chosen on {where}, both measured on the other {chosen['test_clips']}", []
    head = ("by", "clips", "accuracy", "95 %", "AUC", "sens", "spec", "pairs")
    parts = [one for one in data["groups"][1:] if one["clips"] >= _FEW]
    if parts:
        yield "Groups", [head, *(_group(one, name) for one in parts)]
    bins = [one for one in data["reliability"] if one["n"]]
    rows = [
        (f"{one['low']:.1f} to {one['high']:.1f}", str(one["n"]), number(one["value"]), number(one["right"]))
        for one in bins
    ]
    yield "Calibration of the decision's value", [("value", "clips", "mean value", "share right"), *rows]


def _group(one: Mapping[str, Any], name: Callable[[str], str]) -> tuple[str, ...]:
    found = one["figures"]
    rest = (number(found[key]["value"]) for key in ("auc", "sensitivity", "specificity", "pairs"))
    by = {"words": " words", "items": " items"}.get(one["by"], "")
    return (name(f"{one['name']}{by}"), str(one["clips"]), *_with_ends(found, "accuracy"), *rest)


def _agreed(one: Mapping[str, Any], name: Callable[[str], str]) -> Iterator[tuple[str, ...]]:
    for level in ("clips", "systems"):
        found = one["human"][level]
        if found is None or not found["n"]:
            continue
        pearson = found["pearson"] or {"value": None, "low": None, "high": None}
        rest = (number((found[key] or {"value": None})["value"]) for key in ("spearman", "kendall"))
        ends = (number(pearson["value"]), interval(pearson["low"], pearson["high"]))
        yield (name(one["dimension"]), level, str(found["n"]), *ends, *rest)
    if within := one["human"]["within"]:
        ranks = within["spearman"]
        around = interval(ranks["low"], ranks["high"])
        yield (name(one["dimension"]), "in sources *", str(within["sources"]), "-", around, number(ranks["value"]), "-")
    if one["rated"] < one["clips"]:
        left = one["clips"] - one["rated"]
        yield (name(one["dimension"]), "not rated", str(left), "-", "-", "-", "-")


def _with_ends(found: Mapping[str, Any], key: str) -> tuple[str, str]:
    return number(found[key]["value"]), interval(found[key]["low"], found[key]["high"])
