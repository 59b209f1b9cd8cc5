from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from audiojudge_cli.errors import InputError, WeightsError
from audiojudge_cli.probes.mel import Array
from audiojudge_cli.probes.quality import rate_overall
from audiojudge_cli.probes.recognition import load_whisper, recognise
from audiojudge_cli.probes.sessions import Models, choose_device, cuda_works, open_session
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store


@pytest.mark.weights
def test_a_session_is_made_once_for_all_threads() -> None:
    models = Models(Store(), find_card("embedded"), "cpu")
    gate, found = threading.Barrier(8), []

    def ask() -> None:
        gate.wait()
        found.append(models.swift_f0)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(session) for session in found}) == 1


@pytest.mark.weights
def test_threads_sharing_a_session_get_their_own_answers(models: Models) -> None:
    inputs = [np.full((1, 5000), level, dtype=np.float32) for level in (0.0, 0.1, 0.2, 0.3)]
    band = {"fmin": np.array(50, dtype=np.float32), "fmax": np.array(600, dtype=np.float32)}
    alone = [models.swift_f0.run(None, {"audio": samples, **band})[1] for samples in inputs]
    together: dict[int, list[np.ndarray]] = {i: [] for i in range(4)}

    def ask(i: int) -> None:
        together[i].extend(models.swift_f0.run(None, {"audio": inputs[i], **band})[1] for _ in range(20))

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i, answers in together.items():
        assert len(answers) == 20
        assert all((answer == alone[i]).all() for answer in answers)


def test_nothing_is_loaded_before_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOJUDGE_OFFLINE", "1")
    models = Models(Store(tmp_path), find_card("embedded"), "cpu")
    with pytest.raises(WeightsError, match="audiojudge models pull embedded"):
        _ = models.silero


def test_a_file_that_is_no_model_says_so(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"not a model")
    with pytest.raises(WeightsError, match=r"model\.onnx cannot be loaded"):
        open_session(tmp_path / "model.onnx")
    with pytest.raises(WeightsError, match="no recogniser"):
        load_whisper(tmp_path)


def test_devices() -> None:
    assert choose_device("cpu") == "cpu"
    assert choose_device("auto") == ("cuda" if cuda_works() else "cpu")
    with pytest.raises(InputError, match="'tpu'"):
        choose_device("tpu")
    with pytest.raises(InputError, match="CUDA_VISIBLE_DEVICES=1"):
        choose_device("cuda:1")


@pytest.mark.skipif(cuda_works(), reason="CUDA works here")
def test_asking_for_cuda_where_there_is_none_is_an_error() -> None:
    with pytest.raises(InputError, match="device cuda"):
        choose_device("cuda")


@pytest.mark.cuda
@pytest.mark.weights
@pytest.mark.skipif(not cuda_works(), reason="no CUDA device, or its libraries do not load")
def test_cuda_answers_like_the_cpu(models: Models, clip: Callable[[str], Array]) -> None:
    on_cuda = Models(Store(), find_card("embedded"), "cuda")
    samples = clip("speech_librivox_en.flac")
    assert rate_overall(samples, on_cuda.p808) == pytest.approx(rate_overall(samples, models.p808), abs=0.05)
    here, there = (recognise(samples, found.whisper, language="en").text for found in (models, on_cuda))
    assert here == there
