"""Clauses of captions of sounds: who does what, what is denied of which, and what none of them claims."""

from __future__ import annotations

import pytest

from audiojudge_cli.rubrics.expander import Expander


def asked(rules: Expander, caption: str) -> list[str]:
    return [item.question for item in rules.expand(caption, subset="sound").items]


@pytest.mark.parametrize("sound", ["phone vibrates on a table", "doorbell rings", "telephone rings"])
@pytest.mark.parametrize("denied", ["nobody picks it up", "nobody answers", "no one answers"])
def test_a_later_clause_denies_nothing_of_an_earlier_one(rules: Expander, sound: str, denied: str) -> None:
    items = rules.expand(f"A {sound} four times, {denied}, and a dog barks", subset="sound").items
    counts = [item for item in items if item.dimension == "count"]
    assert counts
    assert all(item.question.endswith("heard exactly 4 times?") for item in counts)
    assert not any(" not " in item.question for item in items)


@pytest.mark.parametrize(
    ("first", "heard"),
    [
        ("A frog croaks", "a frog croaking"),
        ("A toilet flushes", "a toilet flushing"),
        ("A horse trots", "a horse trotting"),
    ],
)
@pytest.mark.parametrize(
    ("then", "also"),
    [
        (" and several other frogs respond", "several other frogs responding"),
        (", its bells jingling", "its bells jingling"),
        (", the tap runs, and hands are dried with a towel", "the tap running"),
    ],
)
def test_a_finite_verb_is_no_subject(rules: Expander, first: str, heard: str, then: str, also: str) -> None:
    questions = asked(rules, first + then)
    assert {f"Can you hear {heard}?", f"Can you hear {also}?"} <= {*questions}
    assert not any(word in " ".join(questions) for word in ("croaks", "flushes", "trots", "acoustically dry"))


@pytest.mark.parametrize(
    ("clause", "heard"),
    [
        ("a key turns in a lock", "a key turning in a lock"),
        ("a foghorn sounds in the distance", "a foghorn"),
        ("a printer prints several pages", "a printer printing"),
        ("whistles loudly", "a dog whistling"),
        ("slams shut", "a dog slamming shut"),
    ],
)
def test_what_agrees_with_one_is_a_verb(rules: Expander, clause: str, heard: str) -> None:
    questions = asked(rules, f"A dog barks, then {clause}")
    assert any(question.startswith(f"Can you hear {heard}") for question in questions)
    assert not any(word in " ".join(questions) for word in ("turns", "sounds", "prints", "whistles", "slams"))


@pytest.mark.parametrize("matter", ["dust and pebbles", "sand and stones", "bricks and plaster"])
def test_what_falls_behind_a_comma_is_its_own(rules: Expander, matter: str) -> None:
    questions = asked(rules, f"The sound of a slab being dragged across the floor of a tomb, {matter} falling")
    assert any(question.endswith("falling?") and "slab" not in question for question in questions)
    assert not any("slab falling" in question for question in questions)


@pytest.mark.parametrize("load", ["with heavy boots", "through deep snow"])
def test_a_participle_behind_a_comma_has_the_subject_of_its_sentence(rules: Expander, load: str) -> None:
    questions = asked(rules, f"Someone walks {load}, breathing hard")
    assert "Is someone breathing hard?" in questions
    assert not any("boots breathing" in question or "the someone" in question for question in questions)


@pytest.mark.parametrize("tape", ["duct", "masking", "packing"])
def test_tape_that_is_torn_is_no_recording(rules: Expander, tape: str) -> None:
    items = rules.expand(f"Someone tears a strip of {tape} tape off the roll", subset="sound").items
    assert any(f"{tape} tape off the roll" in item.question for item in items)
    assert not {"recording", "production"} & {item.dimension for item in items}


@pytest.mark.parametrize("pace", ["slowly", "quickly", "softly"])
def test_how_it_is_at_first_is_not_how_it_is(rules: Expander, pace: str) -> None:
    questions = asked(rules, f"Popcorn popping in a pot, {pace} at first, then a bell rings")
    assert "Can you hear popcorn popping in a pot?" in questions
    told = [question for question in questions if any(word in question for word in ("slow", "quick", "soft", "loud"))]
    assert all(question.endswith("at the start?") for question in told), told


def test_who_only_sneezes_does_not_speak(rules: Expander) -> None:
    questions = asked(rules, "A man sneezes three times and a child says bless you")
    assert "Can you hear a man sneezing?" in questions
    assert "Can you hear a man speaking?" not in questions


@pytest.mark.parametrize("alone", ["crickets chirping", "birds singing"])
def test_what_is_left_over_is_heard_among_others(rules: Expander, alone: str) -> None:
    questions = asked(rules, f"A motorbike accelerates, shifts gears and speeds away, leaving only {alone}")
    assert f"Can you hear {alone}?" in questions
    assert not any("only" in question or "gears" in question for question in questions)


def test_a_crowd_that_cheers_is_no_feeling(rules: Expander) -> None:
    items = rules.expand("A whistle blows and everyone erupts in cheers", subset="sound").items
    assert "emotion" not in {item.dimension for item in items}


def test_how_it_is_done_stays_with_its_verb(rules: Expander) -> None:
    questions = asked(rules, "A dog panting heavily next to the microphone")
    assert "Is the dog panting heavily?" in questions
    assert "Does the dog sound heavy?" not in questions


@pytest.mark.parametrize("birds", ["seagulls", "parrots"])
def test_several_birds_act_behind_as(rules: Expander, birds: str) -> None:
    questions = asked(rules, f"Waves crash against rocks as {birds} squawk and a foghorn sounds twice")
    assert {f"Can you hear {birds} squawking?", "Is a foghorn heard exactly twice?"} <= {*questions}


@pytest.mark.parametrize("bits", ["8-bit", "16-bit"])
def test_numbers_with_hyphens_stay_whole(rules: Expander, bits: str) -> None:
    questions = asked(rules, f"{bits} video game sound of a player collecting a coin")
    assert not any(" bit " in question for question in questions)
