"""Items written by anyone become typed checks, from their own text."""

from __future__ import annotations

import pytest
from audiojudge_cli.judges.checks import kinds
from audiojudge_cli.judges.checks.kinds import Asked, NotHeard
from audiojudge_cli.judges.checks.read import READERS, read
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.rubrics.item import RubricItem


def ask(dimension: str, question: str, basis: str = "") -> Asked | NotHeard:
    return read(RubricItem(dimension, question, basis))


@pytest.mark.parametrize(
    ("dimension", "question", "check", "negated"),
    [
        ("speaker_sex", "Is the speaker female?", kinds.SpeakerSex("female"), False),
        ("gender", "说话者是男性吗?", kinds.SpeakerSex("male"), False),
        ("pitch", "Is the voice high-pitched?", kinds.Pitch("high"), False),
        ("rate", "Does the speaker talk very slowly?", kinds.Rate("slow"), False),
        ("rate", "语速快吗?", kinds.Rate("fast"), False),
        ("style", "Is the voice spoken normally rather than whispered?", kinds.Whisper(), True),
        ("volume", "Is the speech very quiet?", kinds.Loudness("quiet"), False),
        ("language", "Is the speech in Mandarin Chinese?", kinds.Language("zh"), False),
        ("language", "说的是法语吗?", kinds.Language("fr"), False),
        ("component", "Is the recording free of human speech?", kinds.SpeechPresence(), True),
        ("component", "Is there background music?", kinds.MusicPresence(), False),
        ("vocals", "Is the music purely instrumental, without vocals?", kinds.Vocals(), True),
        ("vocals", "Are there vocals?", kinds.Vocals(), False),
        ("instrument", "Is the music without drums?", kinds.Drums(), True),
        ("tempo", "Is the tempo about 120 BPM?", kinds.TempoBpm(120.0), False),
        ("tempo", "Is the tempo slow?", kinds.Tempo("slow"), False),
        ("key", "Is the music in a minor key?", kinds.Mode("minor"), False),
        ("key", "Is the music in A minor?", kinds.Key(9, "minor"), False),
        ("key", "Is the piece in F# major?", kinds.Key(6, "major"), False),
        ("metre", "Is the music in 3/4 time?", kinds.Metre(3), False),
        ("noise", "Is the recording clean, without background noise?", kinds.Noise(), True),
        ("noise", "Is there noticeable background noise?", kinds.Noise(), False),
        ("room", "Is there strong reverberation, as in a large hall?", kinds.Reverberation(), False),
        ("duration", "Does the clip last about 10 seconds?", kinds.Duration(10.0), False),
        ("intensity", "Is the sound faint and distant?", kinds.Distance("far"), False),
    ],
)
def test_item_becomes_check(dimension: str, question: str, check: object, negated: bool) -> None:
    assert ask(dimension, question) == Asked(check, negated)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ('Does the speaker say "Please close the window."?', "Please close the window."),
        ("说话者是否说了“你好世界”?", "你好世界"),
        ("Is the word 'train' spoken?", "train"),
        ("Are the words “it's late, isn't it” spoken?", "it's late, isn't it"),
    ],
)
def test_quoted_words_are_looked_for(question: str, words: str) -> None:
    assert ask("content", question) == Asked(kinds.Words(words))


def test_words_inside_quotes_do_not_turn_the_question() -> None:
    assert ask("content", 'Does the speaker say "there is no time"?') == Asked(kinds.Words("there is no time"))


def test_event_names_its_classes_main_class_first() -> None:
    asked = ask("event", "Is a dog barking audible?")
    assert isinstance(asked, Asked)
    assert isinstance(asked.check, kinds.SoundEvent)
    assert asked.check.sound.classes[:2] == ("Dog", "Bark")


def test_class_named_in_the_phrase_speaks_before_the_wider_concept() -> None:
    asked = ask("instrument", "Is a vibraphone playing?")
    assert isinstance(asked, Asked)
    assert isinstance(asked.check, kinds.Instrument)
    assert asked.check.sound.classes[0] == "Vibraphone"


def test_class_outside_the_vocabulary_is_found_by_its_own_name() -> None:
    asked = ask("event", "Is a dental drill audible?", "dental drill")
    assert isinstance(asked, Asked)
    assert isinstance(asked.check, kinds.SoundEvent)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Does the thunder come before the rain?", "Thunder"),
        ("Does the rain come after the thunder?", "Thunder"),
        ("雨声是否在雷声之前?", "Rain"),
    ],
)
def test_order_is_read_from_its_connective(question: str, first: str) -> None:
    asked = ask("order", question)
    assert isinstance(asked, Asked)
    assert isinstance(asked.check, kinds.EventOrder)
    assert asked.check.first.classes[0] == first
    assert asked.check.second.classes[0] != first


def test_count_keeps_its_number() -> None:
    asked = ask("count", "Does the dog bark exactly twice?", "barks twice")
    assert isinstance(asked, Asked)
    assert isinstance(asked.check, kinds.EventCount)
    assert asked.check.count == 2


@pytest.mark.parametrize(
    ("dimension", "question"),
    [
        ("event", "Is a flurbish gronking audible?"),
        ("personality", "Does the speaker sound trustworthy?"),
        ("tempo", "Is the tempo pleasant?"),
        ("order", "Does the dog bark before anything else?"),
        ("content", "Does the speaker mention her holiday?"),
        ("no such dimension", "Is it so?"),
    ],
)
def test_what_nothing_can_hear_is_said_and_not_guessed(dimension: str, question: str) -> None:
    asked = ask(dimension, question)
    assert isinstance(asked, NotHeard)
    assert asked.reason.endswith(".")


@given(st.sampled_from(sorted(READERS)), st.text(max_size=200), st.text(max_size=80))
def test_any_text_is_read_without_failing(dimension: str, question: str, basis: str) -> None:
    assert isinstance(ask(dimension, question, basis), Asked | NotHeard)
