"""Hashing a file once: a marker beside it remembers which size and time of change were found whole."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from audiojudge_cli.text.atomic import write_text
from audiojudge_cli.text.jsonl import loads
from audiojudge_cli.weights.card import WeightFile


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of the file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def mark_verified(path: Path, entry: WeightFile) -> None:
    """Remember that the file at `path`, as it is now, has the hash of `entry`."""
    # In a read-only cache there is no marker: such files are hashed by every process instead.
    with suppress(OSError):
        write_text(_marker(path), json.dumps(_facts(path, entry)))


def is_verified(path: Path, entry: WeightFile) -> bool:
    """Return whether the file was found whole before and has not been touched since."""
    try:
        known = loads(_marker(path).read_text(encoding="utf-8"))
        return bool(known == _facts(path, entry))
    except (OSError, ValueError):
        return False


def _facts(path: Path, entry: WeightFile) -> dict[str, str | int]:
    stat = path.stat()
    return {"sha256": entry.sha256, "bytes": stat.st_size, "mtime_ns": stat.st_mtime_ns}


def _marker(path: Path) -> Path:
    return path.with_name(f".{path.name}.verified")
