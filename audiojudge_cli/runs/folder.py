"""The run folder as a whole: making it, locking it, starting over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audiojudge_cli.errors import InputError
from audiojudge_cli.text.terminal import shown

JOURNAL = "records.jsonl"
ASIDE = "records.aside.jsonl"
RUN = "run.json"
SUMMARY = "summary.json"
FILES = "files"
_LOCK = ".lock"
_OURS = (JOURNAL, ASIDE, RUN, SUMMARY, "summary.csv", "items.csv")


@contextmanager
def run_folder(folder: Path, *, restart: bool = False) -> Iterator[None]:
    """Hold `folder` as the run folder of this process; make it when it is not there.

    Args:
        folder: The `--out` folder.
        restart: Remove what an earlier run left in it, and nothing else.

    Raises:
        InputError: If it cannot be made or written, belongs to something else, or another process holds it.
    """
    from filelock import FileLock, Timeout

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
        if restart:
            _clear(folder)
        yield
    finally:
        lock.release()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    except OSError as error:
        raise _unwritable(folder, error) from error
    if names and not names & {JOURNAL, RUN}:
        raise InputError(
            f"{shown(folder)} is not empty and not a run folder; give another --out, so that nothing in it is touched"
        )


def _sweep(folder: Path) -> None:
    """Remove the half-written files of a run that was killed; the lock says nobody is writing them."""
    try:
        for place in (folder, folder / FILES):
            for path in place.glob(".audiojudge-*.tmp"):
                path.unlink()
    except OSError as error:
        raise _unwritable(folder, error) from error


def _clear(folder: Path) -> None:
    try:
        for name in _OURS:
            (folder / name).unlink(missing_ok=True)
        for path in (folder / FILES).glob("*.json"):
            path.unlink()
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(folder: Path, error: OSError) -> InputError:
    return InputError(f"cannot write to {shown(folder)}: {error.strerror or error}; give another --out")
