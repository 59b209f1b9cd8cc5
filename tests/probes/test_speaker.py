from __future__ import annotations

import struct
from itertools import combinations

import numpy as np
import pytest

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.probes.activity import listen
from audiojudge_cli.probes.mel import Array
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.probes.speaker import BATCH, PART, STEP, embed_voice, likeness
from audiojudge_cli.probes.speaker_graph import BANDS, UNITS, as_onnx, read_checkpoint
from audiojudge_cli.weights.catalog import find_card

RATE = 16_000
VOICES = ("speech_librivox_en.flac", "speech_counting_fr.flac")


def voice(samples: Array, segments: list[tuple[float, float]], models: Models) -> Array:
    found = embed_voice(samples, segments, models.speaker)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def checkpoint(models):
    return models.store.path(find_card("speaker"), "resemblyzer", "pretrained.pt")


@pytest.mark.weights
def test_the_tensors_are_those_that_torch_reads(checkpoint):
    torch = pytest.importorskip("torch")
    state = torch.load(checkpoint, weights_only=True, map_location="cpu")["model_state"]
    tensors = read_checkpoint(checkpoint.read_bytes())
    assert set(state) - set(tensors) == {"similarity_weight", "similarity_bias"}, "used in training only"
    for name, tensor in tensors.items():
        np.testing.assert_array_equal(tensor, state[name].numpy(), name)


@pytest.mark.weights
def test_the_network_answers_like_its_authors(checkpoint, models):
    torch = pytest.importorskip("torch")
    state = torch.load(checkpoint, weights_only=True, map_location="cpu")["model_state"]
    lstm, linear = torch.nn.LSTM(BANDS, UNITS, 3, batch_first=True), torch.nn.Linear(UNITS, UNITS)
    for module, prefix in ((lstm, "lstm."), (linear, "linear.")):
        module.load_state_dict({name.removeprefix(prefix): t for name, t in state.items() if name.startswith(prefix)})
    mel = np.abs(np.random.default_rng(0).standard_normal((3, PART, BANDS))).astype(np.float32) * 0.01
    with torch.no_grad():
        _, (hidden, _) = lstm(torch.from_numpy(mel))
        raw = torch.relu(linear(hidden[-1]))
        theirs = (raw / torch.norm(raw, dim=1, keepdim=True)).numpy()
    (ours,) = models.speaker.run(None, {"mel": np.ascontiguousarray(mel.transpose(1, 0, 2))})
    np.testing.assert_allclose(ours, theirs, atol=2e-6)


@pytest.mark.parametrize("data", [b"", b"x" * 100, struct.pack("<q", 1) * 1_500_000], ids=["empty", "short", "other"])
def test_a_file_that_is_not_the_checkpoint_is_named(tmp_path, data):
    (tmp_path / "a.pt").write_bytes(data)
    with pytest.raises(WeightsError, match=r"a\.pt"):
        as_onnx(tmp_path / "a.pt")
    assert not list(tmp_path.glob("*.onnx"))


@pytest.fixture(scope="module")
def spoken(models, clip):
    """Return samples and stretches of speech of the examples with speech."""
    read = {name: clip(name) for name in VOICES}
    return {name: (samples, listen(samples, models.silero).segments()) for name, samples in read.items()}


@pytest.mark.weights
def test_halves_of_a_clip_are_more_alike_than_clips_of_two_people(models, spoken):
    halves = {}
    for name, (samples, segments) in spoken.items():
        middle = sum(segments[len(segments) // 2]) / 2 if len(segments) % 2 else segments[len(segments) // 2][0]
        first = [(start, min(end, middle)) for start, end in segments if start < middle]
        second = [(max(start, middle), end) for start, end in segments if end > middle]
        halves[name] = [voice(samples, part, models) for part in (first, second)]
    same = [likeness(*pair) for pair in halves.values()]
    other = [likeness(a, b) for one, two in combinations(halves.values(), 2) for a in one for b in two]
    assert min(same) > max(other)


@pytest.mark.weights
@pytest.mark.parametrize("gain", [1.0, 0.03, 3.0])
def test_level_makes_no_other_voice(models, spoken, gain):
    samples, segments = spoken[VOICES[0]]
    as_is, other = (voice(samples * np.float32(by), segments, models) for by in (1.0, gain))
    assert likeness(as_is, other) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.weights
def test_parts_of_several_calls_are_averaged_like_those_of_one(models, spoken, monkeypatch):
    samples, segments = spoken[VOICES[0]]
    at_once = voice(samples, segments, models)
    monkeypatch.setattr("audiojudge_cli.probes.speaker.BATCH", 2)
    np.testing.assert_allclose(voice(samples, segments, models), at_once, atol=1e-5)


@pytest.mark.weights
@pytest.mark.parametrize("frames", [100, PART, PART + 1, PART + STEP, BATCH * STEP + PART + 5])
def test_speech_of_any_length_has_one_embedding(models, frames):
    noise = np.random.default_rng(0).standard_normal(frames * 160).astype(np.float32)
    found = voice(noise, [(0.0, len(noise) / RATE)], models)
    assert found.shape == (UNITS,)
    assert float(np.linalg.norm(found)) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.weights
@pytest.mark.parametrize(
    ("samples", "segments"),
    [
        (np.ones(3 * RATE, np.float32), []),
        (np.ones(3 * RATE, np.float32), [(0.0, 0.5), (1.0, 1.4)]),
        (np.zeros(3 * RATE, np.float32), [(0.0, 3.0)]),
        (np.zeros(0, np.float32), [(0.0, 3.0)]),
    ],
    ids=["no speech", "too little", "silence", "nothing"],
)
def test_too_little_speech_is_no_voice(models, samples, segments):
    assert embed_voice(samples, segments, models.speaker) is None
