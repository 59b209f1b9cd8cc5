"""Log a finished run to the trackers that were named: each once, none of them able to take the run with it."""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from audiojudge_cli.errors import InputError
from audiojudge_cli.reports.loggers.logged_values import digest, told_of
from audiojudge_cli.results.write import write_json
from audiojudge_cli.text.hidden import hidden
from audiojudge_cli.text.inputs import read_regular
from audiojudge_cli.text.jsonl import loads

SCHEMA = "audiojudge.logged/1"
LEDGER = "logged.json"
# Tracker, and the package that it needs; the extra is called like the tracker.
PACKAGES = {"wandb": "wandb", "mlflow": "mlflow", "tensorboard": "tensorboardX"}
_MOST = 400
"""Characters of what a tracker says went wrong: some send whole pages."""

Say = Callable[..., None]


def refuse_missing(trackers: Sequence[str]) -> None:
    """Refuse trackers whose package is not installed, before anything is judged.

    Raises:
        InputError: If one is missing; says how to install it.
    """
    for name in trackers:
        if find_spec(PACKAGES[name]) is None:
            raise InputError(f"--log {name} needs the package {PACKAGES[name]}: pip install 'audiojudge-cli[{name}]'")


def send(folder: Path, trackers: Sequence[str], say: Say, *, name: str | None = None) -> None:
    """Log a finished run to each tracker that does not have these records yet.

    What goes wrong is said and nothing else: the run is done, and its exit code stays.

    Args:
        folder: The run folder.
        trackers: Keys of `PACKAGES`.
        say: Takes a line, and `urgent` where something went wrong.
        name: What the run is called there; the name of its folder when None.
    """
    try:
        _send(folder, trackers, say, name or folder.resolve().name)
    except KeyboardInterrupt:
        say("logging was interrupted; the run itself is done", urgent=True)
    except Exception as error:  # noqa: BLE001 - a tracker may raise anything, and none may take the run with it
        say(f"the run was not logged to {', '.join(trackers)}: {_said(error)}", urgent=True)


def _send(folder: Path, trackers: Sequence[str], say: Say, name: str) -> None:
    if _read(folder / "run.json").get("state") != "finished":
        say("not logged, as the run is not finished; the same command again finishes and logs it", urgent=True)
        return
    records, ledger = digest(folder), _read(folder / LEDGER)
    due = [tracker for tracker in dict.fromkeys(trackers) if _part(ledger, tracker).get("records") != records]
    for tracker in trackers:
        if tracker not in due:
            say(f"logged to {tracker} before, and unchanged since: {_part(ledger, tracker).get('where')}")
    if not due:
        return
    with tempfile.TemporaryDirectory(prefix="audiojudge-") as place:
        told = told_of(folder, name, Path(place) / "report.html")
        for tracker in due:
            say(f"logging to {tracker} ...")
            try:
                with _alone():
                    where = hidden(import_module(f"audiojudge_cli.reports.loggers.{tracker}_log").log(told))
            except (Exception, SystemExit) as error:  # noqa: BLE001 - as above
                say(f"the run was not logged to {tracker}: {_said(error)}", urgent=True)
                continue
            ledger |= {"schema": SCHEMA, tracker: {"records": records, "where": where}}
            write_json(folder / LEDGER, ledger)
            say(f"logged to {tracker}: {where}")


@contextmanager
def _alone() -> Iterator[None]:
    """Keep a tracker from stdout, which belongs to results, and from asking for a key in the middle of a script."""
    stdin, sys.stdin = sys.stdin, io.StringIO()
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        sys.stdin = stdin


def _said(error: BaseException) -> str:
    text = " ".join(hidden(str(error)).split()) or type(error).__name__
    return f"{text[:_MOST]}…" if len(text) > _MOST else text


def _read(path: Path) -> dict[str, Any]:
    try:
        data = loads(read_regular(path))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _part(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}
