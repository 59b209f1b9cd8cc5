from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from audiojudge_cli.app import app
from audiojudge_cli.commands.help_pages import PAGES

ROOT: Any = typer.main.get_command(app)


def _tree(command: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    yield path, command
    for name, child in getattr(command, "commands", {}).items():
        if not child.hidden:
            yield from _tree(child, f"{path} {name}".strip())


COMMANDS = dict(_tree(ROOT))
OUTER = {"rubric": "rubric expand"}
"""What is called without its name: its help is the group's."""


@cache
def _help(path: str, flag: str = "--help") -> str:
    done = CliRunner().invoke(app, [*path.split(), flag], prog_name="audiojudge", env={"COLUMNS": "80"})
    assert done.exit_code == 0, done.output
    return done.output


def _flags(path: str) -> list[str]:
    return [name for each in COMMANDS[path].params for name in each.opts if name.startswith("-")]


@pytest.mark.parametrize("path", COMMANDS)
def test_help_is_plain_text_of_80_columns_with_every_option_once_and_nothing_cut(path):
    text = _help(path)
    assert max(map(len, text.splitlines())) <= 80
    assert text.isprintable() is False  # line feeds
    assert text.replace("\n", "").isprintable()
    assert not re.search(r"[a-z](\.\.\.|…)$", text, re.MULTILINE), "a text is cut"
    assert "Other " not in text, "list new options and commands in commands/help_pages.py"
    rows = re.findall(r"^  (-.*?)(?:  |$)", text, re.MULTILINE)
    named = [name.split()[0] for row in rows for name in re.split(r", | / ", row)]
    expected = _flags(OUTER.get(path, path)) + [name for each in COMMANDS[path].params for name in each.secondary_opts]
    assert sorted(named) == sorted({*expected, "-h", "--help"})


def test_help_says_what_the_docstring_says():
    text = " ".join(_help("score").split())
    told = " ".join(COMMANDS["score"].help.split())
    first, rest = told.split(" With `--judge endpoint` or `--expander llm`")
    assert first in text
    assert rest.replace("- ", "-") in text.replace("- ", "-")
    for each in COMMANDS["score"].params:
        assert " ".join(each.help.split()).replace("- ", "-").replace("-", "") in text.replace("- ", "-").replace(
            "-", ""
        )


@pytest.mark.parametrize("path", ["", "score", "rubric", "rubric check"])
def test_the_short_flag_is_the_same(path):
    assert _help(path, "-h") == _help(path)


def test_ten_options_come_first_for_score():
    text = _help("score")
    assert text.index("Examples:") < text.index("Arguments:") < text.index("What most people need:")
    first = text.split("What most people need:\n")[1].split("\n\n")[0]
    assert 8 <= len(re.findall(r"^  -", first, re.MULTILINE)) <= 11
    assert len(re.findall(r"^\S.*:$", text, re.MULTILINE)) >= 8


@pytest.mark.parametrize("path", PAGES)
def test_pages_name_commands_and_options_that_exist_once(path):
    assert path in COMMANDS
    names = [name for group in PAGES[path].groups.values() for name in group]
    assert len(names) == len(set(names))
    assert set(names) <= {*_flags(OUTER.get(path, path)), "--help"}


@pytest.mark.parametrize("example", sorted({each for page in PAGES.values() for each in page.examples}))
def test_examples_are_command_lines(example):
    program, *words = shlex.split(example)
    assert program == "audiojudge"
    context, command = ROOT.make_context("audiojudge", list(words)), ROOT
    while getattr(command, "commands", None):
        name, command, words = command.resolve_command(context, [*context._protected_args, *context.args])
        context = command.make_context(name, list(words), parent=context)  # fails for options and values that are none
    assert context.command.callback


def test_many_choices_stand_under_the_option():
    text = _help("table")
    assert re.search(r"^  --value NAME {2,}\S", text, re.MULTILINE)
    assert "One of: score, match" in " ".join(text.split())


def test_the_usage_of_rubric_shows_both_ways():
    usage = _help("rubric").split("\n\n")[0]
    assert usage.split("\n") == [
        "Usage: audiojudge rubric [OPTIONS] CAPTION|FILE|-",
        "       audiojudge rubric check [OPTIONS] FILE",
    ]
    assert _help("show").startswith("Usage: audiojudge show [OPTIONS] RUN [ID")
