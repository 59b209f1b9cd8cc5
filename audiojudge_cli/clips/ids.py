"""Ids of clips: readable, safe as file names on every system, unique within a run, stable between runs."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_MAX_BYTES = 120
_CUT_BYTES = 100
_KEPT = "._-+=@"
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+=@-]*")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def safe_id(text: str) -> str:
    """Return `text` as an id: letters, digits and marks of any script, and `._-+=@`; folders joined by `__`.

    It is never empty, never begins with a dot or dash, is no reserved device name, holds no `~` unless it was cut,
    and takes at most 120 bytes in UTF-8: a longer one is cut and ends in `~` and a hash of the whole.

    >>> safe_id("speech/../dog bark #1")
    'speech__..__dog_bark__1'
    """
    folded = unicodedata.normalize("NFC", text).replace("\\", "/").strip("/").replace("/", "__")
    if not _PLAIN.fullmatch(folded):
        folded = "".join(char if _allowed(char) else "_" for char in folded)
        folded = re.sub(r"^[.-]+", "_", folded)
    folded = folded.rstrip(".") or "clip"
    if _RESERVED.fullmatch(folded):
        folded = f"_{folded}"
    raw = folded.encode()
    if len(raw) <= _MAX_BYTES:
        return folded
    return f"{raw[:_CUT_BYTES].decode('utf-8', 'ignore')}~{_hex(text)}"


def told_apart(base: str, digest: int) -> str:
    """Return an id for one of several clips that share `base`; `digest` is `row_digest` of its row."""
    return f"{base}~{digest:012x}"


def base_digest(base: str) -> int:
    """Return 64 bits that two ids share when a file system could confuse them (upper and lower case)."""
    return int.from_bytes(_blake(base.casefold(), 8), "big")


def row_digest(*parts: str) -> int:
    """Return 48 bits of what makes a row itself: its id, audio path, caption, rubric, transcript and reference."""
    return int.from_bytes(_blake("\0".join(f"{len(part)}:{part}" for part in parts), 6), "big")


def _hex(text: str) -> str:
    return _blake(text, 6).hex()


def _blake(text: str, size: int) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()


def _allowed(char: str) -> bool:
    return char.isalnum() or char in _KEPT or unicodedata.category(char).startswith("M")
