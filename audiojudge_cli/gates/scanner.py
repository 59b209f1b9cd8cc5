"""A cursor over the text of one rule or filter."""

from __future__ import annotations

import re
from dataclasses import dataclass

from audiojudge_cli.errors import InputError
from audiojudge_cli.text.terminal import safe_line, shorten

MAX_CHARS = 1_000


@dataclass(frozen=True, slots=True)
class Grammar:
    """What kind of text is read.

    Attributes:
        name: As in messages: `gate rule`.
        example: One that is right.
        whole: What one of them is, told when something is left over.
        page: Where it is explained.
    """

    name: str
    example: str
    whole: str
    page: str


GATE_RULE = Grammar("gate rule", "'score.mean >= 0.80'", "one rule is one comparison", "docs/gates.md")


class Scanner:
    """Reads a rule from left to right.

    Args:
        text: The rule.
        grammar: What it is, for messages.

    Raises:
        InputError: If it is empty or longer than 1,000 characters.
    """

    def __init__(self, text: str, grammar: Grammar = GATE_RULE) -> None:
        self._text, self._at, self._grammar = text, 0, grammar
        if not text.strip():
            raise InputError(f"a {grammar.name} is empty; write one such as {grammar.example}")
        if len(text) > MAX_CHARS:
            raise InputError(f"a {grammar.name} has at most {MAX_CHARS:,} characters, this one has {len(text):,}")

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
            raise self.error(f"{shorten(safe_line(rest), 40)!r} is left over; {self._grammar.whole}")

    def error(self, problem: str) -> InputError:
        """Return an error about this rule."""
        text = shorten(safe_line(self._text.strip()), 120)
        return InputError(f"{self._grammar.name} {text!r}: {problem}; see {self._grammar.page}")
