"""`audiojudge rubric`: captions to rubrics, and the check of a rubric file."""

from __future__ import annotations

import contextlib
import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from audiojudge_cli.commands import complete
from audiojudge_cli.commands import score_options as opt
from audiojudge_cli.commands.help import HelpCommand, HelpGroup, write_closing, write_options
from audiojudge_cli.commands.help_pages import PAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiojudge_cli.errors import AudiojudgeError
    from audiojudge_cli.rubrics.batch import Expanded
    from audiojudge_cli.rubrics.expander import Expander

_DEFAULT = "expand"
_FOUND = 2  # 1 is the gate's alone: see docs/exit-codes.md
_SUFFIXES = (".txt", ".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".tab", ".parquet", ".pq")


class _Fallback(HelpGroup):
    """A group whose first command is meant when the arguments name none; its help is that of this command."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        if args and args[0] not in self.commands and args[0] not in {"--help", "-h"}:
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:  # noqa: ANN401 - Typer has its own Click
        """Offer the options of the first command as well."""
        first = self.commands[_DEFAULT].shell_complete(ctx, incomplete) if incomplete.startswith("-") else []
        known = {item.value for item in first}
        return [*first, *(item for item in super().shell_complete(ctx, incomplete) if item.value not in known)]

    def format_usage(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """Write both ways to call it."""
        formatter.write_usage(ctx.command_path, "[OPTIONS] CAPTION|FILE|-")
        formatter.write_usage(f"{ctx.command_path} check", "[OPTIONS] FILE", prefix="       ")

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """Write what the first command takes, then the commands."""
        first = self.commands[_DEFAULT]
        write_options(first, ctx, PAGES["rubric"], formatter)
        self.format_commands(ctx, formatter)
        write_closing(first.help, formatter)


class Layout(StrEnum):
    """How rubrics are printed."""

    TABLE = "table"
    JSONL = "jsonl"


_Form = Annotated[Layout, typer.Option("--format", help="How to print.")]


class Subset(StrEnum):
    """What a caption describes."""

    SPEECH = "speech"
    SOUND = "sound"
    MUSIC = "music"
    MIX = "mix"


class Language(StrEnum):
    """Language the questions are asked in."""

    EN = "en"
    ZH = "zh"


rubric = typer.Typer(
    cls=_Fallback,
    no_args_is_help=True,
    help="Turn a caption, or every caption of a file, into rubric items; `check` validates a file of rubrics.",
)


def register(app: typer.Typer) -> None:
    """Add `audiojudge rubric` to the command tree."""
    app.add_typer(rubric, name="rubric")


@rubric.command(_DEFAULT, cls=HelpCommand, context_settings={"allow_extra_args": True})
def expand(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="CAPTION|FILE|-", help="A caption, or a file of captions.")],
    *,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write the rubrics here (one JSON object per line).")
    ] = None,
    subset: Annotated[Subset | None, typer.Option(help="What the captions describe; detected by default.")] = None,
    language: Annotated[
        Language | None,
        typer.Option("--rubric-language", "--language", help="Language of the questions; the caption's by default."),
    ] = None,
    layout: _Form = Layout.TABLE,
    expander: Annotated[
        str, typer.Option(autocompletion=complete.expanders, help="rules, llm, or the name of an installed expander.")
    ] = "rules",
    caption_field: Annotated[str | None, typer.Option(help="Column of the captions.")] = None,
    cache: Annotated[
        str,
        typer.Option(
            *("--rubric-cache", "--cache"),
            metavar="FILE|auto|never",
            help="Keeps rubrics between runs; auto: those of llm.",
        ),
    ] = "auto",
    endpoint: Annotated[
        str | None,
        typer.Option(
            *("--llm-endpoint", "--endpoint"),
            help="llm: base URL of an OpenAI-compatible server.",
            envvar="AUDIOJUDGE_LLM_ENDPOINT",
        ),
    ] = None,
    model: Annotated[
        str | None, typer.Option("--llm-model", "--model", help="llm: model name, or folder of a local model.")
    ] = None,
    timeout: Annotated[
        float, typer.Option("--llm-timeout", "--timeout", help="llm: seconds to wait for one answer.", min=0.1)
    ] = 120.0,
    judge: Annotated[
        str | None,
        typer.Option(
            autocompletion=complete.judges,
            help="llm: let the model of this judge write: a card, a folder, or hf:owner/name.",
        ),
    ] = None,
    device: Annotated[
        str,
        typer.Option(
            autocompletion=complete.devices, help="llm: where a local model runs: auto, cpu, cuda, cuda:1 ..."
        ),
    ] = "auto",
    quant: opt.QuantOf = None,
    quiet: opt.NoRemarks = False,
) -> None:
    """Print or write the rubric of a caption, or of every caption of a file.

    With `--expander llm` an API key is read from AUDIOJUDGE_API_KEY.
    """
    from audiojudge_cli.commands.one_clip import refuse_unquoted
    from audiojudge_cli.commands.text_models import writer_named
    from audiojudge_cli.rubrics.choose import choose_expander
    from audiojudge_cli.rubrics.files import rubric_line

    refuse_unquoted([source, *ctx.args])
    kept = quant and quant.value
    writer = writer_named(judge, expander=expander, device=device, quant=kept, quiet=quiet)
    llm = {"endpoint": endpoint, "model": model}
    made = choose_expander(expander, **llm, timeout_s=timeout, device=device, cache=cache, writer=writer)
    rows = _expanded(source, made, subset, language, caption_field, quiet=quiet)
    if out is not None:
        _write(rows, out, source, quiet=quiet)
        return
    count = 0
    for row in rows:
        count += 1
        if layout is Layout.JSONL:
            typer.echo(rubric_line(row.id, row.caption, row.rubric))
        else:
            _print_table(row, named=_is_file(source))
    if not count:
        raise _nothing(source)


@rubric.command(cls=HelpCommand)
def check(
    file: Annotated[Path, typer.Argument(help="A rubric file (one JSON object per line).")],
    layout: _Form = Layout.TABLE,
) -> None:
    """Validate a rubric file: schema, duplicates, double-barrelled or negated-direction items, bases.

    Exit code 0 without findings, 2 with findings or when the file cannot be read.
    """
    from audiojudge_cli.commands.console import say
    from audiojudge_cli.rubrics.check import check_file
    from audiojudge_cli.text.counted import counted
    from audiojudge_cli.text.jsonl import dumps
    from audiojudge_cli.text.terminal import safe_line, shown

    findings = check_file(file)
    for finding in findings:
        if layout is Layout.JSONL:
            row = {"line": finding.line, "item": finding.item, "kind": finding.kind, "message": finding.message}
            typer.echo(dumps(row))
        else:
            item = f", item {finding.item}" if finding.item else ""
            typer.echo(f"{shown(file)}:{finding.line}{item}: {finding.kind}: {safe_line(finding.message)}")
    say(f"{counted(len(findings), 'finding')} in {shown(file)}")
    if findings:
        raise typer.Exit(_FOUND)


def _is_file(source: str) -> bool:
    with contextlib.suppress(OSError, ValueError):  # a caption may be longer than any path, or hold a NUL
        return source == "-" or Path(source).is_file()
    return False


def _is_folder(source: str) -> bool:
    with contextlib.suppress(OSError, ValueError):
        # One word may be a caption and the name of a folder; a path is no caption.
        return Path(source).is_dir() and (os.sep in source or source in {".", ".."})
    return False


def _expanded(
    source: str,
    expander: Expander,
    subset: Subset | None,
    language: Language | None,
    caption_field: str | None,
    *,
    quiet: bool,
) -> Iterator[Expanded]:
    from audiojudge_cli.clips.row import Problem
    from audiojudge_cli.commands.console import say
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.rubrics.batch import Expanded, expand_file
    from audiojudge_cli.text.terminal import shown

    if not _is_file(source):
        if not source.strip():
            raise InputError("the caption is empty: nothing to expand")
        if _is_folder(source):
            raise InputError(f"{shown(source)} is a folder; give a caption, or a file of captions")
        if source.lower().endswith(_SUFFIXES) and not any(char.isspace() for char in source):
            raise InputError(f"{shown(source)}: no such file; a caption would have spaces or no such ending")
        made = expander.expand(source, subset=subset, language=language)
        yield Expanded("", source, made)
        return
    for row in expand_file(source, expander, subset=subset, language=language, caption_field=caption_field):
        if isinstance(row, Problem):
            if quiet:
                continue
            say(f"{row}; the row is left out")
        else:
            yield row


def _write(rows: Iterator[Expanded], out: Path, source: str, *, quiet: bool) -> None:
    from audiojudge_cli.commands.console import say
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.rubrics.files import rubric_line
    from audiojudge_cli.text.atomic import writing
    from audiojudge_cli.text.counted import counted
    from audiojudge_cli.text.terminal import shown

    if out.is_dir():
        raise InputError(f"{shown(out)} is a folder; give -o the name of a file")
    if source != "-" and _is_file(source) and out.exists() and out.samefile(source):
        raise InputError(f"{shown(out)} is the file of captions; give -o another name")
    count = 0
    try:
        with writing(out) as file:
            for row in rows:
                file.write(rubric_line(row.id, row.caption, row.rubric) + "\n")
                count += 1
            if not count:
                raise _nothing(source)
    except OSError as error:
        raise InputError(f"cannot write {shown(out)}: {error.strerror or error}; give another -o") from error
    if not quiet:
        say(f"{counted(count, 'rubric')} written to {shown(out)}")


def _nothing(source: str) -> AudiojudgeError:
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.text.terminal import shown

    return InputError(
        f"{shown(source)}: no row has a caption; name its column with --caption-field (transcripts need no rubric: "
        "score asks for their words itself)"
    )


def _print_table(row: Expanded, *, named: bool) -> None:
    from audiojudge_cli.rubrics.display import table
    from audiojudge_cli.text.terminal import safe_line, shorten

    if named:
        typer.echo(f"{safe_line(row.id)}: {shorten(safe_line(row.caption), 100)}")
    typer.echo(table(row.rubric) + ("\n" if named else ""))
