"""`marks.jsonl`: the marks that a text model gave, kept as they come, so that nothing is asked twice."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Self

from audiojudge_cli.errors import InputError
from audiojudge_cli.text.inputs import read_regular
from audiojudge_cli.text.jsonl import dump_line, loads
from audiojudge_cli.text.terminal import shown

MARKS = "marks.jsonl"


class Marks:
    """Marks by key; `add` may be called from several threads.

    What an interrupted command left is read, a line that it did not finish is dropped.

    Raises:
        InputError: If the file cannot be read or written.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / MARKS
        self._lock = threading.Lock()
        self._known: dict[str, int] = {}
        try:
            raw = read_regular(self._path) if self._path.exists() else b""
            whole = raw[: raw.rfind(b"\n") + 1]
            for line in whole.splitlines():
                self._read(line)
            self._file = self._path.open("r+b" if raw else "wb")
            self._file.truncate(len(whole))
            self._file.seek(len(whole))
        except OSError as error:
            raise InputError(
                f"cannot use {shown(self._path)}: {error.strerror or error}; give another --out"
            ) from error

    def _read(self, line: bytes) -> None:
        try:
            row = loads(line)
            key, found = row["key"], row["mark"]
        except (ValueError, KeyError, TypeError):  # damaged: it is asked again
            return
        if isinstance(key, str) and isinstance(found, int):
            self._known[key] = found

    def get(self, key: str) -> int | None:
        """Return a mark that is known."""
        return self._known.get(key)

    def add(self, key: str, found: int) -> None:
        """Keep a mark; on the disk when this returns."""
        with self._lock:
            self._known[key] = found
            self._file.write(dump_line({"key": key, "mark": found}).rstrip("\n").encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._file.close()
