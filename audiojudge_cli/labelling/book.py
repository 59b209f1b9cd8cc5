"""The file of labels: one line per answer, appended whole or not at all, by any number of people at once."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from audiojudge_cli.errors import InputError
from audiojudge_cli.text.jsonl import dump_line, loads
from audiojudge_cli.text.terminal import shown

_BLOCK = 1 << 20
# How every line begins that is written here: a torn one is told from a text of somebody else by it.
_HEAD = b'{"id": "'


class Book:
    """Labels by clip and by who gave them; a later line of the same person about the same clip replaces the earlier.

    Several processes may write to one file: each line is appended under a lock, and what others have written is read
    before this one looks. What a crash or a full disk left of a line is taken back.

    Attributes:
        path: The file; it need not be there.
        said: By clip and person: the latest label, as it was written.
        lines: Clip and person of each line, in order.

    Raises:
        InputError: On opening, if the file cannot be read or written, or holds a line that is no label.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.said: dict[str, dict[str, Mapping[str, Any]]] = {}
        self.lines: list[tuple[str, str]] = []
        self._end = 0
        try:
            with self._held() as descriptor:
                self._read(descriptor)
        except OSError as error:
            raise InputError(
                f"cannot write the labels {shown(path)}: {error.strerror or error}; give another --labels"
            ) from error

    def look(self) -> None:
        """Read what others have written since.

        Raises:
            OSError: If the file cannot be read.
            InputError: If it holds a line that is no label.
        """
        with suppress(FileNotFoundError):
            if self.path.stat().st_size == self._end:
                return
        with self._held() as descriptor:
            self._read(descriptor)

    def append(self, label: Mapping[str, Any]) -> None:
        """Write a label; once this returns it outlives this process, the browser, and a power failure.

        Args:
            label: With `id` and `by`.

        Raises:
            OSError: If it cannot be written; the file is then as it was.
            InputError: If somebody else has written what is no label.
        """
        line = dump_line(label).encode()
        with self._held() as descriptor:
            self._read(descriptor)
            try:
                view = memoryview(line)
                while view:
                    view = view[os.write(descriptor, view) :]
                os.fsync(descriptor)
            except OSError:
                with suppress(OSError):
                    os.ftruncate(descriptor, self._end)
                raise
            self._end += len(line)
            self._note(label)

    def of(self, clip: str, by: str) -> Mapping[str, Any] | None:
        """Return what a person said of a clip; None where nothing, or where it was taken back."""
        label = self.said.get(clip, {}).get(by)
        return None if label is None or label.get("undone") else label

    def others(self, clip: str, by: str) -> bool:
        """Return whether somebody else has labelled a clip."""
        return any(who != by and not label.get("undone") for who, label in self.said.get(clip, {}).items())

    def labels(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Yield clip, person and label of all that stands."""
        for clip, people in self.said.items():
            for who, label in people.items():
                if not label.get("undone"):
                    yield clip, who, label

    @contextmanager
    def _held(self) -> Iterator[int]:
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        flags |= getattr(os, "O_NONBLOCK", 0)  # a named pipe must not block
        descriptor = os.open(self.path, flags, 0o666)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise InputError(f"{shown(self.path)} is no file; give another --labels")
            with suppress(ImportError):  # not on Windows, where one process at a time has to do
                import fcntl

                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)

    def _read(self, descriptor: int) -> None:
        size = os.fstat(descriptor).st_size
        if size < self._end:  # somebody has put another file there
            self.said, self.lines, self._end = {}, [], 0
        os.lseek(descriptor, self._end, os.SEEK_SET)
        parts = []
        while part := os.read(descriptor, _BLOCK):
            parts.append(part)
        *lines, last = b"".join(parts).split(b"\n")
        for line in lines:
            if line.strip():
                self._note(self._parsed(line))
            self._end += len(line) + 1
        if last:
            self._mend(descriptor, last)

    def _mend(self, descriptor: int, last: bytes) -> None:
        """End a last line of which only the end is missing, as editors leave it; take back what a crash left of one."""
        try:
            loads(last)
        except ValueError:
            if not last.startswith(_HEAD[: len(last)]):
                raise self._no_labels() from None
            os.ftruncate(descriptor, self._end)
            return
        self._note(self._parsed(last))
        os.write(descriptor, b"\n")
        self._end += len(last) + 1

    def _parsed(self, line: bytes) -> dict[str, Any]:
        try:
            label = loads(line)
        except ValueError as error:
            raise self._no_labels() from error
        if not isinstance(label, dict) or "label" not in label:
            raise self._no_labels()
        return label

    def _no_labels(self) -> InputError:
        return InputError(f"{shown(self.path)} holds something else than labels; give another --labels")

    def _note(self, label: Mapping[str, Any]) -> None:
        clip, who = label.get("id"), label.get("by", "")
        if isinstance(clip, str) and isinstance(who, str):
            self.said.setdefault(clip, {})[who] = label
            self.lines.append((clip, who))
