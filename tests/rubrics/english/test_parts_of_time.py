"""What holds for a part of a piece or of a speech only is not asked of the whole."""

from __future__ import annotations

import pytest

from audiojudge_cli.rubrics.expander import Expander


def _asked(rules: Expander, caption: str) -> list[str]:
    return [item.question for item in rules.expand(caption).items]


SECTIONS = "[Verse] whispered vocals over a guitar [Chorus] full band, {} gang vocals, {}"


@pytest.mark.parametrize("manner", ["shouted", "screamed"])
@pytest.mark.parametrize("mood", ["angry", "triumphant"])
def test_a_section_tells_what_plays_and_not_how_the_whole_sounds(rules: Expander, manner: str, mood: str) -> None:
    asked = _asked(rules, SECTIONS.format(manner, mood))
    assert {"Is there a verse in the music?", "Is there a chorus in the music?"} <= set(asked)
    assert any("guitar?" in question for question in asked)
    assert not any(word in question for question in asked for word in (manner, mood, "whispered"))


@pytest.mark.parametrize("section", ["Intro", "Outro", "Bridge"])
def test_the_tag_of_a_section_has_an_article(rules: Expander, section: str) -> None:
    article = "a" if section == "Bridge" else "an"
    assert f"Is there {article} {section.lower()} in the music?" in _asked(rules, f"[{section}] gentle acoustic guitar")


@pytest.mark.parametrize("verb", ["starts", "begins", "opens"])
@pytest.mark.parametrize("manner", ["softly", "calm"])
def test_how_it_begins_is_not_how_it_is(rules: Expander, verb: str, manner: str) -> None:
    for caption in (
        f"The song {verb} {manner}, then it builds into a huge orchestral climax.",
        f"Her voice is breathy. She {verb} {manner} and then gets angrier as she goes on.",
    ):
        assert not any(
            question.startswith(("Is", "Does")) and f" {manner.removesuffix('ly')}" in question and "“" not in question
            for question in _asked(rules, caption)
        ), caption


def test_who_plays_alone_at_the_start_does_not_play_alone(rules: Expander) -> None:
    asked = _asked(rules, "Starts with a solo piano, then strings join and the piece swells to a finale.")
    assert "Can you hear a piano?" in asked
    assert not any("only instrument" in question for question in asked)


@pytest.mark.parametrize(
    ("caption", "words"),
    [
        ("The vocals are soft in the verses but loud in the chorus. A guitar plays.", ("soft", "loud")),
        ("She whispers the first sentence, then shouts the second one.", ("whispered", "shouted")),
        ("The drums are slow at first. After the bridge the drums are fast.", ("slow", "fast")),
    ],
)
def test_what_is_told_with_its_opposite_is_asked_in_neither_way(
    rules: Expander, caption: str, words: tuple[str, str]
) -> None:
    assert not [q for q in _asked(rules, caption) if any(f" {word}?" in q for word in words)]


@pytest.mark.parametrize("end", ["fades out", "stops", "ends"])
def test_when_something_ends_it_is_not_heard(rules: Expander, end: str) -> None:
    asked = _asked(
        rules, f"A news anchor reads the headlines over an orchestral jingle, which {end} after five seconds"
    )
    assert not any("5 seconds" in question for question in asked)


def test_two_singers_are_asked_for_one_by_one(rules: Expander) -> None:
    asked = _asked(rules, "90s eurodance banger with a cheesy male rap verse and a huge female-sung chorus")
    assert not {"Is the singer male?", "Is the singer female?"} & set(asked), asked
