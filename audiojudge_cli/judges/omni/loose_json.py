"""JSON as models write it: read strictly, forgiving only what can be meant in one way."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

_INK = re.compile(r"\S")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_WORD = re.compile(r"[A-Za-z]+|[是否]")
_WORDS = {"true": True, "false": False, "null": None, "none": None}
_QUOTES = {"'": "'", "“": "”", "‘": "’"}
_FENCE = re.compile(r"```[a-zA-Z]*\s(.*?)(?:```|\Z)", re.DOTALL)
_DEEPEST = 16
_DECODER = json.JSONDecoder(strict=False)


class BrokenError(ValueError):
    """The text is not JSON, and it is not clear what was meant."""


class TornError(BrokenError):
    """The text ends in the middle of a value."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it begins in the text.

    Attributes:
        value: None, bool, float, str, a list of nodes, or a mapping from names to nodes.
        start: Index of its first character, the quote of a text included.
    """

    value: bool | float | str | list[Node] | dict[str, Node] | None
    start: int


@dataclass(frozen=True, slots=True)
class Listed:
    """The list in a model's answer.

    Attributes:
        entries: In order.
        whole: Whether it was read to its last bracket; False where the text breaks off before it.
    """

    entries: list[Node]
    whole: bool


def read_list(text: str) -> Listed:
    """Return the one list in a model's answer.

    Forgiven are a code fence, sentences around the list that hold no bracket, a list that is the only value of an
    object or that lacks its last bracket, a comma before a closing bracket, quotes of another kind, and bare words.
    Of a list that breaks off, the entries before the break are returned.

    Raises:
        BrokenError: If there is no list, or it cannot be read.
    """
    start, end = _place(text)
    reader = _Reader(text[:end])
    try:
        found = reader.value(start, 0)
    except TornError:
        if text[start] == "[":
            return Listed(reader.complete, whole=False)
        raise
    outside = text[reader.at : end]
    if re.search(r"[\[\]{}]", outside):
        raise BrokenError("there is more than one list")
    value = found.value
    if isinstance(value, dict) and len(value) == 1:
        value = next(iter(value.values())).value
    if not isinstance(value, list):
        raise BrokenError("there is no list")
    return Listed(value, whole=True)


def _place(text: str) -> tuple[int, int]:
    """Return where the list begins, and where the text ends that can belong to it."""
    fences = list(_FENCE.finditer(text))
    if len(fences) > 1:
        raise BrokenError("there is more than one code block")
    start, end = fences[0].span(1) if fences else (0, len(text))
    opening = re.compile(r"[\[{]").search(text, start, end)
    if opening is None:
        raise BrokenError("there is no list")
    return opening.start(), end


class _Reader:
    """Reads one value. `complete` holds the entries of the outermost list that were read to their end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.at = 0
        self.complete: list[Node] = []

    def value(self, start: int, depth: int) -> Node:
        if depth > _DEEPEST:
            raise BrokenError("it is nested too deeply")
        self.at = start
        char = self._next()
        start = self.at
        if char == "[":
            return Node(self._list(depth), start)
        if char == "{":
            return Node(self._object(depth), start)
        if char == '"' or char in _QUOTES:
            return Node(self._string(char), start)
        return Node(self._bare(), start)

    def _next(self) -> str:
        """Skip white space and return the character there."""
        if found := _INK.search(self._text, self.at):
            self.at = found.start()
            return found.group()
        raise TornError("it breaks off")

    def _list(self, depth: int) -> list[Node]:
        entries = self.complete if depth == 0 else []
        self.at += 1
        while self._next() != "]":
            entries.append(self.value(self.at, depth + 1))
            self._comma("]")
        self.at += 1
        return entries

    def _object(self, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        self.at += 1
        while (char := self._next()) != "}":
            if char != '"' and char not in _QUOTES:
                raise BrokenError(f"a name was expected at character {self.at}")
            name = self._string(char)
            if name in entries:
                raise BrokenError(f"{name[:40]!r} is there twice in one object")
            if self._next() not in ":：":
                raise BrokenError(f"a colon was expected at character {self.at}")
            entries[name] = self.value(self.at + 1, depth + 1)
            self._comma("}")
        self.at += 1
        return entries

    def _comma(self, closing: str) -> None:
        char = self._next()
        if char in ",，":
            self.at += 1
        elif char != closing:
            raise BrokenError(f"a comma or {closing} was expected at character {self.at}")

    def _string(self, quote: str) -> str:
        if quote == '"':
            try:
                text, self.at = _DECODER.raw_decode(self._text, self.at)
            except json.JSONDecodeError as error:
                kind = TornError if error.msg.startswith("Unterminated") else BrokenError
                raise kind(f"a text cannot be read at character {self.at}") from error
            return str(text)
        # An apostrophe inside a text is not its end: that is followed by a comma, a colon or a bracket.
        ending = re.compile(re.escape(_QUOTES[quote]) + r"(?=\s*(?:[,，:：}\]]|\Z))").search(self._text, self.at + 1)
        if ending is None:
            raise TornError("a text breaks off")
        text = self._text[self.at + 1 : ending.start()]
        self.at = ending.end()
        return text

    def _bare(self) -> bool | float | str | None:
        if number := _NUMBER.match(self._text, self.at):
            self.at = number.end()
            return float(number.group())
        if word := _WORD.match(self._text, self.at):
            self.at = word.end()
            return _WORDS.get(word.group().lower(), word.group())
        raise BrokenError(f"no value begins at character {self.at}")
