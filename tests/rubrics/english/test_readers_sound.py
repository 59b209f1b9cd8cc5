"""Captions of sounds: classes of questions that strict readers called wrong or clumsy, and what to ask instead."""

from __future__ import annotations

import pytest

from audiojudge_cli.rubrics.expander import Expander


def asked(rules: Expander, caption: str) -> list[str]:
    return [item.question for item in rules.expand(caption, subset="sound").items]


@pytest.mark.parametrize("conjunction", ["as", "while"])
@pytest.mark.parametrize(
    ("clause", "doing"),
    [
        ("paper crumbles", "paper crumbling"),
        ("plastic clanks", "plastic clanking"),
        ("a projector churns", "a projector churning"),
    ],
)
def test_a_conjunction_opens_a_clause(rules: Expander, conjunction: str, clause: str, doing: str) -> None:
    questions = asked(rules, f"A dog barks {conjunction} {clause}")
    assert f"Can you hear {doing}?" in questions
    assert not [question for question in questions if clause.rpartition(" ")[2] in question]


def test_a_noun_joined_to_a_verb_is_one(rules: Expander) -> None:
    assert "Can you hear a film projector churning?" in asked(rules, "A film projector churns and advances.")


@pytest.mark.parametrize("noun", ["ocean", "rain", "traffic"])
def test_what_is_joined_to_a_participle_is_no_verb(rules: Expander, noun: str) -> None:
    questions = asked(rules, f"Wind blowing and {noun} in the background")
    assert f"Is the {noun} in the background?" in questions
    assert not [question for question in questions if f"{noun}ing" in question or "Is the wind" in question]


@pytest.mark.parametrize(
    ("caption", "owner", "other"),
    [
        ("Birds are tweeting with highway traffic in the background", "highway traffic", "birds"),
        ("Rain falling with thunder in the background", "thunder", "rain"),
        ("A man is speaking and music is playing in the background", "music", "voice"),
    ],
)
def test_a_place_belongs_to_the_nearest_sound(rules: Expander, caption: str, owner: str, other: str) -> None:
    questions = asked(rules, caption)
    assert f"Is the {owner} in the background?" in questions
    assert not [q for q in questions if q.endswith("in the background?") and other in q]


@pytest.mark.parametrize(
    ("caption", "never"),
    [
        # what no word tells the owner of
        ("Popping and cracking followed by a loud burst", "sound loud"),
        ("A boat engine runs as water splashes then cuts off", "the sound"),
        ("Traffic sounds with birds chirping and far away voices", "birds sound"),
        ("A large bird chirping outdoors with smaller birds chirping nearby.", "birds sound close"),
        # two times, two levels
        ("A raven cawing soft and then loudly.", "sound soft"),
        # speed is no loudness, nor what is picked up
        ("An engine runs for awhile, never picking up in speed.", "louder"),
        ("A metal object is repeatedly being picked up and dropped", "louder"),
        # a participle without what it is done to
        ("A person is opening and closing a squeaky door", "person opening"),
        ("A person opening and then closing a car door", "person opening"),
        # vessels and ways are no sounds, and no adjectives
        ("A liquid mixture being stirred in a kitchen bowl.", "hear a kitchen bowl"),
        ("Small balls are dropped into a glass bowl", "hear a glass bowl"),
        ("People are talking and getting into a truck.", "hear a truck"),
        ("Ambulance driving past the black car", "hear a black car"),
        ("Liquid is trickling and gurgling while filling a container", "sound container"),
        ("Water was dripping from the roof onto a metal container.", "sound metal container"),
        ("Something made of metal being struck over and over", "hear metal?"),
        # articles and adjectives
        ("A bell ringing in close proximity to each other.", "each other"),
        ("The clicking noises are long and electricity buzzes.", "an electricity"),
        ("Leaves rustling and trash crackling.", "a trash"),
        ("A baby cries with other people speaking in the distance", "another people"),
        ("The wet, gritty surface was stamped by heavy footsteps.", "wet, surface"),
        ("Sirens going off, a band playing and a bell ringing", "sirens ringing"),
        # no speakers, no voices
        ("A woman and a child are beside a shopping cart.", "sound like a child"),
        ("Two men are laughing", "speakers"),
        ("A horse is clip-clopping with a woman is laughing", "woman speaking"),
        # one happening, told twice
        ("Food sizzling while cooking", "cooking"),
        # high winds and squeaky wheels have no pitch
        ("Motorboat motor and high winds", "pitch"),
        ("A machine running with a squeaky wheel", "pitch"),
        ("A short, high pitched goat call in the distance", "short, high"),
        ("A light, metal object is being picked up", "sound light"),
        # who or what is only pointed at
        ("Small birds, large ones are tweeting together.", "ones"),
        ("Before some start to cheer, a dog barks.", "some cheering"),
        ("A motorcycle engine running idle then revving its engine", "its engine"),
        ("A vehicle engine revving then running idle", "a running idle"),
        # a material in front of a sound
        ("A soft electronic beep and another metal click", "hear metal?"),
        # who does something else is no clean recording, who talks no delivery
        ("A person cleans a window until it squeaks", "free of background noise"),
        ("People were having a conversation in a room", "delivery"),
        ("A gun had a silent sound and was being fired.", "silent"),
        ("It is raining while people talk", "raining"),
    ],
)
def test_never_asked(rules: Expander, caption: str, never: str) -> None:
    assert not [question for question in asked(rules, caption) if never in question]


@pytest.mark.parametrize(
    ("caption", "question"),
    [
        ("A gurgling noise followed by a dog barking", "Can you hear a gurgling noise?"),
        ("A camera muffling followed by a dog barking", "Can you hear a camera muffling?"),
        ("A raven cawing soft", "Can you hear a raven cawing?"),
        ("A few birds are tweeting together", "Can you hear a few birds tweeting together?"),
        ("Dragging a chair on flooring", "Can you hear someone dragging a chair on flooring?"),
        ("Opening and closing a door", "Can you hear someone closing a door?"),
        ("A person is opening and closing a squeaky door", "Can you hear a person closing a squeaky door?"),
        ("A baby cries with other people speaking", "Can you hear other people speaking?"),
        ("Emergency vehicle siren passing by then fading", "Does the emergency vehicle siren grow quieter?"),
        ("A metal door is opening in a narrow hallway", "Does it sound as if recorded in a hallway?"),
        ("An adult male speaks while an engine idles", "Can you hear an adult male speaking?"),
        ("An engine being started repeatedly", "Is the engine being started heard again and again?"),
        ("It is raining while people talk", "Can you hear rain?"),
        ("A muffled engine running", "Does the engine sound muffled?"),
        ("A man talks over an intercom", "Does it sound as if something comes over an intercom?"),
        ("Distant murmuring and distant engine revving", "Does the murmuring sound distant?"),
        ("A woman speaks followed by a girl speaking faintly", "Is the girl's voice faint?"),
        ("A man is speaking while typing", "Can you hear typing?"),
        ("A bird cawing during audio feedback humming", "Can you hear audio feedback humming?"),
        ("Pigeons cooing with some rattling", "Can you hear some rattling?"),
    ],
)
def test_asked(rules: Expander, caption: str, question: str) -> None:
    assert question in asked(rules, caption)
