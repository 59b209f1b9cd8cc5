"""A denial reaches the phrase behind it, whatever the parser hung it on, and nothing in front of it."""

from __future__ import annotations

import pytest

from audiojudge_cli.rubrics.expander import Expander

CUES = ["no {}", "without {}", "minus the {}", "instead of {}", "rather than {}", "lacking {}", "free of {}"]
THINGS = ["drums", "strings", "a trumpet", "vocals"]


def _told(rules: Expander, caption: str) -> dict[str, bool]:
    return {item.question: item.negated for item in rules.expand(caption).items}


@pytest.mark.parametrize("cue", CUES)
@pytest.mark.parametrize("thing", THINGS)
def test_what_stands_behind_is_denied_and_what_stands_in_front_is_not(rules: Expander, cue: str, thing: str) -> None:
    if "{}" in cue and cue.startswith(("no", "minus")):
        thing = thing.removeprefix("a ")
    told = _told(rules, f"An indie song with a cello and a harp, {cue.format(thing)}.")
    denied = [question for question, negated in told.items() if negated]
    free = f"Is the music free of {thing.removeprefix('a ')}?"
    assert denied in ([free], []), told
    assert denied or told.get("Is the music purely instrumental?") is False, told
    assert told["Can you hear a cello?"] is False
    assert told["Can you hear a harp?"] is False


@pytest.mark.parametrize("clause", ["nobody sings", "no one sings", "nobody is singing"])
def test_a_clause_at_the_end_denies_nothing_in_front_of_it(rules: Expander, clause: str) -> None:
    told = _told(rules, f"An energetic samba with whistles, agogo bells and surdo drums, {clause}")
    assert told["Can you hear surdo drums?"] is False
    assert not any(negated for question, negated in told.items() if "singing" not in question), told


@pytest.mark.parametrize("state", ["absent", "completely absent", "missing"])
def test_what_is_absent_is_denied(rules: Expander, state: str) -> None:
    told = _told(rules, f"The drums are {state}, the piano is loud.")
    assert told.get("Is the music free of drums?") is True, told
    assert told.get("Is the piano loud?") is False, told


@pytest.mark.parametrize("state", ["almost absent", "nearly absent"])
def test_what_is_almost_absent_is_not_denied(rules: Expander, state: str) -> None:
    assert not any(_told(rules, f"Wind stays {state} the entire time.").values())


def test_who_does_it_instead_is_heard(rules: Expander) -> None:
    told = _told(rules, "Not a dog but a wolf howls")
    assert told["Can you hear a wolf howling?"] is False
    assert all(negated for question, negated in told.items() if "dog" in question)


@pytest.mark.parametrize("entry", ["gentle", "very gentle", "soft"])
def test_an_adjective_between_commas_tells_of_the_sound_before(rules: Expander, entry: str) -> None:
    told = _told(rules, f"Rain on a tent, {entry}, no thunder, with an occasional owl hoot far off.")
    assert f"Does the rain on a tent sound {entry}?" in told, told


@pytest.mark.parametrize("mark", [",", " -"])
@pytest.mark.parametrize("mood", ["nostalgic", "happy but not childish", "dark and menacing"])
def test_an_adjective_behind_a_list_of_instruments_tells_of_the_piece(rules: Expander, mark: str, mood: str) -> None:
    told = _told(rules, f"A waltz with accordion, handclaps and violin{mark} {mood}, around 120 bpm")
    assert f"Does the music sound {mood.split(maxsplit=1)[0]}?" in told, told
    assert not any("the violin sound" in question or "the accordion sound" in question for question in told)


def test_an_adjective_behind_a_voice_tells_of_the_voice(rules: Expander) -> None:
    told = _told(rules, "The song has a female vocal, soft and breathy, over piano and strings.")
    assert not any("the music" in question for question in told), told
