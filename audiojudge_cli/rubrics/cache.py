"""Expansion cached on disk, by caption and expander fingerprint; safe to share between processes."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from audiojudge_cli.errors import InputError, NotJudgedError
from audiojudge_cli.rubrics.expander import Expander
from audiojudge_cli.rubrics.files import item_row, parse_items
from audiojudge_cli.rubrics.item import Rubric
from audiojudge_cli.text.jsonl import loads
from audiojudge_cli.text.terminal import shown

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
        except (OSError, sqlite3.Error, NotJudgedError) as error:
            reason = error.__cause__ or error
            raise InputError(
                f"{shown(path)}: cannot use it as the rubric cache: {reason}; remove it or name another"
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
        """Return the rubric of `caption`, from the cache when it is there (see `rubrics.expander`).

        Raises:
            NotJudgedError: If the file cannot be read or written any more.
        """
        key = self._key(caption, subset, language)
        found = self._found(key)
        if found is not None:
            return found
        return self._kept(key, self._expander.expand(caption, subset=subset, language=language))

    def _found(self, key: str) -> Rubric | None:
        with self._open() as database:
            row = database.execute("SELECT rubric FROM rubrics WHERE key = ?", (key,)).fetchone()
        return _decode(row[0]) if row else None

    def _kept(self, key: str, rubric: Rubric) -> Rubric:
        """Store a rubric and return it, or the one that another process stored meanwhile: a model may answer anew."""
        text = _encode(rubric)
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            row = database.execute("SELECT rubric FROM rubrics WHERE key = ?", (key,)).fetchone()
            theirs = _decode(row[0]) if row else None
            if theirs is None:
                database.execute("INSERT OR REPLACE INTO rubrics VALUES (?, ?)", (key, text))
            database.execute("COMMIT")
        return theirs or rubric

    def _key(self, caption: str, subset: str | None, language: str | None) -> str:
        parts = json.dumps([self.fingerprint, caption, subset, language])
        return hashlib.sha256(parts.encode()).hexdigest()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        # one connection per use: a connection may not cross threads or forks
        with closing(sqlite3.connect(self.path, timeout=_WAIT_S, isolation_level=None)) as database:
            try:
                yield database
            except sqlite3.Error as error:
                raise NotJudgedError(
                    f"{shown(self.path)}: cannot use it as the rubric cache: {error}; remove it or name another"
                ) from error


def _encode(rubric: Rubric) -> str:
    rows = [item_row(item) for item in rubric.items]
    return json.dumps([rows, rubric.language, rubric.subset, list(rubric.notes)])


def _decode(text: str) -> Rubric | None:
    """Return a stored rubric, or None when the entry is damaged (it is then expanded anew)."""
    try:
        rows, language, subset, notes = loads(text)
        return Rubric(parse_items(rows), str(language), str(subset), tuple(map(str, notes)))
    except (ValueError, TypeError, InputError):
        return None
