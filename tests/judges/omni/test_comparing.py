"""Two clips heard together: both orders, votes from one prefill, and the library's own way."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from audiojudge_cli.errors import ClipError, InputError
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.comparing import Comparing
from audiojudge_cli.judges.omni import comparing
from audiojudge_cli.judges.omni.comparing import Comparer, compare_wording, settled
from audiojudge_cli.judges.omni.judge import Manner, OmniJudge
from audiojudge_cli.judges.omni.prompts import bundled_prompts
from audiojudge_cli.judges.omni.session import Session
from tests.judges.omni.test_judge import case

DEFAULT = bundled_prompts("default")


def clip(seconds: float, hertz: float, **fields: Any) -> Case:
    made = case(seconds, hertz, caption="A calm voice.", **fields)
    sha = hashlib.sha256(f"{seconds} {hertz}".encode()).hexdigest()
    return replace(made, waveform=replace(made.waveform, sha256=sha))


A, B = clip(0.7, 300.0), clip(0.9, 500.0)


def scored(text: str) -> tuple[float, float]:
    """Random weights write no scores: any text stands for two of its own."""
    digest = hashlib.sha256(text.encode()).digest()
    return 1 + digest[0] % 10, 1 + digest[1] % 10


@pytest.fixture
def comparer_of(library_model, monkeypatch):
    def make(architecture: Any = "qwen2_audio", temperature: float = 1.0) -> Comparer:
        made = Comparer(library_model(architecture), DEFAULT, 30.0, temperature, lambda _: None, read=scored)
        # Every second token ends a text, so that texts are short.
        monkeypatch.setattr(made._chat, "stops", frozenset(range(0, 2000, 2)))
        return made

    return make


@pytest.mark.parametrize("votes", [1, 4])
@pytest.mark.parametrize("architecture", ["qwen2_audio", "qwen2_5_omni", "qwen3_omni_moe", "audioflamingo3"])
def test_swapping_the_clips_mirrors_the_result(comparer_of, architecture, votes):
    comparer = comparer_of(architecture)
    found, swapped = comparer.compare(A, B, votes), comparer.compare(B, A, votes)
    assert (found.score_a, found.score_b, found.bias) == (swapped.score_b, swapped.score_a, swapped.bias)
    assert found == comparer_of(architecture).compare(A, B, votes)
    assert min(found.score_a, found.score_b) >= 1
    same = comparer.compare(A, A, votes)
    assert same.score_a == same.score_b


def test_votes_follow_the_seed(comparer_of, monkeypatch):
    texts: list[list[int]] = []
    monkeypatch.setattr(Session, "sample", recording(texts))
    comparer = comparer_of(temperature=2.0)
    first = comparer.compare(A, B, 6, seed=1)
    drawn, texts[:] = list(texts), []
    assert comparer.compare(A, B, 6, seed=1) == first
    assert texts == drawn
    texts[:] = []
    comparer.compare(A, B, 6, seed=2)
    assert texts != drawn
    # The first votes of many are those of few, and votes of a pair are not all the same.
    texts[:] = []
    comparer.compare(A, B, 3, seed=1)
    assert texts == drawn[:3] + drawn[6:9]
    assert len({tuple(text) for text in drawn}) > 6


def recording(texts: list[list[int]]) -> Any:
    plain = Session.sample

    def sample(self: Session, *arguments: Any) -> Any:
        found = plain(self, *arguments)
        texts.extend(text.tokens for text in found)
        return found

    return sample


@pytest.mark.parametrize("architecture", ["qwen2_audio", "qwen2_5_omni"])
def test_ten_votes_in_both_orders_cost_less_than_three_calls_and_each_clip_is_encoded_once(
    library_model, comparer_of, architecture
):
    from omni_plain import Plain

    read: list[int] = []
    encoded: list[int] = []
    model = library_model(architecture).model.model
    hooks = [
        model.language_model.layers[0].register_forward_pre_hook(lambda _, args: read.append(args[0].shape[1])),
        model.audio_tower.layers[0].register_forward_pre_hook(lambda *_: encoded.append(1)),
    ]
    try:
        comparer_of(architecture).compare(A, B, 10)
    finally:
        for hook in hooks:
            hook.remove()
    single = inputs(Plain.of(library_model(architecture)), architecture)["input_ids"].shape[1]
    prefill = sum(width for width in read if width > 1)
    assert len(encoded) == 2
    assert single < prefill <= 2 * single < 3 * single


def inputs(plain: Any, architecture: str) -> Any:
    from omni_plain import LIBRARY

    wording = compare_wording(DEFAULT, "en")
    audio = LIBRARY[architecture][2]
    opening = wording.opening + wording.text.replace("{caption}", "A calm voice.") + wording.first
    text = (
        f"<|im_start|>system\n{wording.system}<|im_end|>\n<|im_start|>user\n{opening}{audio}{wording.second}{audio}"
        f"{wording.question}<|im_end|>\n<|im_start|>assistant\n"
    )
    audios = [each.waveform.at(16_000) for each in (A, B)]
    return dict(plain._processor(text=text, audio=audios, sampling_rate=16_000, return_tensors="pt"))


@pytest.mark.parametrize("architecture", ["qwen2_audio", "qwen2_5_omni"])
def test_a_single_rationale_is_what_the_library_writes(library_model, monkeypatch, architecture):
    import torch
    from omni_plain import Plain

    loaded = library_model(architecture)
    texts: list[list[int]] = []
    monkeypatch.setattr(Session, "sample", recording(texts))
    monkeypatch.setattr(comparing, "MOST_TOKENS", 8)
    comparer = Comparer(loaded, DEFAULT, 30.0, 1.0, lambda _: None)
    with pytest.raises(ClipError, match="1 of 1 rationales of one order do not end in two scores"):
        comparer.compare(A, B)
    given = inputs(Plain.of(loaded), architecture)
    with torch.inference_mode():
        written = loaded.model.generate(**given, max_new_tokens=8, do_sample=False)[0, given["input_ids"].shape[1] :]
    expected = [int(token) for token in written]
    kept = next((at for at, token in enumerate(expected) if token in comparer._chat.stops), 8)
    assert texts[0] == expected[:kept]
    assert texts[0] != texts[1]


def test_both_orders_are_averaged_and_a_contradiction_is_a_tie():
    # Heard first A wins by 4, heard second by 1.
    found = settled([(9.0, 5.0)], [(6.0, 7.0)])
    assert (found.score_a, found.score_b, found.bias) == (8.0, 5.5, 1.5)
    biased = settled([(9.0, 5.0)], [(8.0, 7.0)])
    assert biased.score_a == biased.score_b == 7.25
    assert biased.bias == 2.5
    assert biased.reason.startswith("The two orders contradict each other.")
    undecided = settled([(10.0, 9.0)], [(5.0, 5.0)])
    assert undecided.score_a > undecided.score_b


def test_votes_without_scores_are_failures_and_never_ties():
    found = settled([(9.0, 5.0), None], [(6.0, 7.0), (6.0, 7.0)])
    assert (found.score_a, found.score_b) == (8.0, 5.5)
    assert "1 of 4 rationales do not end in two scores" in found.reason
    for rows in ([None], [None, None, (5.0, 5.0)], []):
        with pytest.raises(ClipError):
            settled(rows, [(6.0, 7.0)])
        with pytest.raises(ClipError):
            settled([(6.0, 7.0)], rows)


def test_what_cannot_be_heard_together_is_an_error_of_that_couple(comparer_of, library_model):
    comparer = comparer_of()
    with pytest.raises(ClipError, match="31 s are too long to compare: the model hears 30 s at once"):
        comparer.compare(A, clip(31.0, 200.0))
    with pytest.raises(InputError, match="from 1 to 100, not 0"):
        comparer.compare(A, B, 0)
    judge = OmniJudge("tiny", library_model("qwen2_audio"), Manner(DEFAULT, "logits", 30.0, 0.0))
    assert isinstance(judge, Comparing)
    with pytest.raises(ClipError):
        judge.compare([(A, clip(0.001, 200.0))])
    hot = OmniJudge("tiny", judge.loaded, replace(judge.manner, temperature=0.5))
    assert hot.fingerprint == judge.fingerprint
    assert hot.comparisons_digest != judge.comparisons_digest


def test_own_prompts_without_a_word_on_comparing_take_ours():
    assert DEFAULT.en
    own = DEFAULT.model_copy(update={"en": DEFAULT.en.model_copy(update={"compare": None}), "zh": None})
    assert compare_wording(own, "zh") == compare_wording(DEFAULT, "zh")
    assert compare_wording(own, "en") == DEFAULT.en.compare
