"""Words and their times, from where the recogniser looked when it wrote each token."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ctranslate2 import StorageView

    from audiojudge_cli.probes.recognition import Whisper

TOKEN_S = 0.02
"""Seconds per position of Whisper's encoder."""

LONGEST_WORD_S = 1.0
"""What a word takes at most: ten letters at the slowest rate a listener calls speech (two words a second, halved)."""

SHORTEST_UNWRITTEN_S = 0.4
"""Speech without a word shorter than this is the edge of one: two syllables."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word, or one character of a script without spaces.

    Attributes:
        text: As written, with the punctuation that follows it.
        start_s: In the clip.
        end_s: In the clip.
        p: Mean probability of its tokens.
    """

    text: str
    start_s: float
    end_s: float
    p: float


def split_words(
    model: Whisper, encoded: StorageView, prompt: list[int], tokens: list[int], span: tuple[float, float]
) -> tuple[Word, ...]:
    """Return the words of one window.

    Args:
        model: The recogniser that wrote `tokens`.
        encoded: Its encoder's output for the window.
        prompt: As for `generate`; its last token, which asks for no times, is left out.
        tokens: What it wrote.
        span: Start and end of the window in the clip, in seconds.
    """
    if not tokens:
        return ()
    offset, seconds = span[0], span[1] - span[0]
    (aligned,) = model.engine.align(encoded, prompt[:-1], [tokens], round(seconds / TOKEN_S) * 2)
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    for token, position in aligned.alignments:
        starts.setdefault(token, position)
        ends[token] = position + 1
    words = []
    for first, last, text in group_tokens([model.tokenizer.decode(tokens[:i]) for i in range(len(tokens) + 1)]):
        start, end = starts.get(first, 0) * TOKEN_S, ends.get(last - 1, 0) * TOKEN_S
        p = sum(aligned.text_token_probs[first:last]) / (last - first)
        end = min(max(start, end), seconds)
        words.append(Word(text, round(offset + min(start, end), 2), round(offset + end, 2), round(p, 4)))
    return tuple(words)


def unwritten_s(words: Sequence[Word], spoken: Sequence[tuple[float, float]], span: tuple[float, float]) -> float:
    """Return for how many seconds somebody speaks within `span` while no word was written.

    The alignment shares out all of the time among the words, so a word that stands beside something left out seems to
    last for seconds: each counts for `LONGEST_WORD_S` at most. Stretches under `SHORTEST_UNWRITTEN_S` do not count:
    edges of words are soft.

    Args:
        words: In order, with times in the clip.
        spoken: Stretches (start, end) of speech in the clip, in seconds, in order.
        span: The part of the clip that was heard.
    """
    total = 0.0
    for segment in spoken:
        at, end = max(segment[0], span[0]), min(segment[1], span[1])
        for word in words:
            if word.start_s >= end:
                break
            total += _counted(word.start_s - at)
            at = max(at, min(word.end_s, word.start_s + LONGEST_WORD_S))
        total += _counted(end - at)
    return total


def _counted(gap_s: float) -> float:
    return gap_s if gap_s >= SHORTEST_UNWRITTEN_S else 0.0


def group_tokens(prefixes: list[str]) -> list[tuple[int, int, str]]:
    """Return (first token, one past the last token, text) of each word.

    A word begins at a space, or at each letter of a script that is written without spaces; punctuation stays with
    what it follows. Tokens that end inside a character wait for the rest of it.

    Args:
        prefixes: The decoded text of the first 0, 1, 2 … tokens.
    """
    groups: list[tuple[int, int, str]] = []
    first = 0
    done = ""
    for count in range(1, len(prefixes)):
        text = prefixes[count]
        if text.endswith("\ufffd") or len(text) <= len(done):
            continue
        piece, done = text[len(done) :], text
        if groups and not _begins_word(piece, groups[-1][2]):
            groups[-1] = (groups[-1][0], count, groups[-1][2] + piece)
        else:
            groups.append((first, count, piece))
        first = count
    return [(a, b, text.strip()) for a, b, text in groups if text.strip()]


def _begins_word(piece: str, before: str) -> bool:
    stripped = piece.strip()
    if not stripped or all(unicodedata.category(c)[0] in "PM" for c in stripped):
        return False
    return piece[0].isspace() or _without_spaces(stripped[0]) or _without_spaces(before[-1])


def _without_spaces(character: str) -> bool:
    """Tell letters of scripts written without spaces: Chinese, Japanese, Thai, Lao, Khmer, Burmese."""
    code = ord(character)
    return (
        0x3040 <= code <= 0x30FF
        or 0x3400 <= code <= 0x9FFF
        or 0x0E00 <= code <= 0x0EFF
        or (0x1000 <= code <= 0x109F or 0x1780 <= code <= 0x17FF)
    )
