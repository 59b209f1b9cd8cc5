from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.probes.sessions import Models, open_session
from audiojudge_cli.probes.yamnet_graph import EMBEDDING, LOGITS, with_float_head

# Of the published graph's output.
SCALE, ZERO = 0.7565417, 190


@pytest.fixture
def published(models: Models, tmp_path: Path) -> Path:
    """A copy of the published graph with its weights."""
    for file in ("model.onnx", "model.data"):
        shutil.copy(models.store.path(models.card, "yamnet", file), tmp_path / file)
    return tmp_path / "model.onnx"


@pytest.mark.weights
def test_the_second_way_out_tells_what_the_first_rounds(published: Path) -> None:
    patches = np.random.default_rng(0).integers(0, 256, (6, 1, 96, 64), dtype=np.uint8)
    rounded = np.concatenate([open_session(published).run(None, {"audio": patch[None]})[0] for patch in patches])
    logits, embedding = open_session(_file(published)).run([LOGITS, EMBEDDING], {"audio": patches})
    assert embedding.shape == (6, 1024)
    np.testing.assert_allclose(logits, (rounded.astype(np.float32) - ZERO) * SCALE, atol=0.51 * SCALE)


def _file(model: Path) -> Path:
    graph = with_float_head(model)
    assert isinstance(graph, Path)
    return graph


@pytest.mark.weights
def test_the_graph_is_written_once(published: Path) -> None:
    first = _file(published)
    written = first.stat().st_mtime_ns
    assert _file(published) == first
    assert first.stat().st_mtime_ns == written


@pytest.mark.weights
def test_where_nothing_can_be_written_the_graph_is_handed_over(published: Path) -> None:
    patch = np.full((1, 1, 96, 64), 100, dtype=np.uint8)
    expected = open_session(_file(published)).run([LOGITS], {"audio": patch})[0]
    written = _file(published)
    written.unlink()
    written.mkdir()
    graph = with_float_head(published)
    assert isinstance(graph, bytes)
    answer = open_session(graph, data=published.parent).run([LOGITS], {"audio": patch})[0]
    np.testing.assert_array_equal(answer, expected)


def test_another_graph_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"not a graph")
    with pytest.raises(WeightsError, match="not the YAMNet graph"):
        with_float_head(tmp_path / "model.onnx")
