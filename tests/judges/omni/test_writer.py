from __future__ import annotations

import threading

import pytest

from audiojudge_cli.judges.base import Writing
from audiojudge_cli.judges.omni.judge import Manner, OmniJudge
from audiojudge_cli.judges.omni.prompts import bundled_prompts
from audiojudge_cli.judges.omni.writer import OmniWriter
from audiojudge_cli.rubrics.llm import LlmExpander


@pytest.fixture
def writer_of(library_model):
    def make(architecture="qwen2_audio", **options):
        return OmniWriter("tiny", library_model(architecture), threading.Lock(), **options)

    return make


@pytest.mark.parametrize("architecture", ["qwen2_audio", "qwen2_5_omni", "qwen3_omni_moe", "audioflamingo3"])
def test_writes_what_the_library_would_write(architecture, library_model, writer_of):
    import torch

    loaded = library_model(architecture)
    text = "<|im_start|>system\nWrite.<|im_end|>\n<|im_start|>user\nA dog.<|im_end|>\n<|im_start|>assistant\n"
    ids = torch.tensor([loaded.tokenizer.encode(text, add_special_tokens=False)])
    with torch.inference_mode():
        for _ in range(12):
            last = loaded.model(input_ids=ids, attention_mask=torch.ones_like(ids)).logits[0, -1].argmax()
            ids = torch.cat([ids, last[None, None]], dim=1)
    start = len(loaded.tokenizer.encode(text, add_special_tokens=False))
    writer = writer_of(architecture, most_tokens=12)
    written = writer.write([{"role": "system", "content": "Write."}, {"role": "user", "content": "A dog."}], {})
    assert written == loaded.tokenizer.decode(ids[0, start:], skip_special_tokens=True)
    assert written


def test_a_rubric_with_the_judges_own_weights(library_model, writer_of):
    judge = OmniJudge("tiny", library_model("qwen2_audio"), Manner(bundled_prompts("default"), "logits", 30.0, 0.5))
    assert isinstance(judge, Writing)
    rubric = LlmExpander(writer_of(most_tokens=20)).expand("A dog barks.")
    # Random weights write no JSON: the expander says so and asks about the whole caption.
    assert [item.dimension for item in rubric.items] == ["overall"]
    assert any("not the JSON asked for" in note for note in rubric.notes)
    assert judge.writer.fingerprint != writer_of(most_tokens=20).fingerprint
    assert judge.writer.fingerprint == writer_of().fingerprint


def test_waits_for_the_judge(library_model):
    lock = threading.Lock()
    writer = OmniWriter("tiny", library_model("qwen2_audio"), lock, most_tokens=1)
    done = threading.Event()

    def write() -> None:
        writer.write([{"role": "user", "content": "a"}], {})
        done.set()

    thread = threading.Thread(target=write)
    with lock:
        thread.start()
        assert not done.wait(0.2)
    thread.join(60)
    assert done.is_set()
