from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.probes.phrases import PhraseEncoder, load_encoder
from audiojudge_cli.probes.sessions import Models


@pytest.fixture(scope="session")
def encoder(models: Models) -> PhraseEncoder:
    return load_encoder(models.store.path(models.card, "minilm"))


@pytest.mark.weights
def test_vectors_equal_those_of_the_reference_implementation(encoder: PhraseEncoder) -> None:
    # First eight components by transformers' BertModel in torch, mean over tokens, unit length.
    wanted = {
        "Dog": [-0.053147, 0.014194, 0.007146, 0.068609, -0.078480, 0.010167, 0.102283, -0.012065],
        "a dentist's drill whirring": [
            -0.071323,
            0.056451,
            -0.031403,
            0.032821,
            -0.139196,
            -0.081592,
            -0.027450,
            0.059420,
        ],
        "Chewing, mastication": [0.040443, -0.024198, 0.059309, 0.043996, -0.097217, -0.038987, 0.147111, 0.017367],
    }
    found = encoder.encode(list(wanted))
    assert found.shape == (len(wanted), 384)
    # Sums of float32 come out in another order on another machine: four decimals, of which cosines use two.
    np.testing.assert_allclose(found[:, :8], list(wanted.values()), atol=1e-4)


@pytest.mark.weights
def test_vectors_have_unit_length_whatever_the_phrase(encoder: PhraseEncoder) -> None:
    odd = ["", "dog", "a " * 5000, "狗叫", "\0\n\t", "DOG"]
    found = encoder.encode(odd)
    assert found.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(found[1], found[5], atol=1e-4)


@pytest.mark.weights
def test_a_vector_does_not_depend_on_its_company(encoder: PhraseEncoder) -> None:
    phrases = ["dental drill", "a dog barks at the postman", "rain", "dental drill", "snow"]
    together = encoder.encode(phrases)
    alone = np.concatenate([encoder.encode([phrase]) for phrase in phrases])
    np.testing.assert_allclose(together, alone, atol=1e-4)
    assert encoder.encode([]).shape == (0, 384)


@pytest.mark.weights
def test_like_meanings_lie_close(encoder: PhraseEncoder) -> None:
    kitten, meow, engine = encoder.encode(["a kitten mewing", "cat meow", "truck engine"])
    assert kitten @ meow > 0.5 > kitten @ engine


def _write_encoder(folder: Path, changes: dict[str, str]) -> None:
    # Attention and feed-forward of all zeros leave layer norms of the embeddings: ±1 for two components.
    shapes = {
        "attention.self.query": (2, 2),
        "attention.self.key": (2, 2),
        "attention.self.value": (2, 2),
        "attention.output.dense": (2, 2),
        "intermediate.dense": (4, 2),
        "output.dense": (2, 4),
    }
    weights = {
        "embeddings.word_embeddings.weight": np.array([[3.0, 1.0], [0.0, 5.0]]),
        "embeddings.position_embeddings.weight": np.zeros((8, 2)),
        "embeddings.token_type_embeddings.weight": np.zeros((2, 2)),
    }
    norms = ("embeddings.LayerNorm", *(f"encoder.layer.0.{n}.LayerNorm" for n in ("attention.output", "output")))
    for name in norms:
        weights |= {f"{name}.weight": np.ones(2), f"{name}.bias": np.zeros(2)}
    for name, shape in shapes.items():
        weights |= {
            f"encoder.layer.0.{name}.weight": np.zeros(shape),
            f"encoder.layer.0.{name}.bias": np.zeros(shape[0]),
        }
    save_file({name: value.astype(np.float32) for name, value in weights.items()}, folder / "model.safetensors")
    config = {"model_type": "bert", "hidden_act": "gelu", "num_hidden_layers": 1, "num_attention_heads": 1}
    whole = {**config, "layer_norm_eps": 1e-12, **changes}
    (folder / "config.json").write_text(json.dumps(whole), encoding="utf-8")
    tokenizer = Tokenizer(WordLevel({"one": 0, "two": 1}, unk_token="one"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))


def test_a_layer_by_hand(tmp_path: Path) -> None:
    _write_encoder(tmp_path, {})
    half = 0.5**0.5
    found = load_encoder(tmp_path).encode(["one", "two", "one one two"])
    np.testing.assert_allclose(found, [[half, -half], [-half, half], [half, -half]], atol=1e-6)


def test_another_kind_of_model_is_refused(tmp_path: Path) -> None:
    _write_encoder(tmp_path, {"model_type": "t5"})
    with pytest.raises(WeightsError, match="not a BERT encoder"):
        load_encoder(tmp_path)
    with pytest.raises(WeightsError, match="cannot be read"):
        load_encoder(tmp_path / "nowhere")
