"""The sets of criteria that come along, and files of one's own."""

from __future__ import annotations

import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.scales.sets import load_set, scale_names


def test_the_sets_that_are_promised_are_there_and_each_dimension_names_both_ends():
    assert scale_names() == ("aes", "mos", "qualispeech", "speecheval")
    for name in scale_names():
        found = load_set(name)
        assert len({one.name for one in found}) == len(found)
        for one in found:
            assert one.scale.words(one.scale.low), (name, one.name)
            assert one.scale.words(one.scale.high), (name, one.name)


def test_a_file_of_ones_own(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("dimensions:\n  warmth: Rate the warmth from 1 (cold) to 7 (warm)\n")
    (found,) = load_set(str(path))
    assert (found.name, found.scale.high) == ("warmth", 7.0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[1, 2]", "dimensions"),
        ("dimensions: {}", "dimensions"),
        ("dimensions: {a b: Rate 1-5}", "dimensions.a b"),
        ("dimensions: {warmth: 3}", "dimensions.warmth"),
        ("dimensions: {warmth: Rate the warmth}", "dimensions.warmth"),
        ("dimensions: [", "YAML"),
        ("dimensions: !!python/object/apply:os.system [ls]", "YAML"),
        ("#" * 100_001, "bytes"),
    ],
)
def test_a_file_that_is_none_is_refused_by_name_and_key(tmp_path, text, told):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"mine\.yaml") as caught:
        load_set(str(path))
    assert told in str(caught.value)


def test_an_unknown_set_suggests_the_nearest():
    with pytest.raises(InputError, match="qualispeech"):
        load_set("qualispeach")
