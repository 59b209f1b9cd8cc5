"""`audiojudge gate`: does a run meet the rules?"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

if TYPE_CHECKING:
    from audiojudge_cli.gates import GateResult, RuleSet


def register(app: typer.Typer) -> None:
    """Add `audiojudge gate` to the command tree."""
    app.command("gate")(gate)


def gate(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The run folder (--out of `audiojudge score`).")],
    *,
    rules: Annotated[Path | None, typer.Option("--gate", help="YAML file of rules.")] = None,
    require: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE", help="One rule, such as 'score.mean >= 0.80'; may be given several times."),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="An earlier run folder; rules on regression are against it.")
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
    from audiojudge_cli.errors import AudiojudgeError
    from audiojudge_cli.gates import evaluate
    from audiojudge_cli.reports.gate_files import outcome_texts, trouble_texts

    files = (("junit", junit), ("markdown", markdown), ("json", json))
    found = None
    try:
        found = rule_set(rules, require or [], pass_at)
        result = evaluate(run, found, baseline)
    except AudiojudgeError as error:
        # Files of an earlier gate must not go on looking green.
        write_files(files, trouble_texts(error, run, found.hash if found else None))
        raise
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


def gate_run(run: Path, rules: RuleSet, baseline: Path | None = None, *, stream: TextIO | None = None) -> int:
    """Check a run that has just finished, print the table and return the exit code; for `audiojudge score`.

    Args:
        run: The run folder.
        rules: Read before the run started, so that a misspelt rule costs nobody an hour.
        baseline: As for `gate`.
        stream: Where the table goes; stdout when None.
    """
    from audiojudge_cli.gates import evaluate

    result = evaluate(run, rules, baseline)
    print_table(result, stream)
    return result.exit_code


def write_files(files: Iterable[tuple[str, Path | None]], texts: Mapping[str, Callable[[], str]]) -> None:
    """Write the files asked for, each complete or not at all.

    Args:
        files: What to write where; None is not asked for.
        texts: What makes the text of each.

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
            write_text(path, texts[kind]())
        except OSError as error:
            raise InputError(f"cannot write {shown(path)}: {error.strerror or error}") from error


def print_table(result: GateResult, stream: TextIO | None = None) -> None:
    """Print the table of rules, to stdout when no stream is given."""
    from audiojudge_cli.commands.console import screen
    from audiojudge_cli.reports.gate_lines import gate_lines

    target = stream or sys.stdout
    typer.echo("\n".join(gate_lines(result, screen(target), ticks=target.isatty())), file=target)
