"""One audio file on the command line: its words, a run folder that need not stay, and its items instead of figures."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from audiojudge_cli.clips.pairing import Given

Caption = Annotated[
    str | None,
    typer.Option(
        "--caption",
        metavar="TEXT",
        help="The caption itself, of the audio file or of every file of the folder that is named; - reads it from "
        "standard input.",
    ),
]
Transcript = Annotated[
    str | None,
    typer.Option("--transcript", metavar="TEXT", help="The words to be spoken, likewise given as text."),
]

# As for a sidecar text; longer than any caption that the limits of a preset let through.
_MOST_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class Home:
    """Where a run is written.

    Attributes:
        folder: The run folder.
        is_passing: Whether it is a temporary one.
        called: What a gate calls the run: the folder, or the audio file where the folder is temporary.
    """

    folder: Path
    is_passing: bool
    called: Path


@contextmanager
def home(outputs: str | None, out: Path | None, usual: str, *, worded: bool, stays: bool = False) -> Iterator[Home]:
    """Give the run folder: the one that was named, or else a temporary one for one audio file, or else the usual one.

    Args:
        outputs: What is judged, as on the command line.
        out: What was named.
        usual: Name of the folder where none was named.
        worded: Whether the words of the clip were named too.
        stays: Whether even one file needs a folder that stays (a shard, or a folder that is watched).
    """
    from audiojudge_cli.clips.pairing import is_one_file

    if out is None and outputs is not None and not stays and is_one_file(outputs, worded=worded):
        with tempfile.TemporaryDirectory(prefix="audiojudge-", ignore_cleanup_errors=True) as passing:
            yield Home(Path(passing), is_passing=True, called=Path(outputs))
        return
    folder = Path(usual) if out is None else out
    yield Home(folder, is_passing=False, called=folder)


def given_words(caption: str | None, transcript: str | None) -> Given | None:
    """Return the words of `--caption` and `--transcript`; None where neither is given.

    Raises:
        InputError: If one is empty, no text, or the name of a file.
    """
    from audiojudge_cli.clips.pairing import Given
    from audiojudge_cli.errors import InputError

    if caption is None and transcript is None:
        return None
    if caption == transcript == "-":
        raise InputError("--caption - and --transcript - cannot both read standard input; give one as text")
    return Given(
        None if caption is None else _text("--caption", caption),
        None if transcript is None else _text("--transcript", transcript),
    )


def _text(option: str, value: str) -> str:
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.text.terminal import shown

    text = _from_stdin(option) if value == "-" else value
    if not text.strip():
        what = "say what the clip should be" if option == "--caption" else "give the words to be spoken"
        raise InputError(f"{option} is empty; {what}")
    try:
        text.encode()
    except UnicodeEncodeError as error:  # bytes of the command line that are no UTF-8
        raise InputError(f"{option} is not valid UTF-8; write it in UTF-8, or set the terminal to it") from error
    if value != "-" and _names_a_file(text):
        raise InputError(
            f"{option} takes the words themselves, and {shown(text)} is a file; for a file of captions: --captions "
            f"{shown(text)}; for the text in it: {option} - < {shown(text)}"
        )
    return text.strip()


def _names_a_file(text: str) -> bool:
    """Return whether a text is a path rather than words: a file that is there, or one word with a manifest's ending."""
    from audiojudge_cli.clips.manifest import MANIFEST_SUFFIXES
    from audiojudge_cli.clips.walk import SIDECAR_SUFFIX

    word = text.strip()
    ending = word.lower().endswith((*MANIFEST_SUFFIXES, SIDECAR_SUFFIX)) and not any(map(str.isspace, word))
    try:
        return ending or ("." in word and Path(text).is_file())
    except (OSError, ValueError):  # longer than any name, or with a NUL byte
        return False


def _from_stdin(option: str) -> str:
    from audiojudge_cli.errors import InputError

    if sys.stdin is None:
        raise InputError(f"standard input is closed; give {option} as text")
    raw = sys.stdin.buffer.read(_MOST_BYTES + 1)
    if len(raw) > _MOST_BYTES:
        raise InputError(f"{option}: more than {_MOST_BYTES >> 20} MiB on standard input; that is no caption")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{option}: standard input is not valid UTF-8; convert it with iconv first") from error


def refuse_extra(outputs: str | None, extra: list[str], captions: str | None, command: str) -> None:
    """Refuse arguments beyond the first, with what was probably meant.

    Args:
        outputs: The first argument.
        extra: Those after it.
        captions: Of `--captions`.
        command: `score` or `quality`.

    Raises:
        InputError: If there are any.
    """
    import shlex

    from audiojudge_cli.clips.manifest import MANIFEST_SUFFIXES
    from audiojudge_cli.clips.walk import is_audio_name
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.text.terminal import shown

    if not extra:
        return
    named = [outputs or "", *extra]
    start = f"audiojudge {command}"
    if all(is_audio_name(name) for name in named):
        folder = str(Path(named[0]).parent)
        raise InputError(
            f"{len(named)} audio files were named, and one path is taken; name their folder: "
            f"{start} {shown(shlex.quote(folder))}, or a manifest that lists them"
        )
    first, second = named[:2]
    if len(named) == 2 and captions is None:
        if first.lower().endswith(MANIFEST_SUFFIXES) or (is_audio_name(second) and not _is_there(first)):
            first, second = second, first
        is_file = second.lower().endswith(MANIFEST_SUFFIXES) or _is_there(second)
        option = "--captions" if is_file else "--caption"
        if command == "score" or option == "--captions":
            told = f"{start} {shlex.quote(first)} {option} {shlex.quote(second)}"
            raise InputError(f"one path is taken, and {shown(extra[0])} is one too many; try: {shown(told)}")
    raise InputError(
        f"one path is taken, and {shown(extra[0])} is one too many; texts with spaces stand in quotation marks"
    )


def refuse_unquoted(words: list[str]) -> None:
    """Refuse more than one word where one caption or file is taken.

    Raises:
        InputError: If there are more, with the quotation marks that were forgotten.
    """
    import shlex

    from audiojudge_cli.errors import InputError
    from audiojudge_cli.text.terminal import shown

    if len(words) > 1:
        told = f"audiojudge rubric {shlex.quote(' '.join(words))}"
        raise InputError(f"one caption or one file is taken; a caption stands in quotation marks: {shown(told)}")


def _is_there(name: str) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError):  # longer than any name, or with a NUL byte
        return False


def print_clips(folder: Path, last: list[str]) -> None:
    """Print every clip of a run with its items, and the last lines."""
    from audiojudge_cli.commands.console import hush, screen
    from audiojudge_cli.reports.clip_lines import clip_lines
    from audiojudge_cli.results.index import read_records

    blocks = sys.stdout.isatty()
    try:
        for number, record in enumerate(read_records(folder)):
            told = clip_lines(record, screen(sys.stdout), blocks=blocks)
            typer.echo("\n".join([*([""] if number else []), *told]))
        if last:
            typer.echo("\n".join(["", *last]))
        sys.stdout.flush()
    except BrokenPipeError:
        hush(sys.stdout)
