"""The run folder as a whole: making it, locking it, starting over."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from audiojudge_cli.comparing.couples import ASIDE as COUPLES_ASIDE
from audiojudge_cli.comparing.couples import COUPLES
from audiojudge_cli.comparing.pairs_file import PAIRS
from audiojudge_cli.comparing.selecting import SELECTED
from audiojudge_cli.errors import InputError, NotJudgedError
from audiojudge_cli.text.atomic import written_through
from audiojudge_cli.text.terminal import shown

JOURNAL = "records.jsonl"
ASIDE = "records.aside.jsonl"
RUN = "run.json"
SUMMARY = "summary.json"
PROBLEMS = "problems.csv"
GATE = "gate.json"
DISTANCE = "distance.json"
SHARD = "shard.jsonl"
LOGGED = "logged.json"
FILES = "files"
BENCH = ("bench.json", "bench.csv", "bench.md")
EVENTS = "tensorboard"
_LOCK = ".lock"
_OURS = (
    JOURNAL,
    ASIDE,
    RUN,
    SUMMARY,
    GATE,
    DISTANCE,
    PAIRS,
    COUPLES,
    COUPLES_ASIDE,
    SELECTED,
    SHARD,
    LOGGED,
    "summary.csv",
    "items.csv",
    "ratings.csv",
    PROBLEMS,
    *BENCH,
)
# How the first bytes of these two files begin when audiojudge wrote them.
_SIGNS = {JOURNAL: '{"schema": "audiojudge.record/', RUN: '{\n  "schema": "audiojudge.run/'}


@contextmanager
def run_folder(folder: Path) -> Iterator[None]:
    """Hold `folder` as the run folder of this process; make it when it is not there.

    Args:
        folder: The `--out` folder.

    Raises:
        InputError: If it cannot be made or written, belongs to something else, or another process holds it.
    """
    from filelock import FileLock, Timeout

    new = not folder.exists()
    _make(folder)
    lock = FileLock(folder / _LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise InputError(
            f"another audiojudge process is writing to {shown(folder)}; wait for it or give another --out"
        ) from None
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        _sweep(folder)
        yield
    finally:
        lock.release()
        if new:
            _remove_unused(folder)


@contextmanager
def reading_folder(folder: Path) -> Iterator[None]:
    """Keep other processes from writing to a run folder while it is read; one that cannot be locked is read as it is.

    Raises:
        InputError: If another process is writing to it.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / _LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise InputError(f"another audiojudge process is writing to {shown(folder)}; wait for it") from None
    except OSError:  # read-only: nobody writes there
        pass
    try:
        yield
    finally:
        lock.release()


def _make(folder: Path) -> None:
    refuse_foreign(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder that is none, or holds something else than a run; one that is not there yet is fine.

    Raises:
        InputError: If so.
    """
    try:
        if not folder.exists():
            return
        if not folder.is_dir():
            raise InputError(f"{shown(folder)} is a file, not a folder; give another --out")
        names = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
        linked = next((name for name in (*_OURS, FILES) if (folder / name).is_symlink()), None)
        odd = next((name for name in _OURS if written_through(folder / name)), None)
        ours = not names or _is_ours(folder)
    except OSError as error:
        raise _unwritable(folder, error) from error
    if not ours:
        raise InputError(
            f"{shown(folder)} is not empty and not a run folder; give another --out, so that nothing in it is touched"
        )
    if linked:
        raise InputError(
            f"{shown(folder / linked)} is a link: nothing outside of --out is written; remove it or give another --out"
        )
    if odd:
        raise InputError(
            f"{shown(folder / odd)} is no regular file, as a run could write; remove it or give another --out"
        )


def _is_ours(folder: Path) -> bool:
    """Return whether a run wrote the journal or `run.json`; other programs have a `records.jsonl` too."""
    return any(_begins_with(folder / name, sign.encode()) for name, sign in _SIGNS.items()) or _only_just_made(folder)


def _begins_with(path: Path, sign: bytes) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(sign)) == sign


def _only_just_made(folder: Path) -> bool:
    """Return whether a run was killed before its journal had a line."""
    journal = folder / JOURNAL
    return journal.is_file() and journal.stat().st_size == 0


def _sweep(folder: Path) -> None:
    """Remove the half-written files of a run that was killed; the lock says nobody is writing them."""
    try:
        for place in (folder, folder / FILES):
            for path in place.glob(".audiojudge-*.tmp"):
                path.unlink()
    except OSError as error:
        raise _unwritable(folder, error) from error


def _remove_unused(folder: Path) -> None:
    """Remove a folder that was made for a run which never began."""
    with suppress(OSError):
        if all(path.name == _LOCK for path in folder.iterdir()):
            (folder / _LOCK).unlink(missing_ok=True)
            folder.rmdir()


def drop_earlier(folder: Path) -> None:
    """Remove what an earlier run left in a folder that this process holds, and nothing else.

    To be called once nothing can refuse the new run any more.

    Raises:
        InputError: If the folder cannot be written.
    """
    try:
        for name in _OURS:
            (folder / name).unlink(missing_ok=True)
        for path in (folder / FILES).glob("*.json"):
            path.unlink()
        if not (folder / EVENTS).is_symlink():
            for path in (folder / EVENTS).glob("events.out.tfevents.*"):
                path.unlink()
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(folder: Path, error: OSError) -> InputError:
    return InputError(f"cannot write to {shown(folder)}: {error.strerror or error}; give another --out")


def unwritable(path: Path, error: OSError) -> NotJudgedError:
    """Return the error for a file of the run folder that cannot be written once the run has begun."""
    full = error.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
    remedy = "make room" if full else "repair that"
    return NotJudgedError(
        f"cannot write {shown(path)}: {error.strerror or error}; every clip judged so far is kept in {JOURNAL}, so "
        f"{remedy} and run the same command again"
    )
