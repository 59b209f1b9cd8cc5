"""A manifest that is still being written, as far as its lines are complete."""

from __future__ import annotations

import os
import tempfile
import weakref
from dataclasses import replace
from pathlib import Path

from audiojudge_cli.clips.manifest import Manifest, open_manifest
from audiojudge_cli.errors import InputError
from audiojudge_cli.text.terminal import shown

_CHUNK = 1 << 20


class CompleteLines:
    """Opens manifests for `find_clips`; what is written after the last line end is not there yet.

    A copy is read, so that the manifest may grow meanwhile; it is made anew only when the manifest has changed.
    """

    def __init__(self) -> None:
        self._known: dict[Path, tuple[tuple[int, int, int], Manifest]] = {}

    def __call__(self, source: Path | str) -> Manifest:
        """Return the manifest as it stands.

        Raises:
            InputError: If it is standard input, cannot be read, or has no complete line.
        """
        if str(source) == "-":
            raise InputError("standard input cannot be watched; name a file or a folder")
        path = Path(source)
        if path.exists() and not path.is_file():
            raise InputError(f"{shown(path)} is a pipe or device, which cannot be watched; name a file or a folder")
        manifest = open_manifest(path)
        if manifest.form in {"parquet", "json"}:  # written at one go, with an end of its own
            return manifest
        status = path.stat()
        state = (status.st_ino, status.st_size, status.st_mtime_ns)
        known = self._known.get(path)
        if known is None or known[0] != state:
            known = (state, _copied(manifest))
            self._known[path] = known
        return known[1]


def _copied(manifest: Manifest) -> Manifest:
    handle, name = tempfile.mkstemp(prefix="audiojudge-", suffix=".manifest")
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as copy, manifest.path.open("rb") as file:
            whole = end = 0
            while chunk := file.read(_CHUNK):
                copy.write(chunk)
                newline = chunk.rfind(b"\n")
                end = whole + newline + 1 if newline >= 0 else end
                whole += len(chunk)
            copy.truncate(end)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    if not end:
        path.unlink(missing_ok=True)
        raise InputError(f"{manifest.name} has no complete line yet")
    found = replace(manifest, path=path)
    weakref.finalize(found, path.unlink, missing_ok=True)
    return found
