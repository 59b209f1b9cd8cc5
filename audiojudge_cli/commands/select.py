"""`audiojudge select`: the best of several clips for each prompt."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiojudge_cli.commands import contest as ask
from audiojudge_cli.commands import score_options as opt
from audiojudge_cli.commands.groups import spread
from audiojudge_cli.commands.help import HelpCommand

if TYPE_CHECKING:
    from audiojudge_cli.comparing.prefer import By
    from audiojudge_cli.comparing.selecting import Choice


def register(app: typer.Typer) -> None:
    """Add `audiojudge select` to the command tree."""
    app.command("select", cls=HelpCommand)(spread(select))


def select(
    outputs: Annotated[str, typer.Argument(help="Folder of audio, or a manifest that carries paths.")],
    *,
    captions: ask.Captions = None,
    per: opt.Per = None,
    best: Annotated[int, typer.Option(min=1, help="So many clips of each prompt, if there are so many.")] = 1,
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Copy the selected clips into this folder, with a manifest.")
    ] = None,
    link: Annotated[bool, typer.Option("--link", help="--to: symbolic links instead of copies.")] = False,
    by: ask.Asking = ask.Question.QUALITY,
    out: opt.Out = Path("audiojudge-select"),
    common: ask.Common,
) -> None:
    """Select the best of several clips for each prompt: those that win most comparisons with the others.

    `selected.jsonl` in the run folder is a manifest of them. A clip that failed is never selected.

    Exit code 0: done, and the gate passed; 1: the gate failed; 2: unreadable input, or a rule that is none; 3: not
    enough could be judged, or nothing selected; 130: interrupted, run it again to go on.
    """
    asked = ask.Asked((outputs,), captions, by, out)
    made: list[Choice] = []

    def make(by: By) -> Choice:
        _refuse_places(to, link=link)
        made.append(_choice(asked, common, by, per, best))
        return made[0]

    withheld = None
    if to is not None:
        withheld = f"nothing was copied to {to}, as too little could be judged; {out / 'selected.jsonl'} lists what won"
    ask.run_contest(asked, common, make, lambda: _copy(made[0], to, link=link), withheld)


def _choice(asked: ask.Asked, common: ask.Common, by: By, per: str | None, best: int) -> Choice:
    from audiojudge_cli.clips.pairing import find_clips
    from audiojudge_cli.comparing.selecting import Choice
    from audiojudge_cli.runs.narrowing import refuse_idle_filter

    pairing = partial(find_clips, asked.inputs[0], asked.captions, captioned=asked.is_judged)
    wanted = ask.wanted(common)
    if wanted is not None:
        refuse_idle_filter(wanted, pairing().clips, "clip")
    return Choice(pairing, by, per, best, None if wanted is None else wanted.holds, common.limit)


def _refuse_places(to: Path | None, *, link: bool) -> None:
    """Refuse a folder for the selected clips that must not be written to.

    Raises:
        InputError: If so, or if links are wanted without one.
    """
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.text.terminal import shown

    if link and to is None:
        raise InputError("--link is for --to DIR; add that or leave it out")
    if to is not None and to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise InputError(f"{shown(to)} is not an empty folder; give another --to, so that nothing in it is touched")


def _copy(choice: Choice, to: Path | None, *, link: bool) -> None:
    if to is None:
        return
    from audiojudge_cli.comparing.selecting import copy_to

    copy_to(to, choice.winners, linked=link)
