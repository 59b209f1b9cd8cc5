from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.judges.omni.prompts import AnswerWords
from audiojudge_cli.judges.omni.value_spellings import ends_of, steps_of, tree_of
from audiojudge_cli.scales.scale import PASS_FAIL, YES_NO, number_scale

WORDS = AnswerWords(yes=("yes", "是"), no=("no", "否"))
LETTERS = " .0123456789-"


class Digits:
    """A tokenizer of single letters."""

    stops = frozenset({999})

    def plain(self, text: str) -> list[int]:
        return [ord(letter) for letter in text]


def texts(tree: Any, index: int) -> set[str]:
    return {"".join(map(chr, path)) for path in tree.values[index]}


def test_spellings_of_numbers_and_words() -> None:
    chat: Any = Digits()
    tenths = number_scale("0.0", "1.0")
    assert tenths
    tree = tree_of(tenths, chat, WORDS)
    assert texts(tree, 10) == {"1.0", " 1.0", "1", " 1"}
    assert texts(tree, 5) == {"0.5", " 0.5"}
    assert texts(tree_of(PASS_FAIL, chat, WORDS), 1) == {a + b for a in ("", " ") for b in ("pass", "Pass", "PASS")}
    assert {"是", " yes", "YES"} < texts(tree_of(YES_NO, chat, WORDS), 1)


@dataclass
class Drawn:
    """A writer that picks each letter by fixed chances: what it writes is known exactly."""

    chances: dict[str, float]
    end: float

    def written(self, text: str) -> float:
        """Return the probability that exactly this is written."""
        return math.prod(self.chances[letter] for letter in text) * self.end


@given(
    st.integers(-3, 12), st.integers(1, 30), st.integers(0, 1), st.lists(st.floats(0.05, 1.0), min_size=14, max_size=14)
)
def test_the_tree_gives_what_writing_each_value_out_gives(low, span, places, weights):
    ends = f"{low:.{places}f}", f"{low + span / 10**places:.{places}f}"
    scale = number_scale(*ends)
    if scale is None:
        return
    total = sum(weights)
    writer = Drawn({a: w / total for a, w in zip(LETTERS, weights[:13], strict=True)}, weights[13] / total)
    chat: Any = Digits()
    tree = tree_of(scale, chat, WORDS)
    logs = [
        [*(math.log(writer.chances[chr(token)]) for token in tokens), math.log(writer.end)]
        for tokens in tree.nexts.values()
    ]
    found = tree.probabilities(steps_of(tree, logs))
    for value, spelling, p in zip(scale.values, scale.spellings, found, strict=True):
        known = {spelling, f"{value:.0f}"} if value == int(value) else {spelling}
        assert p == pytest.approx(sum(writer.written(space + one) for one in known for space in ("", " ")))
    assert sum(found) < 1


def test_a_value_that_begins_another_is_not_taken_for_it() -> None:
    scale = number_scale("1", "10")
    assert scale
    chat: Any = Digits()
    tree = tree_of(scale, chat, WORDS)
    never = -1e9
    # Writes "1", then always "0", then ends.
    steps = {place: dict.fromkeys((*tokens, None), never) for place, tokens in tree.nexts.items()}
    steps[()][ord("1")] = steps[(ord("1"),)][ord("0")] = steps[(ord("1"), ord("0"))][None] = 0.0
    assert tree.probabilities(steps) == [*[0.0] * 9, 1.0]


@pytest.mark.parametrize("architecture", ["qwen2_5_omni", "qwen2_audio"])
def test_what_ends_a_value_cannot_go_on_with_it(library_model, architecture) -> None:
    from audiojudge_cli.judges.omni.chat import Chat

    chat = Chat(library_model(architecture).tokenizer)
    special = set(chat.tokenizer.get_added_vocab().values())
    for numbers in (True, False):
        ends = set(ends_of(chat, numbers=numbers).tolist())
        assert special & ends == chat.stops
        told = {chat.tokenizer.decode([token])[0] for token in ends - chat.stops}
        assert told & set(" \n)!?") == set(" \n)!?")
        assert not any(first.isalpha() for first in told - {"分"})
        assert not told & set("0123456789.,-%") or not numbers
