"""The embedded judge's models, each loaded when first needed, once, and shared by all threads."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast
from weakref import WeakValueDictionary

import numpy as np

from audiojudge_cli.errors import InputError, WeightsError
from audiojudge_cli.probes.events import read_classes
from audiojudge_cli.probes.mel import RATE
from audiojudge_cli.probes.musicnn_graph import as_onnx
from audiojudge_cli.probes.phrases import PhraseEncoder, load_encoder
from audiojudge_cli.probes.recognition import Whisper, load_whisper
from audiojudge_cli.probes.speaker_graph import as_onnx as voice_encoder
from audiojudge_cli.probes.yamnet_graph import with_float_head
from audiojudge_cli.weights.card import Card
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Device = Literal["cpu", "cuda"]
Loaded = TypeVar("Loaded")


class Models:
    """Gives sessions by name; the first request for one loads it (and fetches its weights if need be).

    On CUDA run the recognisers and the networks of speech quality; the other models are so small that a call costs
    less than moving their input to the device, and stay on the CPU.

    Args:
        store: Where the weights lie.
        card: Names them.
        device: `cpu`, `cuda`, or `auto`: CUDA where its provider and a device are there, else CPU.
        workers: Threads that may recognise speech at the same time.

    Raises:
        InputError: If `device` is none of these, or `cuda` where there is none.
    """

    def __init__(self, store: Store, card: Card, device: str = "auto", workers: int = 1) -> None:
        self.store = store
        self.card = card
        self.device: Device = choose_device(device)
        self._workers = workers
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._loaded: dict[str, Any] = {}

    @property
    def yamnet(self) -> InferenceSession:
        """Sound events: logits and embedding of a patch."""
        return self.once("yamnet", self._open_yamnet)

    @property
    def event_names(self) -> tuple[str, ...]:
        """Display names of YAMNet's classes."""
        return self.once("event_names", lambda: read_classes(self._path("yamnet", "classes.csv")))

    @property
    def musicnn(self) -> InferenceSession:
        """Music tags: logits and embedding of a patch."""
        return self.once("musicnn", self._open_musicnn)

    @property
    def silero(self) -> InferenceSession:
        """Voice activity."""
        return self._session("silero-vad", "model.onnx")

    @property
    def swift_f0(self) -> InferenceSession:
        """Fundamental frequency."""
        return self._session("swift-f0", "model.onnx")

    @property
    def p835(self) -> InferenceSession:
        """DNSMOS: signal, background and overall quality."""
        return self._session("dnsmos", "p835.onnx", self.device)

    @property
    def p808(self) -> InferenceSession:
        """DNSMOS: overall quality as in listening tests after P.808."""
        return self._session("dnsmos", "p808.onnx", self.device)

    @property
    def speaker(self) -> InferenceSession:
        """Whose voice it is: embedding of a part; from a card of its own, as no judge asks for it."""
        return self.once("speaker", self._open_speaker)

    @property
    def phrases(self) -> PhraseEncoder:
        """Meaning of English phrases."""
        return self.once("phrases", lambda: load_encoder(self.store.path(self.card, "minilm")))

    @property
    def whisper(self) -> Whisper:
        """Speech recognition in a hundred languages."""
        return self._whisper("whisper-base")

    @property
    def whisper_english(self) -> Whisper:
        """Speech recognition, English only, two and a half times as fast."""
        return self._whisper("whisper-tiny-en")

    def _path(self, weights: str, file: str) -> Path:
        return self.store.path(self.card, weights, file)

    def _open_yamnet(self) -> InferenceSession:
        model = self._path("yamnet", "model.onnx")
        graph = with_float_head(model)
        return open_session(graph, data=None if isinstance(graph, Path) else model.parent)

    def _open_musicnn(self) -> InferenceSession:
        return open_session(as_onnx(self._path("musicnn", "model.index"), self._path("musicnn", "model.data")))

    def _open_speaker(self) -> InferenceSession:
        return open_session(voice_encoder(self.store.path(find_card("speaker"), "resemblyzer", "pretrained.pt")))

    def _session(self, weights: str, file: str, device: Device = "cpu") -> InferenceSession:
        return self.once(f"{weights}/{file}", lambda: open_session(self._path(weights, file), device))

    def _whisper(self, weights: str) -> Whisper:
        return self.once(weights, lambda: self._open_whisper(self.store.path(self.card, weights)))

    def _open_whisper(self, folder: Path) -> Whisper:
        if self.device == "cuda":
            # Its CUDA libraries may be of another version than ONNX Runtime's, which shows at the first call only.
            with suppress(WeightsError, RuntimeError):
                whisper = load_whisper(folder, "cuda", self._workers)
                whisper.encode(np.zeros(RATE, dtype=np.float32), 4.0)
                return whisper
        return load_whisper(folder, "cpu", self._workers)

    def once(self, key: str, load: Callable[[], Loaded]) -> Loaded:
        """Return what `load` gives, made by the first caller and kept under `key` for all others."""
        with self._guard:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._loaded:
                self._loaded[key] = load()
            return cast("Loaded", self._loaded[key])


_models: WeakValueDictionary[tuple[Path, str, str, int], Models] = WeakValueDictionary()
_models_guard = threading.Lock()


def shared_models(card: Card, device: str = "auto", workers: int = 1) -> Models:
    """Return the models of a card for whoever needs them in this process, as long as anybody holds them.

    The judge and the quality profile share one recogniser, and what it heard of a clip (`probes.spoken`).

    Args:
        card: As for `Models`, as are the others.
        device: Where they run.
        workers: Threads that may recognise speech at the same time.

    Raises:
        InputError: As `Models`.
    """
    store, chosen = Store(), choose_device(device)
    key = (store.root, card.fingerprint, chosen, workers)
    with _models_guard:
        found = _models.get(key)
        if found is None:
            found = _models[key] = Models(store, card, chosen, workers)
        return found


def open_session(model: Path | bytes, device: Device = "cpu", data: Path | None = None) -> InferenceSession:
    """Return an ONNX Runtime session that answers the same whatever else the machine does.

    One thread per call: sums are added in one order, and many clips are judged on many threads anyway.

    Args:
        model: An ONNX file, or its bytes.
        device: Where to run; what CUDA cannot do runs on the CPU.
        data: Folder of the weights that a graph given as bytes keeps in another file.

    Raises:
        WeightsError: If the file is not a model this runtime can read.
    """
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    if data is not None:
        options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(data))
    providers = ["CPUExecutionProvider"]
    if device == "cuda":
        providers.insert(0, "CUDAExecutionProvider")
    try:
        return ort.InferenceSession(str(model) if isinstance(model, Path) else model, options, providers=providers)
    except Exception as error:  # ONNX Runtime's own errors share no public base class
        name = model if isinstance(model, Path) else "the graph"
        raise WeightsError(f"{name} cannot be loaded: {' '.join(str(error).split())}") from error


def choose_device(wanted: str) -> Device:
    """Return the device for `auto`, `cpu`, `cuda` or `cuda:0`.

    Raises:
        InputError: If it is none of these, or `cuda` and CUDA does not work here.
    """
    if wanted == "cuda:0":
        wanted = "cuda"
    if wanted.startswith("cuda:") and wanted[5:].isdigit():
        number = wanted[5:]
        raise InputError(
            f"the embedded judge uses the first CUDA device; to make it number {number}, "
            f"set CUDA_VISIBLE_DEVICES={number} and ask for cuda"
        )
    if wanted not in {"auto", "cpu", "cuda"}:
        raise InputError(f"device must be auto, cpu or cuda, got {wanted!r}")
    if wanted == "cpu":
        return "cpu"
    if cuda_works():
        return "cuda"
    if wanted == "cuda":
        raise InputError("device cuda: no CUDA device, or the CUDA libraries of ONNX Runtime do not load here")
    return "cpu"


@lru_cache(maxsize=1)
def cuda_works() -> bool:
    """Return whether there is a CUDA device and ONNX Runtime's CUDA provider can be loaded.

    The provider's library is opened here first, because ONNX Runtime prints when it fails to.
    """
    import ctypes

    import ctranslate2
    import onnxruntime as ort

    if "CUDAExecutionProvider" not in ort.get_available_providers() or not ctranslate2.get_cuda_device_count():
        return False
    folder = Path(ort.__file__).parent / "capi"
    prefix, suffix = ("", ".dll") if os.name == "nt" else ("lib", ".so")
    try:
        for name in ("shared", "cuda"):
            ctypes.CDLL(str(folder / f"{prefix}onnxruntime_providers_{name}{suffix}"), ctypes.RTLD_GLOBAL)
    except OSError:
        return False
    return True
