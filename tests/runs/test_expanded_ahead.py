"""A run expands the captions of its clips many at a time, and gives the rubrics that one by one would give."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.errors import NotJudgedError
from audiojudge_cli.rubrics.expander import TOGETHER
from audiojudge_cli.rubrics.item import Rubric, RubricItem
from audiojudge_cli.runs.rubric_source import RubricSource


class Counting:
    """Writes down what it expands together and what alone; a caption with "odd" raises."""

    name = fingerprint = "counting"

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error or ValueError("odd")
        self.together: list[list[str]] = []
        self.alone: list[str] = []

    def expand(self, caption: str, *, subset: str | None = None, language: str | None = None) -> Rubric:
        self.alone.append(caption)
        return self._made(caption, subset, language)

    def expand_many(self, captions: Sequence[tuple[str, str | None]], *, language: str | None = None) -> list[Rubric]:
        self.together.append([caption for caption, _ in captions])
        return [self._made(caption, subset, language) for caption, subset in captions]

    def _made(self, caption: str, subset: str | None, language: str | None) -> Rubric:
        if "odd" in caption:
            raise self.error
        return Rubric((RubricItem("other", caption, ""),), language or "en", subset or "sound")


def clips(*captions: str, **fields: object) -> list[Clip]:
    return [Clip(str(n), Path("a.wav"), "a.wav", text, **fields) for n, text in enumerate(captions)]  # type: ignore[arg-type]


def test_every_caption_once_and_none_alone() -> None:
    expander = Counting()
    source = RubricSource(expander)
    given = clips(*(str(n % (TOGETHER + 7)) for n in range(3 * TOGETHER)))
    for clip in source.ahead(given, most_chars=100):
        assert source.rubric(clip)[0].items[0].question == clip.caption
    assert sorted(caption for chunk in expander.together for caption in chunk) == sorted(
        {clip.caption for clip in given}
    )
    assert expander.alone == []


def test_what_is_not_for_the_expander_is_not_expanded() -> None:
    expander = Counting()
    given = [*clips("a" * 101, "  "), *clips("own", rubric=({"question": "Own?"},))]
    assert list(RubricSource(expander).ahead(given, most_chars=100)) == given
    assert expander.together == []


def test_a_caption_that_raises_does_so_for_its_own_clip() -> None:
    source = RubricSource(Counting())
    one, odd, two = source.ahead(clips("one", "odd", "two"), most_chars=100)
    assert [source.rubric(clip)[0].items[0].question for clip in (one, two)] == ["one", "two"]
    with pytest.raises(ValueError, match="odd"):
        source.rubric(odd)


def test_what_ends_a_whole_run_ends_it() -> None:
    with pytest.raises(NotJudgedError, match="no weights"):
        list(RubricSource(Counting(NotJudgedError("no weights"))).ahead(clips("one", "odd"), most_chars=100))
