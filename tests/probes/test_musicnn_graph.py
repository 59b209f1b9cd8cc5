from __future__ import annotations

import numpy as np
import pytest

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.probes.music_tags import HOP, PATCH, TAGS, tag_music
from audiojudge_cli.probes.musicnn_graph import as_onnx, read_checkpoint

RATE = 16_000


@pytest.fixture(scope="module")
def files(models):
    folder = models.store.path(models.card, "musicnn", "model.index").parent
    return folder / "model.index", folder / "model.data"


def test_a_checkpoint_is_read_without_tensorflow(files):
    tensors = read_checkpoint(*(path.read_bytes() for path in files))
    # Ten convolutions and dense layers with kernel and bias, eleven normalisations with four numbers each.
    assert len(tensors) == 2 * 10 + 4 * 11
    assert tensors["conv2d_1/kernel"].shape == (7, 67, 1, 204)
    assert tensors["dense_1/bias"].shape == (len(TAGS),)
    assert all(np.isfinite(tensor).all() for tensor in tensors.values())
    assert all((tensor > 0).all() for name, tensor in tensors.items() if name.endswith("moving_variance"))


@pytest.mark.parametrize("harm", ["empty", "cut", "other", "short data"])
def test_files_that_are_no_checkpoint_are_named(files, tmp_path, harm):
    index, data = (path.read_bytes() for path in files)
    index = {"empty": b"", "cut": index[:-60], "other": b"x" * len(index)}.get(harm, index)
    data = data[:1000] if harm == "short data" else data
    (tmp_path / "a.index").write_bytes(index)
    (tmp_path / "a.data").write_bytes(data)
    with pytest.raises(WeightsError, match=r"a\.index"):
        as_onnx(tmp_path / "a.index", tmp_path / "a.data")
    assert not list(tmp_path.glob("*.onnx"))


def tone(hertz: float, seconds: float) -> np.ndarray:
    time = np.arange(int(seconds * RATE)) / RATE
    return (0.3 * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


@pytest.mark.parametrize(
    ("samples", "patches"), [(1, 1), (RATE // 2, 1), (PATCH * HOP, 1), (PATCH * HOP + 5 * RATE, 3), (10 * RATE, 4)]
)
def test_patches_cover_the_clip(models, samples, patches):
    heard = tag_music(tone(440.0, 11.0)[:samples], models.musicnn)
    assert heard.logits.shape == (patches, len(TAGS))
    assert heard.embedding.shape == (patches, 200)
    assert np.isfinite(heard.logits).all()


def test_a_patch_never_depends_on_how_many_others_there_are(models):
    rng = np.random.default_rng(0)
    noise = (0.1 * rng.standard_normal(9 * RATE)).astype(np.float32)
    long, short = (tag_music(noise[:count], models.musicnn).logits[0] for count in (len(noise), PATCH * HOP + 256))
    np.testing.assert_allclose(long, short, atol=1e-4)


def test_a_beat_is_a_beat_and_held_tones_are_not(models):
    rng = np.random.default_rng(0)
    strokes = np.zeros(9 * RATE, np.float32)
    for start in range(0, len(strokes) - 3000, RATE // 4):
        strokes[start : start + 3000] += (np.exp(-np.arange(3000) / 500) * rng.standard_normal(3000)).astype(np.float32)
    beat = tag_music(0.5 * strokes, models.musicnn).mean(("beat", "drums", "techno"))
    chord = np.mean([tone(hertz, 9.0) for hertz in (220.0, 277.2, 329.6)], axis=0)
    assert beat > tag_music(chord, models.musicnn).mean(("beat", "drums", "techno")) + 1.0
