"""`audiojudge doctor`: is everything here that judging needs?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from audiojudge_cli.commands.help import HelpCommand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiojudge_cli.commands.checkup import Finding

_MARKS = {"good": "ok  ", "note": "note", "bad": "BAD "}
_COLOURS = {"good": "green", "note": "yellow", "bad": "red"}


def register(app: typer.Typer) -> None:
    """Add `audiojudge doctor` to the command tree."""
    app.command("doctor", cls=HelpCommand)(doctor)


def doctor() -> None:
    """Check the installation: packages, devices, judges, presets, cache and weights.

    Exit code 3 when something that judging needs is missing. Fetches nothing.
    """
    import sys

    from audiojudge_cli.commands.console import screen
    from audiojudge_cli.errors import NotJudgedError

    paint = screen(sys.stdout).paint
    bad = 0
    for finding in _findings():
        bad += finding.level == "bad"
        typer.echo(f"{paint(_MARKS[finding.level], _COLOURS[finding.level])}  {finding.what:<10} {finding.text}")
    if bad:
        lines = "the line marked BAD says" if bad == 1 else f"the {bad} lines marked BAD say"
        raise NotJudgedError(f"judging will not work here; {lines} what to do")


def _findings() -> Iterator[Finding]:
    from audiojudge_cli.commands import checkup

    yield checkup.program()
    yield from checkup.packages()
    yield from checkup.devices()
    yield from checkup.names()
    yield checkup.servers()
    yield checkup.cache()
    yield from checkup.weights()
