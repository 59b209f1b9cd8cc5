"""The reward in TRL's own GRPO trainer; skipped where TRL is not installed."""

from __future__ import annotations

from typing import Any

import pytest

import audiojudge_cli as aj

trl = pytest.importorskip("trl", reason="needs trl (pip install trl datasets)")
pytestmark = [pytest.mark.omni, pytest.mark.filterwarnings("ignore")]

WORDS = ["<pad>", "<eos>", "low", "high", "broken", "say"]
HERTZ = {"low": 200.0, "high": 800.0}


def tiny() -> tuple[Any, Any]:
    """Return a random model of a few thousand weights and its tokenizer."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

    plain = Tokenizer(models.WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="say"))
    plain.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=plain, pad_token="<pad>", eos_token="<eos>")
    config = Qwen2Config(
        vocab_size=len(WORDS),
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=64,
        pad_token_id=0,
        eos_token_id=1,
    )
    return Qwen2ForCausalLM(config), tokenizer


def test_the_trainer_takes_it_and_leaves_out_what_has_no_reward(tones, tmp_path):
    import torch
    from datasets import Dataset
    from trl import GRPOConfig, GRPOTrainer

    seen: list[list[float | None]] = []

    def sound(completion: str) -> tuple[Any, int]:
        word = next((word for word in completion.split() if word in HERTZ), None)
        if word is None:
            raise ValueError("the policy made no audio")
        return tones.samples(HERTZ[word]), 8000

    reward = aj.Reward(preset=tones.preset, audio=sound)
    plain = reward._rewards
    reward._rewards = lambda clips: seen.append(found := plain(clips)) or found  # type: ignore[method-assign,func-returns-value]
    torch.manual_seed(0)
    model, tokenizer = tiny()
    options = GRPOConfig(
        output_dir=str(tmp_path / "grpo"),
        per_device_train_batch_size=8,
        num_generations=8,
        max_completion_length=3,
        max_steps=3,
        learning_rate=1e-2,
        beta=0.0,
        logging_steps=1,
        report_to="none",
        use_cpu=True,
        bf16=False,
        disable_tqdm=True,
    )
    rows = Dataset.from_list([{"prompt": "say", "caption": "800 Hz"}] * 24)
    trainer = GRPOTrainer(model, reward_funcs=reward, args=options, train_dataset=rows, processing_class=tokenizer)
    before = [each.detach().clone() for each in model.parameters()]
    trainer.train()
    assert len(seen) == 3
    rewards = [one for batch in seen for one in batch]
    assert None in rewards
    assert {round(one, 1) for one in rewards if one is not None} <= {0.0, 1.0}
    logged = [row["rewards/audiojudge/mean"] for row in trainer.state.log_history if "rewards/audiojudge/mean" in row]
    known = [[one for one in batch if one is not None] for batch in seen]
    assert logged == pytest.approx([sum(batch) / len(batch) for batch in known], abs=1e-4)
    assert all(bool(torch.isfinite(each).all()) for each in model.parameters())
    assert any(not torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))
