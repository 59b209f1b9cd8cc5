"""Expansion cached on disk, by caption and expander fingerprint; safe to share between processes."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audiojudge_cli.errors import InputError
from audiojudge_cli.rubrics.expander import Expander
from audiojudge_cli.rubrics.files import item_row, parse_items
from audiojudge_cli.rubrics.item import Rubric

_TABLE = "CREATE TABLE IF NOT EXISTS rubrics (key TEXT PRIMARY KEY, rubric TEXT NOT NULL) WITHOUT ROWID"
_WAIT_S = 30.0


class CachedExpander:
    """An expander that remembers: a caption it has seen costs one lookup and no expansion.

    Attributes:
        path: The SQLite file; its folder is made when missing.
    """

    def __init__(self, expander: Expander, path: Path) -> None:
        """Wrap `expander`.

        Raises:
            InputError: If the file cannot be opened or is no cache.
        """
        self._expander = expander
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._open() as database:
                database.execute("PRAGMA journal_mode=WAL")
                database.execute(_TABLE)
        except (OSError, sqlite3.Error) as error:
            raise InputError(
                f"{path}: cannot use it as the rubric cache: {error}; remove it or name another"
            ) from error

    @property
    def name(self) -> str:
        """Name of the wrapped expander."""
        return self._expander.name

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the wrapped expander: caching changes no rubric."""
        return self._expander.fingerprint

    def expand(self, caption: str, *, subset: str | None = None, language: str | None = None) -> Rubric:
        """Return the rubric of `caption`, from the cache when it is there (see `rubrics.expander`)."""
        key = self._key(caption, subset, language)
        with self._open() as database:
            row = database.execute("SELECT rubric FROM rubrics WHERE key = ?", (key,)).fetchone()
        found = _decode(row[0]) if row else None
        if found is not None:
            return found
        rubric = self._expander.expand(caption, subset=subset, language=language)
        with self._open() as database:
            database.execute("INSERT OR REPLACE INTO rubrics VALUES (?, ?)", (key, _encode(rubric)))
        return rubric

    def _key(self, caption: str, subset: str | None, language: str | None) -> str:
        parts = json.dumps([self.fingerprint, caption, subset, language])
        return hashlib.sha256(parts.encode()).hexdigest()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        # one connection per use: a connection may not cross threads or forks
        database = sqlite3.connect(self.path, timeout=_WAIT_S, isolation_level=None)
        try:
            yield database
        finally:
            database.close()


def _encode(rubric: Rubric) -> str:
    rows = [item_row(item) for item in rubric.items]
    return json.dumps([rows, rubric.language, rubric.subset, list(rubric.notes)])


def _decode(text: str) -> Rubric | None:
    """Return a stored rubric, or None when the entry is damaged (it is then expanded anew)."""
    try:
        rows, language, subset, notes = json.loads(text)
        return Rubric(parse_items(rows), str(language), str(subset), tuple(map(str, notes)))
    except (ValueError, TypeError, InputError):
        return None
