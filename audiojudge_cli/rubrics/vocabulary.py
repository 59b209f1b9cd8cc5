"""Finds the words of the vocabulary in any text: what dimension they belong to and what value they name.

The words lie in `rubrics/words/<dimension>.yaml`, one canonical value per line with its English and Chinese phrases.
Used by the rules expander on captions and by judges on the text of an item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from audiojudge_cli.errors import InputError
from audiojudge_cli.rubrics.stems import HAN, adverb, stem, words

_FOLDER = Path(__file__).parent / "words"
_FUNCTION = Path(__file__).parent / "function"
_LINE = re.compile(r'  (?P<key>"[^"]+"|[^\s":]+): \{en: \[(?P<en>.*)\], zh: \[(?P<zh>.*)\]\}')
_ADJECTIVES = frozenset(
    [
        *("emotion", "mood", "personality", "rate", "tempo", "intensity", "dynamics", "volume", "rhythm", "timbre"),
        *("clarity", "fluency", "intonation", "distance", "style"),
    ]
)
"""Dimensions whose adjectives make adverbs ("softly")."""

Sense = tuple[str, str]
"""A dimension and a canonical value in it."""

_NO_SENSE: Sense = ("", "")
"""Phrases that only look like one of the vocabulary ("a bit", 风格) hold this sense and nothing else."""

WordList = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
"""Names to their English and their Chinese phrases."""


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase of the vocabulary found in a text.

    Attributes:
        dimension: Name of the dimension (`event`, `tempo` …).
        value: Canonical value (`dog_bark`, `slow`).
        start: Offset of the first character in the text.
        end: Offset behind the last character.
        text: The words found, as written there.
    """

    dimension: str
    value: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Index:
    """Phrases ready for lookup.

    Attributes:
        english: Stems of a phrase joined by blanks, to the senses it has.
        reach: First stem of a phrase, to the numbers of words its phrases have, longest first.
        chinese: Phrase, to the senses it has.
        heads: First character of a phrase, to the lengths its phrases have, longest first.
    """

    english: Mapping[str, tuple[Sense, ...]]
    reach: Mapping[str, tuple[int, ...]]
    chinese: Mapping[str, tuple[Sense, ...]]
    heads: Mapping[str, tuple[int, ...]]


@cache
def dimensions() -> tuple[str, ...]:
    """Return the names of all dimensions that have a word list, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


@cache
def table(dimension: str) -> WordList:
    """Return the word list of `dimension`: canonical value to its English and Chinese phrases, as listed.

    Raises:
        InputError: If there is no such dimension.
    """
    path = _FOLDER / f"{dimension}.yaml"
    if not path.is_file():
        raise InputError(f"no word list for the dimension '{dimension}'; known: {', '.join(dimensions())}")
    return read_list(path)


def read_list(path: Path) -> WordList:
    """Return a word list: names, in order, to their English and Chinese phrases.

    The files are plain YAML, but every name keeps to one line, so that reading all of them stays in milliseconds.

    Raises:
        InputError: If a line is not of that form.
    """
    found: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#") or line == "values:" or not line:
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise InputError(f"{path.name}:{number}: write one value as `  name: {{en: [...], zh: [...]}}`")
        found[match["key"].strip('"')] = (_phrases(match["en"]), _phrases(match["zh"]))
    return found


def _phrases(listed: str) -> tuple[str, ...]:
    return tuple(phrase.strip('"') for phrase in listed.split(", ")) if listed else ()


@cache
def index(chosen: tuple[str, ...]) -> Index:
    """Return the lookup tables for some dimensions together."""
    listed_en, listed_zh = read_list(_FUNCTION / "classes.yaml")["no_sense"]
    english: dict[str, list[Sense]] = {key: [_NO_SENSE] for key in _keys(listed_en, adverbs=False)}
    chinese: dict[str, list[Sense]] = {phrase: [_NO_SENSE] for phrase in listed_zh}
    for dimension in chosen:
        for value, (listed_en, listed_zh) in table(dimension).items():
            sense = (dimension, value)
            for phrase in listed_zh:
                known_senses = chinese.setdefault(phrase, [])
                if known_senses[:1] != [_NO_SENSE]:
                    known_senses.append(sense)
            for key in _keys(listed_en, adverbs=dimension in _ADJECTIVES):
                senses = english.setdefault(key, [])
                if senses[:1] != [_NO_SENSE] and not any(known[0] == dimension for known in senses):
                    senses.append(sense)
    return Index(
        {key: tuple(senses) for key, senses in english.items()},
        _lengths((key.split(" ", 1)[0], key.count(" ") + 1) for key in english),
        {key: tuple(senses) for key, senses in chinese.items()},
        _lengths((key[0], len(key)) for key in chinese),
    )


def _keys(listed: tuple[str, ...], *, adverbs: bool) -> Iterator[str]:
    """Yield the stems of each phrase joined by blanks, with adverbs for single adjectives."""
    for phrase in listed:
        if phrase.isalpha() and phrase.isascii():
            yield stem(phrase)
            if adverbs:
                yield adverb(phrase)
        else:
            yield " ".join([word.stem for word in words(phrase)])


def _lengths(pairs: Iterator[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for head, length in pairs:
        found.setdefault(head, set()).add(length)
    return {head: tuple(sorted(lengths, reverse=True)) for head, lengths in found.items()}


def candidates(text: str, chosen: tuple[str, ...]) -> Iterator[tuple[int, int, tuple[Sense, ...]]]:
    """Yield the longest phrase starting at each word or Chinese character: start, end, its senses.

    Phrases may overlap. Time is linear in the length of `text`: a phrase has at most a few words.
    """
    tables = index(chosen)
    found = words(text)
    stems = [word.stem for word in found]
    for at, word in enumerate(found):
        for length in tables.reach.get(word.stem, ()):
            senses = tables.english.get(" ".join(stems[at : at + length]))
            if not senses or at + length > len(found):
                continue
            end = found[at + length - 1].end
            if length == 1 or "," not in text[word.start : end]:  # "drums, bass" are two
                yield word.start, end, senses
                break
    for char in HAN.finditer(text) if not text.isascii() else ():
        start = char.start()
        for length in tables.heads.get(char.group(), ()):
            phrase = text[start : start + length]
            senses = tables.chinese.get(phrase)
            if senses:
                yield start, start + len(phrase), senses
                break


def find(text: str, dimension: str | None = None) -> list[Match]:
    """Return the vocabulary's phrases in `text`, in order of where they start.

    The longest phrase wins where two overlap; a phrase that several dimensions list gives one match for each.
    English is matched by whole words whatever their inflection ("barks" finds "bark", "guitars" finds "guitar"),
    Chinese by substring.

    Args:
        text: Any text.
        dimension: Look for this dimension alone; None looks for all.
    """
    chosen = (dimension,) if dimension is not None else dimensions()
    matches: list[Match] = []
    for start, end, senses in longest(candidates(text, chosen)):
        matches += [Match(name, value, start, end, text[start:end]) for name, value in senses if name]
    return matches


def longest(
    spans: Iterator[tuple[int, int, tuple[Sense, ...]]],
) -> list[tuple[int, int, tuple[Sense, ...]]]:
    """Return spans without overlaps, in order: of two that overlap the longer stays, of equal ones the first.

    A chain of overlapping spans is settled from its longest member outwards; time is n log n.
    """
    ranked = sorted(spans, key=_rank)
    used: set[int] = set()
    kept = []
    for span in ranked:
        start, end, _ = span
        # phrases are short, so marking characters stays linear in the text
        if start not in used and end - 1 not in used:
            used.update(range(start, end))
            kept.append(span)
    kept.sort(key=_start)
    return kept


def _rank(span: tuple[int, int, tuple[Sense, ...]]) -> tuple[int, int]:
    return span[0] - span[1], span[0]


def _start(span: tuple[int, int, tuple[Sense, ...]]) -> int:
    return span[0]
