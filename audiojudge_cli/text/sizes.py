"""Sizes as people write them."""

from __future__ import annotations

import re

_FORM = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,6})?)\s*([kmgt]?)(i?)b?", re.IGNORECASE)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}


def parse_size(text: str) -> int | None:
    """Return a size in bytes, None for a text that is none: `2GB` is 2 · 10⁹, `2GiB` 2 · 2³⁰, `4096` is bytes.

    >>> parse_size("2GB"), parse_size("1.5 MiB"), parse_size("much")
    (2000000000, 1572864, None)
    """
    found = _FORM.fullmatch(text.strip())
    if not found:
        return None
    number, prefix, binary = found.groups()
    base = 1024 if binary else 1000
    return int(float(number) * base ** _POWERS[prefix.lower()])
