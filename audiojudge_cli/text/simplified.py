"""Chinese in simplified characters: a recogniser writes either, and neither sounds different."""

from __future__ import annotations

from functools import cache
from importlib import resources


def simplified(text: str) -> str:
    """Return Chinese in simplified characters; single ones, in whatever words."""
    return text if text.isascii() else text.translate(_simplified())


@cache
def _simplified() -> dict[int, str]:
    """Return traditional to simplified characters (data of OpenCC, Apache-2.0), read once."""
    text = resources.files(__package__).joinpath("traditional.txt").read_text(encoding="utf-8")
    return {ord(one): other for one, other in zip(*text.split(), strict=True)}
