"""What readers without the program called wrong or clumsy in captions of music: each class, and what it must ask."""

from __future__ import annotations

import pytest

from audiojudge_cli.rubrics.expander import Expander

AROUND = "This rock song has a trumpet."


def asked(rules: Expander, caption: str) -> list[str]:
    return [item.question for item in rules.expand(caption).items]


def about(questions: list[str], *words: str) -> list[str]:
    return [question for question in questions if any(word in question for word in words)]


@pytest.mark.parametrize("pace", ["slow", "fast"])
@pytest.mark.parametrize("part", ["guitar melody", "piano line", "drum rolls"])
def test_the_pace_of_a_part_is_not_the_tempo(rules: Expander, pace: str, part: str) -> None:
    questions = asked(rules, f"This rock song consists of sustained strings, {pace} {part} and smooth bass.")
    assert about(questions, f"{part} {pace}")
    assert not about(questions, "tempo")


@pytest.mark.parametrize("piece", ["{} piano music", "a {} church organ piece"])
def test_the_pace_of_a_piece_is_its_tempo(rules: Expander, piece: str) -> None:
    assert "Is the tempo slow?" in asked(rules, f"{piece.format('slow')} with a solemn mood")


@pytest.mark.parametrize(
    "part",
    ["low pitched harmony", "high pitched notes", "robotic sounds", "howling tones", "widely spread percussion"],
)
def test_a_part_without_an_instrument_tells_nothing_of_the_music(rules: Expander, part: str) -> None:
    questions = asked(rules, f"rock song, trumpet, {part}, slow tempo")
    assert not about(questions, "Is the music low", "Is the music high", "Does the music sound")


@pytest.mark.parametrize("noun", ["tune", "theme", "riff", "line"])
def test_what_an_instrument_plays_is_its_own(rules: Expander, noun: str) -> None:
    questions = asked(rules, f"{AROUND} The bass guitar is playing a groovy {noun}.")
    assert "Does the bass guitar sound groovy?" in questions
    assert not about(questions, "music sound groovy")


def test_the_last_to_play_is_in_the_background(rules: Expander) -> None:
    caption = "There is a piano and a flute playing the melody while a bass guitar plays in the background."
    questions = asked(rules, f"{AROUND} {caption}")
    assert not about(questions, "flute in the background", "music in the background")


@pytest.mark.parametrize("word", ["congressional", "black", "cultural", "generic", "welcome", "afghan", "forever"])
def test_only_moods_are_asked_as_moods(rules: Expander, word: str) -> None:
    for caption in (f"rock music, {word}, trumpet", f"rock music, {word} music", f"{AROUND} The song is {word}."):
        assert not about(asked(rules, caption), f"sound {word}")


@pytest.mark.parametrize("word", ["captivating", "engaging", "psychedelic", "beautiful", "weird", "modern"])
def test_moods_beside_the_list_are_asked(rules: Expander, word: str) -> None:
    for caption in (f"rock music, {word}, trumpet", f"{AROUND} The song is {word}."):
        assert f"Does the music sound {word}?" in asked(rules, caption)


@pytest.mark.parametrize(
    ("caption", "never"),
    [
        ("rock song, explore the wild, guitar", "wild"),
        (f"{AROUND} The song is trance and a prayer chant.", "sound prayer"),
        ("church music, gospel song, guitar", "reverberation"),
        ("rock song, shuffle, guitar", "sound shuffle"),
        (f"{AROUND} We hear synths driving the melody.", "driving"),
        (f"{AROUND} It has a low frequency thumping rhythm.", "thumping"),
        ("gospel song, people dancing around a fire, organ", "dancing"),
        ("arabic music, desert sands, violin", "sands"),
    ],
)
def test_a_word_with_another_part_in_its_sentence_is_no_quality(rules: Expander, caption: str, never: str) -> None:
    assert not about(asked(rules, caption), never)


@pytest.mark.parametrize("poor", ["poor", "inferior", "bad", "very poor", "low"])
@pytest.mark.parametrize(
    "said", ["The audio quality is {}.", "The song is {} in audio quality.", "The song quality is {}."]
)
def test_poor_audio_is_a_poor_recording(rules: Expander, poor: str, said: str) -> None:
    questions = asked(rules, f"{AROUND} {said.format(poor)}")
    assert "Is the recording of low quality?" in questions
    assert not about(questions, "poor", "inferior", "bad")


@pytest.mark.parametrize(
    "said", ["The audio quality is average.", "The quality is not poor.", "The audio quality is good."]
)
def test_other_quality_is_no_poor_one(rules: Expander, said: str) -> None:
    assert "Is the recording of low quality?" not in asked(rules, f"{AROUND} {said}")


@pytest.mark.parametrize(
    "likened",
    [
        "It gives off vibes of a Christmas song.",
        "It sounds like a Christmas song.",
        "It has the same tone as a Christmas song.",
        "It is similar to a Christmas song.",
        "It resembles a Christmas song.",
        "It sounds as if it came from a Christmas song.",
    ],
)
def test_what_a_piece_is_compared_with_is_not_asked(rules: Expander, likened: str) -> None:
    assert not about(asked(rules, f"{AROUND} {likened}"), "Christmas")


def test_a_style_is_asked_as_a_style(rules: Expander) -> None:
    questions = asked(rules, "This is a trumpet jingle in the style of a kids song.")
    assert "Is this in the style of a kids song?" in questions
    assert "Is this a kids song?" not in questions


@pytest.mark.parametrize("device", ["a phone", "a phone or camera microphone", "a camera"])
def test_a_recording_device_is_no_sound(rules: Expander, device: str) -> None:
    questions = asked(rules, f"{AROUND} It sounds thin - it was probably recorded with {device}.")
    assert not about(questions, "phone", "camera")


@pytest.mark.parametrize("hidden", ["is inaudible", "is not audible", "can't be heard", "can barely be heard"])
def test_what_cannot_be_heard_is_not_asked(rules: Expander, hidden: str) -> None:
    questions = asked(rules, f"This rock song has a sitar played so loudly that the male vocal {hidden}.")
    assert not about(questions, "singer", "vocal", "so loud")


@pytest.mark.parametrize(
    "said",
    ["A male singer sings over the instrumental.", "It is used in an instrumental manner.", "instrumental harmony"],
)
def test_no_claim_of_no_vocals(rules: Expander, said: str) -> None:
    assert "Is the music purely instrumental?" not in asked(rules, f"{AROUND} {said}")


@pytest.mark.parametrize("piece", ["This is an instrumental.", "This is an instrumental power metal piece."])
def test_an_instrumental_piece_has_no_vocals(rules: Expander, piece: str) -> None:
    questions = asked(rules, f"{piece} There are no voices in this song. There are no other instruments in this song.")
    assert about(questions, "instrumental", "free of") == ["Is the music purely instrumental?"]
    assert "Are there no other instruments?" in questions


@pytest.mark.parametrize("voices", ["no voice", "no voices", "no singer", "no vocals"])
def test_no_voices_and_instrumental_are_one_claim(rules: Expander, voices: str) -> None:
    questions = asked(rules, f"rock, {voices}, instrumental, trumpet")
    assert about(questions, "instrumental", "free of") == ["Is the music purely instrumental?"]


@pytest.mark.parametrize("span", ["from low to high", "in medium-to-high range", "in the mid to high range"])
def test_a_range_asks_for_neither_end(rules: Expander, span: str) -> None:
    assert not about(asked(rules, f"{AROUND} The notes are {span}."), "pitch", "low", "high")


def test_a_choral_harmony_is_no_choral_piece(rules: Expander) -> None:
    questions = asked(rules, "The song is rock with loud vocals and synthesised choral harmony.")
    assert not about(questions, "Is this choral")


@pytest.mark.parametrize(
    ("keyword", "wanted"),
    [
        ("music build-up", "Does the music build up?"),
        ("sustained strings progression", "Can you hear strings?"),
        ("orchestra accompaniment", "Can you hear an orchestra?"),
        ("flanger effect", "Can you hear a flanger effect?"),
        ("irish folk music", "Is this Irish folk music?"),
        ("latin music", "Is this Latin music?"),
        ("silence", "Is there a moment of silence?"),
        ("shuffle", "Does the music have a shuffle rhythm?"),
    ],
)
def test_a_keyword_is_asked_in_words_one_would_say(rules: Expander, keyword: str, wanted: str) -> None:
    assert wanted in asked(rules, f"trumpet, slow tempo, {keyword}, piano")


@pytest.mark.parametrize("talks", ["giving instructions", "explaining the chords", "talking"])
def test_who_talks_does_not_sing(rules: Expander, talks: str) -> None:
    questions = asked(rules, f"This rock song has an acoustic guitar rhythm with a male voice {talks}.")
    assert not about(questions, "singer", "singing")
    assert about(questions, "male")


@pytest.mark.parametrize(
    ("caption", "wanted", "never"),
    [
        ("This is an intro to a video. A jazz trumpet plays.", "Can you hear a jazz trumpet?", "intro"),
        (f"{AROUND} Then an upbeat jazz piece starts playing.", "Is this jazz music?", "starts playing"),
        (f"{AROUND} It has the strings and the brass sections.", "Can you hear a brass section?", "brass sections"),
        ("rock, strummed strings, slow tempo", "Are the strings strummed?", "sound strummed"),
    ],
)
def test_plain_words_for_plain_claims(rules: Expander, caption: str, wanted: str, never: str) -> None:
    questions = asked(rules, caption)
    assert wanted in questions
    assert not about(questions, never)


@pytest.mark.parametrize("stops", ["stops playing", "drops out"])
def test_what_stops_is_asked_as_it_stands(rules: Expander, stops: str) -> None:
    assert about(asked(rules, f"{AROUND} After one bar, the tambourine {stops}."), stops)


@pytest.mark.parametrize("piece", ["track", "song", "piece", "version"])
@pytest.mark.parametrize("genre", ["", "techno ", "jazz ", "rock ", "folk "])
def test_an_instrumental_piece_of_any_genre_has_no_singing(rules: Expander, genre: str, piece: str) -> None:
    questions = [item.question for item in rules.expand(f"A dark instrumental {genre}{piece} with drums.").items]
    assert "Is the music purely instrumental?" in questions
