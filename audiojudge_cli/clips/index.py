"""Find the audio file that a row means: by relative path, then by file name, then by stem."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from audiojudge_cli.clips.walk import is_audio_name


@dataclass(frozen=True, slots=True)
class Match:
    """What the index knows about a written path.

    Attributes:
        index: Position in the index, or None.
        candidates: Positions of the files it could mean, when there are several.
    """

    index: int | None = None
    candidates: tuple[int, ...] = ()


class AudioIndex:
    """Audio files by relative path, file name and stem.

    Only the paths are held, and 12 bytes per path and kind of key: a million files fit.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self._by_path = _Keys(names, _normal)
        self._by_name: _Keys | None = None
        self._by_stem: _Keys | None = None

    def exact(self, path: str) -> int | None:
        """Return the file with this very relative path."""
        path = posixpath.normpath(path)
        found = self._by_path.find(_normal(path))
        if len(found) > 1:  # the same name composed and decomposed side by side
            found = [index for index in found if self.names[index] == path]
        return found[0] if len(found) == 1 else None

    def match(self, written: str) -> Match:
        """Return the file that `written` means.

        Args:
            written: Relative path, file name, stem, or any path whose end says which file is meant.
        """
        path = posixpath.normpath(written)
        exact = self.exact(path)
        if exact is not None:
            return Match(exact)
        self._by_name = self._by_name or _Keys(self.names, _name)
        candidates = self._by_name.find(_name(path))
        if not candidates:
            self._by_stem = self._by_stem or _Keys(self.names, _stem)
            candidates = self._by_stem.find(_stem(path)) or self._by_stem.find(_name(path))
        return self._closest(path, candidates)

    def _closest(self, written: str, candidates: Sequence[int]) -> Match:
        """Tell candidates apart by their folders: the same one, else the most folders in common from the end."""
        if not candidates:
            return Match()
        wanted = _folders(written)
        scores = [_likeness(wanted, _folders(self.names[index])) for index in candidates]
        best = max(scores)
        winners = [index for index, score in zip(candidates, scores, strict=True) if score == best]
        return Match(winners[0]) if len(winners) == 1 else Match(candidates=tuple(candidates))


class _Keys:
    """Positions by key, as sorted hashes: a dict of strings would take ten times the memory."""

    def __init__(self, names: Sequence[str], key: Callable[[str], str]) -> None:
        hashes = np.fromiter((hash(key(name)) for name in names), dtype=np.int64, count=len(names))
        self._order = np.argsort(hashes, kind="stable").astype(np.int32)
        self._hashes = hashes[self._order]
        self._names = names
        self._key = key

    def find(self, key: str) -> list[int]:
        value = np.int64(hash(key))
        at = int(self._hashes.searchsorted(value))
        found = []
        while at < len(self._hashes) and self._hashes[at] == value:
            index = int(self._order[at])
            if self._key(self._names[index]) == key:
                found.append(index)
            at += 1
        return found


def _normal(name: str) -> str:
    """Return the composed form: macOS writes names decomposed, manifests rarely do."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def _name(path: str) -> str:
    return _normal(posixpath.basename(path))


def _stem(path: str) -> str:
    name = _name(path)
    return posixpath.splitext(name)[0] if is_audio_name(name) else name


def _folders(path: str) -> list[str]:
    return _normal(posixpath.dirname(path)).split("/")[::-1]


def _likeness(wanted: Sequence[str], folders: Sequence[str]) -> tuple[bool, int]:
    common = 0
    for left, right in zip(wanted, folders, strict=False):
        if left != right or not left:
            break
        common += 1
    return wanted == folders, common
