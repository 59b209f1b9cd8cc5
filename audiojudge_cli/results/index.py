"""Where in a journal the latest record of each clip lies, without keeping the records in memory.

A journal is a file of records, one JSON line each; a later line about the same clip replaces an earlier one.
A last line without its newline was torn by a crash and is not a record.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Self

import numpy as np
import numpy.typing as npt

from audiojudge_cli.errors import InputError
from audiojudge_cli.results.record import SCHEMA, Record
from audiojudge_cli.text.jsonl import loads

Offsets = npt.NDArray[np.uint64]

# Every line that audiojudge writes begins so; parsing the whole line just for its id would take the most time.
_HEAD = re.compile(rb'\{"schema": "' + re.escape(SCHEMA).encode() + rb'", "id": ("(?:[^"\\]|\\.)*")')


class JournalIndex:
    """The latest line of every clip in one journal file, 16 bytes of memory per line.

    Attributes:
        damaged: Line numbers (1-based) that hold no record; their clips count as not done.
        lines: Number of records, earlier ones of the same clip included.
        offsets: Byte offsets of the latest line of each clip, in no useful order.
        order: The same, in the order in which the clips first appear.
    """

    def __init__(self, path: Path) -> None:
        self.damaged: list[int] = []
        self._path = path
        keys, offsets = array("Q"), array("Q")
        if path.is_file():
            with path.open("rb") as file:
                for number, (offset, line) in enumerate(whole_lines(file), start=1):
                    key = _key_of_line(line)
                    if key is None:
                        self.damaged.append(number)
                    else:
                        keys.append(key)
                        offsets.append(offset)
        self._sort(keys, offsets)

    def _sort(self, keys: array[int], offsets: array[int]) -> None:
        # A million lines: what is not needed any more is dropped at once.
        self.lines = len(keys)
        by_key = np.argsort(_numbers(keys), kind="stable")
        ordered = _numbers(keys)[by_key]
        fresh = np.ones(len(ordered), dtype=bool)
        fresh[1:] = ordered[1:] != ordered[:-1]
        firsts = np.flatnonzero(fresh)
        self._keys = ordered[firsts]
        del ordered, fresh
        lasts = np.append(firsts[1:], self.lines)[: len(firsts)] - 1
        self.offsets = _numbers(offsets)[by_key[lasts]]
        del lasts
        appeared = by_key[firsts]
        del by_key, firsts
        self.order = self.offsets[np.argsort(appeared, kind="stable")]

    def __len__(self) -> int:
        """Number of clips."""
        return len(self._keys)

    def offset(self, clip_id: str) -> int | None:
        """Return where the latest line of a clip starts, in bytes; None without one."""
        key = np.uint64(_key(clip_id))
        at = int(self._keys.searchsorted(key))
        return int(self.offsets[at]) if at < len(self._keys) and self._keys[at] == key else None


class RecordReader:
    """Reads single records of a journal by byte offset, from any thread; a context manager."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("rb")
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._file.close()

    def line_at(self, offset: int) -> bytes:
        """Return the line that starts at `offset`, with its newline."""
        with self._lock:
            self._file.seek(offset)
            return self._file.readline()

    def record_at(self, offset: int) -> Record:
        """Return the record that starts at `offset`.

        Raises:
            InputError: If there is none.
        """
        return parse_record(self.line_at(offset))

    def find(self, offset: int | None) -> Record | None:
        """Return the record that starts at `offset`; None for None, and where the line is damaged."""
        if offset is None:
            return None
        try:
            return self.record_at(offset)
        except InputError:
            return None


def parse_record(line: bytes) -> Record:
    """Return the record in one line of JSON.

    Raises:
        InputError: If the line holds none.
    """
    try:
        data = loads(line)
    except ValueError as error:
        raise InputError(f"not a line of JSON: {error}") from error
    if not isinstance(data, dict):
        raise InputError("not a record: the line holds no JSON object")
    return Record.from_dict(data)


def whole_lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield (byte offset, line) for every line that ends in a newline; a torn last line is dropped."""
    offset = 0
    for line in file:
        if line.endswith(b"\n"):
            yield offset, line
        offset += len(line)


def read_records(folder: Path) -> Iterator[Record]:
    """Yield the latest record of every clip of a run, in the order of its journal (a finished run: manifest order).

    Raises:
        InputError: If `folder` is not a run folder or a line is damaged.
    """
    path = folder / "records.jsonl"
    if not path.is_file():
        raise InputError(f"{folder}: not a run folder (it has no records.jsonl); give the --out of a `score` command")
    index = JournalIndex(path)
    if index.damaged:
        raise InputError(f"{path}:{index.damaged[0]}: not a record; run the same `score` command again to repair it")
    with RecordReader(path) as reader:
        for offset in index.order:
            yield reader.record_at(int(offset))


def _key_of_line(line: bytes) -> int | None:
    head = _HEAD.match(line)
    try:
        if head:
            return _key(json.loads(head[1])) if line.endswith(b"}\n") else None
        return _key(parse_record(line).id)
    except (InputError, ValueError):
        return None


def _key(clip_id: str) -> int:
    # 64 bits: among a million clips, two share a key once in 37 million runs.
    digest = hashlib.blake2b(clip_id.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "little")


def _numbers(values: array[int]) -> Offsets:
    return np.frombuffer(values, dtype=np.uint64) if values else np.zeros(0, dtype=np.uint64)
