"""Figures of a benchmark run for people: lines for the terminal, a page of Markdown, a table of CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from audiojudge_cli.reports.markdown import page, table, text
from audiojudge_cli.reports.tables import aligned, cell, interval, number, wrapped
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
    for group in data["groups"]:
        _write(writer, group["by"], group["name"], group["figures"])
    for item in data["items"]:
        _write(writer, "dimension", item["dimension"], item["figures"])
    if chosen := data["chosen_threshold"]:
        _write(writer, "chosen_threshold", str(chosen["threshold"]), {"accuracy": chosen["accuracy"]})
    for one in data["agreement"]:
        for level in ("clips", "systems"):
            found = one["human"][level] or {}
            told = {name: {**value, "n": found["n"]} for name, value in found.items() if name != "n" and value}
            _write(writer, f"agreement of {level}", one["dimension"], told)
    return out.getvalue()


def _write(writer: Any, by: str, name: str, figures: Mapping[str, Any]) -> None:  # noqa: ANN401 - csv has no type for it
    for figure, one in figures.items():
        writer.writerow((by, safe_line(name), figure, one["value"], one["low"], one["high"], one["n"]))


def headline(data: Mapping[str, Any]) -> str:
    """Return what was judged by whom."""
    rubrics = {"gold": ", gold rubrics", "own": ", own expansion"}.get(data["rubrics"] or "", "")
    total = counted(data["clips"]["total"], "clip")
    return f"{data['benchmark']} ({data['layout']}): {total}{rubrics}, judge {data['judge']['name']}"


def remarks(data: Mapping[str, Any]) -> list[str]:
    """Return what is in no figure, or counts otherwise than one might think."""
    clips, found = data["clips"], []
    if clips["failed"]:
        found.append(f"{counted(clips['failed'], 'clip')} failed and in no figure")
    if clips["unverifiable"] and data["groups"]:
        found.append(
            f"{counted(clips['unverifiable'], 'clip')} with nothing that could be verified: counted as refused"
        )
    if data["agreement"] and all(one["human"]["clips"] is None for one in data["agreement"]):
        names = ", ".join(one["dimension"] for one in data["agreement"])
        found.append(f"no clip has both a rating and a score of people on {names}; --scale says what is rated")
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
    if data["agreement"]:
        head = ("dimension", "of", "n", "Pearson", "95 %", "Spearman", "Kendall")
        rows = [row for one in data["agreement"] for row in _agreed(one, name)]
        yield "Agreement with people", [head, *rows]
    if data["published"]:
        told = data["published"]
        titles = ("judge (theirs)", "prompt", "en", "zh")
        theirs = [(one["judge"], one["prompt"], number(one["en"]), number(one["zh"])) for one in told["judges"]]
        yield f"Published by others, not measured here: {told['title']} ({told['source']})", [titles, *theirs]


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
        if found is None:
            continue
        pearson = found["pearson"] or {"value": None, "low": None, "high": None}
        rest = (number((found[key] or {"value": None})["value"]) for key in ("spearman", "kendall"))
        ends = (number(pearson["value"]), interval(pearson["low"], pearson["high"]))
        yield (name(one["dimension"]), level, str(found["n"]), *ends, *rest)
    if one["rated"] < one["clips"]:
        left = one["clips"] - one["rated"]
        yield (name(one["dimension"]), "not rated", str(left), "-", "-", "-", "-")


def _with_ends(found: Mapping[str, Any], key: str) -> tuple[str, str]:
    return number(found[key]["value"]), interval(found[key]["low"], found[key]["high"])
