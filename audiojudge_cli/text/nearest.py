"""A hint for misspelt names."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ` (did you mean 'x'?)` when one of `known` is close to `name`, else an empty string.

    >>> nearest("embeded", ["embedded", "omni"])
    " (did you mean 'embedded'?)"
    """
    from difflib import get_close_matches

    close = get_close_matches(name[:100], list(known), n=1, cutoff=0.6)
    return f" (did you mean {close[0]!r}?)" if close else ""
