"""`--filter`: which clips, by what their rows say. Parsed by hand: no code is ever evaluated.

filter     = both {"or" both}
both       = one {"and" one}
one        = ["not"] ("(" filter ")" | condition)
condition  = column ("==" | "!=" | ">=" | "<=" | ">" | "<" | "contains") value | column "in" "(" value {"," value} ")"
column     = "id" | "audio" | "caption" | "transcript" | "subset" | "language" | ["meta."] name
value      = quoted text | number | "true" | "false" | "null"
"""

from __future__ import annotations

import json
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.gates.scanner import Grammar, Scanner

FIELDS = ("id", "audio", "caption", "transcript", "subset", "language")
Value = str | float | bool | None
Holds = Callable[[Clip], bool]

_GRAMMAR = Grammar(
    "filter", "'subset == \"speech\"'", "conditions are joined by `and` and `or`", "docs/runs.md#which-clips"
)
_MAX_DEPTH = 50
_WORD = re.compile(r"[^\W\d][\w-]*")
_DOT, _OPEN, _CLOSE, _COMMA = (re.compile(re.escape(sign)) for sign in ".(),")
_AND, _OR, _NOT, _IN, _CONTAINS = (re.compile(rf"{word}\b") for word in ("and", "or", "not", "in", "contains"))
_OPERATOR = re.compile(r"==|!=|>=|<=|>|<")
_DOUBLE = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_SINGLE = re.compile(r"'[^'\x00-\x1f]*'")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,3})?(?![\w.])")
_CONSTANT = re.compile(r"(?:true|false|null)\b")
_CONSTANTS: Mapping[str, Value] = MappingProxyType({"true": True, "false": False, "null": None})
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
)


@dataclass(frozen=True, slots=True, order=True)
class Column:
    """A column that a filter names.

    Attributes:
        name: Without `meta.`.
        is_field: Whether it is one of `FIELDS`, and not a metadata column.
    """

    name: str
    is_field: bool

    @property
    def text(self) -> str:
        """As it can be written in a filter."""
        if self.is_field:
            return self.name
        return f"meta.{self.name}" if _WORD.fullmatch(self.name) else f"meta.{json.dumps(self.name)}"

    def of(self, clip: Clip) -> Any:  # noqa: ANN401 - any JSON value
        """Return its value for a clip, None when the row has none."""
        if not self.is_field:
            return clip.metadata.get(self.name)
        return clip.audio_name if self.name == "audio" else getattr(clip, self.name)


@dataclass(frozen=True, slots=True)
class ClipFilter:
    """A parsed filter.

    Attributes:
        text: As written.
        columns: What it asks about.
        holds: Whether a clip is wanted.
    """

    text: str
    columns: frozenset[Column]
    holds: Holds


def parse_filter(text: str) -> ClipFilter:
    """Return the filter that `text` states.

    Raises:
        InputError: If it cannot be read; says where.
    """
    parser = _Parser(Scanner(text, _GRAMMAR))
    holds = parser.either()
    parser.scanner.end()
    return ClipFilter(text, frozenset(parser.columns), holds)


class _Parser:
    """Reads by recursive descent; every part becomes a function of the clip."""

    def __init__(self, scanner: Scanner) -> None:
        self.scanner = scanner
        self.columns: set[Column] = set()
        self._depth = 0

    def either(self) -> Holds:
        parts = [self._both()]
        while self.scanner.take(_OR):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else lambda clip: any(part(clip) for part in parts)

    def _both(self) -> Holds:
        parts = [self._one()]
        while self.scanner.take(_AND):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else lambda clip: all(part(clip) for part in parts)

    def _one(self) -> Holds:
        denied = False
        while self.scanner.take(_NOT):
            denied = not denied
        holds = self._grouped() if self.scanner.take(_OPEN) else self._condition()
        return (lambda clip: not holds(clip)) if denied else holds

    def _grouped(self) -> Holds:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise self.scanner.error(f"parentheses go at most {_MAX_DEPTH} deep")
        holds = self.either()
        self.scanner.need(_CLOSE, ")")
        self._depth -= 1
        return holds

    def _condition(self) -> Holds:
        column = self._column()
        self.columns.add(column)
        if self.scanner.take(_IN):
            values = self._values()
            return lambda clip: any(_equal(column.of(clip), value) for value in values)
        if self.scanner.take(_CONTAINS):
            part = self._text("a quoted text")
            return lambda clip: part in _as_text(column.of(clip))
        sign = self.scanner.need(_OPERATOR, "a comparison (==, !=, >=, <=, >, <, in or contains)")
        value = self._value()
        if sign in {"==", "!="}:
            wanted = sign == "=="
            return lambda clip: _equal(column.of(clip), value) is wanted
        if value is None or isinstance(value, bool):
            raise self.scanner.error(f"{sign} compares numbers or texts")
        compare = _COMPARISONS[sign]
        return lambda clip: _ordered(column.of(clip), value, compare)

    def _column(self) -> Column:
        name = self.scanner.need(_WORD, f"a column ({', '.join(FIELDS)} or meta.NAME)")
        if name != "meta" or not self.scanner.take(_DOT):
            return Column(name, name in FIELDS)
        quoted = self._quoted()
        return Column(self.scanner.need(_WORD, "the name of a column") if quoted is None else quoted, is_field=False)

    def _values(self) -> list[Value]:
        self.scanner.need(_OPEN, "( after in")
        values = [self._value()]
        while self.scanner.take(_COMMA):
            values.append(self._value())
        self.scanner.need(_CLOSE, ")")
        return values

    def _value(self) -> Value:
        if (constant := self.scanner.take(_CONSTANT)) is not None:
            return _CONSTANTS[constant]
        if (number := self.scanner.take(_NUMBER)) is not None:
            return float(number)
        return self._text('a value ("text", a number, true, false or null)')

    def _text(self, wanted: str) -> str:
        quoted = self._quoted()
        if quoted is None:
            self.scanner.need(re.compile(r"(?!)"), wanted)
        return quoted or ""

    def _quoted(self) -> str | None:
        if (quoted := self.scanner.take(_DOUBLE)) is not None:
            try:
                return str(json.loads(quoted))
            except ValueError as error:
                raise self.scanner.error(f"{quoted} is not a quoted text") from error
        single = self.scanner.take(_SINGLE)
        return None if single is None else single[1:-1]


def _equal(found: object, value: Value) -> bool:
    if value is None:
        return found is None
    if found is None:
        return False
    if isinstance(value, bool):
        return found is value or _as_text(found).lower() == str(value).lower()
    if isinstance(value, float):
        return _as_number(found) == value
    return _as_text(found) == value


def _ordered(found: object, value: float | str, compare: Callable[[Any, Any], bool]) -> bool:
    if found is None:
        return False
    if isinstance(value, str):
        return compare(_as_text(found), value)
    number = _as_number(found)
    return number is not None and compare(number, value)


def _as_number(found: object) -> float | None:
    """Return a number; a CSV knows only texts, so one that reads as a number counts as one."""
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        return None
    try:
        number = float(found)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _as_text(found: object) -> str:
    if found is None:
        return ""
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False, default=str)
