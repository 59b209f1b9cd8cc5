"""A folder in which any one figure was edited is refused; so is one that lacks any of its three files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from audiojudge_cli.errors import AudiojudgeError, InputError
from audiojudge_cli.gates import RuleSet, evaluate
from audiojudge_cli.gates.compare import compare

ROWS: list[dict[str, Any]] = [
    {"answers": [0.9, 0.4, 0.7], "dimensions": ["event", "scene", "event"]},
    {"answers": [0.2, None]},
    {"answers": [None, None]},
    {"error": "truncated", "answers": [0.0]},
    {"answers": [0.1]},
    {"answers": [0.6, 0.6]},
]
OPTIONS = {
    "decision": {"mean": 0.5, "min": 0.5, "threshold": 0.5},
    "require": {"coverage": 0.0, "errors": 1.0},
}
INFO = {"preset": {"name": "default", "options": OPTIONS}, "counts": {"rows": 6, "broken": 0}}
ALTERNATIVES: list[Any] = [
    0.0,
    0.3,
    0.95,
    1.0,
    None,
    True,
    False,
    "ok",
    "partial",
    "error",
    "yes",
    "no",
    "1*mean + 0*min",
]
FIGURES = ("score", "coverage", "status", "value", "threshold", "match", "rule", "p_yes", "answer")


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from places(value, (*path, key))
    elif path[-1] in FIGURES:
        yield path, data


def set_at(data: Any, path: tuple[Any, ...], value: Any) -> None:
    for key in path[:-1]:
        data = data[key]
    data[path[-1]] = value


def rewrite(folder: Path, lines: list[Any]) -> None:
    (folder / "records.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def read(folder: Path) -> list[Any]:
    return [json.loads(line) for line in (folder / "records.jsonl").read_text().splitlines()]


def test_the_folder_is_good_as_it_was_written(make_run):
    assert evaluate(
        make_run(ROWS, info=INFO), RuleSet.of(["count >= 1", "error_rate <= 0.5", "coverage >= 0.1"])
    ).passed


def test_every_figure_of_every_record_follows_from_the_items(make_run):
    folder = make_run(ROWS, info=INFO)
    good, tried = read(folder), 0
    rules = RuleSet.of(["count >= 1", "error_rate <= 0.9", "coverage >= 0.01"])
    for number, record in enumerate(good):
        for path, value in places(record):
            for other in ALTERNATIVES:
                if type(other) is type(value) and other == value:
                    continue
                lines = json.loads(json.dumps(good))
                set_at(lines[number], path, other)
                rewrite(folder, lines)
                tried += 1
                with pytest.raises(AudiojudgeError):
                    evaluate(folder, rules)
    assert tried > 500


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line["items"][0].update(p_yes=1.0),
        lambda line: line["items"][-1].update(p_yes=0.7, answer="yes"),
        lambda line: line["items"][0].update(p_yes=0.0, answer="no"),
    ],
)
def test_items_edited_with_everything_that_follows_from_them_disagree_with_the_summary(make_run, change):
    folder = make_run([{"answers": [0.8, 0.6]}] * 4, info=INFO)
    lines = read(folder)
    change(lines[0])
    answers = [item["p_yes"] for item in lines[0]["items"]]
    lines[0]["score"] = round(sum(answers) / 2, 4)
    value = round(0.5 * sum(answers) / 2 + 0.5 * min(answers), 4)
    lines[0]["decision"].update(value=value, match=value >= 0.5)
    rewrite(folder, lines)
    with pytest.raises(InputError, match=r"summary\.json and records\.jsonl disagree about"):
        evaluate(folder, RuleSet.of(["score.mean >= 0.01"]))


def test_a_threshold_lowered_everywhere_disagrees_with_the_preset(make_run):
    folder = make_run([{"answers": [0.2]}] * 4, info=INFO)
    lines = read(folder)
    for line in lines:
        line["decision"].update(threshold=0.1, match=True)
    rewrite(folder, lines)
    summary = json.loads((folder / "summary.json").read_text())
    summary["pass_rate"].update(passed=4, value=1.0)
    (folder / "summary.json").write_text(json.dumps(summary))
    with pytest.raises(InputError, match=r"run\.json asks for something else"):
        evaluate(folder, RuleSet.of(["match_rate >= 0.9"]))


def flat(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from flat(value, (*path, key))
    elif isinstance(data, int | float):
        yield path


def test_every_figure_of_the_summary_agrees_with_the_records(make_run):
    folder = make_run(ROWS, info=INFO)
    summary = json.loads((folder / "summary.json").read_text())
    # The interval is drawn anew by whoever wants one; subsets repeat the whole.
    free = {("score", name) for name in ("captions", "low", "high", "level")} | {("decision", "threshold")}
    tried = 0
    for path in flat({key: value for key, value in summary.items() if key not in {"subsets", "failures"}}):
        if path in free:
            continue
        changed = json.loads(json.dumps(summary))
        set_at(changed, path, 0.123 if path[-1] in {"value", "mean", "yes_rate", "mean_p_yes"} else 77)
        (folder / "summary.json").write_text(json.dumps(changed))
        tried += 1
        with pytest.raises(AudiojudgeError):
            evaluate(folder, RuleSet.of(["count >= 1"]))
    assert tried > 15


@pytest.mark.parametrize(
    "look", [lambda run, old: evaluate(run, RuleSet.of(["count >= 1"]), old), lambda a, b: compare(b, a)]
)
@pytest.mark.parametrize("which", ["run", "baseline"])
@pytest.mark.parametrize("name", ["records.jsonl", "summary.json", "run.json"])
def test_a_folder_that_lacks_a_file_is_refused(make_run, name, which, look: Callable[..., Any]):
    run, baseline = make_run(ROWS, info=INFO), make_run(ROWS, "old", info=INFO)
    ((run if which == "run" else baseline) / name).unlink()
    with pytest.raises(InputError, match=name.replace(".", r"\.")):
        look(run, baseline)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "nonsense", "[]", "{}", "", "null", '{"state": 3}'])
@pytest.mark.parametrize("name", ["records.jsonl", "summary.json", "run.json"])
def test_a_file_that_is_something_else_is_refused(make_run, name, text):
    folder = make_run(ROWS, info=INFO)
    (folder / name).write_text(text + "\n")
    with pytest.raises(AudiojudgeError):
        evaluate(folder, RuleSet.of(["count >= 1"]))


def leaves(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from leaves(value, (*path, key))


@pytest.mark.parametrize("name", ["records.jsonl", "summary.json", "run.json"])
def test_no_value_anywhere_is_an_internal_error(make_run, name):
    folder = make_run([{"answers": [0.9, None], "metadata": {"seed": 1}}, {"error": "x"}], info=INFO)
    text, tried = (folder / name).read_text(), 0
    good = [json.loads(line) for line in text.splitlines()] if name == "records.jsonl" else json.loads(text)
    rules = RuleSet.of(["count >= 1", "faults == 0", "count.broken == 0", "score.mean[seed=1] >= 0.1"])
    for path in list(leaves(good)):
        for value in (None, True, -1, 10**400, 0.5, "x", [], [3], {}, {"a": [1]}):
            if not path:
                continue
            changed = json.loads(json.dumps(good))
            set_at(changed, path, value)
            if name == "records.jsonl":
                rewrite(folder, changed)
            else:
                (folder / name).write_text(json.dumps(changed))
            tried += 1
            with suppress(AudiojudgeError):
                evaluate(folder, rules)
    assert tried > 100
