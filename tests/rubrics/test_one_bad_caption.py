"""A caption that cannot be expanded is its own matter: those read together with it get their rubrics."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from audiojudge_cli.clips.row import Problem
from audiojudge_cli.errors import NotJudgedError
from audiojudge_cli.rubrics import english
from audiojudge_cli.rubrics.batch import Expanded, expand_file
from audiojudge_cli.rubrics.expander import Expander
from audiojudge_cli.rubrics.item import Rubric
from audiojudge_cli.rubrics.writer import RefusedError


def captions(path: Path, *texts: str) -> Path:
    path.write_text("".join(json.dumps({"caption": text}) + "\n" for text in texts), encoding="utf-8")
    return path


def test_rules(rules: Expander, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = english.question

    def fails(claim, basis):
        if "cow" in basis:
            raise RecursionError("too deep")
        return asked(claim, basis)

    monkeypatch.setattr(english, "question", fails)
    one, odd, two = expand_file(captions(tmp_path / "c.jsonl", "A dog barks.", "A cow moos.", "狗叫"), rules)
    assert isinstance(one, Expanded)
    assert isinstance(two, Expanded)
    assert isinstance(odd, Problem)
    assert (odd.kind, odd.line, odd.message) == ("rubric", 2, "RecursionError: too deep")
    assert one.rubric == rules.expand("A dog barks.")


class Failing:
    """Raises for one caption, alone and together."""

    name = fingerprint = "failing"

    def __init__(self, error: Exception) -> None:
        self.error = error

    def expand(self, caption: str, *, subset: str | None = None, language: str | None = None) -> Rubric:
        if caption == "odd":
            raise self.error
        return Rubric((), language or "en", subset or "sound")


class FailingTogether(Failing):
    def expand_many(self, captions: Sequence[tuple[str, str | None]], *, language: str | None = None) -> list[Rubric]:
        return [self.expand(caption, subset=subset, language=language) for caption, subset in captions]


@pytest.mark.parametrize("kind", [Failing, FailingTogether])
@pytest.mark.parametrize("error", [ValueError("odd"), RefusedError("too long")])
def test_the_rows_beside_it(kind: type[Failing], error: Exception, tmp_path: Path) -> None:
    found = list(expand_file(captions(tmp_path / "c.jsonl", "one", "odd", "two"), kind(error)))
    assert [isinstance(row, Problem) for row in found] == [False, True, False]
    assert str(error) in str(found[1])


@pytest.mark.parametrize("kind", [Failing, FailingTogether])
def test_what_ends_a_whole_run_ends_it(kind: type[Failing], tmp_path: Path) -> None:
    with pytest.raises(NotJudgedError, match="no weights"):
        list(expand_file(captions(tmp_path / "c.jsonl", "one", "odd"), kind(NotJudgedError("no weights"))))
