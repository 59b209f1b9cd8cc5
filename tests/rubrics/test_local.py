import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.rubrics.llm import LlmExpander
from audiojudge_cli.rubrics.local import LocalWriter
from audiojudge_cli.rubrics.writer import WriterError

HAS_TORCH = all(importlib.util.find_spec(name) for name in ("torch", "transformers"))
needs_torch = pytest.mark.skipif(not HAS_TORCH, reason="torch and transformers (extra `omni`) are not installed")
TEMPLATE = "{% for m in messages %}{{ m['role'] }} {{ m['content'] }} {% endfor %}"


@pytest.mark.skipif(HAS_TORCH, reason="torch and transformers are installed")
def test_without_torch_the_error_says_what_to_install() -> None:
    with pytest.raises(InputError, match=r"pip install 'audiojudge-cli\[omni\]'"):
        LocalWriter("somewhere")


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random-weight causal model with a word-level tokenizer, saved as safetensors."""
    tokenizers = pytest.importorskip("tokenizers")
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("tiny")
    words = ["<unk>", "<eos>", *["user", "system", "assistant", "a", "dog", "barks", "{", "}", "items", "yes", "no"]]
    core = tokenizers.Tokenizer(
        tokenizers.models.WordLevel({word: number for number, word in enumerate(words)}, unk_token="<unk>")
    )
    core.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=core, unk_token="<unk>", eos_token="<eos>")
    fast.chat_template = TEMPLATE
    fast.save_pretrained(folder)
    torch.manual_seed(0)
    config = transformers.Qwen3Config(
        vocab_size=len(words),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
        eos_token_id=1,
    )
    transformers.Qwen3ForCausalLM(config).save_pretrained(folder, safe_serialization=True)
    return folder


@needs_torch
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_local_model_writes_the_same_every_time(tiny: Path) -> None:
    writer = LocalWriter(str(tiny), device="cpu", most_tokens=12)
    messages: Any = [{"role": "user", "content": json.dumps("a dog barks")}]
    first = writer.write(messages, {})
    assert first == writer.write(messages, {})
    assert writer.fingerprint == LocalWriter(str(tiny), device="cpu").fingerprint
    rubric = LlmExpander(writer).expand("a dog barks")
    assert [item.dimension for item in rubric.items] == ["overall"]


@needs_torch
@pytest.mark.filterwarnings("ignore")
def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(WriterError, match="the local model cannot be loaded"):
        LocalWriter(str(tmp_path))
