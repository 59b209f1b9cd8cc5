"""Files that no report and no outcome of a gate may be written over: those of a run, and what it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from audiojudge_cli.commands.gate import Files


def refuse_overwriting(files: Files, run: Path, inputs: Iterable[Path | str | None] = ()) -> None:
    """Refuse to write a report, or the outcome of a gate, over something that is wanted.

    To be called before anything is written, what kept a gate from an outcome included.

    Args:
        files: What is to be written where.
        run: The run folder, which need not be there yet.
        inputs: Files that were read; None and names of no file are passed over.

    Raises:
        InputError: If one is a file of the run or an input, or is named twice.
    """
    from pathlib import Path

    from audiojudge_cli.errors import InputError
    from audiojudge_cli.runs.folder import ASIDE, FILES, JOURNAL, PROBLEMS, RUN, SHARD, SUMMARY
    from audiojudge_cli.text.terminal import shown

    home = run.resolve()
    # Not gate.json: it holds an outcome anyway.
    names = {JOURNAL, ASIDE, RUN, SUMMARY, SHARD, PROBLEMS, "summary.csv", "items.csv"}
    read = {Path(path).resolve() for path in inputs if path is not None}
    seen: dict[Path, str] = {}
    for kind, path in files:
        if path is None:
            continue
        place = path.resolve()
        in_run = place.parent == home or (place.parent / JOURNAL).is_file()
        if (in_run and place.name in names) or home / FILES in place.parents:
            raise InputError(f"cannot write {shown(path)}: it is a file of a run; give --{kind} another name")
        if place in read and not place.is_dir():
            raise InputError(f"cannot write {shown(path)}: it is an input; give --{kind} another name")
        if place in seen and (place.is_file() or not place.exists()):
            raise InputError(f"--{seen[place]} and --{kind} are both {shown(path)}; give two names")
        seen[place] = kind
