"""The command tree, and how every command ends."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from audiojudge_cli import __version__
from audiojudge_cli.commands import (
    answers,
    bench,
    calibrate,
    compare,
    diff,
    doctor,
    gate,
    label,
    leaderboard,
    merge,
    models,
    quality,
    rank,
    rate,
    reference,
    report,
    rubric,
    score,
    select,
    serve,
    show,
    table,
)
from audiojudge_cli.commands.console import hush, say
from audiojudge_cli.commands.help import HelpGroup
from audiojudge_cli.errors import AudiojudgeError, InputError, NotJudgedError
from audiojudge_cli.text.terminal import shown

INTERRUPTED = 130
COMPLETING = "_AUDIOJUDGE_COMPLETE"
"""The variable of the environment in which a shell asks for completions."""
WORKERS = "audiojudge"
"""How the names of threads begin that judge clips."""

app = typer.Typer(
    name="audiojudge",
    cls=HelpGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    # Plain help starts in half the time, and reads the same in a log.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for command in (
    score,
    quality,
    rate,
    bench,
    compare,
    rank,
    select,
    answers,
    merge,
    show,
    table,
    gate,
    diff,
    report,
    leaderboard,
    label,
    calibrate,
    rubric,
    serve,
    models,
    doctor,
    reference,
):
    command.register(app)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"audiojudge {__version__}")
        raise typer.Exit


@app.callback()
def audiojudge(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Judge generated audio against its captions, item by item."""


def main() -> int:
    """Run the command line; return the exit code (docs/exit-codes.md). Errors are one line on stderr."""
    # Read by numpy when it is first imported: clips are spread over the cores, so linear algebra keeps to its own.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started this process
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - as long as the process
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if os.environ.get(COMPLETING, "").startswith("complete"):
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - somebody is typing: nothing may stand in between
    _have_stderr_to_ourselves()
    code = _run()
    if code == INTERRUPTED and any(thread.name.startswith(WORKERS) for thread in threading.enumerate()):
        # The second Ctrl-C came while clips were being judged, which nobody waits for any more.
        hush(sys.stdout)
        os._exit(code)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        hush(sys.stdout)
        return code or INTERRUPTED
    except OSError as error:
        hush(sys.stdout)
        if not code:  # else the error was told when it first came up
            say(f"error: {_of_the_system(error)}")
        return code or NotJudgedError.exit_code
    return code


def _have_stderr_to_ourselves() -> None:
    """Write remarks to a descriptor of their own: the common one is led elsewhere while MP3 files are decoded."""
    stream = sys.stderr
    if stream is not sys.__stderr__ or not isinstance(stream, io.TextIOWrapper):
        return
    with suppress(OSError, ValueError):
        own = os.dup(stream.fileno())
        # A descriptor has no path, and this stream stays open as long as the process: hence the two exceptions.
        sys.stderr = open(own, "w", encoding=stream.encoding, errors=stream.errors, buffering=1)  # noqa: PTH123, SIM115


def _run() -> int:
    debug = os.environ.get("AUDIOJUDGE_DEBUG", "") not in {"", "0"}
    try:
        app(prog_name="audiojudge")
    except SystemExit as ended:
        return _code(ended)
    except KeyboardInterrupt:
        _end_at_once_on_ctrl_c()
        say("interrupted")
        return INTERRUPTED
    except AudiojudgeError as error:
        if debug:
            raise
        say(f"error: {' '.join(str(error).split())}")
        return error.exit_code
    except OSError as error:
        if debug:
            raise
        say(f"error: {_of_the_system(error)}")
        return NotJudgedError.exit_code
    except Exception as error:
        if debug:
            raise
        say(f"error: this is a mistake in audiojudge ({type(error).__name__}: {error}); AUDIOJUDGE_DEBUG=1 shows where")
        return NotJudgedError.exit_code
    return 0


def _end_at_once_on_ctrl_c() -> None:
    """Answer another Ctrl-C of somebody in a hurry without a traceback: nothing is left to be lost."""
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))


def _of_the_system(error: OSError) -> str:
    """Return a line for what nobody expected to fail: a full disk behind stdout, a folder that is gone."""
    where = shown(error.filename) if isinstance(error.filename, str) else "the output or the current folder"
    return f"{error.strerror or error} ({where}); repair that and try again; AUDIOJUDGE_DEBUG=1 shows more"


def _code(ended: SystemExit) -> int:
    """Return the exit code of a command; Typer's 1 for a broken pipe or Ctrl-C would read as a failed gate."""
    cause: BaseException | None = ended
    while cause is not None:
        if isinstance(cause, (BrokenPipeError, KeyboardInterrupt)):
            hush(sys.stdout)
            if isinstance(cause, KeyboardInterrupt):
                _end_at_once_on_ctrl_c()
                say("interrupted")
            return INTERRUPTED
        cause = cause.__context__
    if ended.code is None:
        return 0
    return ended.code if isinstance(ended.code, int) else InputError.exit_code
