from typing import Any

import pytest

from audiojudge_cli.judges.omni import decoder as module
from audiojudge_cli.judges.omni.adapter import adapter_for
from audiojudge_cli.judges.omni.decoder import Decoder
from audiojudge_cli.judges.omni.prefix import Prefix

ARCHITECTURES = ("qwen2_audio", "qwen2_5_omni", "qwen3_omni_moe", "audioflamingo3", "jastin")
TOKENS = tuple(range(20, 60))


@pytest.fixture(params=ARCHITECTURES)
def decoder(request: Any, library_model: Any) -> Decoder:
    loaded = library_model(request.param)
    return Decoder(loaded, adapter_for(loaded))


def whole(decoder: Decoder) -> Any:
    """Logits after each token, from the library's model in one pass without a cache."""
    import torch

    text: Any = decoder._text
    with torch.inference_mode():
        return decoder._head(text(input_ids=torch.tensor([TOKENS]), use_cache=False).last_hidden_state[0])


def close(found: Any, expected: Any) -> None:
    import torch

    torch.testing.assert_close(found, expected, atol=2e-4, rtol=0)


@pytest.mark.parametrize("block", [7, 1024])
def test_blocks_do_not_move_what_comes_after(decoder, monkeypatch, block):
    import torch

    monkeypatch.setattr(module, "BLOCK", block)
    with torch.inference_mode():
        prefix, logits = decoder.extend(Prefix(), decoder.embed(TOKENS))
        close(logits[0], whole(decoder)[-1])
    assert prefix.length == len(TOKENS)


def test_continuations_of_several_prefixes_equal_whole_prompts(decoder):
    import torch

    expected = whole(decoder)
    with torch.inference_mode():
        long = decoder.read(Prefix(), decoder.embed(TOKENS[:30]))
        short = decoder.read(Prefix(), decoder.embed(TOKENS[:12]))
        # The first row's continuations begin alike; each must read on as if the others weren't there.
        rows = [(long, [TOKENS[30:35], TOKENS[30:38], (99, 98)]), (short, [TOKENS[12:20]]), (Prefix(), [TOKENS[:9]])]
        found = decoder.answers(rows)
    close(found[[0, 1, 3, 4]], expected[[34, 37, 19, 8]])


def test_rows_of_one_prefix_become_prefixes_of_their_own(decoder):
    import torch

    expected = whole(decoder)
    with torch.inference_mode():
        head = decoder.read(Prefix(), decoder.embed(TOKENS[:10]))
        longer = decoder.read_rows(head, [decoder.embed(TOKENS[10:20]), decoder.embed((5, 6, 7))])
        found = decoder.answers([(longer[0], [TOKENS[20:24]])])
    assert [prefix.length for prefix in longer] == [20, 13]
    close(found[0], expected[23])
