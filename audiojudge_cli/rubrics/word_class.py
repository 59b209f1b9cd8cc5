"""Keys of structured captions (`Tempo: …`, `语速：…`), and word classes that the readers need."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast

from audiojudge_cli.rubrics.claim import Kind
from audiojudge_cli.rubrics.vocabulary import read_list

_FOLDER = Path(__file__).parent / "function"

SPEECH_LABELS = frozenset(
    {
        *("speaker_sex", "age", "rate", "volume", "clarity", "fluency", "accent", "emotion", "intonation"),
        *("personality", "language", "speech", "speaker", "speaker_count"),
    }
)
MUSIC_LABELS = frozenset(
    {"genre", "tempo", "metre", "key", "instrument", "vocals", "structure", "dynamics", "production", "music"}
)
SOUND_LABELS = frozenset({"event", "scene", "order", "level"})


@cache
def labels() -> Mapping[str, str]:
    """Return keys in lower case, to the dimension or context they name (`other` where they name neither)."""
    listed = read_list(_FOLDER / "keys.yaml")
    return {key: name for name, columns in listed.items() for column in columns for key in column}


def label(key: str) -> str:
    """Return what a key names, or an empty string for an unknown key."""
    return labels().get(key.strip().lower().replace("_", " "), "")


@cache
def word_class(name: str) -> frozenset[str]:
    """Return the words of a class listed in `rubrics/function/classes.yaml` or `english.yaml`."""
    return frozenset(word for column in _classes()[name] for word in column)


@cache
def _classes() -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {**read_list(_FOLDER / "classes.yaml"), **read_list(_FOLDER / "english.yaml")}


@cache
def sense_order(kind: Kind, *, chinese: bool = False) -> tuple[str, ...]:
    """Return the senses that a word can have which describes a thing of a kind, the likelier ones first."""
    return read_list(_FOLDER / "senses.yaml")[kind][chinese]


@cache
def dimension_nouns() -> Mapping[str, tuple[tuple[str, ...], Kind]]:
    """Return English nouns that name a dimension: what their adjectives can belong to, and what they describe."""
    listed = read_list(_FOLDER / "dimension_nouns.yaml")
    return {noun: (english[1:], cast(Kind, english[0])) for noun, (english, _) in listed.items()}
