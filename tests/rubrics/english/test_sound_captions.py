"""Captions of sound events: what they ask, and what they must never ask."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiojudge_cli.rubrics.english.mend import mend
from audiojudge_cli.rubrics.english.pipeline import parsed
from audiojudge_cli.rubrics.expander import Expander


def asked(rules: Expander, caption: str) -> list[str]:
    return [item.question for item in rules.expand(caption, subset="sound").items]


@pytest.mark.parametrize(
    ("caption", "heard"),
    [
        # verbs that a tagger takes for nouns behind the noun that does them
        ("a {} followed by a man talking", [("car engine revs", "a car engine revving")]),
        ("{}", [("A horse snorts and trots", "a horse snorting"), ("A horse snorts and trots", "a horse trotting")]),
        ("{} in the distance", [("Metal cups clank", "metal cups clanking"), ("Pigeons coo", "pigeons cooing")]),
        ("a man speaks as a {}", [("metal door closes", "a metal door closing"), ("bell chimes", "a bell chiming")]),
        (
            "{}",
            [("A door slams shut", "a door slamming shut"), ("Large church bells ring", "large church bells ringing")],
        ),
        # what several things do is done by each of them
        (
            "{} loudly",
            [("Birds and crickets chirp", "birds chirping"), ("Birds and crickets chirp", "crickets chirping")],
        ),
        # light verbs that tell a happening
        (
            "{} and a dog barks",
            [("A toilet is flushed", "a toilet being flushed"), ("A motor starts", "a motor starting")],
        ),
        ("{}", [("An alarm goes off", "an alarm going off"), ("Water is turned on", "water being turned on")]),
        # what no list knows, as something heard and not as a quotation
        ("{}", [("A person is cutting down weeds", "a person cutting down weeds")]),
        # what a sound comes from belongs to its name
        ("{}", [("Loud honks of a horn", "honks of a horn"), ("The faint quacking of a duck", "quacking of a duck")]),
        # groups and children who speak
        (
            "{} while it rains",
            [("A group of men speaking", "a group of men speaking"), ("A child talks", "a child talking")],
        ),
    ],
)
def test_happenings_are_heard(rules: Expander, caption: str, heard: list[tuple[str, str]]) -> None:
    for told, name in heard:
        assert f"Can you hear {name}?" in asked(rules, caption.format(told))


@pytest.mark.parametrize("with_it", ["brief female speech", "wind noise", "birds chirping", "some metallic sounds"])
def test_what_goes_with_a_sound_is_a_sound_of_its_own(rules: Expander, with_it: str) -> None:
    questions = asked(rules, f"An engine running on a road with {with_it}")
    assert "Can you hear an engine running on a road?" in questions
    assert len(questions) > 1


@pytest.mark.parametrize("tool", ["with a hammer", "with increasing intensity"])
def test_what_it_is_done_with_stays(rules: Expander, tool: str) -> None:
    assert f"Can you hear a person beating a box {tool}?" in asked(rules, f"A person beats a box {tool}")


@pytest.mark.parametrize(
    ("caption", "question"),
    [
        ("A bird is pecking lightly", "Is the bird pecking lightly?"),
        ("Bells ring very loudly", "Are the bells ringing very loudly?"),
        ("A loud horn honks", "Does the horn sound loud?"),
        ("Very heavy rain is falling", "Does the rain sound very heavy?"),
        ("An engine that is getting quieter", "Does the engine grow quieter?"),
        ("A brief beep", "Is the beep heard only briefly?"),
        ("Two people talk outside while it rains", "Does it sound as if recorded outdoors?"),
        ("A man closes a door and walks away", "Does the man move away?"),
        ("A door squeaks and clicks shut", "Can you hear a door clicking shut?"),
        ("Animals are making noise while birds chirp", "Can you hear animals making noise?"),
        ("A buzz saw cuts wood", "Can you hear a buzz saw cutting wood?"),
        ("City ambience with cars", "Does it sound like a city?"),
        ("Open-plan office ambience: keyboards clattering", "Does it sound like an open-plan office?"),
        ("Waves crash on a beach", "Does it sound like a beach?"),
        ("Inside a submarine. A hull groans.", "Does it sound like a submarine?"),
        ("A single gunshot", "Is there exactly 1 gunshot?"),
        ("An owl hoots every few seconds", "Is the owl heard every few seconds?"),
    ],
)
def test_how_it_is_done(rules: Expander, caption: str, question: str) -> None:
    assert question in asked(rules, caption)


@pytest.mark.parametrize(
    ("caption", "never"),
    [
        ("Wind chimes in the garden", "wind chiming"),  # a thing, no action
        ("A series of computer mouse clicks", "mouse clicking"),
        ("Hissing noises", "hissing?"),  # once, by its name
        ("A beeping sound", "a beeping?"),
        ("A loud horn honks of course", "an honking"),
        ("Birds make noise in the trees", "noise in the recording"),
        ("A steam train runs with metal clacking in the background", "the metal in"),
        ("Bells ring with muffled conversation", "a conversation"),
        ("A dog barks at the windows of a house", "house music"),
        ("People herding goats near a stream", "close"),
        ("Small rocks fall", "small"),
        ("A man closes a door", "close?"),
        ("Something is pushed under the water", "background"),
        ("A high volume of air moves", "loud"),
        ("Music plays on a loud speaker", "loud"),
        ("Very heavy rain is falling", "very rain"),
        ("Someone taps on wood", "sound like"),
        ("Rain falls on a roof", "sound like"),
        ("A rolling train passes by", "rolling?"),
        ("A car slowly approaches", "slow"),
        ("Birds chirp on a noisy beach", "recording"),
    ],
)
def test_never_asked(rules: Expander, caption: str, never: str) -> None:
    assert not [question for question in asked(rules, caption) if never in question]


@pytest.mark.parametrize(
    ("caption", "question"),
    [
        ("Metal clacking in the background", "Is the metal clacking in the background?"),
        ("Several people laugh continuously", "Is the laughing heard throughout?"),
        ("A duck quacks repeatedly", "Is the duck heard again and again?"),
        ("A phone rings intermittently", "Is the phone heard only now and then?"),
        ("Rain falls constantly", "Is the rain heard throughout?"),
    ],
)
def test_what_is_said_of_a_sound_names_it(rules: Expander, caption: str, question: str) -> None:
    assert question in asked(rules, caption)


def test_order_goes_by_what_is_told_last(rules: Expander) -> None:
    questions = asked(rules, "An audience laughs and claps followed by a man speaking")
    assert "Do you hear an audience clapping before a man speaking?" in questions


_LOOSE = [
    "door",
    "slams",
    "shut",
    "faint",
    "spraying",
    "noise",
    "dogs",
    "bark",
    "saw",
    "and",
    "a",
    ",",
    "revs",
    "clicks",
]


@given(st.lists(st.sampled_from(_LOOSE), min_size=1, max_size=9))
@settings(max_examples=60, deadline=None)
def test_words_in_any_order_keep_a_tree(words: list[str]) -> None:
    doc = next(parsed([" ".join(words)]))
    mend(doc)
    assert all(len(list(token.ancestors)) < len(doc) for token in doc)
    assert all(doc[start:end].root in doc for start in range(len(doc)) for end in range(start + 1, len(doc) + 1))


@pytest.mark.parametrize("caption", ["A woman sneezes and then sniffles", "Two men are laughing", "A baby crying"])
def test_who_makes_another_sound_does_not_speak(rules: Expander, caption: str) -> None:
    rubric = rules.expand(caption)
    assert rubric.subset == "sound"
    assert not [item.question for item in rubric.items if "speaking" in item.question]
