"""Generate mode on a model that can do it: a tiny one that has learned a single answer by heart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.omni.judge import Manner, OmniJudge
from audiojudge_cli.judges.omni.prompts import bundled_prompts, fill
from audiojudge_cli.rubrics.item import RubricItem

ITEMS = (RubricItem("event", "Is a dog barking?", "dog"), RubricItem("event", "Is it raining?", "rain"))
ANSWER = (
    '[{"id": 1, "answer": "yes", "evidence": "A dog barks."}, {"id": 2, "answer": "no", "evidence": "Only a dog."}]'
)


def learn(loaded: Any, before: str, after: str, audio: Any, most_steps: int = 60) -> None:
    import torch
    from omni_plain import Plain

    told = Plain.of(loaded).inputs(audio, before, f"{after}{ANSWER}<|im_end|>")
    count = len(loaded.tokenizer.encode(f"{ANSWER}<|im_end|>", add_special_tokens=False))
    wanted = told["input_ids"][0, -count:]
    torch.manual_seed(0)
    loaded.model.requires_grad_(requires_grad=True)
    optimizer = torch.optim.Adam(loaded.model.parameters(), lr=3e-3)
    for _ in range(most_steps):
        logits = loaded.model(**told).logits[0, -count - 1 : -1]
        loss = torch.nn.functional.cross_entropy(logits, wanted)
        if loss.item() < 0.05:
            break
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    loaded.model.requires_grad_(requires_grad=False)
    assert loss.item() < 0.05


@pytest.mark.slow
def test_one_text_answers_all_items_and_is_weighed(checkpoint):
    from audiojudge_cli.judges.omni.load import load_model

    loaded = load_model(checkpoint("qwen2_audio"), device="cpu", quant="none")
    audio = (0.4 * np.sin(2 * np.pi * 300 * np.arange(16_000) / 16_000)).astype(np.float32)
    prompts = bundled_prompts("default")
    wording = prompts.wording("en")
    listed = "\n".join(f"{number}. {item.question}" for number, item in enumerate(ITEMS, 1))
    before = f"<|im_start|>system\n{wording.system}<|im_end|>\n<|im_start|>user\n{wording.before_audio}"
    asked = fill(wording.generate, {"items": listed, "caption": ""})
    learn(loaded, before, f"{asked}<|im_end|>\n<|im_start|>assistant\n", audio)

    judge = OmniJudge("trained", loaded, Manner(prompts, "generate", 30.0, 0.5))
    ((dog, rain),) = judge.judge([Case(Waveform(audio[None], 16_000), ITEMS)])
    assert (dog.answer, dog.evidence) == ("yes", "A dog barks.")
    assert (rain.answer, rain.evidence) == ("no", "Only a dog.")
    # The words were learned, so the odds at their places are clear, and they are odds, not the words as numbers.
    for verdict in (dog, rain):
        assert 0.8 < float(verdict.facts["yes_no_mass"]) < 1
