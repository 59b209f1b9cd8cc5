from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audiojudge_cli.judges.embedded.calibration import load_calibration
from audiojudge_cli.judges.embedded.classes import Sound, class_names, table
from audiojudge_cli.judges.embedded.judge import load
from audiojudge_cli.judges.embedded.nearest import Anchors, known_phrases, load_anchors, nearest_sound
from audiojudge_cli.judges.embedded.subjects import sound_of_claim
from audiojudge_cli.judges.embedded.traits import answerable
from audiojudge_cli.probes.phrases import load_encoder
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.item import RubricItem
from audiojudge_cli.rubrics.vocabulary import table as vocabulary_table
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store


@pytest.fixture(scope="module")
def models() -> Models:
    return Models(Store(), find_card("embedded"), "cpu")


class Guesser:
    """A clip that takes every flurbish for a dog, and nothing for anything else."""

    def nearest(self, dimension: str, phrase: str) -> Sound | None:
        return Sound(phrase, ("Dog", "Bark"), "dog_bark", 0.7) if "flurbish" in phrase else None


class Refuser:
    """A clip that must not be asked."""

    def nearest(self, dimension: str, phrase: str) -> Sound | None:
        raise AssertionError(phrase)


@pytest.mark.parametrize("dimension", ["event", "instrument", "genre", "scene"])
@pytest.mark.parametrize("words", ["a flurbish", "the flurbish", "some flurbish", "flurbish"])
def test_unknown_words_are_guessed_when_somebody_guesses(dimension: str, words: str) -> None:
    claim = Claim(dimension, "", words)
    assert sound_of_claim(claim) is None
    assert answerable(claim)
    sound = sound_of_claim(claim, Guesser())  # type: ignore[arg-type]
    assert sound is not None
    assert (sound.phrase, sound.likeness) == ("flurbish", 0.7)
    assert sound_of_claim(Claim(dimension, "", "a gronk"), Guesser()) is None  # type: ignore[arg-type]


def test_known_words_are_never_guessed() -> None:
    for dimension in ("event", "instrument", "genre", "scene"):
        for concept in table()[dimension]:
            assert sound_of_claim(Claim(dimension, concept, "a flurbish"), Refuser()) is not None  # type: ignore[arg-type]
    assert sound_of_claim(Claim("event", "", "a cash register"), Refuser()) is not None  # type: ignore[arg-type]


def test_concepts_that_no_class_hears_are_neither_answered_nor_guessed() -> None:
    for dimension in ("event", "instrument", "scene"):
        for concept in set(vocabulary_table(dimension)) - set(table()[dimension]):
            claim = Claim(dimension, concept, concept)
            assert not answerable(claim), claim
            assert sound_of_claim(claim, Refuser()) is None  # type: ignore[arg-type]


def test_guesses_are_neither_counted_nor_put_in_order() -> None:
    unknown, dog = Subject("sound", "a flurbish"), Subject("sound", "a dog", "dog_bark")
    guess = Subject("sound", "an elephant", "elephant")
    for subject in (unknown, guess):
        assert not answerable(Claim("count", subject=subject, number=2.0, unit="times"))
        assert not answerable(Claim("order", subject=subject, place="end"))
    assert not answerable(Claim("order", subject=unknown, other=dog))
    assert answerable(Claim("count", subject=dog, number=2.0, unit="times"))


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

    unknown = Subject("sound", "a pup")
    claims = Claim("event", "", "a pup"), Claim("event", "", "a bovine"), Claim("level", "background", subject=unknown)
    dog = decode(Path(__file__).parents[3] / "examples" / "audio" / "sound_dog.flac")
    pup, bovine, behind = load(device="cpu").judge(
        [Case(dog, tuple(RubricItem("", "", "", claim=claim) for claim in claims))]
    )[0]
    assert pup.p_yes is not None
    assert bovine.p_yes is not None
    assert 0.2 <= bovine.p_yes < 0.5 < pup.p_yes <= 0.8
    # A guess is not multiplied with its level: it would leave its floors.
    assert behind.p_yes == pup.p_yes
    assert "“pup” is taken to mean “Dog”" in pup.evidence
