from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from audiojudge_cli.judges.checks.classes import class_names, table
from audiojudge_cli.judges.checks.kinds import Genre, Instrument, NotHeard, Scene, Sound, SoundEvent
from audiojudge_cli.judges.checks.read import read

from audiojudge_cli.judges.embedded.calibration import load_calibration
from audiojudge_cli.judges.embedded.judge import load
from audiojudge_cli.judges.embedded.nearest import Anchors, known_phrases, load_anchors, nearest_sound
from audiojudge_cli.probes.phrases import load_encoder
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.rubrics.item import RubricItem
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store


@pytest.fixture(scope="module")
def models() -> Models:
    return Models(Store(), find_card("embedded"), "cpu")


def _guess_dog(dimension: str, phrase: str) -> Sound | None:
    return Sound(phrase, ("Dog", "Bark"), "dog_bark", 0.7) if "flurbish" in phrase else None


@pytest.mark.parametrize(
    ("dimension", "question", "words", "kind"),
    [
        ("event", "Is a flurbish audible?", "flurbish", SoundEvent),
        ("event", "Can the sound of some flurbish be heard in the background?", "flurbish", SoundEvent),
        ("instrument", "Is the flurbish playing?", "flurbish", Instrument),
        ("genre", "Is this flurbish?", "flurbish", Genre),
        ("scene", "Does it sound like a flurbish?", "flurbish", Scene),
    ],
)
def test_unknown_words_are_guessed_when_somebody_guesses(dimension: str, question: str, words: str, kind: type) -> None:
    item = RubricItem(dimension, question, "")
    assert isinstance(read(item), NotHeard)
    asked = read(item, _guess_dog)
    assert not isinstance(asked, NotHeard)
    assert isinstance(asked.check, kind)
    assert isinstance(asked.check, SoundEvent | Instrument | Genre | Scene)
    assert asked.check.sound.phrase == words
    assert asked.check.sound.likeness == 0.7
    assert isinstance(read(RubricItem(dimension, question.replace("flurbish", "gronk"), ""), _guess_dog), NotHeard)


def test_the_basis_comes_before_the_question_and_denials_stay() -> None:
    asked = read(RubricItem("event", "Is it free of gronks?", "a flurbish"), _guess_dog)
    assert not isinstance(asked, NotHeard)
    assert asked.negated
    assert isinstance(asked.check, SoundEvent)
    assert asked.check.sound.phrase == "flurbish"


def test_known_words_are_never_guessed() -> None:
    def refuse(dimension: str, phrase: str) -> Sound | None:
        raise AssertionError(phrase)

    for dimension, question in (("event", "Is a dog barking?"), ("instrument", "Is a violin playing?")):
        asked = read(RubricItem(dimension, question, ""), refuse)
        assert not isinstance(asked, NotHeard)


def test_guesses_are_not_counted() -> None:
    assert isinstance(read(RubricItem("count", "Is a flurbish audible twice?", ""), _guess_dog), NotHeard)


def test_guesses_are_not_multiplied_with_their_level() -> None:
    asked = read(RubricItem("level", "Is a flurbish in the background?", "a flurbish"), _guess_dog)
    assert not isinstance(asked, NotHeard)
    assert isinstance(asked.check, SoundEvent)


def test_the_next_meaning_is_another_meaning() -> None:
    anchors = Anchors(("a", "a", "b"), np.array([[1, 0], [0.8, 0.6], [0, 1]], dtype=np.float32))
    meaning, likeness, lead = anchors.nearest(np.array([1, 0], dtype=np.float32))
    assert (meaning, likeness, lead) == ("a", 1.0, 1.0)


def test_meanings_are_concepts_or_classes() -> None:
    for dimension in ("event", "instrument", "genre", "scene"):
        listed = set(table()[dimension])
        meanings = {meaning for _, meaning in known_phrases(dimension)}
        assert len(meanings & listed) > len(listed) / 2
    assert ("Cash register", "Cash register") in known_phrases("event")
    assert not {"Music", "Silence", "Noise"} & {meaning for _, meaning in known_phrases("event")}
    assert "Cash register" in class_names()


def test_a_guess_is_never_sure() -> None:
    curves = load_calibration()
    for value in (-100.0, 100.0):
        p = curves.p_yes("event.guess", {"main_likeness": value, "rank": value})
        assert 0.2 <= p <= 0.8
        assert (p > 0.5) == (value > 0)


@pytest.mark.weights
def test_everyday_words_find_their_sound(models: Models) -> None:
    wanted = {"pup": "Dog", "weedwhacker": "Lawn mower", "bovine": "Moo", "quake": "Rumble"}
    for phrase, name in wanted.items():
        sound = nearest_sound(models, "event", phrase)
        assert sound is not None
        assert sound.classes[0] == name
        assert 0.65 <= sound.likeness < 1.0


@pytest.mark.weights
@pytest.mark.parametrize(
    "phrase",
    ["flurbish gronking", "a beautiful landscape", "the colour blue", "money earned", "狗叫", "лай собаки", ""],
)
def test_what_is_near_nothing_is_no_sound(models: Models, phrase: str) -> None:
    assert nearest_sound(models, "event", phrase) is None


@pytest.mark.weights
def test_what_lies_near_something_no_class_hears_is_not_heard(models: Models) -> None:
    concept, phrase = next((c, p) for p, c in known_phrases("instrument") if c not in table()["instrument"])
    assert nearest_sound(models, "instrument", phrase) is None, concept


@pytest.mark.weights
def test_vectors_are_kept_and_damage_is_repaired(models: Models, tmp_path: Path) -> None:
    encoder = load_encoder(models.store.path(models.card, "minilm"))
    first = load_anchors(encoder, "scene", tmp_path)
    (file,) = tmp_path.iterdir()
    np.testing.assert_array_equal(load_anchors(encoder, "scene", tmp_path).vectors, first.vectors)
    file.write_bytes(b"damaged")
    np.testing.assert_array_equal(load_anchors(encoder, "scene", tmp_path).vectors, first.vectors)
    assert np.load(file, allow_pickle=False).shape == first.vectors.shape


@pytest.mark.weights
def test_the_evidence_says_what_was_guessed() -> None:
    from audiojudge_cli.clips.decode import decode
    from audiojudge_cli.judges.base import Case

    dog = decode(Path(__file__).parents[3] / "examples" / "audio" / "sound_dog.flac")
    items = (RubricItem("event", "Is a pup audible?", "a pup"), RubricItem("event", "Is a bovine heard?", "a bovine"))
    pup, bovine = load(device="cpu").judge([Case(dog, items)])[0]
    assert pup.p_yes is not None
    assert bovine.p_yes is not None
    assert 0.2 <= bovine.p_yes < 0.5 < pup.p_yes <= 0.8
    assert "“pup” is taken to mean “Dog”" in pup.evidence
