"""A server that wraps a checkpoint gives the answers that the checkpoint gives in this process."""

from __future__ import annotations

import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.endpoint.judge import load
from audiojudge_cli.judges.omni.prompts import bundled_prompts
from audiojudge_cli.rubrics.item import RubricItem
from audiojudge_cli.weights.server import Server
from tests.judges.endpoint.chat_server import ChatServer, samples

pytestmark = [
    pytest.mark.omni,
    pytest.mark.skipif(
        any(find_spec(name) is None for name in ("torch", "transformers")), reason="needs the extra `omni`"
    ),
]
BENCHMARKS = Path(__file__).parents[3] / "benchmarks"
ITEMS = (
    RubricItem("event", "Is a dog barking?", "dog"),
    RubricItem("instrument", "Is the music free of drums?", "no drums", negated=True),
    RubricItem("tempo", "Is the music < 90 beats a minute?", "slow"),
)


def clip(seconds: float, hertz: float, language: str = "en") -> Case:
    time = np.arange(int(seconds * 44_100)) / 44_100
    tone = (0.5 * np.sin(2 * np.pi * hertz * time * (1 + time / 9))).astype(np.float32)
    return Case(Waveform(np.stack([tone, 0.5 * tone]), 44_100), ITEMS, "A dog.", language)


CASES = [clip(1.0, 300.0, "zh"), clip(2.6, 150.0)]


class Wrapped:
    """Every request is one whole prompt through the library, as a server without any cache has it."""

    def __init__(self, loaded: Any) -> None:
        from omni_plain import Plain

        self.plain, self.lock = Plain.of(loaded), threading.Lock()
        self.texts = [
            loaded.tokenizer.decode([token]) for token in range(loaded.model.get_output_embeddings().out_features)
        ]

    def tops(self, question: str, audio: bytes, _model: str) -> list[tuple[str, float]]:
        import torch

        wording = bundled_prompts("default").wording("zh" if "录音" in question else "en")
        before = f"<|im_start|>system\n{wording.system}<|im_end|>\n<|im_start|>user\n{wording.before_audio}"
        after = f"{question}<|im_end|>\n<|im_start|>assistant\n"
        with self.lock:
            logs = torch.log_softmax(self.plain.logits(samples(audio), before, after)[0].float(), dim=-1)
        best = torch.sort(logs, descending=True)
        return [
            (self.texts[token], value) for token, value in zip(best.indices.tolist(), best.values.tolist(), strict=True)
        ]


@pytest.fixture(scope="module", params=["qwen2_audio", "qwen2_5_omni"])
def wrapped(request, tmp_path_factory):
    """Yield the server, and the same checkpoint as an omni judge."""
    sys.path.insert(0, str(BENCHMARKS))
    from make_checkpoint import build
    from omni_plain import load_plain

    from audiojudge_cli.judges.omni.judge import Manner, OmniJudge

    loaded = load_plain(request.param, build(request.param, tmp_path_factory.mktemp(request.param)))
    omni = OmniJudge("tiny", loaded, Manner(bundled_prompts("default"), "logits", 2.0, 0.0))
    server = ChatServer(0, {"top": 1_000_000}, Wrapped(loaded).tops)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server, omni.judge(CASES)
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_same_checkpoint_gives_the_same_p_yes(wrapped):
    server, here = wrapped
    # Random weights spread over the whole vocabulary: all of it is asked for, as vLLM allows with --max-logprobs -1.
    judge = load(
        endpoint=Server(base_url=server.base, model="m", top_logprobs=1000, max_audio_s=2.0, refusal_floor=0.0)
    )
    there = judge.judge(CASES)
    known = [(a, b) for row, other in zip(here, there, strict=True) for a, b in zip(row, other, strict=True)]
    for mine, its in known:
        assert its.p_yes == pytest.approx(mine.p_yes, abs=1e-3 + float(its.facts["p_yes_error"]))
        assert float(its.facts["p_yes_error"]) < 1e-3
        assert its.facts["yes_no_mass"] == pytest.approx(mine.facts["yes_no_mass"], abs=1e-3)
        assert (its.times, its.warnings) == (mine.times, mine.warnings)
    # There must be something to agree on.
    assert np.ptp([float(mine.p_yes or 0) for mine, _ in known]) > 0.05
    assert any(mine.warnings for mine, _ in known)
