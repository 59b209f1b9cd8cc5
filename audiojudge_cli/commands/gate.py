"""`audiojudge gate`: does a run meet the rules?"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO, TypeAlias

import typer

from audiojudge_cli.commands import complete
from audiojudge_cli.commands import score_options as opt
from audiojudge_cli.commands.help import HelpCommand
from audiojudge_cli.text.atomic import READER_WAIT_S

if TYPE_CHECKING:
    from audiojudge_cli.gates import GateResult, RuleSet
    from audiojudge_cli.gates.rule_file import GateOptions

Files: TypeAlias = Iterable[tuple[str, Path | None]]


def register(app: typer.Typer) -> None:
    """Add `audiojudge gate` to the command tree."""
    app.command("gate", cls=HelpCommand)(gate)


def gate(
    run: opt.RunOf,
    *,
    rules: Annotated[Path | None, typer.Option("--gate", help="YAML file of rules.")] = None,
    require: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE", help="One rule, such as 'score.mean >= 0.80'; may be given several times."),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(autocompletion=complete.runs, help="An earlier run folder; rules on regression are against it."),
    ] = None,
    pass_at: Annotated[
        float | None, typer.Option(help="A clip passes when its score is at least this (default 0.8).")
    ] = None,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML here.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write Markdown here (a step summary).")] = None,
    json: Annotated[Path | None, typer.Option(help="Write JSON here.")] = None,
) -> None:
    """Check a finished run against rules.

    Exit code 0: every rule of severity error passes; 1: one does not; 2: a rule or a run that cannot be read, or runs
    that do not compare; 3: not enough was judged.
    """
    from audiojudge_cli.commands.output_guard import refuse_overwriting
    from audiojudge_cli.gates import evaluate
    from audiojudge_cli.reports.gate_files import outcome_texts

    files = (("junit", junit), ("markdown", markdown), ("json", json))
    refuse_overwriting(files, run, (rules,))
    with never_stale(files, run) as known:
        found = rule_set(rules, require or [], pass_at)
        known.rules_hash = found.hash
        result = evaluate(run, found, baseline)
    write_files(files, outcome_texts(result))
    print_table(result)
    raise typer.Exit(result.exit_code)


def rule_set(file: Path | None, require: list[str], pass_at: float | None) -> RuleSet:
    """Return the rules of a file and of the command line together.

    Raises:
        InputError: If there is none, or one cannot be read.
    """
    from audiojudge_cli.gates.rule_file import read_rules
    from audiojudge_cli.gates.rules import RuleSet

    if file:
        return read_rules(file).plus(require, pass_at=pass_at)
    return RuleSet.of(require).plus([], pass_at=pass_at)


def gate_options(
    preset: GateOptions | None, file: Path | None, require: list[str], pass_at: float | None
) -> GateOptions | None:
    """Return the rules of `audiojudge score`: those of a file or else of the preset, and those of the command line.

    Returns:
        None without any rule.

    Raises:
        InputError: If one cannot be read, or `--pass-at` stands alone. Before anything is judged: a misspelt rule must
            not cost anybody an hour.
    """
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.gates.rule_file import GateOptions, read_options

    found = read_options(file) if file else preset
    if found is None and not require:
        if pass_at is not None:
            raise InputError("--pass-at is for gate rules; give --gate FILE or --require 'pass_rate >= 0.9'")
        return None
    found = (found or GateOptions.model_construct(rules=[])).plus(require, pass_at=pass_at)
    found.rule_set()
    return found


@dataclass
class Known:
    """What is known of a gate that may never have an outcome.

    Attributes:
        rules_hash: Of the rule set, once it is read.
    """

    rules_hash: str | None = None


@contextmanager
def never_stale(files: Files, run: Path) -> Iterator[Known]:
    """Write into the files asked for what kept the gate from an outcome, so that an older one does not go on shining.

    Args:
        files: What to write where.
        run: The run folder.
    """
    from audiojudge_cli.errors import AudiojudgeError, InputError, NotJudgedError
    from audiojudge_cli.reports.gate_files import trouble_texts

    known = Known()
    try:
        yield known
    except BaseException as error:
        told = error if isinstance(error, AudiojudgeError) else NotJudgedError(f"stopped by {type(error).__name__}")
        # What went wrong first is what a person should read.
        with suppress(InputError):
            # Nobody waits for the reader of a pipe any more: a pipe holds no older outcome.
            write_files(files, trouble_texts(told, run, known.rules_hash), reader_wait_s=0.0)
        raise


def refuse_bad_places(files: Files, run: Path) -> None:
    """Refuse files that could not be written once the run is done.

    Args:
        files: What will be written where.
        run: The run folder, which need not be there yet.

    Raises:
        InputError: If one is a folder, or its folder is not there.
    """
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.text.terminal import shown

    for _, path in files:
        if path and path.is_dir():
            raise InputError(f"cannot write {shown(path)}: it is a folder; give the name of a file")
        if path and not path.parent.is_dir() and path.parent.resolve() != run.resolve():
            raise InputError(f"cannot write {shown(path)}: there is no folder {shown(path.parent)}; make it first")


def write_files(files: Files, texts: Mapping[str, Callable[[], str]], *, reader_wait_s: float = READER_WAIT_S) -> None:
    """Write the files asked for, each complete or not at all.

    Args:
        files: What to write where; None is not asked for.
        texts: What makes the text of each.
        reader_wait_s: Longest wait in seconds for the reader of a named pipe.

    Raises:
        InputError: If one cannot be written: a gate whose report is missing must not look green.
    """
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.text.atomic import write_text
    from audiojudge_cli.text.terminal import shown

    for kind, path in files:
        if path is None:
            continue
        try:
            write_text(path, texts[kind](), reader_wait_s=reader_wait_s)
        except OSError as error:
            raise InputError(f"cannot write {shown(path)}: {error.strerror or error}") from error


def print_table(result: GateResult, stream: TextIO | None = None) -> None:
    """Print the table of rules, to stdout when no stream is given."""
    from audiojudge_cli.commands.console import screen
    from audiojudge_cli.reports.gate_lines import gate_lines

    target = stream or sys.stdout
    typer.echo("\n".join(gate_lines(result, screen(target), ticks=target.isatty())), file=target)
