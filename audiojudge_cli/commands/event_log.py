"""What a run tells on stderr: lines for people, one JSON object per event, or only errors."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

import typer

from audiojudge_cli.commands.console import say, write_remark
from audiojudge_cli.errors import AudiojudgeError, InputError
from audiojudge_cli.text.hidden import hidden_in
from audiojudge_cli.text.jsonl import dump_line
from audiojudge_cli.text.terminal import safe_line

INTERRUPTED = 130


class LogStyle(StrEnum):
    """How it is told.

    Attributes:
        LINES: Lines for people.
        CHATTY: Lines for people, also one for every clip.
        JSON: One JSON object per event (docs/schemas/event.schema.json).
        CHATTY_JSON: Likewise, also one for every clip.
        QUIET: Only errors.
        QUIET_JSON: Only errors, as JSON.
    """

    LINES = "lines"
    CHATTY = "chatty"
    JSON = "json"
    CHATTY_JSON = "chatty-json"
    QUIET = "quiet"
    QUIET_JSON = "quiet-json"

    @property
    def is_json(self) -> bool:
        """Whether events are JSON."""
        return self.value.endswith("json")

    @property
    def is_quiet(self) -> bool:
        """Whether only errors are told."""
        return self.value.startswith("quiet")

    @property
    def is_chatty(self) -> bool:
        """Whether every clip is told."""
        return self.value.startswith("chatty")


def choose_style(*, quiet: bool, verbose: bool, log_json: bool) -> LogStyle:
    """Return the manner that the options of a command ask for.

    Raises:
        InputError: If both quiet and verbose are wanted.
    """
    if quiet and verbose:
        raise InputError("--quiet and --verbose contradict each other; give one of the two")
    kind = "quiet" if quiet else "chatty" if verbose else ""
    return LogStyle("-".join(filter(None, (kind, "json" if log_json else "" if kind else "lines"))))


class EventLog:
    """Tells events; safe to call from several threads.

    Args:
        manner: How.
    """

    def __init__(self, manner: LogStyle) -> None:
        self.manner = manner

    def tell(self, event: str, text: str = "", **facts: Any) -> None:  # noqa: ANN401 - any JSON value
        """Tell one event.

        Args:
            event: Its name, as in docs/runs.md.
            text: The line for people; an event without one is told as JSON only.
            facts: The fields of the JSON object.
        """
        if not self.manner.is_quiet:
            self._write(event, text, facts)

    def error(self, text: str, exit_code: int) -> None:
        """Tell what went wrong, in any manner."""
        self._write("error", f"error: {text}", {"message": text, "exit_code": exit_code})

    def insist(self, text: str) -> None:
        """Tell a line that even the quiet want, such as how to go on; JSON has it in the event `end`."""
        if not self.manner.is_json:
            self._write("remark", text, {"message": text})

    def remark(self, text: str, *, urgent: bool = False) -> None:
        """Tell one line by others, made safe for terminals; to the quiet only if it is urgent."""
        if urgent or not self.manner.is_quiet:
            self._write("remark", safe_line(text), {"message": text})

    def _write(self, event: str, text: str, facts: dict[str, Any]) -> None:
        if self.manner.is_json:
            now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
            line = dump_line({"event": event, "time": now, **hidden_in(facts)})
            write_remark(line)
        elif text:
            with _between_bars():
                say(text)


@contextmanager
def _between_bars() -> Iterator[None]:
    """Take a progress bar away for a moment."""
    tqdm = getattr(sys.modules.get("tqdm"), "tqdm", None)  # without it there is no bar
    if tqdm is None:
        yield
        return
    with tqdm.external_write_mode(file=sys.stderr):
        yield


@contextmanager
def errors_told(teller: EventLog) -> Iterator[None]:
    """Tell errors as JSON where everything else is; otherwise the command tree tells them as one line.

    Raises:
        Exit: With the exit code of the error.
    """
    if not teller.manner.is_json:
        yield
        return
    try:
        yield
    except AudiojudgeError as error:
        teller.error(" ".join(str(error).split()), error.exit_code)
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt:
        teller.error("interrupted", INTERRUPTED)
        raise typer.Exit(INTERRUPTED) from None
