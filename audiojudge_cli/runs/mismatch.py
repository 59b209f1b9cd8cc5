"""Refuse input whose parts do not belong together, before anything is judged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from audiojudge_cli.clips.report import PairingReport
from audiojudge_cli.errors import InputError
from audiojudge_cli.rubrics.files import FiledRubric
from audiojudge_cli.runs.clipset import ClipSet
from audiojudge_cli.runs.rubric_source import RubricSource
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.terminal import safe_line, shorten, shown


def refuse_loose_ends(report: PairingReport) -> None:
    """Refuse rows and files without a partner (`--strict`).

    Raises:
        InputError: If there are any; says how many of each kind, and which is the first.
    """
    loose = (
        (report.problems, "broken or doubled row", report.problem_examples),
        (report.missing, "missing file", report.missing_examples),
        (report.strangers, "missing reference", report.stranger_examples),
        (report.unused, "unused file", tuple(map(shown, report.unused_examples))),
    )
    found = [f"{counted(count, what)} (first: {first[0]})" for count, what, first in loose if count]
    if found:
        raise InputError(f"--strict: {', '.join(found)}; repair them or leave --strict out")


def refuse_strange_rubrics(path: Path, filed: Sequence[FiledRubric], rubrics: RubricSource, clips: ClipSet) -> None:
    """Refuse a rubric file that is about none of the clips: every caption would be expanded instead.

    Raises:
        InputError: If so; names the first of both sides.
    """
    if rubrics.fits(clips):
        return
    if not filed:
        raise InputError(f"{shown(path)} holds no rubrics; write it with `audiojudge rubric FILE -o {shown(path)}`")
    names = f"it begins with {_name(filed[0].id, filed[0].caption)}"
    first = next((f", the clips with {_name(clip.id, clip.caption)}" for clip in clips), "")
    raise InputError(f"no rubric of {shown(path)} is about any clip, neither by id nor by caption: {names}{first}")


def _name(identity: str, caption: str) -> str:
    text = f"“{shorten(safe_line(caption), 60)}”" if caption else ""
    return f"{shown(identity)} {text}".strip()
