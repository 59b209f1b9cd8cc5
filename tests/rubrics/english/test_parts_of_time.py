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
@pytest.mark.parametrize(("manner", "quality"), [("softly", "soft"), ("calm", "calm"), ("quietly", "quiet")])
def test_how_it_begins_is_asked_of_its_start(rules: Expander, verb: str, manner: str, quality: str) -> None:
    for caption in (
        f"The song {verb} {manner}, then it builds into a huge orchestral climax.",
        f"Her voice is breathy. She {verb} {manner} and then gets angrier as she goes on.",
    ):
        asked = [q for q in _asked(rules, caption) if f" {quality}" in q and "“" not in q]
        assert asked, caption
        assert all(question.endswith("at the start?") for question in asked), asked


@pytest.mark.parametrize("quality", ["polite", "calm", "nervous"])
def test_what_is_so_at_first_is_asked_of_the_start(rules: Expander, quality: str) -> None:
    asked = _asked(rules, f"A man with a French accent, {quality} at first but then getting more and more impatient.")
    assert [q for q in asked if quality in q] == [f"Does the speaker sound {quality} at the start?"]


def test_who_plays_alone_at_the_start_does_not_play_alone(rules: Expander) -> None:
    asked = _asked(rules, "Starts with a solo piano, then strings join and the piece swells to a finale.")
    assert "Can you hear a piano?" in asked
    assert not any("only instrument" in question for question in asked)


@pytest.mark.parametrize(
    ("caption", "words"),
    [
        ("The vocals are soft in the verses but loud in the chorus. A guitar plays.", ("soft", "loud")),
        ("She whispers the first sentence, then shouts the second one.", ("whispered", "shouted")),
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
