"""Was enough judged? The limits of a run, asked at its end and again by every gate that looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from audiojudge_cli.text.counted import counted

Kind = Literal["errors", "rows", "coverage"]


@dataclass(frozen=True, slots=True)
class Judged:
    """How much of a run could be judged.

    Attributes:
        clips: Clips of the run, at least 1.
        errors: Those with status `error`.
        coverage: Share of the rubric items that were verified; None without items.
        rows: Rows of the manifest.
        broken: Those that could not become a clip.
    """

    clips: int
    errors: int
    coverage: float | None
    rows: int = 0
    broken: int = 0


def shortages(judged: Judged, *, errors: float, coverage: float, done: str = "judged") -> dict[Kind, str]:
    """Return what is short of the limits of a preset (`require`), one sentence each; empty when enough was judged.

    Args:
        judged: The run.
        errors: Largest share of clips, and of rows, that may have failed.
        coverage: Smallest share of verified items.
        done: What clips were to be.
    """
    found: dict[Kind, str] = {}
    if judged.errors / judged.clips > errors:
        found["errors"] = (
            f"{judged.errors} of {counted(judged.clips, 'clip')} could not be {done}, "
            f"and at most {_percent(errors)} may fail (require.errors of the preset)"
        )
    if judged.broken and judged.broken / max(1, judged.rows) > errors:
        found["rows"] = (
            f"{judged.broken} of {counted(judged.rows, 'row')} could not be read or told apart, "
            f"and at most {_percent(errors)} may be (require.errors of the preset)"
        )
    if (judged.coverage or 0.0) < coverage:
        found["coverage"] = (
            f"only {_percent(judged.coverage or 0)} of the rubric items could be verified, "
            f"and at least {_percent(coverage)} must be (require.coverage of the preset)"
        )
    return found


def _percent(share: float) -> str:
    return f"{100 * share:.4g} %"
