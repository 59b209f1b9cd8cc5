"""A digest of the code that answers rest on, so that nobody counts versions by hand."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

# Code, and the tables of words, classes and parameters that lie beside it.
_KINDS = frozenset({".py", ".yaml", ".json", ".npz"})

_DECODING = "containers decode in_memory levels mixdown mp3 resample sndfile speakers stream waveform"
DECODING = tuple(f"clips/{name}.py" for name in _DECODING.split())
"""How a file becomes the samples that judges hear."""

JUDGING = ("judges/base.py", "judges/faults.py", "results/verdict.py", "scales", *DECODING)
"""What the answers of every judge of this package rest on besides its own room."""


@cache
def code_digest(*places: str) -> str:
    """Return a digest of the files at these places: 16 hexadecimal digits.

    A comment changes it as well as a rule: what it costs is that kept answers are asked for anew, once.

    Args:
        places: Folders (with all folders in them) and files, relative to this package.

    Raises:
        FileNotFoundError: If nothing lies at one of them.
    """
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted({path for place in places for path in _files(package / place)}):
        # A checkout on Windows may end its lines otherwise.
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.relative_to(package).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _files(place: Path) -> list[Path]:
    found = [place] if place.is_file() else [path for path in place.rglob("*") if path.suffix in _KINDS]
    if not found:
        raise FileNotFoundError(f"{place}: no sources here that answers could rest on")
    return found
