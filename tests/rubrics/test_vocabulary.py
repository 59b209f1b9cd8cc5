from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.errors import InputError
from audiojudge_cli.rubrics import vocabulary


@pytest.mark.parametrize("dimension", vocabulary.dimensions())
def test_word_lists_are_plain_yaml(dimension: str) -> None:
    path = Path(vocabulary.__file__).parent / "words" / f"{dimension}.yaml"
    values = yaml.safe_load(path.read_text(encoding="utf-8"))["values"]
    read = vocabulary.table(dimension)
    assert list(read) == list(values)
    for value, (english, chinese) in read.items():
        assert list(english) == values[value]["en"]
        assert list(chinese) == values[value]["zh"]


def test_unknown_dimension_is_named() -> None:
    with pytest.raises(InputError, match="no word list for the dimension 'colour'"):
        vocabulary.table("colour")


@pytest.mark.parametrize(
    ("text", "dimension", "value"),
    [
        ("A dog barks twice.", "event", "dog_bark"),
        ("dogs barking", "event", "dog_bark"),
        ("two acoustic guitars", "instrument", "acoustic_guitar"),
        ("an acoustic-guitar", "instrument", "acoustic_guitar"),
        ("she speaks very fast", "rate", "very_fast"),
        ("whispering slowly", "rate", "slow"),
        ("in Mandarin Chinese", "language", "zh"),
        ("用普通话说话", "language", "zh"),
        ("节奏极快", "tempo", "fast"),
        ("远处有狗叫", "event", "dog_bark"),
        ("a piece in a minor key", "key", "minor"),
        ("Glass shattering", "event", "glass_breaking"),
    ],
)
def test_finds_values(text: str, dimension: str, value: str) -> None:
    assert value in {match.value for match in vocabulary.find(text, dimension)}


def test_longest_phrase_wins() -> None:
    matches = vocabulary.find("an electric guitar", "instrument")
    assert [(match.value, match.text) for match in matches] == [("electric_guitar", "electric guitar")]


def test_words_are_not_found_inside_words() -> None:
    assert not vocabulary.find("catalogue", "event")
    assert not vocabulary.find("manual", "speaker_sex")


@given(st.text(max_size=200))
def test_matches_are_spans_in_order(text: str) -> None:
    last: dict[str, int] = {}
    for match in vocabulary.find(text):
        assert text[match.start : match.end] == match.text
        assert match.start >= last.get("end", 0) or match.start == last["start"]
        last = {"start": match.start, "end": match.end}
