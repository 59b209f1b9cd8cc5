"""`audiojudge rank`: which of several systems is best, from all pairs of their clips."""

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

SYSTEM = "system"
"""Column of a manifest that names who made a clip."""


def register(app: typer.Typer) -> None:
    """Add `audiojudge rank` to the command tree."""
    app.command("rank", cls=HelpCommand)(spread(rank))


def rank(
    systems: Annotated[
        list[str],
        typer.Argument(
            metavar="DIR...", help="Folders, one for each system; or one manifest (or folder with --captions)."
        ),
    ],
    *,
    captions: ask.Captions = None,
    system_field: Annotated[
        str | None, typer.Option(help="Column of the manifest that names the system; by default: system.")
    ] = None,
    per: opt.Per = None,
    by: ask.Asking = ask.Question.QUALITY,
    out: opt.Out = Path("audiojudge-rank"),
    common: ask.Common,
) -> None:
    """Rank systems: every two clips that two of them made for one prompt are compared.

    Strengths are those of Bradley and Terry, with Davidson's ties; intervals draw prompts as a whole.

    Exit code 0: done, and the gate passed; 1: the gate failed; 2: unreadable input, or a rule that is none; 3: not
    enough could be judged, or no pair compared; 130: interrupted, run it again to go on.
    """
    asked = ask.Asked(tuple(systems), captions, by, out)
    ask.run_contest(asked, common, lambda by: _ranking(asked, common, by, system_field, per))


def _ranking(asked: ask.Asked, common: ask.Common, by: By, system_field: str | None, per: str | None) -> Contest:
    from audiojudge_cli.comparing.contest import Comparison
    from audiojudge_cli.comparing.sources import folders, systems_of
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.runs.narrowing import narrowed

    first, *others = asked.inputs
    if others and (system_field or per):
        option = "--system-field" if system_field else "--per"
        raise InputError(f"{option} is for one manifest; folders are systems, and names of files tell prompts apart")
    if others:
        source = folders(asked.inputs, asked.captions, captioned=asked.is_judged)
    else:
        source = systems_of(first, asked.captions, field=system_field or SYSTEM, per=per, captioned=asked.is_judged)
    return Comparison(narrowed(source, ask.wanted(common), common.limit), by, ranked=True)
