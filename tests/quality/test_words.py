from __future__ import annotations

import time
import unicodedata
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import jiwer
import pytest
from hypothesis import given
from hypothesis import strategies as st
from whisper_normalizer.basic import BasicTextNormalizer
from whisper_normalizer.english import EnglishTextNormalizer

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.decode import decode
from audiojudge_cli.errors import ClipError
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.quality import words as quality_words
from audiojudge_cli.quality.words import MOST_CHARACTERS, word_errors, words_of
from audiojudge_cli.results.quality import WordErrors, WordStep
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store

AUDIO = Path(__file__).parents[2] / "examples" / "audio"
ENGLISH, BASIC = EnglishTextNormalizer(), BasicTextNormalizer(preserve_marks=True)


def compared(wanted: str, heard: str, language: str = "en") -> WordErrors:
    found = word_errors(wanted, heard, language)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("wanted", "heard", "wer", "cer"),
    [
        ("the cat sat", "the cat sat", 0.0, 0.0),
        ("the cat sat", "the dog sat", 1 / 3, 3 / 11),
        ("the cat sat", "the cat", 1 / 3, 4 / 11),
        ("the cat sat", "so the cat sat", 1 / 3, 3 / 11),
        ("the cat sat", "", 1.0, 1.0),
        ("no", "please hold the line", 4.0, 9.5),
    ],
)
def test_rates_counted_by_hand(wanted: str, heard: str, wer: float, cer: float) -> None:
    found = compared(wanted, heard)
    assert (found.wer, found.cer) == (round(wer, 4), round(cer, 4))


VOCABULARY = ("red", "green", "the", "a", "seven", "7", "don't", "Café", "über", "naïve", "colour", "21st")
WORDS = st.lists(st.sampled_from(VOCABULARY), max_size=12)


@given(WORDS.filter(bool), WORDS, st.sampled_from(["en", "de"]))
def test_rates_are_those_of_jiwer(wanted: list[str], heard: list[str], language: str) -> None:
    normalise = ENGLISH if language == "en" else BASIC
    left, right = (normalise(" ".join(words)).strip() for words in (wanted, heard))
    found = compared(" ".join(wanted), " ".join(heard), language)
    assert found.wer == round(jiwer.wer(left, right), 4)
    assert found.cer == round(jiwer.cer(left, right), 4)
    assert (found.wanted, found.heard) == (left, right)


TEXTS = st.text(st.sampled_from("aé ü你好嗎吗한글かな,.!?'’()<>[]-$½٣9\n\t"), max_size=40)


@given(TEXTS, TEXTS, st.sampled_from(["en", "de", "zh", "ja", "ko"]))
def test_the_diff_tells_both_sides_and_the_rate(wanted: str, heard: str, language: str) -> None:
    found = word_errors(wanted, heard, language)
    if found is None:
        return
    space = "" if found.wer is None else " "
    assert space.join(step.wanted for step in found.diff if step.kind != "insert") == found.wanted
    assert space.join(step.heard for step in found.diff if step.kind != "delete") == found.heard
    units = (lambda text: len(text.split())) if space else len
    errors = sum(max(units(step.wanted), units(step.heard)) for step in found.diff if step.kind != "equal")
    rate = found.cer if found.wer is None else found.wer
    assert rate == round(errors / units(found.wanted), 4)
    assert all((step.kind == "equal") == (step.wanted == step.heard) for step in found.diff)


@given(st.text(st.sampled_from("ab9 .,!'()<>[]*\n\t "), max_size=60))
def test_a_text_made_ready_reads_as_it_stands(text: str) -> None:
    found = word_errors(text, "b", "en")
    theirs = [word for word in ENGLISH(text).split() if any(char.isalnum() for char in word)]
    assert (found.wanted if found else "") == " ".join(theirs)


@pytest.mark.parametrize(
    ("wanted", "heard", "language"),
    [
        ("I don’t know, Mr. Smith!", "i do not know mister smith", "en"),
        ("twenty-one dollars", "$21", "en"),
        ("the colour (laughs) of, um, grey", "The color of gray.", "en"),
        ("Straße, ÜBER!", "straße über", "de"),
        ("你好，世界！", "你 好 世 界", "zh"),
        ("我们说", "我們說", "zh"),
        ("我們說", "我们说", "zh"),
        ("ＡＢＣ　です。", "abcです", "ja"),
        ("안녕 하세요", "안녕하세요.", "ko"),
        ("नमस्ते, दुनिया", "नमस्ते दुनिया", "hi"),
    ],
)
def test_what_sounds_the_same_is_no_error(wanted: str, heard: str, language: str) -> None:
    found = compared(wanted, heard, language)
    assert found.wer in {0.0, None}
    assert found.cer == 0.0


@pytest.mark.parametrize(
    ("wanted", "heard", "language"),
    [("की", "का", "hi"), ("schon", "schön", "de"), ("説", "说", "ja"), ("twenty", "twelve", "en"), ("五", "5", "zh")],
)
def test_what_is_another_word_is_an_error(wanted: str, heard: str, language: str) -> None:
    assert compared(wanted, heard, language).cer != 0.0


@pytest.mark.parametrize(
    ("wanted", "by_characters"),
    [
        ("你好世界", True),
        ("我要一杯 latte 谢谢你们大家", True),
        ("Please ask 李明 about it", False),
        ("안녕", True),
        ("9", False),
    ],
)
def test_characters_where_most_letters_are_without_spaces(wanted: str, by_characters: bool) -> None:
    assert (compared(wanted, wanted, "zh").wer is None) == by_characters


INVISIBLE = [
    chr(code) for code in range(0x20000) if unicodedata.category(chr(code)) in {"Cc", "Cf"} and not chr(code).isspace()
] + ["\ufe0f", "\u034f"]
SENTENCES = [
    ("the cat sat", "en"),
    ("le chat noir", "fr"),
    ("你好世界", "zh"),
    ("שלום עולם", "he"),
    ("안녕 하세요", "ko"),
]


@pytest.mark.parametrize(("text", "language"), SENTENCES)
def test_what_nobody_sees_is_no_word_and_no_letter(text: str, language: str) -> None:
    plain = compared(text, text, language)
    for at in (0, 2, len(text)):
        for some in (INVISIBLE[first : first + 20] for first in range(0, len(INVISIBLE), 20)):
            odd = text[:at] + "".join(some) + text[at:]
            assert compared(odd, text, language) == compared(text, odd, language) == plain, some


@pytest.mark.parametrize("joined", ["می\u200cخواهم", "क\u094d\u200dष", "ശ\u0d4d\u200cര"])
def test_joiners_that_spell_a_word_stay(joined: str) -> None:
    assert compared(joined, joined, "fa").wanted == joined
    assert compared(f"\u200d{joined}\u200c cat", f"{joined} cat", "fa").cer == 0.0


@pytest.mark.parametrize("language", ["en", "tr", "de"])
@pytest.mark.parametrize("city", ["İstanbul", "I\u0307stanbul", "İSTANBUL"])
def test_a_dotted_capital_is_its_letter(city: str, language: str) -> None:
    assert compared(city, "istanbul", language).cer == 0.0


@pytest.mark.parametrize("text", ["สวัสดี", "שָׁלוֹם", "नमस्ते", "γειά σου", "გამარჯობა", "ଓଡ଼ିଆ"])
def test_no_other_script_is_read_as_english(text: str) -> None:
    assert compared(text, text, "en") == compared(text, text, "xx")


@pytest.mark.parametrize("nothing", ["", "  \n", "…!?", "(laughs)", "[music]", "♪♪"])
@pytest.mark.parametrize("language", ["en", "de", "zh"])
def test_without_words_wanted_there_is_no_rate(nothing: str, language: str) -> None:
    assert word_errors(nothing, "something else", language) is None


def test_nothing_recognised_is_all_missing() -> None:
    found = compared("the cat sat", " ... ")
    assert found.diff == (WordStep("delete", "the cat sat", ""),)
    assert (found.wer, found.cer, found.heard) == (1.0, 1.0, "")


@pytest.mark.parametrize(
    "part", ["<", "(", "[", " ", "and ", "and  ", "one ", "1", "a'", "'", "$", "decillion ", "( a) <"]
)
def test_odd_texts_take_bounded_time(part: str) -> None:
    start = time.monotonic()
    word_errors((part * 20_000)[:20_000], part * 50, "en")
    assert time.monotonic() - start < 5.0


def test_a_transcript_longer_than_any_clip_is_not_compared() -> None:
    assert word_errors("a " * MOST_CHARACTERS, "a", "en") is None


@pytest.mark.weights
@pytest.mark.parametrize(
    ("name", "transcript", "rates"),
    [
        ("speech_librivox_en.flac", "He might even have been made amiable, himself...", (0.0, 0.0)),
        ("speech_librivox_en.flac", "He might even have been made a hat.", (0.25, 0.3529)),
        ("speech_hello_zh.flac", "你好，世界。", (None, 0.0)),
        ("speech_hello_zh.flac", None, None),
        ("sound_rain.ogg", "The museum is closed.", (1.0, 1.0)),
    ],
)
def test_examples(name: str, transcript: str | None, rates: tuple[float | None, float] | None) -> None:
    clip = Clip("x", AUDIO / name, name, "", transcript=transcript)
    models = Models(Store(), find_card("embedded"), "cpu")
    found = words_of(clip, decode(clip.audio), models)
    assert (found and (found.wer, found.cer)) == rates


class Said:
    """What somebody says, recognised already."""

    languages: ClassVar[dict[str, float]] = {"en": 1.0}

    def transcript(self, language: str) -> SimpleNamespace:
        return SimpleNamespace(text="hello")


@pytest.mark.parametrize(
    ("transcript", "says"),
    [
        ("[music]", "no spoken word"),
        ("(ha) <c>", "no spoken word"),
        ("um, hmm", "no spoken word"),
        ("a" * 11, "11 characters; the limit is 10"),
        ("…!?", None),
        ("hello", None),
    ],
)
def test_a_transcript_that_is_not_compared_says_why(
    monkeypatch: pytest.MonkeyPatch, transcript: str, says: str | None
) -> None:
    monkeypatch.setattr(quality_words, "spoken", lambda waveform, models: Said())
    clip = Clip("x", AUDIO / "x.wav", "x.wav", "", transcript=transcript)
    if says is None:
        found = words_of(clip, None, None, 10)  # type: ignore[arg-type]
        assert (found is None) == (transcript != "hello")
        return
    with pytest.raises(ClipError, match=says) as error:
        words_of(clip, None, None, 10)  # type: ignore[arg-type]
    assert error.value.kind == "transcript"
