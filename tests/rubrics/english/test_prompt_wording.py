"""Words of prompts that their questions once garbled: verbs taken for nouns, possessives, effects."""

from __future__ import annotations

import pytest

from audiojudge_cli.rubrics.english.forms import gerund, with_article
from audiojudge_cli.rubrics.expander import Expander


def _asked(rules: Expander, caption: str) -> list[str]:
    return [item.question for item in rules.expand(caption).items]


@pytest.mark.parametrize("owner", ["somebody's", "someone's", "everyone's"])
def test_whose_it_is_takes_the_place_of_an_article(rules: Expander, owner: str) -> None:
    asked = _asked(rules, f"ten seconds of a busy bar: cups clinking, and {owner} phone vibrating once")
    assert f"Can you hear {owner} phone vibrating?" in asked


@pytest.mark.parametrize("language", ["Portuguese", "Latin", "Korean"])
def test_what_is_sung_is_asked_as_singing(rules: Expander, language: str) -> None:
    asked = _asked(rules, f"A choir chanting in {language}, pounding timpani")
    assert f"Is the singing in {language}?" in asked
    assert not any("genre" in question or f"{language} music" in question for question in asked)


@pytest.mark.parametrize("effect", ["reverb", "delay", "echo"])
@pytest.mark.parametrize("state", ["drenched", "soaked", "bathed"])
def test_what_is_drenched_in_an_effect_has_much_of_it(rules: Expander, state: str, effect: str) -> None:
    assert not any(state in question for question in _asked(rules, f"a plucky synth lead {state} in {effect}"))


def test_who_is_spoken_to_is_not_heard(rules: Expander) -> None:
    asked = _asked(rules, "a mother speaking quietly to her son, without raising her voice")
    assert "Is the speaker female?" in asked
    assert not any(" male" in question for question in asked)


@pytest.mark.parametrize("pages", ["Pages", "Several pages"])
def test_what_is_done_to_a_silent_thing_is_heard(rules: Expander, pages: str) -> None:
    asked = _asked(rules, f"{pages} being turned in a quiet library")
    assert f"Can you hear {pages.lower()} being turned in a quiet library?" in asked


@pytest.mark.parametrize(("lemma", "doing"), [("unwrap", "unwrapping"), ("unzip", "unzipping"), ("unite", "uniting")])
def test_gerund(lemma: str, doing: str) -> None:
    assert gerund(lemma) == doing


@pytest.mark.parametrize(
    ("noun", "article"), [("ukulele", "a"), ("oboe", "an"), ("unison line", "a"), ("urgent beep", "an")]
)
def test_the_article_goes_by_sound(noun: str, article: str) -> None:
    assert with_article(noun, countable=True) == f"{article} {noun}"


@pytest.mark.parametrize("pace", ["an even", "a steady"])
def test_an_even_pace_is_no_middling_one(rules: Expander, pace: str) -> None:
    speech = _asked(rules, f"A middle aged woman reads the news. She speaks formally, at {pace} pace.")
    assert "Is the pace of the speech even?" in speech


def test_with_may_be_written_with_a_stroke(rules: Expander) -> None:
    asked = _asked(rules, "Upbeat corporate track w/ ukulele, handclaps and a glockenspiel")
    assert [q for q in asked if q.startswith("Can")] == [
        f"Can you hear {thing}?" for thing in ("a ukulele", "handclaps", "a glockenspiel")
    ]


def test_music_in_a_room_lies_in_the_background(rules: Expander) -> None:
    asked = _asked(
        rules, 'A telephone rings twice, a woman answers "hello?", and classical music plays softly in the background'
    )
    assert "Is the music in the background?" in asked
    assert "Is the telephone in the background?" not in asked


def test_drums_and_bass_are_two(rules: Expander) -> None:
    asked = _asked(rules, "A pop song with only drums and bass.")
    assert {"Can you hear drums?", "Can you hear a bass?"} <= set(asked)
    assert not any("drums and bass music" in question for question in asked)


@pytest.mark.parametrize("noun", ["kitten", "engine"])
def test_a_noun_without_a_doer_is_no_action(rules: Expander, noun: str) -> None:
    assert not any(f"{noun}ing" in q or "engining" in q for q in _asked(rules, f"{noun} purring very close to the mic"))


@pytest.mark.parametrize("played", ["strummed", "bowed"])
def test_how_an_instrument_is_not_played_is_asked_of_it(rules: Expander, played: str) -> None:
    asked = _asked(rules, f"Rain in the background. The guitar is fingerpicked and gentle, not {played}.")
    assert f"Is the guitar not {played}?" in asked


@pytest.mark.parametrize("action", ["sighs loudly", "laughs quietly"])
def test_how_a_noise_is_made_is_not_how_is_spoken(rules: Expander, action: str) -> None:
    asked = _asked(rules, f'A sarcastic teenager says "Great, just great" and {action}')
    assert not any("Is the voice" in question for question in asked), asked


@pytest.mark.parametrize("kind", ["80s power ballad", "8-bit loop", "epic song"])
def test_figures_take_the_article_of_their_sound(kind: str) -> None:
    assert with_article(kind, countable=True) == f"an {kind}"


@pytest.mark.parametrize(("manner", "quality"), [("softly", "soft"), ("gently", "gentle")])
def test_how_an_instrument_is_played_is_asked_of_it(rules: Expander, manner: str, quality: str) -> None:
    asked = _asked(rules, f"Campfire crackling, an owl hooting, someone {manner} strumming an acoustic guitar")
    assert f"Is the acoustic guitar {quality}?" in asked
    assert not any("the voice" in question or "campfire crackling sound" in question for question in asked)


def test_a_noun_at_the_start_does_what_follows(rules: Expander) -> None:
    assert "Can you hear a kitten purring?" in _asked(rules, "kitten purring very close to the mic")
