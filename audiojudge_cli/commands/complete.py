"""What the shell offers for values: presets, judges, run folders, clips of a run, columns of a manifest.

Whatever goes wrong, nothing is offered and nothing is said: somebody is typing. All of it is read from names and first
lines, within a fraction of a second, without the packages that judging needs.
"""

from __future__ import annotations

import csv
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import typer

from audiojudge_cli.bundle import bundled
from audiojudge_cli.text.jsonl import loads

_BUDGET_S = 0.15
"""Longest look into a folder, so that the answer comes within .4 s, most of which is the start of Python."""
_MOST = 200
"""More names than that help nobody to choose."""
_FIRST_BYTES = 1 << 16
_PLAIN = re.compile(r"(?!-)[\w./@%+=,-]+")
"""What every shell takes as it stands: zsh evaluates what it is offered, bash splits it at blanks and colons."""
_ALREADY = ("run", "judge", "subset", "language", "status", "dimension")
"""Columns that `audiojudge table` has without a manifest (`reports.pivot`)."""
_OWN_END = "faults"
"""The last of the table's own columns in `summary.csv`; those of the manifest follow."""
_PREFIX = "metadata."

# Behind an option whose value is being typed, Click has not told arguments from options yet: they lie in `ctx.args`.

Completer = Callable[[typer.Context, str], list[str]]


def _quietly(names: Callable[[typer.Context, str], Iterable[str]]) -> Completer:
    """Return a completer of the names that begin as typed; none where anything fails."""

    def complete(ctx: typer.Context, incomplete: str) -> list[str]:
        found: list[str] = []
        try:
            for name in names(ctx, incomplete):
                if name.startswith(incomplete) and _PLAIN.fullmatch(name) and name not in found:
                    found.append(name)
                    if len(found) == _MOST:
                        break
        except Exception:  # noqa: BLE001
            return found
        return found

    complete.__doc__ = names.__doc__
    return complete


@_quietly
def presets(_ctx: typer.Context, _incomplete: str) -> Iterable[str]:
    """Offer the bundled presets."""
    return _stems("presets")


@_quietly
def scales(_ctx: typer.Context, _incomplete: str) -> Iterable[str]:
    """Offer the bundled sets of instructions."""
    return _stems("presets/scales")


@_quietly
def cards(_ctx: typer.Context, _incomplete: str) -> Iterable[str]:
    """Offer the bundled cards."""
    return _stems("models")


@_quietly
def judges(_ctx: typer.Context, _incomplete: str) -> Iterable[str]:
    """Offer installed judges and bundled cards."""
    installed = (entry.name for entry in entry_points(group="audiojudge.judges"))
    return sorted({*_stems("models"), "endpoint", *installed})


@_quietly
def expanders(_ctx: typer.Context, _incomplete: str) -> Iterable[str]:
    """Offer installed expanders, and `llm`, which is none of them."""
    return sorted({"llm", *(entry.name for entry in entry_points(group="audiojudge.expanders"))})


@_quietly
def devices(_ctx: typer.Context, _incomplete: str) -> Iterable[str]:
    """Offer the devices that every machine may have."""
    return ("auto", "cpu", "cuda")


@_quietly
def runs(_ctx: typer.Context, incomplete: str) -> Iterable[str]:
    """Offer the run folders in the folder that is typed; the shell offers files where there is none."""
    parent, _, _ = incomplete.rpartition("/")
    lead = f"{parent}/" if "/" in incomplete else ""
    folders = (each for each in _entries(Path(lead or ".")) if each.is_dir())
    found = [each.name for each in folders if os.path.isfile(os.path.join(each.path, "records.jsonl"))]  # noqa: PTH113, PTH118
    return [lead + name for name in sorted(found)]


@_quietly
def clips(ctx: typer.Context, incomplete: str) -> Iterable[str]:
    """Offer the ids of the run's clips."""
    given = set(ctx.params.get("clips") or ())
    names = (each.name for each in _entries(Path(ctx.params["run"]) / "files"))
    ids = (name.removesuffix(".json") for name in names if name.startswith(incomplete) and name.endswith(".json"))
    return sorted(each for each in ids if each not in given)


@_quietly
def columns(ctx: typer.Context, _incomplete: str) -> Iterable[str]:
    """Offer what `audiojudge table` can tell clips apart by: its own columns, and those of the first run's manifest."""
    yield from _ALREADY
    for run in ctx.params.get("runs") or ctx.args:
        yield from _of_manifest(Path(run))


@_quietly
def system_columns(ctx: typer.Context, _incomplete: str) -> Iterable[str]:
    """Offer what `audiojudge diff` and `report` tell systems and prompts apart by: columns of the run's manifest."""
    return _of_manifest(Path(ctx.params.get("old") or next(iter(ctx.params.get("runs") or ctx.args))))


def _of_manifest(run: Path) -> Iterator[str]:
    """Yield the columns of a run's manifest, as rules and tables name them."""
    header = next(csv.reader(_first_text(run / "summary.csv").splitlines()[:1]))
    yield from (name.removeprefix(_PREFIX) for name in header[header.index(_OWN_END) + 1 :])


@_quietly
def fields(ctx: typer.Context, _incomplete: str) -> Iterable[str]:
    """Offer the columns of the manifest that is given: keys of the first line of JSON, cells of the first row."""
    manifest = Path(ctx.params.get("captions") or ctx.params.get("outputs") or ctx.args[0])
    line = _first_text(manifest).split("\n", 1)[0]
    if manifest.suffix in {".jsonl", ".ndjson", ".json"}:
        return tuple(loads(line))
    return next(csv.reader([line], delimiter="\t" if manifest.suffix in {".tsv", ".tab"} else ","))


def _stems(folder: str) -> list[str]:
    return sorted(path.stem for path in bundled(folder).glob("*.yaml"))


def _entries(folder: Path) -> Iterator[Any]:
    """Yield what lies in a folder, as far as can be looked at in time."""
    until = time.monotonic() + _BUDGET_S
    with os.scandir(folder) as entries:
        for entry in entries:
            yield entry
            if time.monotonic() > until:
                return


def _first_text(path: Path) -> str:
    if not path.is_file():  # a pipe would wait for somebody to write
        raise FileNotFoundError(path)
    with path.open("rb") as file:
        return file.read(_FIRST_BYTES).decode("utf-8-sig", "replace")
