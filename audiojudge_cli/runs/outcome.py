"""How a run ended: its exit code, and why. docs/exit-codes.md explains them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from audiojudge_cli.runs.preset import RequiredOptions

DONE = 0
NOT_JUDGED = 3
INTERRUPTED = 130


def outcome(summary: Mapping[str, Any], require: RequiredOptions, *, interrupted: bool) -> tuple[int, str | None]:
    """Return the exit code of a run and the reason when it is not 0.

    Args:
        summary: Content of `summary.json`.
        require: What the run must reach.
        interrupted: Whether a person stopped it.
    """
    clips, coverage = summary["clips"], summary["coverage"]["value"]
    if interrupted:
        return INTERRUPTED, f"stopped with {clips['pending']} clips to go; the same command again finishes the run"
    if not summary["score"]["clips"]:
        return NOT_JUDGED, f"none of the {clips['total']} clips could be judged"
    errors = clips["error"] / clips["total"]
    if errors > require.errors:
        return NOT_JUDGED, (
            f"{clips['error']} of {clips['total']} clips could not be judged, "
            f"more than the preset allows (require.errors: {require.errors:g})"
        )
    if coverage is None or coverage < require.coverage:
        return NOT_JUDGED, (
            f"only {coverage or 0:.0%} of the rubric items could be verified, "
            f"less than the preset asks for (require.coverage: {require.coverage:g})"
        )
    return DONE, None
