"""Who plays, sings or comes behind whom in a piece, whatever the nouns around them."""

from __future__ import annotations

import pytest

from audiojudge_cli.rubrics.rules import load


def _questions(caption: str) -> list[str]:
    return [item.question for item in load().expand(caption).items]


@pytest.mark.parametrize("thing", ["sting", "cluster", "introduction"])
@pytest.mark.parametrize("instrument", ["guitar", "brass", "piano"])
def test_an_instrument_is_heard_in_what_it_plays(instrument: str, thing: str) -> None:
    asked = _questions(f"A dark piece of music with drums and a twangy {instrument} {thing}.")
    assert any(question.startswith("Can you hear") and instrument in question for question in asked), asked


def test_a_pitch_is_no_instrument() -> None:
    asked = _questions("This clip features a cello playing the melody, from mid range to bass pitch.")
    assert not any("a bass" in question for question in asked), asked


@pytest.mark.parametrize(("who", "sex"), [("woman", "female"), ("young man", "male"), ("snotty guy", "male")])
@pytest.mark.parametrize(
    "told", ["Punk song, the verse is sung by a {}.", "Punk song, shouted vocals from a {}, drums."]
)
def test_who_sings_has_a_sex(told: str, who: str, sex: str) -> None:
    assert f"Is the singer {sex}?" in _questions(told.format(who))


@pytest.mark.parametrize("behind", ["behind him", "beneath her", "under them"])
def test_what_plays_behind_somebody_is_in_the_background(behind: str) -> None:
    asked = _questions(f"A man shouts while a brass band plays somewhere {behind}.")
    assert "Is the brass band in the background?" in asked


@pytest.mark.parametrize("growing", ["gets faster and faster", "picks up speed", "speeds up"])
def test_a_piece_that_gets_faster_is_asked_so(growing: str) -> None:
    asked = _questions(f"A slow polka with clarinet that {growing}.")
    assert "Does the music get faster?" in asked or "Does the clarinet get faster?" in asked, asked
    assert "Is the tempo fast?" not in asked


def test_a_guitar_is_not_asked_for_twice() -> None:
    asked = _questions("An electric guitar plays a riff. The guitar then strums one more chord.")
    assert "Can you hear a guitar?" not in asked


@pytest.mark.parametrize("clause", ["The trumpet stops dead.", "The music fades away.", "The polka speeds up."])
def test_what_was_read_of_a_clause_is_not_asked_again_as_it_stands(clause: str) -> None:
    asked = _questions(f"A polka with trumpet and clarinet. {clause}")
    assert not any("Is this heard" in question for question in asked), asked


@pytest.mark.parametrize(("key", "called"), [("Drums", "the drums"), ("Bass", "the bass"), ("Strings", "the strings")])
def test_a_key_that_names_an_instrument_owns_what_is_behind_it(key: str, called: str) -> None:
    asked = _questions(f"Genre: trip-hop. Tempo: 84 BPM. {key}: dusty, loose. Mood: dark.")
    assert any(question.startswith("Can you hear") and key.lower() in question for question in asked), asked
    assert any(called in question and "loose" in question for question in asked), asked
    assert not any("music sound loose" in question for question in asked)
    denied = _questions(f"Genre: trip-hop. Tempo: 84 BPM. {key}: none. Mood: dark.")
    assert f"Is the music free of {key.lower()}?" in denied


@pytest.mark.parametrize("key", ["Mix", "Mood", "Tempo", "Structure"])
def test_other_keys_name_nothing_heard(key: str) -> None:
    assert not any(f"hear {key.lower()}" in q.lower() for q in _questions(f"Genre: trip-hop. {key}: dark and slow."))


@pytest.mark.parametrize("noun", ["pace", "pitch", "volume"])
def test_what_a_comma_parts_from_a_noun_is_said_of_the_voice(noun: str) -> None:
    asked = _questions(f"The narrator is warm and playful, medium {noun}, and speaks with a smile.")
    assert any("warm" in question for question in asked), asked
    assert any("playful" in question for question in asked), asked


def test_words_of_one_value_are_two_feelings() -> None:
    asked = _questions("Emotion: thoughtful, a touch nostalgic. Gender: male.")
    assert {"Does the speaker sound thoughtful?", "Does the speaker sound a touch nostalgic?"} <= set(asked)


def test_what_a_clause_says_is_said_of_its_own_sound() -> None:
    asked = _questions("Footsteps through dry leaves, while somewhere far off an owl hoots every few seconds.")
    assert {"Does the owl sound distant?", "Is the owl heard every few seconds?"} <= set(asked)
    assert not any("acoustically dry" in question for question in asked)


def test_what_is_told_behind_a_denial_is_there() -> None:
    asked = _questions("No drums, bright piano and soft strings")
    assert {"Is the music free of drums?", "Can you hear a piano?", "Can you hear strings?"} <= set(asked)


def test_a_line_to_be_sung_is_sung() -> None:
    assert "Can you hear singing?" in _questions('Sing "happy birthday to you" softly')


@pytest.mark.parametrize("course", ["slow swells of strings", "strings with a slow fade-out"])
def test_how_slowly_something_grows_is_no_tempo(course: str) -> None:
    asked = _questions(f"Dark ambient drone, barely moving, {course}, violin and cello.")
    assert not any("slow" in question or "moving" in question for question in asked), asked


@pytest.mark.parametrize("played", ["strummed", "brushed", "bowed"])
def test_how_it_is_played_is_said_of_the_instrument(played: str) -> None:
    asked = _questions(f"Bossa nova featuring piano, {played} acoustic guitars, and drums.")
    assert not any(f"music sound {played}" in question for question in asked), asked


def test_who_speaks_over_music_does_not_sing() -> None:
    asked = _questions("Solo harmonica playing blues licks, followed by a male voiceover.")
    assert "Is the speaker male?" in asked
    assert "Is the singer male?" not in asked


def test_what_a_song_is_about_is_no_kind_of_music() -> None:
    asked = _questions("Indie folk song. Lyrics about leaving a lake house.")
    assert "Is the song about leaving a lake house?" in asked
    assert not any("house music" in question for question in asked)


@pytest.mark.parametrize("who", ["ducks quack", "dogs bark", "cows moo"])
def test_animals_that_call_are_heard_calling(who: str) -> None:
    asked = _questions(f"A metal gate slides while {who} and wind blows.")
    assert not any(f"a {who}" in question for question in asked), asked
    assert any(f"{who}ing" in question for question in asked), asked


def test_what_is_filtered_is_what_the_caption_filters() -> None:
    asked = _questions("The song features sustained organ keys, filtered drums and a synth lead melody.")
    assert "Do the drums sound filtered?" in asked
    assert "Does the production sound filtered?" not in asked
