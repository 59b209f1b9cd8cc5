"""Help that is read at 80 columns and in a log: what a command does, examples, then its options in groups.

Typer's own panels need rich, which takes as long to load as all the rest of the help, draws frames and cuts long names.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any

from typer.core import TyperCommand, TyperGroup

from audiojudge_cli.commands.help_pages import COMMANDS, PAGES, Page

_NAMES = 24
"""Columns for the names of options, so that 80 columns leave 50 for what they mean; longer ones get their own line."""
_KIND = re.compile(r" <([^<>]+)>$")
"""The kind of value at the end of a name, as Typer writes it: `--limit <int range>`."""
_PLACEHOLDERS = {"str": "TEXT", "path": "PATH", "int": "N", "int range": "N", "float": "X", "float range": "X"}
_RANGE = re.compile(r"(?<=[\[ ])(\S+<=|)x(<=|>=)")
"""The range that a number may be in, as Typer writes it: `1<=x<=1000`."""
_CHOICES = 50
"""So many characters of choices may stand beside the name of an option; more of them would leave the line."""
_REST = "Other options"

Rows = list[tuple[str, str]]


class HelpCommand(TyperCommand):
    """A command whose help is its page."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:  # noqa: ANN401 - Typer has its own Click
        """Return what follows the command's name in its usage."""
        return usage_pieces(self, ctx)

    def format_help_text(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """Write the first paragraph of the docstring and the examples."""
        write_opening(self.help, _page(ctx), formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """Write arguments, the options in their groups, and the rest of the docstring."""
        write_options(self, ctx, _page(ctx), formatter)
        write_closing(self.help, formatter)


class HelpGroup(TyperGroup):
    """A command with commands below it, which are listed with a whole sentence each."""

    def format_help_text(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """Write the first paragraph of the docstring and the examples."""
        write_opening(self.help, _page(ctx), formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """Write the commands, then the options."""
        self.format_commands(ctx, formatter)
        write_options(self, ctx, _page(ctx), formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """Write what each command does, uncut."""
        known = {name: self.commands[name] for name in self.list_commands(ctx)}
        told = {name: _first(command.help) for name, command in known.items() if not command.hidden}
        groups = COMMANDS if ctx.parent is None else {"Commands": tuple(told)}
        for title, rows in _grouped(told, groups, "Other commands"):
            with formatter.section(title):
                formatter.write_dl(rows, col_max=_NAMES)


def write_opening(help_text: str | None, page: Page, formatter: Any) -> None:  # noqa: ANN401 - as above
    """Write what a command does, and examples."""
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(_first(help_text))
    if page.examples:
        with formatter.section("Examples"):
            for example in page.examples:
                formatter.write(f"{'':>{formatter.current_indent}}{example}\n")


def write_closing(help_text: str | None, formatter: Any) -> None:  # noqa: ANN401 - as above
    """Write the paragraphs after the first: what a command reads besides, and its exit codes."""
    for paragraph in _paragraphs(help_text)[1:]:
        formatter.write_paragraph()
        formatter.write_text(paragraph)


def write_options(command: Any, ctx: Any, page: Page, formatter: Any) -> None:  # noqa: ANN401 - as above
    """Write the arguments of a command, and its options in the groups of its page, all meanings in one column."""
    arguments: Rows = []
    options: dict[str, tuple[str, str]] = {}
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record is None:
            continue
        if parameter.param_type_name == "argument":
            arguments.append((_name(parameter), record[1].replace("[required]", "").rstrip()))
        else:
            options[max(parameter.opts, key=len)] = _readable(*record)
    groups = page.groups or {"Options": tuple(options)}
    rest = "Help" if set(options) - {name for names in groups.values() for name in names} == {"--help"} else _REST
    parts = [("Arguments", arguments), *_grouped(options, groups, rest)]
    longest = max((min(_NAMES, len(name)) for _, rows in parts for name, _ in rows), default=0)
    for title, rows in parts:
        if rows:
            with formatter.section(title):
                formatter.write_dl([(f"{name:{longest}}", meaning) for name, meaning in rows], col_max=_NAMES)


def usage_pieces(command: Any, ctx: Any) -> list[str]:  # noqa: ANN401 - as above
    """Return what follows the command's name in its usage: `[OPTIONS] RUN [ID]`."""
    arguments = [each for each in command.get_params(ctx) if each.param_type_name == "argument" and not each.hidden]
    return ["[OPTIONS]", *(_name(each) if each.required else f"[{_name(each)}]" for each in arguments)]


def _name(argument: Any) -> str:  # noqa: ANN401 - as above
    name = (argument.metavar or argument.name.upper()).replace("...", "").strip("[]")
    return f"{name}..." if argument.nargs != 1 else name


def _page(ctx: Any) -> Page:  # noqa: ANN401 - as above
    return PAGES.get(ctx.command_path.partition(" ")[2], Page())


def _grouped(told: dict[str, Any], groups: Mapping[str, tuple[str, ...]], rest: str) -> Iterator[tuple[str, Rows]]:
    """Yield groups with their rows; what is in no group comes last, under `rest`."""
    left = dict(told)
    for title, names in [*groups.items(), (rest, tuple(left))]:
        rows = [_row(name, left.pop(name)) for name in names if name in left]
        if rows:
            yield title, rows


def _row(name: str, told: str | tuple[str, str]) -> tuple[str, str]:
    return (name, told) if isinstance(told, str) else told


def _readable(names: str, meaning: str) -> tuple[str, str]:
    """Return a row with the kind of value in words that people use; many choices go under the meaning."""
    kind = _KIND.search(names)
    if kind is not None:
        names = f"{names[: kind.start()]} {_PLACEHOLDERS.get(kind[1], kind[1])}"
    word = names.split()[-1]
    if len(word) > _CHOICES:
        names = f"{names[: -len(word)]}NAME"
        meaning = f"{meaning}  One of: {word.replace('|', ', ')}."
    return names, _RANGE.sub(lambda found: f"{found[1]}{word}{found[2]}", meaning)


def _paragraphs(text: str | None) -> list[str]:
    return [" ".join(part.split()) for part in inspect.cleandoc(text or "").split("\n\n")]


def _first(text: str | None) -> str:
    return _paragraphs(text)[0]
