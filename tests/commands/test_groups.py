from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from typer.testing import CliRunner

from audiojudge_cli import commands
from audiojudge_cli.commands import groups
from audiojudge_cli.commands.groups import spread


def _declarations() -> Iterator[str]:
    for file in sorted(Path(commands.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr in {"Option", "Argument"}:
                yield ast.unparse(node)


def test_no_option_is_declared_twice():
    found = list(_declarations())
    assert len(found) > 100
    assert not sorted({one for one in found if found.count(one) > 1})


@dataclass(frozen=True, kw_only=True)
class _Inner:
    depth: Annotated[int, typer.Option()] = 2
    deep: Annotated[bool, typer.Option("--deep")] = False


@dataclass(frozen=True, kw_only=True)
class _Outer:
    width: Annotated[float, typer.Option("--wide")] = 0.5
    inner: _Inner
    last: Annotated[str, typer.Option()] = "z"


def test_options_of_groups_stand_in_the_place_of_their_group_and_reach_the_command():
    told = []

    def command(
        ctx: typer.Context,
        name: str,
        *,
        first: Annotated[int, typer.Option()] = 1,
        outer: _Outer,
        end: Annotated[bool, typer.Option("--end")] = False,
    ) -> None:
        assert ctx.args == []
        told.append((name, first, outer, end))

    shown = spread(command)
    order = ["ctx", "name", "first", "width", "depth", "deep", "last", "end"]
    assert list(inspect.signature(shown).parameters) == order

    app = typer.Typer()
    app.command()(shown)
    for words, expected in (
        ([], ("x", 1, _Outer(inner=_Inner()), False)),
        (["--wide", "3", "--deep", "--end"], ("x", 1, _Outer(width=3.0, inner=_Inner(deep=True)), True)),
        (["--last", "y", "--depth", "9"], ("x", 1, _Outer(inner=_Inner(depth=9), last="y"), False)),
    ):
        done = CliRunner().invoke(app, ["x", *words])
        assert done.exit_code == 0, done.output
        assert told.pop() == expected


def test_every_group_has_defaults_for_all_its_options():
    for kind in (groups.GateFiles, groups.Chosen, groups.Sharded, groups.Failing, groups.Remarks):
        options = inspect.signature(spread(_taking(kind))).parameters.values()
        assert options
        assert all(each.default is not each.empty for each in options)


def _taking(kind: type) -> Callable[..., None]:
    def command(group: object) -> None: ...

    command.__annotations__ = {"group": kind, "return": None}
    return command
