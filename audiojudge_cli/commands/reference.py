"""`audiojudge reference` (hidden): the command line as Markdown, for docs/cli.md."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args

import typer

_HEAD = """# The command line

Written by `audiojudge reference > docs/cli.md`; a test keeps it up to date. Exit codes: [exit-codes.md](exit-codes.md).

Your shell completes commands and options, and values: presets, judges, cards, expanders, run folders, the clips of a
run, columns of a manifest. `audiojudge --install-completion` sets it up for bash, zsh or fish (`--show-completion` only
prints what it would write); it works in the next shell. Names with blanks, quotes or other signs that a shell reads are
not offered.
"""


def register(app: typer.Typer) -> None:
    """Add `audiojudge reference` to the command tree, unlisted."""
    app.command("reference", hidden=True)(reference)


def reference(ctx: typer.Context) -> None:
    """Print the command line reference as Markdown."""
    root = ctx.find_root()
    typer.echo("\n".join([_HEAD, *_pages(root.command, "audiojudge")]).rstrip())


# Typer has shipped with its own copy of Click since 2026, so the classes have no name that all versions share.
def _pages(command: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - a Command of one Click or the other
    yield f"## {path}\n"
    if command.help:
        yield _flowing(command.help) + "\n"
    rows = [_row(parameter) for parameter in command.params if not getattr(parameter, "hidden", False)]
    if rows:
        yield "| argument or option | default | meaning |\n|---|---|---|"
        yield "\n".join(rows) + "\n"
    for name, child in sorted(getattr(command, "commands", {}).items()):
        if not child.hidden:
            yield from _pages(child, f"{path} {name}")


def _flowing(text: str) -> str:
    paragraphs = text.replace("\f", "").strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _row(parameter: Any) -> str:  # noqa: ANN401 - a Parameter of one Click or the other
    is_option = parameter.param_type_name == "option"
    names = ", ".join(f"`{name}`" for name in [*parameter.opts, *parameter.secondary_opts])
    text = " ".join((parameter.help or "").split())
    if choices := _choices(parameter):
        text = f"{text} One of {', '.join(choices)}.".strip()
    cells = (names if is_option else f"`{parameter.metavar or parameter.name.upper()}`", _default(parameter), text)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _choices(parameter: Any) -> list[str]:  # noqa: ANN401 - as above
    described = getattr(parameter, "type_descriptor", None)
    annotation = getattr(described, "annotation", None)
    for kind in (annotation, *get_args(annotation)):
        if isinstance(kind, type) and issubclass(kind, Enum):
            return [str(member.value) for member in kind]
    return [str(getattr(each, "value", each)) for each in getattr(getattr(parameter, "type", None), "choices", ())]


def _default(parameter: Any) -> str:  # noqa: ANN401 - as above
    if isinstance(told := getattr(parameter, "show_default", None), str):
        return told
    value = getattr(parameter.default, "value", parameter.default)
    return "" if value is None or isinstance(value, bool) or callable(value) else f"`{value}`"
