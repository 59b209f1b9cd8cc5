from __future__ import annotations

import posixpath
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.clips.index import AudioIndex

NAMES = ["a/dog.wav", "a/x.flac", "b/dog.wav", "cat.mp3", "cat.wav", "deep/er/one.ogg", "v1.2.wav", "ça.wav"]
INDEX = AudioIndex(NAMES)


def found(written: str) -> str | list[str] | None:
    match = INDEX.match(written)
    if match.index is not None:
        return NAMES[match.index]
    return [NAMES[index] for index in match.candidates] or None


def test_relative_path_goes_first() -> None:
    assert found("a/dog.wav") == "a/dog.wav"
    assert found("./a//dog.wav") == "a/dog.wav"
    assert found("cat.wav") == "cat.wav"


def test_then_the_file_name() -> None:
    assert found("one.ogg") == "deep/er/one.ogg"
    assert found("/data/elsewhere/x.flac") == "a/x.flac"
    assert found("../../one.ogg") == "deep/er/one.ogg"


def test_then_the_stem() -> None:
    assert found("one") == "deep/er/one.ogg"
    assert found("x.wav") == "a/x.flac"
    assert found("v1.2") == "v1.2.wav"
    assert found("v1.2.mp3") == "v1.2.wav"


def test_folders_decide_between_equals() -> None:
    assert found("/data/b/dog.wav") == "b/dog.wav"
    assert found("b/dog.mp3") == "b/dog.wav"
    assert found("er/one.wav") == "deep/er/one.ogg"


def test_what_stays_undecided_is_said() -> None:
    assert found("dog.wav") == ["a/dog.wav", "b/dog.wav"]
    assert found("c/dog.wav") == ["a/dog.wav", "b/dog.wav"]
    assert found("cat") == ["cat.mp3", "cat.wav"]
    assert found("cat.flac") == ["cat.mp3", "cat.wav"]


def test_what_is_not_there() -> None:
    assert found("bird.wav") is None
    assert found("") is None
    assert found("a") is None
    assert found("..") is None


def test_the_same_folder_wins_over_deeper_ones() -> None:
    index = AudioIndex(["dog.wav", "more/dog.wav"])
    assert index.match("dog").index == 0
    assert index.match("more/dog").index == 1


def test_composed_and_decomposed_letters_are_equal() -> None:
    assert found(unicodedata.normalize("NFD", "ça.wav")) == "ça.wav"
    both = AudioIndex([unicodedata.normalize(form, "ça.wav") for form in ("NFC", "NFD")])
    assert both.match(unicodedata.normalize("NFC", "ça.wav")).index == 0
    assert both.match(unicodedata.normalize("NFD", "ça.wav")).index == 1


PATHS = st.lists(st.sampled_from(["a", "b", "dog", "cat"]), min_size=1, max_size=3).map("/".join).map("{}.wav".format)


@given(st.lists(PATHS, unique=True, max_size=12), PATHS)
def test_against_a_plain_search(names: list[str], written: str) -> None:
    match = AudioIndex(names).match(written)
    same_name = [i for i, name in enumerate(names) if posixpath.basename(name) == posixpath.basename(written)]
    if written in names:
        assert match.index == names.index(written)
    elif len(same_name) <= 1:
        assert ([match.index] if match.index is not None else []) == same_name
    elif match.index is None:
        assert list(match.candidates) == same_name
    else:
        assert match.index in same_name
