from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.errors import InputError
from audiojudge_cli.runs.shard import Shard, stable_hash


@pytest.mark.parametrize("text", ["1/4", " 4/4 ", "65535/65535"])
def test_what_is_written_is_read(text):
    assert str(Shard.parse(text)) == text.strip()


@pytest.mark.parametrize("text", ["", "0/4", "5/4", "1", "1/0", "-1/4", "1/4/4", "1.0/4", "a/b", "1/65536", "１/4"])
def test_other_texts_are_mistakes(text):
    with pytest.raises(InputError, match="--shard is i/n"):
        Shard.parse(text)


@given(st.text(max_size=20), st.integers(1, 40))
def test_every_clip_belongs_to_exactly_one_shard(clip_id, count):
    assert sum(Shard(index, count).holds(clip_id) for index in range(1, count + 1)) == 1


def test_shards_are_of_about_one_size():
    sizes = [sum(Shard(index, 4).holds(f"clip{number}") for number in range(4000)) for index in (1, 2, 3, 4)]
    assert sum(sizes) == 4000
    assert min(sizes) > 900


def test_the_hash_is_the_same_on_every_machine():
    assert stable_hash("shard", "dog") == 15434743756162799057
    assert stable_hash("sample 0", "dog") == 5840617981412441739
    assert stable_hash("shard", "d\udc80") == 17812760831840255626
