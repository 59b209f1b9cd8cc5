from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.locate import InFolder
from audiojudge_cli.clips.paired import Pairing
from audiojudge_cli.clips.row import Problem, Row

NAMES = ["a.wav", "A.wav", "x/a.wav", "x__a.wav", "b.flac"]
AUDIO = st.sampled_from([*NAMES, "gone.wav", "x/a", "a"]) | st.none()
IDS = st.sampled_from(["a", "A", "x/a", "x__a", "a~1"]) | st.none()
ROWS = st.lists(
    st.builds(Row, st.just("m"), st.none(), AUDIO, st.sampled_from(["one", "two", ""]), id=IDS)
    | st.just(Problem("m", None, "ragged", "cells")),
    max_size=8,
)


def paired(rows: Sequence[Row | Problem], *, keep_missing: bool = True) -> Pairing:
    return Pairing(lambda: iter(rows), InFolder(Path("out"), NAMES), NAMES, keep_missing=keep_missing)


def by_content(pairing: Pairing) -> dict[tuple[str, str, object], str]:
    return {(clip.audio_name, clip.caption, clip.metadata.get("id", clip.id)): clip.id for clip in pairing.clips}


@given(ROWS)
def test_every_row_comes_out_once(rows: list[Row | Problem]) -> None:
    pairing = paired(rows)
    entries = list(pairing.entries())
    assert len(entries) == len(rows) == pairing.report.rows
    clips = [entry for entry in entries if isinstance(entry, Clip)]
    problems = [entry for entry in entries if isinstance(entry, Problem)]
    assert len(clips) == len(pairing.clips) == pairing.report.clips
    assert Counter(problem.kind for problem in problems) == pairing.report.problem_kinds
    assert list(pairing.clips) == clips
    names = {clip.audio_name for clip in clips}
    assert set(pairing.unused_audio()) == set(NAMES) - names
    assert pairing.report.unused == len(set(NAMES) - names)
    assert pairing.report.paired == sum(clip.audio_name in NAMES for clip in clips)


@given(ROWS)
def test_ids_are_unique_even_where_case_is_lost(rows: list[Row | Problem]) -> None:
    ids = [clip.id.casefold() for clip in paired(rows).clips]
    assert len(set(ids)) == len(ids)


@given(ROWS, st.randoms(use_true_random=False))
def test_ids_do_not_depend_on_the_order(rows: list[Row | Problem], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert by_content(paired(shuffled)) == by_content(paired(rows))


@given(ROWS)
def test_repeating_all_rows_changes_no_id(rows: list[Row | Problem]) -> None:
    assert by_content(paired([*rows, *rows])) == by_content(paired(rows))


def test_missing_audio_can_be_left_out() -> None:
    rows = [Row("m", 1, "gone.wav", "one"), Row("m", 2, "b.flac", "two")]
    assert [clip.audio_name for clip in paired(rows).clips] == ["gone.wav", "b.flac"]
    strict = paired(rows, keep_missing=False)
    assert [clip.audio_name for clip in strict.clips] == ["b.flac"]
    assert [(problem.line, problem.kind) for problem in strict.problems()] == [(1, "not-found")]


def test_clips_are_made_as_they_are_asked_for() -> None:
    given_out: list[int] = []

    def rows() -> Iterator[Row]:
        for line in range(100):
            given_out.append(line)
            yield Row("m", line, "b.flac", f"caption {line}")

    pairing = Pairing(rows, InFolder(Path("out"), NAMES), NAMES)
    given_out.clear()
    assert next(iter(pairing.clips)).line == 0
    assert given_out == [0]
