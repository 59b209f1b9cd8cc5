"""A cursor over the text of one rule."""

from __future__ import annotations

import re

from audiojudge_cli.errors import InputError
from audiojudge_cli.text.terminal import safe_line, shorten

MAX_CHARS = 1_000


class Scanner:
    """Reads a rule from left to right.

    Args:
        text: The rule.

    Raises:
        InputError: If it is empty or longer than 1,000 characters.
    """

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        if not text.strip():
            raise InputError("a gate rule is empty; write one such as 'score.mean >= 0.80'")
        if len(text) > MAX_CHARS:
            raise InputError(f"a gate rule has at most {MAX_CHARS:,} characters, this one has {len(text):,}")

    def take(self, pattern: re.Pattern[str]) -> str | None:
        """Return what matches here after blanks and step over it; None, without stepping, when nothing does."""
        at = self._at
        while at < len(self._text) and self._text[at] in " \t\n\r":
            at += 1
        found = pattern.match(self._text, at)
        if found is None or not found.group():
            return None
        self._at = found.end()
        return found.group()

    def need(self, pattern: re.Pattern[str], wanted: str) -> str:
        """Return what matches here, or fail naming what was wanted."""
        found = self.take(pattern)
        if found is None:
            rest = shorten(safe_line(self._text[self._at :].strip()), 40)
            raise self.error(f"{wanted} is missing " + (f"before {rest!r}" if rest else "at the end"))
        return found

    def end(self) -> None:
        """Fail unless everything was read."""
        rest = self._text[self._at :].strip()
        if rest:
            raise self.error(f"{shorten(safe_line(rest), 40)!r} is left over; one rule is one comparison")

    def error(self, problem: str) -> InputError:
        """Return an error about this rule."""
        return InputError(f"gate rule {shorten(safe_line(self._text.strip()), 120)!r}: {problem}; see docs/gates.md")
