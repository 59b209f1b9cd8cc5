"""`audiojudge compare`: which of two clips is better, pair by pair."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiojudge_cli.commands import contest as ask
from audiojudge_cli.commands import score_options as opt
from audiojudge_cli.commands.groups import spread
from audiojudge_cli.commands.help import HelpCommand

if TYPE_CHECKING:
    from audiojudge_cli.comparing.contest import Contest
    from audiojudge_cli.comparing.prefer import By


def register(app: typer.Typer) -> None:
    """Add `audiojudge compare` to the command tree."""
    app.command("compare", cls=HelpCommand)(spread(compare))


def compare(
    a: Annotated[str, typer.Argument(metavar="A", help="Folder of audio, or a manifest of pairs, or - for stdin.")],
    b: Annotated[
        str | None, typer.Argument(metavar="[B]", help="The other folder: files of the same name are compared.")
    ] = None,
    *,
    captions: ask.Captions = None,
    by: ask.Asking = ask.Question.QUALITY,
    out: opt.Out = Path("audiojudge-compare"),
    common: ask.Common,
) -> None:
    """Compare clips in pairs: which sounds better, or which follows its caption better.

    Every clip is judged once, as by `audiojudge score` or `quality`. An omni judge hears both clips of a pair
    together, in either order, for --by quality. `pairs.csv` in the run folder has the pairs.

    Exit code 0: done, and the gate passed; 1: the gate failed; 2: unreadable input, or a rule that is none; 3: not
    enough could be judged, or no pair compared; 130: interrupted, run it again to go on.
    """
    asked = ask.Asked((a,) if b is None else (a, b), captions, by, out)
    ask.run_contest(asked, common, lambda by: _comparison(asked, common, by))


def _comparison(asked: ask.Asked, common: ask.Common, by: By) -> Contest:
    from audiojudge_cli.comparing.contest import Comparison
    from audiojudge_cli.comparing.sources import folders, manifest_of_pairs
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.runs.narrowing import narrowed
    from audiojudge_cli.text.terminal import shown

    first, *others = asked.inputs
    if others:
        source = folders(asked.inputs, asked.captions, captioned=asked.is_judged)
    elif Path(first).is_dir():
        raise InputError(f"{shown(first)} is a folder; name the folder it is compared with, or a manifest of pairs")
    elif asked.captions is not None:
        raise InputError("--captions is for two folders; the rows of a manifest of pairs carry their own captions")
    else:
        source = manifest_of_pairs(first, captioned=asked.is_judged)
    return Comparison(narrowed(source, ask.wanted(common), common.limit), by)
