"""Is a run folder whole? A gate over half a run, or over one that could not judge enough, means nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audiojudge_cli.errors import InputError, NotJudgedError
from audiojudge_cli.gates.figures import STATUSES
from audiojudge_cli.gates.table import RunTable
from audiojudge_cli.results.enough_judged import Judged, shortages
from audiojudge_cli.results.rule import Calibrated, Rule, read_rule
from audiojudge_cli.text.inputs import read_regular
from audiojudge_cli.text.jsonl import loads
from audiojudge_cli.text.terminal import safe_line, shown

_MAX_BYTES = 64 << 20
_NOT_JUDGED = 3
# No manifest has more rows, and shares of larger numbers are none.
_MOST_ROWS = 2**53
# Two ways of adding up a mean may differ in the last of its four decimals.
_MEAN = 1.5e-4


@dataclass(frozen=True, slots=True)
class Completeness:
    """What a finished run says of itself.

    Attributes:
        judged: How much of it could be judged.
        shortages: What it fell short of, by kind: those of `results.enough_judged`, or `run` where nothing tells.
        notes: What a reader should know, one line each.
    """

    judged: Judged
    shortages: Mapping[str, str]
    notes: tuple[str, ...]


def check_completeness(table: RunTable) -> Completeness:
    """Return what a run folder says of itself, once it is known to be whole and to agree with its records.

    A run of which too much could not be judged is told as such (`shortages`), for rules to decide.

    Raises:
        InputError: If files are missing or contradict each other, or judges are mixed.
        NotJudgedError: If the run has not finished, is empty, or no clip of it has a score.
    """
    folder = shown(table.folder)
    summary = _read(table.folder / "summary.json")
    info = _read(table.folder / "run.json")
    clips = summary.get("clips")
    if not isinstance(clips, dict) or not all(isinstance(clips.get(name), int) for name in ("total", "pending")):
        raise InputError(f"{folder}: summary.json is not one of audiojudge; run the same `score` command again")
    if info.get("state") != "finished" or clips["pending"]:
        state = safe_line(str(info.get("state")))
        raise NotJudgedError(
            f"{folder}: the run is not complete (state {state}, {clips['pending']} clips to go); "
            "run the same `score` command again to finish it"
        )
    if clips["total"] != len(table):
        raise InputError(
            f"{folder}: records.jsonl has {len(table)} clips and summary.json {clips['total']}; "
            "the folder was changed, so score it again"
        )
    if not len(table):
        raise NotJudgedError(f"{folder}: the run has no clips, so there is nothing to decide")
    if not table.done.any():
        what = "has a score" if table.is_judged else "was measured"
        raise NotJudgedError(f"{folder}: none of the {len(table)} clips {what}, so there is nothing to decide")
    for what, found in (("judges", table.judges), ("decision rules", table.decisions)):
        if len(found) > 1:
            names = "; ".join(safe_line(str(one)) for one in found[:3])
            raise InputError(f"{folder}: records of several {what} in one run: {names}; score it again with --restart")
    if different := _different(table.figures, summary):
        raise InputError(
            f"{folder}: summary.json and records.jsonl disagree about {safe_line(different)}; "
            "the folder was changed, so score it again with --restart"
        )
    _check_decision(table, info, folder)
    return _whole(table, info)


def _different(records: Mapping[str, Any], summary: Mapping[str, Any], place: str = "") -> str:
    """Return where the two differ, empty where they agree; what an earlier version did not write is passed over."""
    for name, value in records.items():
        told = summary.get(name, value)
        where = f"{place}{name}"
        if isinstance(value, Mapping):
            if not isinstance(told, Mapping):
                return where
            if found := _different(value, told, f"{where}."):
                return found
        elif isinstance(value, float) and isinstance(told, float):
            if abs(value - told) > _MEAN:
                return where
        elif told != value:
            return where
    return ""


def _check_decision(table: RunTable, info: Mapping[str, Any], folder: str) -> None:
    """Refuse records decided otherwise than `run.json` says."""
    asked = _options(info).get("decision")
    if not isinstance(asked, dict):
        return
    text, threshold = table.decisions[0]
    try:
        agree = asked["threshold"] == threshold
        if asked["mean"] is None:  # the calibrated rule, with the numbers of the version that made the run
            agree = agree and isinstance(read_rule(text, threshold), Calibrated)
        else:
            agree = agree and Rule(asked["mean"], asked["min"], asked["threshold"]).text == text
    except (ArithmeticError, InputError, KeyError, TypeError, ValueError):
        agree = False
    if not agree:
        raise InputError(
            f"{folder}: records.jsonl was decided by {safe_line(text)} >= {threshold:g}, and "
            "run.json asks for something else; the folder was changed, so score it again with --restart"
        )


def _whole(table: RunTable, info: Mapping[str, Any]) -> Completeness:
    counts, require = info.get("counts"), _options(info).get("require")
    rows, broken = (_count(counts, name) for name in ("rows", "broken"))
    items = int(table.items.sum())
    errors = int((table.status == STATUSES.index("error")).sum())
    coverage = int(table.verified.sum()) / items if items else None
    judged = Judged(len(table), errors, None if coverage is None else round(coverage, 4), rows, broken)
    limits = {name: _share(require, name) for name in ("errors", "coverage")}
    # Without a word about limits (a folder made by hand) nothing is short of them.
    most, least = limits["errors"], limits["coverage"]
    found = shortages(
        judged, errors=1.0 if most is None else most, coverage=least if least is not None and table.is_judged else 0.0
    )
    short = {str(kind): reason for kind, reason in found.items()}
    if info.get("exit_code") == _NOT_JUDGED and not short:
        reason = safe_line(str(info.get("reason") or "not enough could be judged"))
        short["run"] = f"the run itself ended with exit code 3: {reason}"
    facts = {"clips that could not be judged": errors, "rows of the manifest that are no clip": broken}
    facts["items with a fault"] = int(table.item_fault.sum())
    return Completeness(judged, short, tuple(f"{what}: {number}" for what, number in facts.items() if number))


def _options(info: Mapping[str, Any]) -> Mapping[str, Any]:
    preset = info.get("preset")
    options = preset.get("options") if isinstance(preset, dict) else None
    return options if isinstance(options, dict) else {}


def _count(counts: object, name: str) -> int:
    found = counts.get(name) if isinstance(counts, dict) else None
    return found if type(found) is int and 0 <= found <= _MOST_ROWS else 0


def _share(require: object, name: str) -> float | None:
    found: object = require.get(name) if isinstance(require, dict) else None
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found <= 1:
        return None
    return float(found)


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(f"{shown(path)} is larger than any that audiojudge writes")
        data = loads(read_regular(path))
    except OSError as error:
        raise InputError(
            f"cannot read {shown(path)}: {error.strerror}; run the same `score` command again to finish the run"
        ) from error
    except ValueError as error:
        raise InputError(f"{shown(path)}: not JSON; run the same `score` command again") from error
    if not isinstance(data, dict):
        raise InputError(f"{shown(path)}: not a file of audiojudge; run the same `score` command again")
    return data
