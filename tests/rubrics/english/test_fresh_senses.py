"""Verbs in -s behind one who acts, whose act it is, spoken words that are no tone, and senses beside what they name."""

from __future__ import annotations

import pytest

from audiojudge_cli.rubrics.rules import load


def asked(caption: str) -> list[str]:
    return [item.question for item in load().expand(caption).items]


@pytest.mark.parametrize(
    ("caption", "question", "noun"),
    [
        ("Birds are singing and a stream trickles.", "Can you hear a stream trickling?", "stream trickles"),
        ("A clock in a quiet room ticks and chimes.", "Can you hear a clock ticking?", "room ticking"),
        (
            "A crowd in a large stadium cheers and claps after a referee blows his whistle.",
            "Can you hear a crowd cheering?",
            "stadium cheering",
        ),
    ],
)
def test_a_verb_behind_one_who_acts_is_what_that_one_does(caption: str, question: str, noun: str) -> None:
    questions = asked(caption)
    assert question in questions
    assert not any(noun in one for one in questions)


def test_a_singer_with_the_article_of_one_sings() -> None:
    assert not any("hear busker sings" in one for one in asked("A busker sings and strums a guitar on a busy street."))


def test_what_somebody_says_is_no_tone() -> None:
    assert not any("welcome" in one for one in asked("A cheerful host saying welcome back to the show."))
    assert "Does the speaker sound cheerful?" in asked("A cheerful host saying welcome back to the show.")


def test_words_of_a_topic_are_asked_once_as_the_topic() -> None:
    questions = asked("Two colleagues argue in low voices about who should have called the client.")
    assert "Is the speech about who should have called the client?" in questions
    assert not any("calling" in one for one in questions)


@pytest.mark.parametrize("below", ["under", "beneath", "behind"])
def test_music_that_fades_below_a_voice_need_not_end(below: str) -> None:
    assert not any("fade out" in one for one in asked(f"Funky music plays, then fades {below} a female host speaking."))
    assert any("fade out" in one for one in asked("Funky music plays, then fades out."))


@pytest.mark.parametrize("shown", ["podcast", "video", "radio"])
def test_the_opening_of_a_show_is_no_part_of_the_music(shown: str) -> None:
    assert not any("intro in the music" in one for one in asked(f"A {shown} intro: funky rock music plays."))


def test_funky_bass_music_is_no_genre() -> None:
    assert not any("this bass music" in one for one in asked("Funky bass music plays for a few seconds."))


@pytest.mark.parametrize("way", ["rises", "falls"])
def test_what_slowly_changes_its_pitch_is_not_slow(way: str) -> None:
    assert not any("slow?" in one for one in asked(f"Ominous sci-fi drone that slowly {way} in pitch."))


def test_almost_no_is_not_none() -> None:
    assert not any("free of" in one for one in asked("A slow piano piece with almost no percussion."))
    assert any("free of" in one for one in asked("A slow piano piece with no percussion."))
