"""How a run ended: its exit code, and why. docs/exit-codes.md explains them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from audiojudge_cli.results.enough_judged import Judged, Kind, shortages
from audiojudge_cli.results.record import NOBODY
from audiojudge_cli.runs.preset import RequiredOptions
from audiojudge_cli.runs.shard import Shard
from audiojudge_cli.text.counted import counted

DONE = 0
NOT_JUDGED = 3
INTERRUPTED = 130


def outcome(
    summary: Mapping[str, Any],
    require: RequiredOptions,
    *,
    interrupted: bool,
    broken: int = 0,
    rows: int = 0,
    shard: Shard | None = None,
    ruled: Collection[Kind] = (),
) -> tuple[int, str | None]:
    """Return the exit code of a run and the reason when it is not 0.

    Args:
        summary: Content of `summary.json`.
        require: What the run must reach.
        interrupted: Whether a person stopped it.
        broken: Rows of the manifest that could not become a clip.
        rows: All rows of the manifest.
        shard: Of a run that is only a part.
        ruled: Limits whose place a rule of the run's own gate takes: the rule decides, and no wall stands before it.
    """
    clips, coverage = summary["clips"], summary["coverage"]["value"]
    if interrupted:
        left = counted(clips["pending"], "clip")
        return INTERRUPTED, f"stopped with {left} to go; the same command again finishes the run"
    is_judged = summary["judge"]["name"] != NOBODY.name
    done = "judged" if is_judged else "measured"
    if not summary["score" if is_judged else "quality"]["clips"]:
        empty = f"no clip falls into shard {shard}; merging does not need this folder" if shard else "no clips"
        return NOT_JUDGED, f"nothing could be {done}: {_fate(clips) or empty}"
    judged = Judged(clips["total"], clips["error"], coverage, rows, broken)
    short = shortages(judged, errors=require.errors, coverage=require.coverage if is_judged else 0.0, done=done)
    for kind, reason in short.items():
        if kind not in ruled:
            return NOT_JUDGED, reason
    return DONE, None


def _fate(clips: Mapping[str, int]) -> str:
    """Say what became of the clips of a run without scores."""
    kinds = (("error", "failed"), ("unverifiable", "unverifiable"), ("pending", "without a record"))
    return ", ".join(f"{counted(clips[kind], 'clip')} {word}" for kind, word in kinds if clips[kind])
