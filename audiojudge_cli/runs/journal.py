"""The journals of a run: one durable line per finished clip, and per couple heard, written as it finishes."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Self

from audiojudge_cli.comparing import couples
from audiojudge_cli.errors import NotJudgedError
from audiojudge_cli.results.index import JournalIndex, RecordReader
from audiojudge_cli.results.record import Record
from audiojudge_cli.runs.folder import ASIDE, JOURNAL, unwritable
from audiojudge_cli.text.jsonl import dump_line

# One fsync serves all clips of this many seconds (group commit).
_COMMIT_S = 0.5
_BLOCK = 1 << 16


class LineJournal:
    """A journal, open for appending from any thread; a context manager. The run folder must be held (`runs.folder`).

    A line reaches the operating system before `append` returns, so the death of this process, `kill -9` included,
    loses no finished line. A power failure or the death of the machine can take the lines of the last half second and
    of one fsync, because one fsync serves all lines of that time, on a thread of its own; `close` makes everything
    durable.

    Opening drops a last line that a crash tore, and takes back lines that an earlier, smaller run set aside.

    Args:
        path: The file.
        aside: Where an earlier run set lines aside.

    Raises:
        NotJudgedError: On opening and appending, when the disk is full or read-only; what was written stays.
    """

    def __init__(self, path: Path, aside: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._broken: OSError | None = None
        self._dirty = False
        self._closing = threading.Event()
        self._committer = threading.Thread(target=self._keep_committing, name="audiojudge-journal", daemon=True)
        try:
            self._file = self.path.open("ab", buffering=0)
            self._drop_torn_line()
            self._take_back(aside)
        except OSError as error:
            raise self._failed(error) from error
        self._committer.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def append_line(self, line: bytes) -> None:
        """Write one line; it survives the death of this process at once, and a power failure after `commit`."""
        with self._lock:
            if self._broken:
                raise self._failed(self._broken)
            try:
                self._write(line)
                self._dirty = True
            except OSError as error:
                # A line may be half written, and nothing must follow it: the next opening drops it.
                self._broken = error
                raise self._failed(error) from error

    def commit(self) -> None:
        """Make everything durable that was appended before."""
        self._dirty = False
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Make everything durable and close the file."""
        self._closing.set()
        if self._committer.is_alive():
            self._committer.join()
        with self._lock:
            if self._file.closed:
                return
            try:
                self.commit()
            except OSError as error:
                raise self._failed(error) from error
            finally:
                self._file.close()

    def _keep_committing(self) -> None:
        while not self._closing.wait(_COMMIT_S):
            if self._dirty:
                try:
                    self.commit()
                except OSError as error:
                    self._broken = error
                    return

    def _write(self, line: bytes) -> None:
        view = memoryview(line)
        while view:
            view = view[self._file.write(view) :]

    def _drop_torn_line(self) -> None:
        with self.path.open("rb") as file:
            end = position = file.seek(0, os.SEEK_END)
            while position > 0:
                start = max(0, position - _BLOCK)
                file.seek(start)
                newline = file.read(position - start).rfind(b"\n")
                if newline >= 0:
                    position = start + newline + 1
                    break
                position = start
        if position < end:
            os.truncate(self.path, position)

    def _take_back(self, aside: Path) -> None:
        if aside.exists():
            with aside.open("rb") as file:
                for line in file:
                    self._write(line)
            self.commit()
            aside.unlink()

    def _failed(self, error: OSError) -> NotJudgedError:
        return unwritable(self.path, error)


class Journal(LineJournal):
    """The journal of records in a run folder.

    Attributes:
        index: Where the records that were there at opening lie.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / JOURNAL, folder / ASIDE)
        self.index = JournalIndex(self.path)

    def append(self, record: Record) -> None:
        """Write one record."""
        self.append_line(dump_line(record.to_dict()).encode())

    def reader(self) -> RecordReader:
        """Return a reader of single records."""
        return RecordReader(self.path)


class CoupleJournal(LineJournal):
    """The journal of couples that a judge heard together, in a run folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / couples.COUPLES, folder / couples.ASIDE)
