"""Checks a rubric file: what a reviewer should look at before it judges anything."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from audiojudge_cli.errors import InputError
from audiojudge_cli.rubrics.dimensions import NAMES
from audiojudge_cli.rubrics.files import FiledRubric, parse_lines
from audiojudge_cli.rubrics.item import RubricItem
from audiojudge_cli.text.inputs import open_input
from audiojudge_cli.text.terminal import shown

_QUOTED = re.compile(r"[\"“‘「『][^\"”’」』]*[\"”’」』]")
_DOUBLE = re.compile(
    r"\b(?:is|are|does|do|can|was|were|has|have)\b.+\b(?:and|or)\s+(?:is|are|does|do|can|was|were|has|have)\b"
    r"|\?.+\?|并且是否|而且是否|以及是否|？.+？",
    re.IGNORECASE,
)
_PAIR = re.compile(r"\bsound (\w+) and (\w+)\?|是否既.+又.+|是否.+和.+都", re.IGNORECASE)
_REVERSED = re.compile(
    r"^(?:isn'?t|aren'?t|doesn'?t|don'?t|wasn'?t|is it false|is it wrong|does it fail)\b|是不是没|难道",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:no|not|without|never|free of|absent|absence|lacks?|avoid\w*|none|nobody|nothing)\b"
    r"|n't\b|没有|無|无|不|未|非|别",
    re.IGNORECASE,
)
_BASIS_DENIES = re.compile(
    r"^\W*(?:no|without|never|don'?t|do not|avoid|free of|nobody|none)\b|^\W*(?:没有|不要|无|没|别|避免)", re.IGNORECASE
)
_CLOSED = re.compile(
    r"^\W*(?:is|are|does|do|did|can|could|was|were|has|have|will|would|should)\b|是否|吗|有没有|是不是|能否|能不能",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at in a rubric file.

    Attributes:
        line: Line in the file, 1-based.
        item: Number of the item in its rubric, 1-based; 0 for the whole line.
        kind: `schema`, `duplicate`, `double-barrelled`, `negated-direction`, `basis`, `dimension`, `not-a-question`
            or `empty`.
        message: One sentence.
    """

    line: int
    item: int
    kind: str
    message: str


def check_file(path: Path) -> list[Finding]:
    """Return the findings of a rubric file, in order of their lines.

    Raises:
        InputError: If the file cannot be read.
    """
    try:
        with open_input(path) as lines:
            return list(check_lines(lines))
    except OSError as error:
        raise InputError(f"{shown(path)}: cannot read the rubric file: {error.strerror}") from error


def check_lines(lines: Iterable[str | bytes]) -> Iterator[Finding]:
    """Yield the findings of the lines of a rubric file."""
    ids: dict[str, int] = {}
    seen_any = False
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        seen_any = True
        try:
            filed = next(parse_lines([line], "line"))
        except InputError as error:
            yield Finding(number, 0, "schema", re.sub(r"^line:1(?:, )?:? ?", "", str(error)))
            continue
        if filed.id and filed.id in ids:
            yield Finding(number, 0, "duplicate", f"id {json.dumps(filed.id)} stands in line {ids[filed.id]} as well")
        ids.setdefault(filed.id, number)
        yield from _check_rubric(filed, number)
    if not seen_any:
        yield Finding(1, 0, "empty", "the file holds no rubric")


def _check_rubric(filed: FiledRubric, line: int) -> Iterator[Finding]:
    if not filed.rubric.items:
        yield Finding(line, 0, "empty", "the rubric has no items")
    seen: dict[str, int] = {}
    for number, item in enumerate(filed.rubric.items, 1):
        key = re.sub(r"\W+", " ", item.question.lower()).strip()
        if key in seen:
            yield Finding(line, number, "duplicate", f"asks the same as item {seen[key]}: {item.question}")
        seen.setdefault(key, number)
        for kind, message in _check_item(item, filed.caption):
            yield Finding(line, number, kind, message)


def _check_item(item: RubricItem, caption: str) -> Iterator[tuple[str, str]]:
    bare = _QUOTED.sub("“”", item.question)
    if not _CLOSED.search(bare):
        yield "not-a-question", f"cannot be answered by yes or no: {item.question}"
    if _DOUBLE.search(bare) or _PAIR.search(bare):
        yield "double-barrelled", f"asks about two things: {item.question}"
    denies = bool(_DENIES.search(bare))
    if _REVERSED.search(bare):
        yield "negated-direction", f"yes would not clearly mean a match: {item.question}"
    elif item.dimension != "content" and _BASIS_DENIES.search(item.basis) and not denies:
        yield "negated-direction", f"the basis “{item.basis}” denies something, the question does not: {item.question}"
    elif item.negated and not denies:
        yield "negated-direction", f"is marked negated, but the question denies nothing: {item.question}"
    if not item.basis:
        yield "basis", f"has no basis: {item.question}"
    elif caption and item.basis.lower() not in caption.lower():
        yield "basis", f"the basis “{item.basis}” is not in the caption"
    if item.dimension not in NAMES:
        yield "dimension", f"'{item.dimension}' is no known dimension"
