"""What a caption denies is asked as denied, by its own words; what it leaves open is not asked."""

from __future__ import annotations

import pytest

from audiojudge_cli.rubrics.rules import load

_THINGS = ("sudden changes", "autotune", "words", "key change", "bright highs")
_MUSIC = "An indie pop song with bright synths."


def _questions(caption: str) -> list[str]:
    return [item.question for item in load().expand(caption).items]


@pytest.mark.parametrize("thing", _THINGS)
def test_what_music_lacks_is_asked_by_its_name(thing: str) -> None:
    asked = _questions(f"{_MUSIC} No {thing}.")
    assert any("free of" in question and thing in question for question in asked), asked


@pytest.mark.parametrize("doing", ["chainsaw revving", "water flowing", "dog barking"])
def test_what_does_not_sound_is_not_heard(doing: str) -> None:
    asked = _questions(f"Rain falls. No {doing}.")
    assert any("free of" in question and doing in question for question in asked), asked
    assert not any(question.startswith("Can you hear no") for question in asked)


@pytest.mark.parametrize("ending", ["no one else around", "in no hurry", "without letup", "no longer distant"])
def test_a_denial_of_nothing_heard_asks_nothing(ending: str) -> None:
    assert not any("free of" in question for question in _questions(f"A dog barks, {ending}."))


def test_room_left_for_a_voice_is_no_voice() -> None:
    asked = _questions("Trap beat with sliding 808s. Leave room for a rapper, so no vocals yet.")
    assert "Is the music purely instrumental?" in asked
    assert not any("rapper" in question for question in asked)


@pytest.mark.parametrize("alone", ["a cappella", "unaccompanied"])
def test_singing_alone_has_no_instruments(alone: str) -> None:
    assert "Is the music free of musical instruments?" in _questions(f"A choir sings a lullaby {alone}, very soft.")


def test_who_sings_a_quoted_line_is_no_thing() -> None:
    asked = _questions(
        'A jazz ballad. A contralto around sixty sings "I left the porch light on for you" with vibrato.'
    )
    assert "Is the contralto low-pitched?" in asked
    assert not any("sings" in question for question in asked)


@pytest.mark.parametrize("kind", ["electronic", "percussive", "string"])
def test_an_adjective_alone_names_no_instrument(kind: str) -> None:
    asked = _questions(f"instrumental, medium tempo, violin, {kind} sounds, sinister, dark, scary")
    assert f"Can you hear {kind} sounds?" in asked


@pytest.mark.parametrize("ending", ["fading to nothing", "slowly fading to nothing"])
def test_what_fades_to_nothing_fades(ending: str) -> None:
    asked = _questions(f"Stadium applause {ending}")
    assert any("fade out" in question and "not" not in question for question in asked), asked


def test_nothing_of_a_kind_denies_that_kind_alone() -> None:
    asked = _questions("The narrator speaks slowly. Nothing scary, keep it comic.")
    assert "Does the speaker sound scary?" not in asked
    assert "Does the speaker not sound comic?" not in asked
