"""What a judge that hears two clips together said of each couple: `couples.jsonl` of a run folder.

A couple is known by what was heard: the bytes of both files, the words, and how the judge was asked. So a line stands
whatever the pairs are called, and however often the two meet.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audiojudge_cli.comparing.pair import Key
from audiojudge_cli.results.record import Failure, JudgeRef
from audiojudge_cli.text.jsonl import loads

COUPLES = "couples.jsonl"
ASIDE = "couples.aside.jsonl"
SCHEMA = "audiojudge.couple/1"

_REASON_CHARS = 400
"""Of a rationale in `reason`: a cell that a table still shows. The line in `couples.jsonl` has all of it."""
_MOST_CHARS = 20_000
"""Of a rationale: 1,024 tokens are hardly ever more than 8,000 characters."""


@dataclass(frozen=True, slots=True)
class HeardBy:
    """Who hears couples, and how.

    Attributes:
        judge: The judge; its fingerprint covers votes, seed and prompts as well.
        votes: Opinions for each couple.
        seed: Of what is drawn by chance.
    """

    judge: JudgeRef
    votes: int
    seed: int


@dataclass(frozen=True, slots=True)
class Couple:
    """Two clips that are heard together.

    Attributes:
        key: What tells it from all others.
        a: One side.
        b: The other side.
        words: What both were to say, or to be; empty where nobody knows.
        sha256: Of the files of both sides.
    """

    key: str
    a: Key
    b: Key
    words: str
    sha256: tuple[str, str]


def couple_of(a: Key, b: Key, sha256: tuple[str | None, str | None], heard_by: HeardBy) -> Couple | None:
    """Return two clips as a couple; None where one was not read, or both are the same file."""
    first, second = sha256
    if first is None or second is None or first == second:
        return None
    _, caption, transcript = a
    words = transcript or caption
    named = json.dumps([first, second, words, heard_by.judge.fingerprint])
    return Couple(hashlib.sha256(named.encode()).hexdigest()[:32], a, b, words, (first, second))


@dataclass(frozen=True, slots=True)
class Opinion:
    """What came of one couple.

    Attributes:
        score_a: Of the first; None where it failed.
        score_b: Of the second.
        reason: One sentence; empty where it failed.
        bias: What coming first is worth, in points; None where the judge does not say.
        contradicted: Whether the orders preferred different clips.
        rationale: What the judge wrote.
        error: Why it failed, or None.

    Raises:
        ValueError: If it has neither two finite scores nor a failure, or both.
    """

    score_a: float | None = None
    score_b: float | None = None
    reason: str = ""
    bias: float | None = None
    contradicted: bool = False
    rationale: str = ""
    error: Failure | None = None

    def __post_init__(self) -> None:
        numbers = [value for value in (self.score_a, self.score_b, self.bias) if value is not None]
        scored = self.score_a is not None and self.score_b is not None
        if scored != (self.error is None) or not all(map(math.isfinite, numbers)):
            raise ValueError("a couple has two finite scores, or it failed")

    def told(self) -> str:
        """Return reason and rationale in one line of bounded length, without anything that steers a terminal."""
        said = " ".join("".join(char if char.isprintable() else " " for char in self.rationale).split())
        if len(said) > _REASON_CHARS:
            said = said[:_REASON_CHARS].rsplit(" ", 1)[0] + " …"
        reason = " ".join("".join(char if char.isprintable() else " " for char in self.reason).split())
        return f"{reason} “{said}”" if said else reason


def line_of(couple: Couple, found: Opinion, heard_by: HeardBy) -> dict[str, Any]:
    """Return the line of a couple; docs/compare.md documents every field."""
    return {
        "schema": SCHEMA,
        "key": couple.key,
        "judge": {"name": heard_by.judge.name, "fingerprint": heard_by.judge.fingerprint},
        "votes": heard_by.votes,
        "seed": heard_by.seed,
        "audio_a": couple.a[0],
        "audio_b": couple.b[0],
        "words": couple.words,
        "score_a": found.score_a,
        "score_b": found.score_b,
        "bias": found.bias,
        "contradicted": found.contradicted,
        "reason": found.reason,
        "rationale": found.rationale[:_MOST_CHARS],
        "error": None if found.error is None else {"kind": found.error.kind, "message": found.error.message},
    }


def opinion_of(line: Mapping[str, Any]) -> Opinion:
    """Return what a line says.

    Raises:
        LookupError: If it is none of ours.
        TypeError: Likewise.
        ValueError: Likewise.
    """
    error = line["error"]
    scores = [None if line[name] is None else float(line[name]) for name in ("score_a", "score_b", "bias")]
    failure = None if error is None else Failure(str(error["kind"]), str(error["message"]))
    reason, rationale = str(line["reason"]), str(line["rationale"])
    return Opinion(scores[0], scores[1], reason, scores[2], bool(line["contradicted"]), rationale, failure)


def read_lines(path: Path) -> Iterator[tuple[str, bytes, Opinion]]:
    """Yield key, line and opinion of every couple of a file, in order; what is torn or no couple is passed over."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        for line in file:
            try:
                row = loads(line)
                if line.endswith(b"\n") and row["schema"] == SCHEMA:
                    yield str(row["key"]), line, opinion_of(row)
            except (ArithmeticError, LookupError, TypeError, ValueError):
                continue


def read_opinions(folder: Path) -> dict[str, Opinion]:
    """Return what is known of couples in a run folder, by their keys; later lines replace earlier ones."""
    return {key: found for key, _, found in read_lines(folder / COUPLES)}


def read_rationales(folder: Path) -> dict[tuple[str, str], str]:
    """Return what the judge wrote about couples in a run folder, by their audio."""
    told = ((loads(line), found) for _, line, found in read_lines(folder / COUPLES))
    return {(str(row["audio_a"]), str(row["audio_b"])): found.rationale for row, found in told}


def last_judge(folder: Path) -> JudgeRef | None:
    """Return the judge of the first couple in a run folder; None where there is none."""
    path = folder / COUPLES
    for _, line, _ in read_lines(path):
        found = loads(line)["judge"]
        return JudgeRef(str(found["name"]), str(found["fingerprint"]))
    return None
