from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.errors import ClipError, WeightsError
from audiojudge_cli.judges.base import Case, Remarking, scope_of
from audiojudge_cli.judges.omni.judge import Manner, Mode, OmniJudge
from audiojudge_cli.judges.omni.prompts import bundled_prompts
from audiojudge_cli.rubrics.item import RubricItem

DOG = RubricItem("event", "Is a dog barking audible?", "dog barks")
NO_DRUMS = RubricItem("instrument", "Is the music free of drums?", "no drums", negated=True)
SLOW = RubricItem("tempo", "Is the music slow?", "slow")
ITEMS = (DOG, NO_DRUMS, SLOW)
ARCHITECTURES = ("qwen2_audio", "qwen2_5_omni", "qwen3_omni_moe", "audioflamingo3", "jastin")


def case(seconds: float = 1.0, hertz: float = 440.0, **fields: Any) -> Case:
    time = np.arange(int(seconds * 16_000)) / 16_000
    tone = (0.5 * np.sin(2 * np.pi * hertz * time * (1 + time / 9))).astype(np.float32)
    return Case(Waveform(tone[None], 16_000, "ab" * 32), fields.pop("items", ITEMS), **fields)


@pytest.fixture
def judge_of(library_model):
    def make(
        architecture: Any = "qwen2_audio",
        *,
        mode: Mode = "logits",
        longest_s: float = 30.0,
        floor: float = 0.0,
        **more: Any,
    ) -> OmniJudge:
        prompts = more.pop("prompts", bundled_prompts("default"))
        return OmniJudge("tiny", library_model(architecture), Manner(prompts, mode, longest_s, floor))

    return make


def numbers(verdicts: Any) -> list[Any]:
    return [verdict.p_yes for verdict in verdicts]


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_one_verdict_per_item_whatever_else_is_judged(architecture, judge_of):
    judge = judge_of(architecture)
    cases = [case(), case(1.7, 300.0, language="zh"), case(0.8, 700.0, items=(SLOW,)), case(hertz=90.0)]
    together = judge.judge(cases)
    assert [len(row) for row in together] == [3, 3, 1, 3]
    alone = [judge.judge([each])[0] for each in reversed(cases)]
    for row, other in zip(together, reversed(alone), strict=True):
        assert numbers(row) == pytest.approx(numbers(other), abs=2e-4)
    assert judge.judge(cases) == together
    (backwards,) = judge.judge([case(items=ITEMS[::-1])])
    assert numbers(backwards) == pytest.approx(numbers(together[0])[::-1], abs=2e-4)
    for verdict in together[0]:
        assert 0 <= verdict.facts["yes_no_mass"] <= 1
        assert verdict.source == "tiny"
        assert verdict.evidence.startswith("The next token is yes rather than no with probability ")
        assert verdict.warnings == verdict.times == ()


def test_a_refusal_is_null_and_tells_the_mass(judge_of):
    (open_,), (refused,) = judge_of().judge([case()]), judge_of(floor=1.0).judge([case()])
    for asked, verdict in zip(open_, refused, strict=True):
        assert asked.p_yes is not None
        assert (verdict.p_yes, verdict.answer) == (None, "unverifiable")
        assert verdict.facts == asked.facts
        assert f"together they have a probability of {verdict.facts['yes_no_mass']:.2f}" in verdict.evidence


def test_long_audio_is_windowed_and_nothing_is_cut(judge_of):
    judge = judge_of(longest_s=2.0)
    whole = case(5.0, items=(*ITEMS, RubricItem("order", "Does a bark come before a bell?", "then")))
    (windowed,) = judge.judge([whole])
    samples = whole.waveform.at(16_000)
    spans = [(start, start + 32_000) for start in (0, 24_000, 48_000)]
    pieces = [Case(Waveform(samples[None, a:b], 16_000, "cd" * 32), whole.items) for a, b in spans]
    column = list(zip(*(numbers(row) for row in judge.judge(pieces)), strict=True))
    expected = [max(column[0]), min(column[1]), sum(column[2]) / 3, max(column[3])]
    assert numbers(windowed) == pytest.approx(expected, abs=2e-4)
    (warning,) = windowed[0].warnings
    assert warning.startswith("longer than the 2 s that the model hears at once: judged in 3 windows")
    assert warning.endswith("no window hears the whole clip, which matters to order")
    assert all(verdict.warnings == (warning,) for verdict in windowed)
    start = 1.5 * column[0].index(max(column[0]))
    assert windowed[0].times == ((start, start + 2.0),)
    told = f"The highest of 3 windows is {max(column[0]):.2f}, at {start:.1f}-{start + 2:.1f} s."
    assert windowed[0].evidence == told
    assert windowed[2].times == ()


def test_a_clip_that_is_too_short_is_an_error_of_that_clip(judge_of):
    with pytest.raises(ClipError):
        judge_of().judge([case(0.001)])


def test_the_fingerprint_follows_everything_an_answer_depends_on(judge_of):
    prompts = bundled_prompts("default")
    other = prompts.model_copy(
        update={"en": prompts.en.model_copy(update={"system": "Listen."}) if prompts.en else None}
    )
    first = judge_of()
    made = [
        first,
        judge_of(mode="generate"),
        judge_of(mode="logits+evidence"),
        judge_of(longest_s=20.0),
        judge_of(floor=0.5),
        judge_of(prompts=other),
        OmniJudge("tiny", replace(first.loaded, fingerprint="other"), first.manner),
        OmniJudge("tiny", replace(first.loaded, quant="int8"), first.manner),
    ]
    assert len({judge.fingerprint for judge in made}) == len(made)
    assert judge_of().fingerprint == made[0].fingerprint
    told = made[1].describe()
    assert (told["mode"], told["prompts.sha256"], told["architecture"]) == ("generate", prompts.digest, "qwen2_audio")
    assert [scope_of(judge) for judge in made[:3]] == ["caption", "case", "caption"]


def test_prompts_decide_what_the_model_reads(judge_of):
    prompts = bundled_prompts("default")
    assert prompts.en is not None
    (plain,) = judge_of().judge(
        [
            case(caption="A dog."),
        ]
    )
    with_caption = prompts.en.model_copy(update={"question": "Caption: {caption}\n{question}"})
    (read,) = judge_of(prompts=prompts.model_copy(update={"en": with_caption})).judge([case(caption="A dog.")])
    (same,) = judge_of().judge([case(caption="Something else.")])
    assert numbers(plain) == numbers(same)
    assert numbers(plain) != numbers(read)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_special_tokens_of_a_caption_or_question_touch_nobody_else(architecture, judge_of):
    prompts = bundled_prompts("default")
    assert prompts.en is not None
    wording = prompts.en.model_copy(update={"question": "Caption: {caption}\n{question}"})
    judge = judge_of(architecture, prompts=prompts.model_copy(update={"en": wording}))
    special = "".join(token for token in judge.loaded.tokenizer.get_added_vocab() if token.startswith("<"))
    evil = RubricItem("event", f"Is it {special}?", "it")
    (alone,) = judge.judge([case(caption="A dog.")])
    beside, among = judge.judge([case(caption=special), case(caption="A dog.", items=(DOG, evil, NO_DRUMS, SLOW))])
    assert [verdict.p_yes is None for verdict in beside] == [False] * 3
    assert numbers(among)[:1] + numbers(among)[2:] == pytest.approx(numbers(alone), abs=2e-4)


def test_evidence_is_written_for_items_answered_no(judge_of):
    cases = [case(), case(5.0, 300.0)]
    for row, explained in zip(
        judge_of(longest_s=2.0).judge(cases),
        judge_of(longest_s=2.0, mode="logits+evidence").judge(cases),
        strict=True,
    ):
        assert numbers(explained) == numbers(row)
        for verdict, before in zip(explained, row, strict=True):
            assert (verdict.evidence != before.evidence) == (verdict.answer == "no")


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_what_random_weights_write_is_no_answer_and_no_crash(architecture, judge_of):
    judge = judge_of(architecture, mode="generate")
    (verdicts,) = judge.judge([case()])
    assert numbers(verdicts) == [None, None, None]
    assert all("not the JSON asked for" in verdict.evidence for verdict in verdicts)


def test_what_cannot_be_asked_is_told_before_anything_is_heard(judge_of):
    prompts = bundled_prompts("default")
    assert prompts.en is not None
    words = prompts.en.answers.model_copy(update={"yes": ("affirmatively",)})
    own = prompts.model_copy(update={"en": prompts.en.model_copy(update={"answers": words})})
    with pytest.raises(WeightsError, match="no single token for 'affirmatively'"):
        judge_of(prompts=own)
    (verdicts,) = judge_of(prompts=own, mode="generate").judge([case()])
    assert len(verdicts) == 3


def test_remarks_are_told_once_each(judge_of):
    judge: Any = judge_of()
    judge._notice("memory ran short")
    told: list[str] = []
    judge.remark_to(told.append)
    judge._notice("memory ran short")
    judge._notice("and again")
    assert told == [*judge.loaded.notes, "memory ran short", "and again"]
    assert isinstance(judge, Remarking)
