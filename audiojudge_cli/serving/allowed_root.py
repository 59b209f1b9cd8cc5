"""Files under one allowed folder: nothing outside of it is opened, whatever a request calls it.

The name is checked as text, then with its links followed, and the result is opened part by part from the folder's own
descriptor, following no link any more: what is swapped in between is refused instead of opened.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from audiojudge_cli.clips.opened import open_regular
from audiojudge_cli.errors import ClipError, InputError
from audiojudge_cli.text.terminal import shown


@dataclass(frozen=True, slots=True)
class RootedFile:
    """A file under the allowed folder, as a request names it.

    Attributes:
        root: The allowed folder.
        name: The path: relative to the folder, or absolute and beneath it.
        most_bytes: Its largest size.
    """

    root: Root
    name: str
    most_bytes: int

    def __str__(self) -> str:
        """Return a name for messages."""
        return shown(self.name)

    def read(self) -> bytes:
        """Return the bytes.

        Raises:
            ClipError: `outside-root`, or as `clips.opened.open_regular`.
        """
        parts = self.root.parts_of(self.name)
        opener = partial(self.root.opened, parts)
        with open_regular(Path(self.name), max_bytes=self.most_bytes, opener=opener) as (file, size):
            return file.read(size)


class Root:
    """The folder whose files requests may name.

    Args:
        folder: It.

    Raises:
        InputError: If it is none, or this system cannot open files relative to a folder.
    """

    def __init__(self, folder: Path) -> None:
        if os.open not in os.supports_dir_fd or not hasattr(os, "O_NOFOLLOW"):
            raise InputError("--root needs a system that opens files relative to a folder; send the audio itself")
        if not folder.is_dir():
            raise InputError(f"--root {shown(folder)} is no folder")
        self.named = Path(os.path.abspath(folder))  # noqa: PTH100 - links of the name stay, as people write them
        self.real = folder.resolve()

    def parts_of(self, name: str) -> tuple[str, ...]:
        """Return the parts of a path from the folder down, its links followed.

        Raises:
            ClipError: `outside-root` if it leads out; `not-found` if it holds a NUL byte.
        """
        if "\0" in name:
            raise ClipError("not-found", f"no such file: {shown(name)} (the name holds a NUL byte)")
        plain = Path(os.path.normpath(self.named / name))
        if ".." in Path(name).parts or not (plain.is_relative_to(self.named) or plain.is_relative_to(self.real)):
            raise _outside(name)
        try:
            real = Path(os.path.realpath(plain))
        except (OSError, ValueError) as error:
            raise ClipError("unreadable", f"cannot read {shown(name)}") from error
        if not real.is_relative_to(self.real):
            raise _outside(name)
        return real.relative_to(self.real).parts or (".",)

    def opened(self, parts: tuple[str, ...], _path: Path, flags: int) -> int:
        """Open a file by its parts, following no links.

        Raises:
            OSError: If one is missing, or a link by now.
        """
        strict = os.O_NOFOLLOW | getattr(os, "O_CLOEXEC", 0)
        folder = os.open(self.real, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for part in parts[:-1]:
                inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | strict, dir_fd=folder)
                os.close(folder)
                folder = inner
            return os.open(parts[-1], flags | strict, dir_fd=folder)
        finally:
            with suppress(OSError):
                os.close(folder)


def _outside(name: str) -> ClipError:
    return ClipError("outside-root", f"{shown(name)} does not lie in the folder that this server may read (--root)")
