"""What a model said when it answered all items of a clip in one text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiojudge_cli.judges.omni.loose_json import BrokenError, Node, read_list

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_YES = frozenset({"yes", "true", "是"})
_NO = frozenset({"no", "false", "否"})
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Said:
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


def read_answers(text: str, count: int, yes: Collection[str] = (), no: Collection[str] = ()) -> list[Said]:
    """Return what a model's text says about each of `count` items, in order. Any text is fine.

    Entries belong to items by `id` (from 1), or by their order when none has one and there are as many as items. An
    item that no entry answers, or that entries answer differently, is not read.

    Args:
        text: As the model wrote it.
        count: Number of items.
        yes: Words for yes besides yes, true and 是.
        no: Words for no besides no, false and 否.
    """
    try:
        entries = read_list(text)
    except BrokenError as error:
        return [Said(None, reason=f"the model's answer is not the JSON asked for: {error}")] * count
    by_item: dict[int, list[Said]] = {}
    words = _YES | {word.lower() for word in yes}, _NO | {word.lower() for word in no}
    for place, entry in enumerate(entries):
        number = _number(entry, place, entries, count)
        if number is not None:
            by_item.setdefault(number, []).append(_said(entry, *words, text))
    return [_agreed(by_item.get(number, [])) for number in range(1, count + 1)]


def one_line(text: str) -> str:
    """Return a sentence of evidence: one line without control characters, cut at a word where it is long."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    if len(line) <= _LONGEST:
        return line
    return line[:_LONGEST].rsplit(" ", 1)[0].rstrip(" ,;:，；：") + " …"


def _number(entry: Node, place: int, entries: Sequence[Node], count: int) -> int | None:
    value = entry.value
    if isinstance(value, dict) and "id" in value:
        told = value["id"].value
        if isinstance(told, str) and re.fullmatch(r"\s*[0-9]{1,9}\s*", told):
            told = float(told)
        fits = isinstance(told, float) and told.is_integer() and 1 <= told <= count
        return int(told) if fits and isinstance(told, float) else None
    named = any(isinstance(each.value, dict) and "id" in each.value for each in entries)
    return None if named or len(entries) != count else place + 1


def _said(entry: Node, yes: Collection[str], no: Collection[str], text: str) -> Said:
    value = entry.value
    answer = value.get("answer") if isinstance(value, dict) else entry
    if answer is None:
        return Said(None, reason="the model's entry for this item has no answer")
    told = answer.value
    word = str(told).strip(" \t\r\n.。!！").lower() if isinstance(told, (str, bool)) else ""
    if word not in yes and word not in no:
        return Said(None, reason="the model's answer to this item is neither yes nor no")
    reason = value.get("evidence") if isinstance(value, dict) else None
    evidence = one_line(reason.value) if reason and isinstance(reason.value, str) else ""
    first = re.compile(r"[^\s\"'“‘]").search(text, answer.start)
    return Said(word in yes, evidence, first.start() if first else answer.start)


def _agreed(said: Sequence[Said]) -> Said:
    if not said:
        return Said(None, reason="the model gave no answer to this item")
    if len({each.yes for each in said}) > 1:
        return Said(None, reason="the model answered this item in two ways")
    return said[0]
