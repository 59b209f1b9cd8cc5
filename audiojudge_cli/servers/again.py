"""When a request is worth another attempt, after how long, and what to do where it is not."""

from __future__ import annotations

import email.utils
from datetime import UTC, datetime

AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
"""Status codes of a server that is overloaded, starting or broken for the moment."""

OVERLOADED = frozenset({429, 503})
"""Those that ask for fewer requests."""

THIS_ONE = frozenset({400, 413, 422})
"""What a server says about one request (too long, not acceptable), not about all."""

LONGEST_WAIT_S = 60.0


def retry_after(header: str | None, attempt: int) -> float:
    """Return how long to wait before the next attempt: as the server says (seconds or a date), else 0.5, 1, 2, 4 s.

    Args:
        header: `Retry-After`, if there was one; more than a minute counts as a minute.
        attempt: Attempts so far, less one.
    """
    wait = _seconds(header) if header else None
    if wait is None:
        wait = 0.5 * 2.0**attempt
    return min(max(wait, 0.0), LONGEST_WAIT_S)


def remedy(status: int) -> str:
    """Return what to do about a status that refuses everybody, to be put behind its message; empty: nobody knows."""
    if status in {401, 403}:
        return "; set AUDIOJUDGE_API_KEY to a key that it takes"
    if 300 <= status < 400:
        return "; redirects are not followed, they could carry the key elsewhere: give the address behind it"
    return "; is the base URL right (http://host:8000/v1), and the name of the model?" if status == 404 else ""


def _seconds(header: str) -> float | None:
    if header.strip().isdecimal():
        return float(header[:9])
    try:
        return (email.utils.parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return None
