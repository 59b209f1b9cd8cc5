"""What English captions of music ask, and what they must never ask: instruments, voices, moods, lists of keywords."""

from __future__ import annotations

import itertools

import pytest

from audiojudge_cli.rubrics.expander import Expander


def asked(rules: Expander, caption: str) -> list[str]:
    return [item.question for item in rules.expand(caption).items]


# Words of keyword lists that a parser of sentences takes for verbs, and what each must come to.
KEYWORDS = {
    "pop": "Is this pop music?",
    "rap": "Is this rap music?",
    "funk": "Is this funk music?",
    "organ": "Can you hear an organ?",
    "theremin": "Can you hear a theremin?",
    "didgeridoo": "Can you hear a didgeridoo?",
    "blues harp": "Can you hear a blues harp?",
    "e-bass": "Can you hear an e-bass?",
    "digital drums": "Can you hear digital drums?",
    "acoustic drums": "Can you hear acoustic drums?",
    "wooden percussion": "Can you hear wooden percussion?",
    "chinese fiddle": "Can you hear a Chinese fiddle?",
    "brass section": "Can you hear a brass section?",
    "stringed instrument": "Can you hear a stringed instrument?",
    "mellow": "Does the music sound mellow?",
    "scary": "Does the music sound scary?",
    "passionate": "Does the music sound passionate?",
    "captivating": "Does the music sound captivating?",
    "distorted electric guitar": "Does the electric guitar sound distorted?",
    "sustained synth bass": "Is the synth bass sustained?",
    "male voice": "Is the singer male?",
    "soft female vocal": "Is the singer female?",
    "crowds cheering": "Can you hear crowds cheering?",
    "amateur recording": "Does it sound like an amateur recording?",
    "chorus effect": "Can you hear a chorus effect?",
}


@pytest.mark.parametrize(("keyword", "wanted"), KEYWORDS.items())
def test_a_keyword_is_a_noun_phrase_wherever_it_stands(rules: Expander, keyword: str, wanted: str) -> None:
    around = ["rock song", "medium tempo", "electric piano"]
    for at in range(len(around) + 1):
        assert wanted in asked(rules, ", ".join([*around[:at], keyword, *around[at:]]))


@pytest.mark.parametrize(
    "pair", list(itertools.combinations(["pop", "male voice", "didgeridoo", "cute", "soft kick hits"], 2))
)
def test_keywords_ask_for_no_action(rules: Expander, pair: tuple[str, str]) -> None:
    questions = asked(rules, ", ".join(["rock song", *pair, "electric guitar"]))
    assert not [question for question in questions if "popping" in question or "hitting" in question]
    assert not [question for question in questions if "speaker" in question]  # a voice in a list of music sings


@pytest.mark.parametrize(
    ("instrument", "name"),
    [
        ("an e-guitar", "an e-guitar"),
        ("an acoustic drum set", "an acoustic drum set"),
        ("a string section", "a string section"),
        ("Arabic percussion instruments", "Arabic percussion instruments"),
        ("simple digital percussion", "digital percussion"),
        ("a wooden flute", "a wooden flute"),
        ("various bells and a digital drum beat", "a digital drum beat"),
    ],
)
def test_an_instrument_keeps_its_kind_and_its_article(rules: Expander, instrument: str, name: str) -> None:
    assert f"Can you hear {name}?" in asked(rules, f"This song features {instrument} playing a melody.")


def test_a_voice_is_asked_for_once_and_its_sex_apart(rules: Expander) -> None:
    questions = asked(rules, "A male vocalist sings this melody over a piano.")
    assert "Is the singer male?" in questions
    assert "Can you hear singing?" in questions
    assert "Can you hear a male vocalist?" not in questions


@pytest.mark.parametrize(
    "caption", ["male vocal, female vocal, piano, rock", "A man sings with a female choir and a piano."]
)
def test_two_sexes_do_not_contradict(rules: Expander, caption: str) -> None:
    questions = asked(rules, caption)
    assert {"Can you hear a male singer?", "Can you hear a female singer?"} <= set(questions)
    assert not [question for question in questions if question.startswith("Is the singer")]


def test_a_choir_is_several_singers(rules: Expander) -> None:
    assert "Are the singers male?" in asked(rules, "male choir, organ, slow tempo")


@pytest.mark.parametrize("tempo", ["medium fast", "medium slow", "moderately fast"])
def test_a_graded_tempo_is_asked_as_it_stands(rules: Expander, tempo: str) -> None:
    for caption in (f"rock song, {tempo} tempo, guitar", f"The tempo is {tempo} with a guitar."):
        tempi = [question for question in asked(rules, caption) if "tempo" in question]
        assert tempi[0].startswith(f"Is the tempo {tempo}")
        assert len(tempi) == 1


@pytest.mark.parametrize(
    ("caption", "wanted", "never"),
    [
        ("A saxophone solo melody over a bass.", "Can you hear a saxophone solo melody?", "only instrument"),
        ("The jazz guitar is played over it with a bass.", "Can you hear a bass?", "foreground"),
        ("In the backing track there is a guitar.", "Can you hear a guitar?", "background"),
        ("A variety of violins are played in the background.", "Are the violins in the background?", "the music in"),
        ("The music is muffled.", "Does the recording sound muffled?", "unclear"),
        ("The tune is full of hope, with a piano.", "Can you hear a piano?", "sound full"),
        ("no melody, didgeridoo, drone", "Is the music free of melody?", "free of music"),
        ("A piano piece with a dissonant score.", "Does the music sound dissonant?", "in dissonant"),
        ("Two accordions play in harmony.", "Can you hear accordions?", "Can you hear a harmony"),
        ("A rock song heavily inspired by gospel, with a piano.", "Can you hear a piano?", "music heav"),
        ("An improvised percussion rhythm with a bass.", "Can you hear a bass?", "conversational"),
        ("romantic, love songs, piano", "Is this a love song?", "love songs"),
    ],
)
def test_a_word_belongs_to_its_owner(rules: Expander, caption: str, wanted: str, never: str) -> None:
    questions = asked(rules, caption)
    assert wanted in questions
    assert not [question for question in questions if never in question]


@pytest.mark.parametrize("feeling", ["hope", "tension", "nostalgia", "excitement"])
def test_a_piece_conveys_a_feeling(rules: Expander, feeling: str) -> None:
    assert f"Does the music convey {feeling}?" in asked(rules, f"{feeling}, piano, slow tempo")


@pytest.mark.parametrize(
    ("caption", "never"),
    [
        ("On top of that a xylophone plays.", "foreground"),
        ("A xylophone plays, panned to the right side of the speakers.", "speakers?"),
        ("A male voice raps over the instrumental.", "purely instrumental"),
        ("It sounds vintage and thus nostalgic, with a piano.", "thus"),
        ("A piano song. It sounds lower in quality.", "low-pitched"),
        ("A rock song played on drums, bass and guitar.", "bass music"),
        ("A rock song with a simple male laugh and a guitar.", "singer male"),
        ("This rock song has a guitar and drums. It may be playing while riding in your car.", "car"),
        ("An e-bass plays a walking bassline on a blues song.", "walking?"),
        ("A piano song. It is powerful, even though it is short.", "sound even"),
        ("A synth song, the sound is slowly fading in.", "fade out"),
    ],
)
def test_never_asked_of_music(rules: Expander, caption: str, never: str) -> None:
    assert not [question for question in asked(rules, caption) if never in question]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ('"genre": "synthwave"', "Is this synthwave music?"),
        ('"drums": "gated snare"', "Can you hear a gated snare?"),
        ('"mood": ["nostalgic", "driving"]', "Does the music sound driving?"),
        ('"mood": ["nostalgic", "driving", "cold"]', "Does the music sound cold?"),
        ('"instruments": ["e-bass", "analog synth"]', "Can you hear an analog synth?"),
    ],
)
def test_values_of_keys_are_phrases(rules: Expander, value: str, wanted: str) -> None:
    assert wanted in asked(rules, f'{{"bpm": 104, {value}, "key": "A minor"}}')


@pytest.mark.parametrize(
    ("key", "pitch_class"), [("E flat minor", 3.0), ("F sharp minor", 6.0), ("F# minor", 6.0), ("B-flat major", 10.0)]
)
def test_spelled_keys(rules: Expander, key: str, pitch_class: float) -> None:
    claims = [item.claim for item in rules.expand(f"A piano piece in {key}.").items if item.dimension == "key"]
    assert [claim.number for claim in claims if claim is not None] == [pitch_class]


@pytest.mark.parametrize("said", ["Tempo about 60.", "Tempo around 60.", "Tempo: 60"])
def test_a_tempo_without_its_unit(rules: Expander, said: str) -> None:
    assert "Is the tempo about 60 BPM?" in asked(rules, f"A jazz ballad on piano. {said}")


def test_singing_is_no_speech(rules: Expander) -> None:
    assert not [
        question for question in asked(rules, "A punk song with shouted vocals and a guitar.") if "speech" in question
    ]


def test_a_relative_clause_describes_what_it_follows(rules: Expander) -> None:
    assert "Do the drums sound powerful?" in asked(rules, "A rock song with a guitar and drums that are powerful.")


@pytest.mark.parametrize(
    ("caption", "never"),
    [
        ('A house song with a "4 on the floor" kick and a bass.', "sung"),
        ("A rock song with a guitar, like something you would dance to.", "you danc"),
        ("tablas, accordion-like wind instrument, slow tempo", "like"),
        ("pop hits, male voice, guitar", "event"),
        ("A male vocalist sings over it, with a rock guitar.", "foreground"),
    ],
)
def test_never_asked_of_a_song(rules: Expander, caption: str, never: str) -> None:
    assert not [item for item in rules.expand(caption).items if never in item.question or item.dimension == never]


def test_what_sounds_over_another_sounds_with_it(rules: Expander) -> None:
    questions = asked(rules, "A pop song with a male vocal singing over a mellow piano.")
    assert [question for question in questions if "at the same time" in question and "piano" in question]


@pytest.mark.parametrize("caption", ["This song is a lively jazz instrumental.", "The music is a mellow instrumental."])
def test_what_is_said_of_an_instrumental_is_no_singing(rules: Expander, caption: str) -> None:
    assert "Is the music purely instrumental?" in asked(rules, f"{caption} The tempo is slow with a piano.")
