from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from audiojudge_cli.errors import InputError
from audiojudge_cli.weights.card import read_card
from audiojudge_cli.weights.catalog import cards
from audiojudge_cli.weights.model import COMMIT, Model

PLAIN: dict[str, Any] = {"repo": "owner/name", "revision": "main", "architecture": "qwen2_audio", "max_audio_s": 30}


def test_a_model_needs_little():
    model = Model(**PLAIN)
    assert (model.prompts, model.refusal_floor, model.memory_gib) == ("default", 0.5, {})
    assert model.source == "hf:owner/name@main"
    assert Model(folder="here", architecture="qwen2_audio", max_audio_s=30).source == "here"


@pytest.mark.parametrize(
    "change",
    [
        {"repo": None}, {"revision": None}, {"folder": "x"}, {"repo": "no-slash"}, {"repo": "../a/b"},
        {"revision": "a b"}, {"revision": "../x"}, {"architecture": "Qwen 2"}, {"max_audio_s": 0},
        {"max_audio_s": "30"}, {"refusal_floor": 1.5}, {"prompts": "../mine"}, {"surprise": 1},
        {"memory_gib": {"int3": 1}},
    ],
)  # fmt: skip
def test_anything_else_is_refused(change):
    with pytest.raises(ValidationError):
        Model(**{**PLAIN, **change})


def test_a_card_has_weights_or_a_model(tmp_path):
    card = {"name": "mine", "family": "omni", "title": "t", "description": "d", "licence": "CC0-1.0"}
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(card), encoding="utf-8")
    with pytest.raises(InputError, match="a card has weights, a model or an endpoint"):
        read_card(path)
    path.write_text(yaml.safe_dump({**card, "model": PLAIN}), encoding="utf-8")
    found = read_card(path)
    assert found.weights == {}
    path.write_text(yaml.safe_dump({**card, "model": {**PLAIN, "revision": "v2"}}), encoding="utf-8")
    assert read_card(path).fingerprint != found.fingerprint
    path.write_text(yaml.safe_dump({**card, "model": {**PLAIN, "max_audio_s": "long"}}), encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.yaml: model\.max_audio_s: "):
        read_card(path)


def test_every_bundled_model_says_what_is_known_of_it():
    models = {card.name: card for card in cards() if card.model is not None}
    assert {
        "anyaudio-judge-7b", "anyaudio-judge-30b", "qwen2.5-omni-3b", "qwen2.5-omni-7b", "qwen3-omni-30b",
        "qwen2-audio-7b", "audio-flamingo-3",
    } <= set(models)  # fmt: skip
    for card in models.values():
        model = card.model
        assert model is not None
        assert card.family == "omni"
        assert model.licence_note
        assert (model.homepage or "").startswith("https://")
        assert set(model.memory_gib) == {"none", "bf16", "int8", "int4"}
        pinned = re.match(COMMIT, model.revision or "") is not None
        assert pinned or "No commit" in (model.note or "")
