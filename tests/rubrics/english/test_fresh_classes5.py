"""Classes of faults that readers found in prompts nobody had met: what is asked of them, and what must not be."""

from __future__ import annotations

import pytest

from audiojudge_cli.rubrics.expander import Expander
from audiojudge_cli.rubrics.item import RubricItem
from audiojudge_cli.rubrics.questions import read_question
from audiojudge_cli.rubrics.rules import load


@pytest.fixture(scope="module")
def rules() -> Expander:
    return load()


def asked(rules: Expander, caption: str) -> list[str]:
    return [item.question for item in rules.expand(caption).items]


@pytest.mark.parametrize("doer", ["a kettle", "a diesel engine", "a crowd", "the printer"])
@pytest.mark.parametrize(("verb", "doing"), [("beeps", "beeping"), ("rattles", "rattling"), ("stops", "stopping")])
@pytest.mark.parametrize("joint", [", then", " and then", ", and finally"])
def test_a_verb_behind_a_connective_keeps_its_doer(
    rules: Expander, doer: str, verb: str, doing: str, joint: str
) -> None:
    questions = asked(rules, f"{doer.capitalize()} hisses{joint} {verb} quietly")
    assert f"Can you hear {doer} hissing?" in questions
    assert not any(f" {verb}" in question or f"hear {doing}" in question for question in questions)


@pytest.mark.parametrize("noun", ["footsteps", "bells", "gunshots", "children"])
def test_a_noun_behind_a_connective_stays_one(rules: Expander, noun: str) -> None:
    questions = asked(rules, f"A door creaks, then {noun}")
    assert not any(f"door {noun}" in question for question in questions)


@pytest.mark.parametrize("scene", ["a crowd cheers", "a dog barks", "a phone rings"])
def test_each_clause_of_a_mixed_sentence_is_about_what_it_tells(rules: Expander, scene: str) -> None:
    doer, verb = scene.rsplit(" ", 1)
    questions = asked(rules, f"A violin plays a slow melody while {scene}")
    assert "Can you hear a violin?" in questions
    assert any(question.startswith(f"Can you hear {doer} {verb[:-1]}") for question in questions)
    assert not any(f" {verb}" in question for question in questions)


@pytest.mark.parametrize("time", ["ten seconds", "a few seconds", "about two minutes", "a while"])
def test_a_time_is_no_happening(rules: Expander, time: str) -> None:
    questions = asked(rules, f"An engine idles and stops after {time}")
    assert not any("last" in question for question in questions)


def test_what_is_denied_until_later_is_not_denied(rules: Expander) -> None:
    assert "Is the audio free of thunder?" not in asked(rules, "Rain falls, no thunder until a dog barks")


@pytest.mark.parametrize("noun", ["boil", "stop", "rescue", "surface"])
def test_what_something_comes_to_is_no_sound(rules: Expander, noun: str) -> None:
    questions = asked(rules, f"A kettle comes to the {noun} and whistles")
    assert not any(noun in question for question in questions)
    assert "Can you hear a kettle whistling?" in questions


@pytest.mark.parametrize("degree", ["slightly", "somewhat", "fairly", "a bit"])
@pytest.mark.parametrize(("word", "bare"), [("fast", "Is the speech fast?"), ("quiet", "Is the voice quiet?")])
def test_a_hedge_stays(rules: Expander, degree: str, word: str, bare: str) -> None:
    questions = asked(rules, f"A man speaks in a calm voice, {degree} {word}")
    assert bare not in questions


@pytest.mark.parametrize("almost", ["almost", "nearly", "practically"])
def test_almost_nothing_is_something(rules: Expander, almost: str) -> None:
    questions = asked(rules, f"A woman's voice in a recording that {almost} has no background noise")
    assert not any("free of" in question for question in questions)


@pytest.mark.parametrize("thing", ["door", "gate", "book", "box"])
def test_a_heavy_thing_sounds_not_heavy_but_heavy_rain_does(rules: Expander, thing: str) -> None:
    questions = asked(rules, f"A heavy {thing} drops, heavy rain falls")
    assert "Does the rain sound heavy?" in questions
    assert sum("heavy" in question for question in questions) == 1


@pytest.mark.parametrize("bang", ["bang", "crash", "scream"])
def test_what_is_sudden_does_not_stop(rules: Expander, bang: str) -> None:
    assert not any("abruptly" in question for question in asked(rules, f"A sudden {bang}, and a dog suddenly barks"))
    assert any("abruptly" in question for question in asked(rules, f"A {bang}, then the siren stops suddenly"))


@pytest.mark.parametrize("prefix", ["down", "drop", "re"])
def test_a_name_does_not_begin_behind_a_hyphen(rules: Expander, prefix: str) -> None:
    questions = asked(rules, f"Doom metal with {prefix}-tuned guitars")
    assert not any("hear tuned" in question for question in questions)


@pytest.mark.parametrize(("opened", "closed"), [("<b>", "</b>"), ("<i>", "</i>"), ("<span class='x'>", "</span>")])
def test_markup_names_nothing(rules: Expander, opened: str, closed: str) -> None:
    questions = asked(rules, f"{opened}A dog barks{closed} twice")
    assert questions == asked(rules, "A dog barks twice")


@pytest.mark.parametrize("place", ["kitchen", "dark room", "small office"])
def test_what_sounds_outside_is_not_where_it_is_recorded(rules: Expander, place: str) -> None:
    questions = asked(rules, f"Sirens wail outside as two people whisper in a {place}")
    assert "Does it sound as if recorded outdoors?" not in questions


def test_a_question_filed_under_no_dimension_is_read() -> None:
    claim = read_question(RubricItem("other", "Can you hear a dog barking?", "dog"))
    assert claim is not None
    assert (claim.dimension, claim.value) == ("event", "dog_bark")


@pytest.mark.parametrize("doing", ["start", "begin", "keep"])
@pytest.mark.parametrize(("verb", "done"), [("bark", "barking"), ("howl", "howling")])
def test_what_starts_to_be_done_is_done_by_its_doer(rules: Expander, doing: str, verb: str, done: str) -> None:
    questions = asked(rules, f"Thunder cracks, dogs {doing} {done} and car alarms go off")
    assert {f"Can you hear dogs {done}?", "Can you hear car alarms going off?"} <= set(questions)
    assert not any(f"{verb} " in question for question in questions)


@pytest.mark.parametrize("thing", ["foghorn", "siren", "lighter"])
def test_an_article_makes_a_doer(rules: Expander, thing: str) -> None:
    questions = asked(rules, f"A {thing} clicks twice, then a {thing} sounds in the distance")
    assert f"Can you hear a {thing} clicking?" in questions
    assert not any("clicks" in question or "sounds" in question for question in questions)


@pytest.mark.parametrize("noise", ["hissing sounds", "a hissing noise"])
def test_who_makes_a_noise_is_no_noise(rules: Expander, noise: str) -> None:
    assert not any("makes" in question for question in asked(rules, f"A train makes {noise}"))


@pytest.mark.parametrize("people", ["people", "children", "two men"])
def test_people_sing(rules: Expander, people: str) -> None:
    assert not any(question.endswith("sing?") for question in asked(rules, f"A fire crackles as {people} sing along"))


@pytest.mark.parametrize("verb", ["reads the news", "recites a poem", "lists the ingredients"])
@pytest.mark.parametrize("noise", ["over the hum of an engine", "while rain falls"])
def test_what_is_heard_beside_a_reading_is_not_read(rules: Expander, verb: str, noise: str) -> None:
    questions = asked(rules, f"A woman {verb} {noise} in a calm voice")
    assert not any("the speaker reading" in question and noise in question for question in questions)


@pytest.mark.parametrize("child", ["baby", "child", "little boy"])
def test_who_is_sung_to_does_not_sing(rules: Expander, child: str) -> None:
    assert not any("like a" in question for question in asked(rules, f"A mother sings a lullaby softly to her {child}"))


@pytest.mark.parametrize("relative", ["sister", "mother", "wife", "daughter"])
def test_whose_relative_it_is_tells_no_sex_of_the_speaker(rules: Expander, relative: str) -> None:
    assert "Is the speaker male?" not in asked(rules, f"Somebody talks while his {relative} complains loudly")


@pytest.mark.parametrize("noise", ["laughter", "applause", "tears"])
def test_who_bursts_into_something_does_not_burst(rules: Expander, noise: str) -> None:
    assert not any(
        "bursting" in question for question in asked(rules, f"A dog barks and the crowd bursts into {noise}")
    )


@pytest.mark.parametrize("talk", ["talks", "apologises to a friend", "chats quietly"])
def test_who_is_on_the_phone_need_not_sound_like_one(rules: Expander, talk: str) -> None:
    assert not any("telephone" in question for question in asked(rules, f"A girl {talk} on the phone"))
    assert any("telephone" in question for question in asked(rules, "A girl speaks over a phone line"))


@pytest.mark.parametrize("verb", ["slows down", "stops", "builds to a climax"])
def test_a_whole_clause_about_the_course_of_a_piece_is_asked(rules: Expander, verb: str) -> None:
    questions = asked(rules, f"A slow waltz for strings. In the end the orchestra {verb}.")
    assert not any("who" in question or "that " in question for question in questions)


def test_what_stands_within_a_music_clause_is_not_quoted(rules: Expander) -> None:
    for told in ("that starts quietly with solo cello", "which builds and then drops", "who comes in late"):
        assert not any("“" in question for question in asked(rules, f"An orchestral piece {told} and brass"))


@pytest.mark.parametrize("noise", ["hums", "beeps", "clicks"])
def test_what_follows_is_a_noise_and_no_verb(rules: Expander, noise: str) -> None:
    questions = asked(rules, f"The machine rattles loudly, followed by {noise}")
    assert not any(f"machine {noise[:-1]}" in question for question in questions)


@pytest.mark.parametrize("word", ["first", "last"])
@pytest.mark.parametrize("caption", ["Rain falls {}.", "A bell rings {} in the hall.", "The dog barks {}, then rain."])
def test_where_a_sound_stands_is_no_part_of_its_name(rules, caption, word):
    asked = [item.question for item in rules.expand(caption.format(word)).items]
    assert asked
    assert not any(word in question for question in asked)


@pytest.mark.parametrize("owner", ["my", "your", "her", "their"])
@pytest.mark.parametrize(
    "told", ["{} cat purring close by", "{} old clock ticking loudly", "the sound of {} dog barking"]
)
def test_an_owner_stands_where_the_article_would(rules: Expander, owner: str, told: str) -> None:
    for question in asked(rules, told.format(owner)):
        assert not any(f"{article} {owner} " in question for article in ("a", "an", "the"))


@pytest.mark.parametrize("first", ["squeaky-voiced", "high-pitched", "gravel-throated", "tiny-footed"])
@pytest.mark.parametrize("who", ["mouse", "robot", "old man"])
def test_half_of_a_name_is_asked_about_nowhere(rules: Expander, first: str, who: str) -> None:
    questions = asked(rules, f'A {first} {who} says "cheese!" and runs away over playful pizzicato strings')
    assert questions
    assert not any(" -" in question for question in questions)


def test_quoted_words_stay_as_they_are_said(rules: Expander) -> None:
    questions = asked(rules, 'A man says "show me the my little pony -deal today"')
    assert any("the my little pony -deal" in question for question in questions)
