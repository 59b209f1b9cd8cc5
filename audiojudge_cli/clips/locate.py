"""Where the audio of a row lies: in the folder of outputs, or where the manifest itself says."""

from __future__ import annotations

import hashlib
import os
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from audiojudge_cli.clips.embedded import EmbeddedAudio
from audiojudge_cli.clips.index import AudioIndex, Match
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.clips.walk import is_audio_name
from audiojudge_cli.text.terminal import safe_line, shorten

_MAX_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where the audio of a row is, or would be.

    Attributes:
        path: The file; it may be missing.
        name: Its path for records.
        label: What an id is made of when the row has none.
        found: Whether something lies there.
        index: Its position among the files of the folder, or None.
        embedded: Where it lies inside a manifest, or None.
    """

    path: Path
    name: str
    label: str
    found: bool
    index: int | None = None
    embedded: EmbeddedAudio | None = None


class Locator(Protocol):
    """Finds the audio of rows."""

    def locate(self, row: Row) -> Place | Problem:
        """Return the place of the row's audio, or why it cannot be told."""
        ...


class InFolder:
    """Looks for audio in one folder only: by relative path, file name, stem, and by the row's id."""

    def __init__(
        self,
        folder: Path,
        names: Sequence[str],
        bases: Sequence[Path] = (),
        *,
        ids: bool = True,
        listed_only: bool = False,
    ) -> None:
        """Index the files.

        Args:
            folder: The folder of outputs.
            names: Audio files in it, relative to it.
            bases: Folders that relative paths of rows may start from as well.
            ids: Whether a row's id may name its file.
            listed_only: Whether files that `names` lacks are passed over even where a row names them.
        """
        self.index = AudioIndex(names)
        self._folder = folder
        self._root = _absolute(folder)
        self._bases = [_absolute(base) for base in bases]
        self._ids = ids
        self._listed_only = listed_only

    def locate(self, row: Row) -> Place | Problem:
        """Return the place of the row's audio; a file that is not there gets a place in the folder."""
        ambiguous: Problem | None = None
        for written in (row.audio, row.id if self._ids else None):
            if written is None:
                continue
            match = self._match(written)
            if match.index is not None:
                name = self.index.names[match.index]
                return Place(self._folder / name, name, _without_suffix(name), found=True, index=match.index)
            if match.candidates and ambiguous is None:
                ambiguous = self._ambiguous(row, written, match.candidates)
            found = self._unlisted(written)
            if found is not None:
                return found
        if ambiguous is not None:
            return ambiguous
        written = row.audio or (row.id if self._ids else None)
        if written is None:
            return Problem(row.source, row.line, "no-audio", "the row names no audio file")
        inside = self._inside(written) or posixpath.basename(posixpath.normpath(written))
        return Place(self._folder / inside, written, _without_suffix(inside), found=False)

    def _match(self, written: str) -> Match:
        """Try every reading as an exact path before any of them as a name."""
        readings = self._readings(written)
        for reading in readings:
            index = self.index.exact(reading)
            if index is not None:
                return Match(index)
        undecided = Match()
        for reading in reversed(readings):
            match = self.index.match(reading)
            if match.index is not None:
                return match
            undecided = undecided if undecided.candidates else match
        return undecided

    def _readings(self, written: str) -> list[str]:
        """Return the ways to read a path: from this folder, from the manifest's, from the current one, Windows'."""
        readings = []
        for text in dict.fromkeys((written, written.replace("\\", "/"))):
            readings.append(text)
            joined = (posixpath.normpath(posixpath.join(base, text)) for base in self._bases)
            readings += [path[len(self._root) + 1 :] for path in joined if path.startswith(f"{self._root}/")]
        return list(dict.fromkeys(readings))

    def _inside(self, written: str) -> str | None:
        path = posixpath.normpath(written)
        outside = path == ".." or path.startswith(("/", "../")) or "\0" in path
        return None if outside else path

    def _unlisted(self, written: str) -> Place | None:
        """Find what the walk left out: a file with another suffix, a hidden one, a folder named like audio."""
        inside = self._inside(written)
        if self._listed_only or inside is None or inside == "." or not os.path.lexists(self._folder / inside):
            return None
        if not is_audio_name(inside) and (self._folder / inside).is_dir():
            return None
        return Place(self._folder / inside, inside, _without_suffix(inside), found=True)

    def _ambiguous(self, row: Row, written: str, candidates: Sequence[int]) -> Problem:
        names = [safe_line(self.index.names[index]) for index in candidates[:_MAX_CANDIDATES]]
        more = f" and {len(candidates) - len(names)} more" if len(candidates) > len(names) else ""
        message = (
            f"{shorten(safe_line(written), 80, middle=True)!r} could be {', '.join(names)}{more}; "
            "name it with its folder"
        )
        return Problem(row.source, row.line, "ambiguous", message)


class AsWritten:
    """Takes the paths of a manifest literally: absolute, or relative to its folder, else to the current one."""

    def __init__(self, base: Path) -> None:
        self._base = base
        self._root = _absolute(base)

    def locate(self, row: Row) -> Place | Problem:
        """Return the place that the row names; audio inside the manifest is never looked for elsewhere."""
        if row.embedded is not None:
            label = self._label(_inside(row))
            return Place(row.embedded.manifest, recorded_name(row), label, found=True, embedded=row.embedded)
        if row.audio is None:
            message = "the row names no audio file; give the folder of the audio as well"
            return Problem(row.source, row.line, "no-audio", message)
        path, found = as_written(self._base, row.audio)
        return Place(path, row.audio, self._label(row.audio), found=found)

    def _label(self, written: str) -> str:
        """Return the path inside the manifest's folder; elsewhere the stem and a hash of the path."""
        full = posixpath.normpath(posixpath.join(self._root, written))
        if full.startswith(f"{self._root}/"):
            return _without_suffix(full[len(self._root) + 1 :])
        digest = hashlib.blake2b(written.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
        return f"{_without_suffix(posixpath.basename(full))}-{digest}"


def recorded_name(row: Row) -> str:
    """Return the path of a row's audio as records have it; empty where the row names none."""
    if row.embedded is None:
        return row.audio or ""
    # As if the manifest were a folder, so that nobody takes a file of the same name for what was judged.
    return f"{row.source.rpartition('/')[2]}/{_inside(row)}"


def _inside(row: Row) -> str:
    return row.audio or f"row-{row.line}"


def as_written(base: Path, written: str) -> tuple[Path, bool]:
    """Return where a path of a manifest leads, and whether anything is there.

    Args:
        base: The manifest's folder, which relative paths start from; where nothing is there, from the current one.
        written: As the manifest has it; with backslashes it may be Windows'.
    """
    readings = [os.path.join(base, written), written]  # noqa: PTH118 - Path is slow a million times
    if "\\" in written:
        readings.append(os.path.join(base, written.replace("\\", "/")))  # noqa: PTH118 - as above
    existing = next((reading for reading in dict.fromkeys(readings) if _lexists(reading)), None)
    return Path(existing or readings[0]), existing is not None


def _lexists(path: str) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError:  # a NUL byte
        return False


def _absolute(path: Path) -> str:
    return os.path.abspath(path).replace(os.sep, "/").rstrip("/")  # noqa: PTH100 - links must stay as written


def _without_suffix(name: str) -> str:
    return posixpath.splitext(name)[0] if is_audio_name(name) else name
