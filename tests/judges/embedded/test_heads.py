"""Heads that name instruments."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audiojudge_cli.bundle import bundled
from audiojudge_cli.errors import WeightsError
from audiojudge_cli.judges.embedded.classes import class_names
from audiojudge_cli.judges.embedded.heads import BY_CLASS, DRUMS, load_heads, pooled


def test_pooling_ignores_the_order_of_patches() -> None:
    embedding = np.random.default_rng(0).normal(1.0, 1.0, (5, 200)).astype(np.float32)
    np.testing.assert_allclose(pooled(embedding), pooled(embedding[::-1]), rtol=1e-5, atol=1e-6)


def test_shipped_heads_answer_for_each_instrument() -> None:
    heads = load_heads()
    logits = heads.logits(np.ones((3, 200), dtype=np.float32))
    assert set(logits) == set(heads.names)
    assert {"piano", "drums", "violin", "music_box"} <= set(logits)
    assert all(np.isfinite(value) for value in logits.values())


def test_logit_is_the_linear_function_of_the_standardised_pool() -> None:
    heads = load_heads()
    embedding = np.full((2, 200), 0.25, dtype=np.float32)
    expected = float(heads.weights[0] @ ((0.25 - heads.mean) / heads.scale) + heads.bias[0])
    assert heads.logits(embedding)[heads.names[0]] == pytest.approx(expected, rel=1e-4)


def test_damaged_heads_are_named(tmp_path: Path) -> None:
    path = tmp_path / "heads.npz"
    path.write_bytes(b"not an archive")
    with pytest.raises(WeightsError, match=r"heads\.npz"):
        load_heads(path)


@pytest.mark.parametrize("name", sorted({DRUMS, *(name for names in BY_CLASS.values() for name in names)}))
def test_loading_fails_where_a_head_is_missing_that_is_asked_by_name(tmp_path: Path, name: str) -> None:
    with np.load(bundled("models") / "embedded.heads.npz") as data:
        arrays = {key: data[key] for key in data.files}
    kept = arrays["names"] != name
    arrays |= {key: arrays[key][kept] for key in ("names", "weights", "bias")}
    path = tmp_path / "heads.npz"
    np.savez(path, **arrays)
    with pytest.raises(WeightsError, match=rf"heads\.npz holds no head for {name}\. Reinstall"):
        load_heads(path)


def test_heads_by_class_name_classes() -> None:
    assert set(BY_CLASS) <= set(class_names())
