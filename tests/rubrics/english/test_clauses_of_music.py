"""What clauses of captions of music and speech come to: denials, moments, owners, comparisons, uses, idioms."""

from __future__ import annotations

import pytest

from audiojudge_cli.rubrics.expander import Expander

INSTRUMENTS = ["drums", "trumpets"]


def asked(rules: Expander, caption: str) -> list[str]:
    return [item.question for item in rules.expand(caption).items]


def holds(questions: list[str], *words: str) -> bool:
    """Whether some question has all of the words."""
    return any(all(word in question for word in words) for question in questions)


@pytest.mark.parametrize("instrument", INSTRUMENTS)
@pytest.mark.parametrize("out", ["stay out", "sit out completely", "stay out completely"])
def test_who_stays_out_does_not_play(rules: Expander, instrument: str, out: str) -> None:
    questions = asked(rules, f"A slow jazz ballad with a piano. The {instrument} {out}.")
    assert f"Is the music free of {instrument}?" in questions
    assert not holds(questions, "Can you hear", instrument)


@pytest.mark.parametrize("instrument", [*INSTRUMENTS, "vocals"])
@pytest.mark.parametrize(
    "time", ["until the second verse", "before the chorus", "after the bridge", "in the intro", "till 0:40"]
)
@pytest.mark.parametrize("denial", ["no {} {}", "there are no {} {}"])
def test_what_is_denied_for_a_time_is_not_denied_of_the_whole(
    rules: Expander, instrument: str, time: str, denial: str
) -> None:
    questions = asked(rules, f"A folk song with a banjo, {denial.format(instrument, time)}")
    assert holds(questions, "banjo")
    assert not holds(questions, "free of")
    assert "Is the music purely instrumental?" not in questions


@pytest.mark.parametrize("denied", ["isn't", "wasn't", "is not", "was not"])
def test_a_denied_passive_denies_neither_its_subject_nor_the_opposite(rules: Expander, denied: str) -> None:
    for done in ("studio recorded", "recorded in a studio"):
        questions = asked(rules, f"A bagpipe melody. The music {denied} {done}.")
        assert holds(questions, "bagpipe")
        assert not holds(questions, "free of music")
        assert not holds(questions, "of high quality")


def test_an_idiom_denies_nothing(rules: Expander) -> None:
    questions = asked(rules, "A sarcastic teenager who couldn't care less, with lots of vocal fry.")
    assert "Does the speaker sound sarcastic?" in questions
    assert holds(questions, "vocal fry")
    assert not holds(questions, "free of")
    assert not holds(questions, "care")


@pytest.mark.parametrize("happening", ["a boss fight", "a spa", "a rainstorm", "a wedding", "a car chase"])
@pytest.mark.parametrize("piece", ["An 8-bit chiptune loop", "Calm ambient music", "A jazz track"])
def test_what_a_piece_is_for_is_not_heard(rules: Expander, happening: str, piece: str) -> None:
    questions = asked(rules, f"{piece} for {happening}, singing bowls and a soft flute, gets faster towards the end")
    assert not holds(questions, happening.split()[1])
    assert not holds(questions, "fight")
    assert holds(questions, "singing bowls")
    assert holds(questions, "flute")


@pytest.mark.parametrize("degree", ["less energetic", "more energetic", "darker", "far more aggressive"])
def test_a_comparison_asks_for_neither_side(rules: Expander, degree: str) -> None:
    questions = asked(rules, f"The track is {degree} than typical trance. A trumpet is playing.")
    assert holds(questions, "trumpet")
    assert not holds(questions, "trance")
    assert not holds(questions, degree.rsplit(maxsplit=1)[-1])


def test_a_louder_part_is_not_in_the_foreground(rules: Expander) -> None:
    questions = asked(rules, "A neo-soul groove; the bass guitar is more prominent than the keys.")
    assert "Can you hear a bass guitar?" in questions
    assert not holds(questions, "foreground")


@pytest.mark.parametrize("part", ["break", "chorus", "verse", "bridge", "section"])
@pytest.mark.parametrize("kind", ["rap", "gospel", "reggae"])
def test_the_kind_of_a_part_is_not_the_kind_of_the_piece(rules: Expander, part: str, kind: str) -> None:
    questions = asked(rules, f"k-pop, catchy melody, {kind} {part} before the end, key change")
    assert "Is this k-pop music?" in questions
    assert not holds(questions, "Is this", kind)


@pytest.mark.parametrize("pace", ["rapid", "slow", "fast"])
@pytest.mark.parametrize("played", ["hi-hats", "drums", "strings"])
def test_the_pace_of_an_instrument_is_not_the_tempo(rules: Expander, pace: str, played: str) -> None:
    for caption in (f"The bass is loud, the {played} are {pace}.", f"A rock song with {pace} {played}."):
        questions = asked(rules, caption)
        assert holds(questions, played)
        assert not holds(questions, "tempo")


@pytest.mark.parametrize(
    ("clause", "cut"),
    [
        ("He sings rather than speaks the first line.", "he sings rather"),
        ("He stresses the word 'never'.", "stresses the word"),
        ("Her voice cracks on the word 'home'.", "cracks on the word"),
    ],
)
def test_a_clause_that_would_be_cut_is_not_quoted(rules: Expander, clause: str, cut: str) -> None:
    questions = asked(rules, f"A villain with a cold voice, very slow. {clause}")
    assert holds(questions, "cold")
    assert not holds(questions, cut)


@pytest.mark.parametrize("people", ["African American", "Mexican American", "Native American"])
def test_a_people_is_no_accent(rules: Expander, people: str) -> None:
    assert not holds(asked(rules, f"A deep-voiced {people} man gives a sermon."), "accent")


def test_an_accent_stays_one(rules: Expander) -> None:
    assert holds(asked(rules, "A man with an American accent gives a sermon."), "American accent")


@pytest.mark.parametrize("rest", ["pedal steel, slow waltz", "banjo, fast tempo"])
def test_a_topic_ends_where_the_keywords_go_on(rules: Expander, rest: str) -> None:
    questions = asked(rules, f"make me a sad country ballad about a truck driver, {rest}")
    assert "Is the song about a truck driver?" in questions
    assert holds(questions, rest.split(",", maxsplit=1)[0])


def test_a_topic_keeps_its_list(rules: Expander) -> None:
    assert holds(asked(rules, "A ballad about love, loss and hope."), "about love, loss and hope")


@pytest.mark.parametrize("what", ["switches to sticks", "switches to a violin"])
def test_a_verb_behind_and_is_no_sound(rules: Expander, what: str) -> None:
    questions = asked(rules, f"A jazz trio, the drummer uses brushes and {what} for the solo.")
    assert "Can you hear brushes?" in questions
    assert not holds(questions, "switches")


@pytest.mark.parametrize("empty", ["industrial textures", "dark textures", "a quiet ending"])
def test_an_empty_part_is_not_asked_for(rules: Expander, empty: str) -> None:
    questions = asked(rules, f"Techno, hypnotic, {empty}, warehouse")
    assert "Is this techno music?" in questions
    assert not holds(questions, "industrial")
    assert not holds(questions, "in the music?")
    assert not holds(questions, "reverberation")


def test_a_pattern_stays_whole(rules: Expander) -> None:
    questions = asked(rules, "Trance with a four on the floor kick and a synth.")
    assert "Can you hear a kick?" in questions
    assert not holds(questions, "floor kick")


def test_what_somebody_sounds_to_have_done_is_not_heard(rules: Expander) -> None:
    questions = asked(rules, "The man's voice is husky; he sounds as if he had been crying.")
    assert holds(questions, "husky")
    assert not holds(questions, "crying")
