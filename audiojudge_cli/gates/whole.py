"""Is a run folder whole? A gate over half a run, or over one that could not judge enough, means nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from audiojudge_cli.errors import InputError, NotJudgedError
from audiojudge_cli.gates.table import RunTable
from audiojudge_cli.text.terminal import safe_line, shown

_MAX_BYTES = 64 << 20
_NOT_JUDGED = 3


def check_whole(table: RunTable) -> None:
    """Raise unless the folder holds a finished run with all its clips, by one judge and one decision rule.

    Raises:
        InputError: If files are missing or contradict each other, or judges are mixed.
        NotJudgedError: If the run has not finished, is empty, or no clip of it has a score.
    """
    folder = shown(table.folder)
    summary = _read(table.folder / "summary.json")
    info = _read(table.folder / "run.json") if (table.folder / "run.json").exists() else {"state": "finished"}
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
    _check_judged(table, folder, info)
    for what, found in (("judges", table.judges), ("decision rules", table.decisions)):
        if len(found) > 1:
            names = "; ".join(safe_line(str(one)) for one in found[:3])
            raise InputError(f"{folder}: records of several {what} in one run: {names}; score it again with --restart")


def _check_judged(table: RunTable, folder: str, info: dict[str, Any]) -> None:
    if not len(table):
        raise NotJudgedError(f"{folder}: the run has no clips, so there is nothing to decide")
    if not table.scored.any():
        raise NotJudgedError(f"{folder}: none of the {len(table)} clips has a score, so there is nothing to decide")
    if info.get("exit_code") == _NOT_JUDGED:
        reason = safe_line(str(info.get("reason") or "not enough could be judged"))
        raise NotJudgedError(f"{folder}: the run itself ended with exit code 3: {reason}")


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(f"{shown(path)} is larger than any that audiojudge writes")
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(
            f"cannot read {shown(path)}: {error.strerror}; run the same `score` command again to finish the run"
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{shown(path)}: not JSON; run the same `score` command again") from error
    if not isinstance(data, dict):
        raise InputError(f"{shown(path)}: not a file of audiojudge; run the same `score` command again")
    return data
