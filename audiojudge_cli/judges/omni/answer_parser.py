"""What a model said when it answered all items of a clip in one text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiojudge_cli.judges.omni.loose_json import BrokenError, Listed, Node, read_list

if TYPE_CHECKING:
    from collections.abc import Collection

_YES = frozenset({"yes", "true", "是"})
_NO = frozenset({"no", "false", "否"})
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class ParsedAnswer:
    """One item's answer.

    Attributes:
        yes: The answer; None when it cannot be read.
        evidence: One line, or empty.
        start: Index of the answer's first letter in the text; None when it cannot be read.
        reason: Why it cannot be read; empty when it can.
    """

    yes: bool | None
    evidence: str = ""
    start: int | None = None
    reason: str = ""


def parse_answers(text: str, count: int, yes: Collection[str] = (), no: Collection[str] = ()) -> list[ParsedAnswer]:
    """Return what a model's text says about each of `count` items, in order. Any text is fine.

    Entries belong to items by `id`, when the ids are exactly 0 … count-1 or exactly 1 … count, in any order; or by
    their order when none has an id and there are as many as items. Of a text that breaks off, the complete entries
    count, if their ids go up one by one from 0 or from 1. With any other numbering it would be a guess which answer
    belongs to which item, so none is read.

    Args:
        text: As the model wrote it.
        count: Number of items.
        yes: Words for yes besides yes, true and 是.
        no: Words for no besides no, false and 否.
    """
    try:
        listed = read_list(text)
    except BrokenError as error:
        return [ParsedAnswer(None, reason=f"the model's answer is not the JSON asked for: {error}")] * count
    numbers = _numbers(listed, count)
    if numbers is None:
        return [
            ParsedAnswer(None, reason=f"the model's answers are not numbered 1 to {count} (or 0 to {count - 1})")
        ] * count
    words = _YES | {word.lower() for word in yes}, _NO | {word.lower() for word in no}
    found = {number: _said(entry, *words, text) for number, entry in zip(numbers, listed.entries, strict=True)}
    return [
        found.get(number, ParsedAnswer(None, reason="the model gave no answer to this item")) for number in range(count)
    ]


def one_line(text: str) -> str:
    """Return a sentence of evidence: one line without control characters, cut at a word where it is long."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    if len(line) <= _LONGEST:
        return line
    return line[:_LONGEST].rsplit(" ", 1)[0].rstrip(" ,;:，；：") + " …"


def _numbers(listed: Listed, count: int) -> list[int] | None:
    """Return which item (from 0) each entry answers; None where that is not certain."""
    entries = listed.entries
    if not any(isinstance(entry.value, dict) and "id" in entry.value for entry in entries):
        return list(range(count)) if len(entries) == count else None
    ids = [_id(entry) for entry in entries]
    for first in (0, 1):
        expected = list(range(first, first + len(ids)))
        complete = len(ids) == count and set(ids) == set(expected)
        torn = len(ids) < count and not listed.whole and ids == expected
        if complete or torn:
            return [each - first for each in ids if each is not None]
    return None


def _id(entry: Node) -> int | None:
    """Return the whole number under `id`; None where there is none."""
    told = entry.value["id"].value if isinstance(entry.value, dict) and "id" in entry.value else None
    # Some models write numbers as texts; nine digits are more than any rubric has items.
    if isinstance(told, str) and re.fullmatch(r"\s*[0-9]{1,9}\s*", told):
        told = float(told)
    return int(told) if isinstance(told, float) and told.is_integer() else None


def _said(entry: Node, yes: Collection[str], no: Collection[str], text: str) -> ParsedAnswer:
    value = entry.value
    answer = value.get("answer") if isinstance(value, dict) else entry
    if answer is None:
        return ParsedAnswer(None, reason="the model's entry for this item has no answer")
    told = answer.value
    word = str(told).strip(" \t\r\n.。!！").lower() if isinstance(told, (str, bool)) else ""
    if word not in yes and word not in no:
        return ParsedAnswer(None, reason="the model's answer to this item is neither yes nor no")
    reason = value.get("evidence") if isinstance(value, dict) else None
    evidence = one_line(reason.value) if reason and isinstance(reason.value, str) else ""
    first = re.compile(r"[^\s\"'“‘]").search(text, answer.start)
    return ParsedAnswer(word in yes, evidence, first.start() if first else answer.start)
