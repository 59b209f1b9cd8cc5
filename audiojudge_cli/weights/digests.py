"""The SHA-256 of large files, each hashed once: remembered in the cache by path, size and time of change."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from audiojudge_cli.text.atomic import write_text
from audiojudge_cli.text.jsonl import loads
from audiojudge_cli.weights.checks import sha256_of
from audiojudge_cli.weights.store import cache_root


def digest_of(path: Path) -> str:
    """Return the SHA-256 of the file's bytes, in hex.

    Unlike the markers of the cache's own files, what is remembered lies in the cache folder, never beside the file:
    checkpoint folders belong to the person or to the hub's client. An unwritable cache means hashing every time.

    Raises:
        OSError: If the file cannot be read.
    """
    real = path.resolve()
    stat = real.stat()
    facts = {"path": str(real), "bytes": stat.st_size, "mtime_ns": stat.st_mtime_ns}
    note = cache_root().with_name("digests") / f"{hashlib.sha256(str(real).encode()).hexdigest()[:32]}.json"
    with suppress(OSError, ValueError, TypeError, AttributeError):
        known = loads(note.read_text(encoding="utf-8"))
        found = known.pop("sha256")
        if known == facts and isinstance(found, str):
            return found
    digest = sha256_of(real)
    with suppress(OSError):
        note.parent.mkdir(parents=True, exist_ok=True)
        write_text(note, json.dumps({**facts, "sha256": digest}))
    return digest
