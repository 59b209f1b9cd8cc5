"""Verdicts kept in one SQLite file, shared by runs and processes, and never larger than it may be.

A damaged, locked or full file costs speed only: what cannot be read back to the byte counts as not there.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from audiojudge_cli.errors import InputError
from audiojudge_cli.text.terminal import shown

FILE = "verdicts.sqlite"
MIN_BYTES = 1 << 20
_WAIT_S = 30.0
_CHUNK = 500
_CHECK_EVERY = 64
_HOUR = 3600
# Below the limit by so much after clearing, so that not every write has to clear.
_ROOM = 0.9
_TABLE = """
CREATE TABLE IF NOT EXISTS verdicts (key BLOB PRIMARY KEY, value TEXT NOT NULL, check_sum BLOB NOT NULL, used INTEGER);
CREATE INDEX IF NOT EXISTS by_use ON verdicts (used);
"""


class VerdictStore:
    """Texts by key (32 bytes), the longest unused forgotten first; safe in threads, forks and several processes.

    Args:
        folder: Where the file lies; made when missing.
        max_bytes: Largest size of the file, at least 1 MiB.

    Raises:
        InputError: If the folder cannot be made.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.path = folder / FILE
        self._max_bytes = max(MIN_BYTES, max_bytes)
        self._tell: Callable[[str], None] | None = None
        self._trouble = ""
        self._lock = threading.Lock()
        self._writes = 0
        self._process = 0
        self._database: sqlite3.Connection | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"--cache {shown(folder)}: {error.strerror}; give a folder that can be written") from error
        self.get([])

    def remark_to(self, tell: Callable[[str], None]) -> None:
        """Tell, now or later, in one sentence, when the file cannot be used any further."""
        self._tell = tell
        if self._trouble:
            tell(self._trouble)

    def get(self, keys: Sequence[bytes]) -> dict[bytes, str]:
        """Return what is stored under `keys`; what is missing or damaged is left out."""
        found: dict[bytes, str] = {}
        with self._lock:
            try:
                database = self._open()
                if database is None:
                    return {}
                for start in range(0, len(keys), _CHUNK):
                    found |= _read(database, keys[start : start + _CHUNK])
            except sqlite3.Error as error:
                self._failed(error)
        return found

    def put(self, texts: Mapping[bytes, str]) -> None:
        """Store texts; those that are there already stay."""
        if not texts:
            return
        rows = [(key, text, _check_sum(key, text), _now()) for key, text in texts.items()]
        with self._lock:
            try:
                database = self._open()
                if database is None:
                    return
                with database:
                    database.executemany("INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?, ?)", rows)
                self._writes += 1
                if self._writes % _CHECK_EVERY == 1:
                    self._make_room(database)
            except sqlite3.Error as error:
                self._failed(error)

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._lock:
            if self._database is not None and self._process == os.getpid():
                self._database.close()
            self._database = None

    def __reduce__(self) -> tuple[type[VerdictStore], tuple[Path, int]]:
        """A copy in another process opens the file for itself, and has nobody to tell yet."""
        return type(self), (self.path.parent, self._max_bytes)

    def _open(self) -> sqlite3.Connection | None:
        if self._trouble:
            return None
        if self._database is None or self._process != os.getpid():  # a connection must not cross a fork
            self._database = _connected(self.path)
            self._process = os.getpid()
        return self._database

    def _make_room(self, database: sqlite3.Connection) -> None:
        if _bytes(database) <= self._max_bytes:
            return
        while _bytes(database) > self._max_bytes * _ROOM:
            with database:
                (count,) = database.execute("SELECT count(*) FROM verdicts").fetchone()
                if not count:
                    break
                oldest = "SELECT rowid FROM verdicts ORDER BY used LIMIT ?"
                database.execute(f"DELETE FROM verdicts WHERE rowid IN ({oldest})", (1 + count // 10,))  # noqa: S608
        database.executescript("PRAGMA incremental_vacuum;")  # `execute` would free a single page

    def _failed(self, error: sqlite3.Error) -> None:
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            return  # busy with another process for half a minute: this once without it
        self._trouble = (
            f"the verdict cache {shown(self.path)} cannot be used ({error}): every clip is judged instead; "
            "remove the file if it is damaged, or give another --cache"
        )
        if self._tell is not None:
            self._tell(self._trouble)


def _connected(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=_WAIT_S, check_same_thread=False)
    try:
        database.execute("PRAGMA auto_vacuum=INCREMENTAL")
        database.execute("PRAGMA journal_mode=WAL")
        # Enough for a file that is whole after any crash; a power failure may take the last verdicts.
        database.execute("PRAGMA synchronous=NORMAL")
        database.executescript(_TABLE)
    except sqlite3.Error:
        database.close()
        raise
    return database


def _read(database: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, str]:
    marks = ",".join("?" * len(keys))
    rows = database.execute(
        f"SELECT key, value, check_sum, used FROM verdicts WHERE key IN ({marks})",  # noqa: S608 - question marks only
        list(keys),
    ).fetchall()
    now = _now()
    stale = [key for key, _, _, used in rows if not isinstance(used, int) or used != now]
    if stale:
        with database:
            database.executemany("UPDATE verdicts SET used = ? WHERE key = ?", ((now, key) for key in stale))
    return {key: text for key, text, check, _ in rows if isinstance(text, str) and check == _check_sum(key, text)}


def _bytes(database: sqlite3.Connection) -> int:
    values: Iterable[int] = (
        database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    pages, free, size = values
    return (pages - free) * size


def _check_sum(key: bytes, text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=key, digest_size=16).digest()


def _now() -> int:
    """Return the time in whole hours: finer would write at every read."""
    return int(time.time()) // _HOUR
