from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.errors import InputError
from audiojudge_cli.runs.clip_filter import parse_filter
from audiojudge_cli.runs.selection import Selection, choose
from audiojudge_cli.runs.shard import Shard


def make(count: int, *, skip: Sequence[int] = ()) -> list[Clip]:
    return [
        Clip(f"c{n}", Path(f"c{n}.wav"), f"c{n}.wav", "x", ("speech", None)[n % 2], metadata={"model": "ab"[n % 2]})
        for n in range(count)
        if n not in skip
    ]


def ids(clips: Iterable[Clip]) -> list[str]:
    return [clip.id for clip in clips]


def test_without_a_choice_the_clips_are_not_read():
    class Unread(list[Clip]):
        def __iter__(self):
            raise AssertionError("read")

    clips = choose(Unread(make(5)), Selection(limit=3)).clips
    assert len(clips) == 3


def test_filter_then_sample_then_limit_then_shard():
    clips = make(40)
    whole = Selection(parse_filter('model == "a"'), sample=10, limit=6)
    chosen = choose(clips, whole).clips
    assert (len(chosen), len(ids(chosen))) == (6, 6)
    assert all(int(name[1:]) % 2 == 0 for name in ids(chosen))
    assert ids(chosen) == sorted(ids(chosen), key=lambda name: int(name[1:]))
    parts = [choose(clips, Selection(whole.filter, 10, 0, 6, Shard(index, 3))) for index in (1, 2, 3)]
    assert all(ids(part.whole) == ids(chosen) for part in parts)
    assert sorted(name for part in parts for name in ids(part.clips)) == sorted(ids(chosen))


def test_the_subset_of_the_preset_is_filtered_too():
    clips = choose(make(4), Selection(parse_filter('subset == "music"')), "music").clips
    assert [(clip.id, clip.subset) for clip in clips] == [("c1", "music"), ("c3", "music")]


def test_a_sample_does_not_depend_on_order_and_changes_little_when_clips_come_or_go():
    clips = make(200)
    first = set(ids(choose(clips, Selection(sample=50)).clips))
    assert len(first) == 50
    assert set(ids(choose(clips[::-1], Selection(sample=50)).clips)) == first
    lost = min(first)
    fewer = set(ids(choose(make(200, skip=[int(lost[1:])]), Selection(sample=50)).clips))
    assert fewer >= first - {lost}
    assert first >= set(ids(choose(clips, Selection(sample=20)).clips))
    assert set(ids(choose(clips, Selection(sample=50, seed=1)).clips)) != first
    assert len(choose(clips, Selection(sample=500)).clips) == 200


@given(st.integers(1, 60), st.integers(1, 9), st.integers(1, 70), st.integers(0, 3))
def test_shards_part_any_selection_without_loss(count, shards, sample, seed):
    clips = make(count)
    whole = ids(choose(clips, Selection(sample=sample, seed=seed)).clips)
    assert len(whole) == min(sample, count)
    parts = [
        ids(choose(clips, Selection(sample=sample, seed=seed, shard=Shard(index, shards))).clips)
        for index in range(1, shards + 1)
    ]
    assert sorted(name for part in parts for name in part) == sorted(whole)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('modle == "a"', r"no clip has a column 'modle' \(did you mean 'meta.model'\?\); known columns: id, audio, "),
        ('meta.subset == "a"', "no clip has a column 'subset'.*known columns: .*, meta.model"),
        ('model == "c"', "no clip of 6 matches"),
    ],
)
def test_a_filter_about_nothing_is_a_mistake(text, message):
    with pytest.raises(InputError, match=message):
        choose(make(6), Selection(parse_filter(text)))
