"""Ratings by the omni judge: against every value written out through the library alone, and what must not move them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from audiojudge_cli.errors import ClipError
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.omni.judge import Manner, OmniJudge
from audiojudge_cli.judges.omni.prompts import bundled_prompts
from audiojudge_cli.judges.omni.rating import language_of, rating_of
from audiojudge_cli.judges.rating import rating_judge
from audiojudge_cli.rubrics.item import RubricItem
from audiojudge_cli.scales.instruction import read_instruction
from audiojudge_cli.scales.rated import Rated, Unrated
from audiojudge_cli.scales.scale import number_scale
from tests.judges.omni.test_judge import case

FIVE = read_instruction("Rate the background noise from 1 (very noisy) to 5 (silent)")
TEN = read_instruction("Rate the warmth from 1 to 10")
TENTHS = read_instruction("Rate the clarity from 0.0 to 1.0")
PASS = read_instruction("Is it a good recording, pass or fail")
YES = read_instruction("Does anybody sing, yes or no")
CHINESE = read_instruction("请评价背景噪声，从1（很吵）到5（安静）")
ALL = (FIVE, TEN, TENTHS, PASS, YES, CHINESE)
CLOSE = 1e-4


@pytest.fixture
def judge_of(library_model):
    def make(architecture: Any = "qwen2_audio", *, longest_s: float = 30.0, floor: float = 0.0) -> OmniJudge:
        manner = Manner(bundled_prompts("default"), "logits", longest_s, floor)
        return OmniJudge("tiny", library_model(architecture), manner)

    return make


class Written:
    """The slow way: for each spelling of each value the whole prompt with it, through the library's forward pass."""

    def __init__(self, loaded: Any, language: str) -> None:
        from omni_plain import Plain

        self.loaded = loaded
        self.plain = Plain.of(loaded)
        self.wording = bundled_prompts("default").wording(language)
        special = loaded.tokenizer.get_added_vocab()
        self.ends = [special["<|im_end|>"], special["<|endoftext|>"]]
        self.vocabulary = {
            token: loaded.tokenizer.decode([token])
            for token in range(len(loaded.tokenizer))
            if token not in special.values()
        }

    def rating(self, audio: Any, criterion: Any) -> tuple[float, float, float]:
        """Return rating, spread and mass."""
        wording, scale = self.wording, criterion.scale
        numbers = scale.spellings[0][-1].isdigit()
        ends = [*self.ends, *(token for token, text in self.vocabulary.items() if self._ends(text, numbers=numbers))]
        before = f"<|im_start|>system\n{wording.system_rate}<|im_end|>\n<|im_start|>user\n{wording.before_audio}"
        asked = wording.rate.replace("{instruction}", criterion.instruction)
        after = f"{asked}<|im_end|>\n<|im_start|>assistant\n"
        inputs = self.plain.inputs(audio, before, after)
        probabilities = []
        for value, spelling in zip(scale.values, scale.spellings, strict=True):
            texts = {spelling} | ({str(int(value))} if numbers and value == int(value) else set())
            texts |= set({"yes": wording.answers.yes, "no": wording.answers.no}.get(spelling, ()))
            if not numbers:
                texts = {change(text) for text in texts for change in (str.lower, str.title, str.upper)}
            ways = {space + text for text in texts for space in ("", " ")}
            probabilities.append(sum(self._way(inputs, way, ends) for way in ways))
        total = sum(probabilities)
        mean = sum(p * v for p, v in zip(probabilities, scale.values, strict=True)) / total
        square = sum(p * (v - mean) ** 2 for p, v in zip(probabilities, scale.values, strict=True)) / total
        return mean, square**0.5, total

    def _way(self, inputs: Any, way: str, ends: list[int]) -> float:
        import torch

        tokens = self.loaded.tokenizer.encode(way, add_special_tokens=False)
        ids = torch.cat([inputs["input_ids"], torch.tensor([tokens])], dim=1)
        with torch.inference_mode():
            logits = self.loaded.model(**{**inputs, "input_ids": ids, "attention_mask": torch.ones_like(ids)}).logits
        p = torch.softmax(logits[0, -len(tokens) - 1 :].double(), dim=-1)
        return float(np.prod([float(p[at, token]) for at, token in enumerate(tokens)]) * float(p[-1, ends].sum()))

    @staticmethod
    def _ends(text: str, *, numbers: bool) -> bool:
        first = text[:1]
        if first in ("", "\ufffd"):
            return False
        if numbers:
            return first == "分" or not (first.isalnum() or first in ".,-–—~:+%'")
        return not (first.isalpha() or first in "-'’")


@pytest.mark.parametrize(
    ("architecture", "criterion"),
    [
        *(("qwen2_5_omni", one) for one in (FIVE, TEN, TENTHS)),
        *(("qwen2_audio", one) for one in (TEN, PASS, YES, CHINESE)),
    ],
    ids=lambda one: getattr(one, "name", one),
)
def test_ratings_equal_every_value_written_out(library_model, judge_of, architecture, criterion):
    clip = case(0.7, 500.0)
    (found,) = judge_of(architecture).rate(clip, [criterion])
    mean, spread, mass = Written(library_model(architecture), language_of(criterion)).rating(
        clip.waveform.at(16_000), criterion
    )
    assert isinstance(found, Rated)
    assert criterion.scale.at(found.position) == pytest.approx(mean, abs=CLOSE * criterion.scale.span)
    assert found.spread * criterion.scale.span == pytest.approx(spread, abs=CLOSE * criterion.scale.span)
    assert found.facts["scale_mass"] == pytest.approx(mass, abs=CLOSE)
    assert spread > 0.01 * criterion.scale.span


@pytest.mark.parametrize("architecture", ["qwen2_5_omni", "qwen3_omni_moe", "audioflamingo3", "jastin"])
def test_no_rating_depends_on_other_criteria_their_order_or_other_calls(judge_of, architecture):
    judge, clip = judge_of(architecture), case(0.6)
    together = judge.rate(clip, ALL)
    assert judge.rate(clip, ALL[::-1])[::-1] == together
    judge.rate(case(0.9, 90.0), (TEN,))
    assert [judge.rate(clip, [one])[0] for one in ALL] == together
    fresh = judge_of(architecture)
    fresh.judge([Case(clip.waveform, (RubricItem("event", "Is a dog barking?", "dog"),))])
    assert fresh.rate(clip, ALL) == together
    # The model has something to say: ratings of other clips are others.
    assert [one != other for one, other in zip(judge.rate(case(0.6, 90.0), ALL), together, strict=True)].count(True) > 3


def test_a_clip_is_heard_once_for_all_criteria_and_wordings(judge_of):
    judge = judge_of()
    heard = []
    hook = judge.loaded.model.model.audio_tower.register_forward_pre_hook(lambda *_: heard.append(1))
    layer = judge.loaded.model.model.audio_tower.layers[0].register_forward_pre_hook(lambda *_: heard.append(1))
    try:
        judge.rate(case(0.6), FIVE.reworded(8) + TEN.reworded(8))
    finally:
        hook.remove()
        layer.remove()
    assert len(heard) == 1


def test_windows_count_alike_and_one_that_gives_nothing_leaves_the_clip_unrated(judge_of):
    long = case(5.0)
    (found,) = judge_of(longest_s=2.0).rate(long, [TEN])
    samples = long.waveform.at(16_000)
    from audiojudge_cli.clips.waveform import Waveform

    pieces = [
        judge_of().rate(Case(Waveform(samples[None, at : at + 32_000], 16_000, "cd" * 32), ()), [TEN])[0]
        for at in (0, 24_000, 48_000)
    ]
    assert isinstance(found, Rated)
    assert found.position == pytest.approx(np.mean([one.position for one in pieces]), abs=1e-5)
    assert found.evidence.endswith("(Mean of 3 windows of 2 s that overlap.)")
    warning = "longer than the 2 s that the model hears at once: rated in 3 windows that overlap and count alike"
    assert found.warnings == (warning,)
    asked = (RubricItem(TEN.name, TEN.instruction, ""),)
    ((verdict,),) = rating_judge(judge_of(longest_s=2.0), [TEN]).judge([Case(long.waveform, asked)])
    assert verdict.warnings == (warning,)
    (unrated,) = judge_of(longest_s=2.0, floor=1.0).rate(long, [TEN])
    assert isinstance(unrated, Unrated)
    assert unrated.warnings == (warning,)
    assert "scale_mass" in found.facts


def test_below_the_floor_nothing_is_rated(judge_of):
    found = judge_of(floor=1.0).rate(case(), [FIVE, PASS])
    assert all(isinstance(one, Unrated) for one in found)
    assert found[0].reason.startswith("the model would rather say something else than a value from 1 (very noisy) to 5")
    with pytest.raises(ClipError):
        judge_of().rate(case(0.001), [FIVE])


@pytest.mark.parametrize(("low", "high"), [("1", "5"), ("10", "50"), ("-5", "-1"), ("0.0", "0.4")])
def test_a_rescaled_answer_is_the_same_position_and_an_inverted_one_the_mirrored(low, high):
    rng = np.random.default_rng(3)
    scale = number_scale(low, high)
    assert scale
    # Of scales with more values than five, the five that correspond.
    step = (len(scale.values) - 1) // 4
    for _ in range(20):
        row = rng.dirichlet(np.ones(5))
        placed = np.zeros(len(scale.values))
        placed[::step] = row
        one, five = rating_of(scale, [placed.tolist()], 0.5, 1.0), number_scale("1", "5")
        assert five
        other, mirrored = rating_of(five, [row.tolist()], 0.5, 1.0), rating_of(five, [row[::-1].tolist()], 0.5, 1.0)
        assert isinstance(one, Rated)
        assert isinstance(other, Rated)
        assert isinstance(mirrored, Rated)
        assert one.position == pytest.approx(other.position)
        assert one.position == pytest.approx(1 - mirrored.position)
        assert one.spread == pytest.approx(other.spread)
        assert other.spread == pytest.approx(mirrored.spread)


def test_mass_decides_and_not_only_of_the_mean():
    scale = number_scale("1", "2")
    assert scale
    assert isinstance(rating_of(scale, [[0.4, 0.2]], 0.5, 1.0), Rated)
    assert isinstance(rating_of(scale, [[0.4, 0.05]], 0.5, 1.0), Unrated)
    open_ = rating_of(scale, [[0.9, 0.1], [0.1, 0.1]], 0.5, 1.0)
    assert isinstance(open_, Unrated)
    assert open_.reason.startswith("in 1 of 2 windows ")
    assert isinstance(rating_of(scale, [[0.0, 0.0]], 0.0, 1.0), Unrated)


def test_the_wrapper_takes_it_and_its_fingerprint_follows_the_rating_prompts(judge_of):
    judge = judge_of()
    wrapped = rating_judge(judge, ALL)
    items = tuple(RubricItem(one.name, one.instruction, "") for one in ALL)
    (row,) = wrapped.judge([Case(case().waveform, items)])
    for verdict, criterion in zip(row, ALL, strict=True):
        assert criterion.scale.low <= float(verdict.facts["rating"]) <= criterion.scale.high
        assert 0 <= float(verdict.facts["scale_mass"]) <= 1
    prompts = judge.manner.prompts
    assert prompts.en
    told = prompts.model_copy(update={"en": prompts.en.model_copy(update={"rate": "\n{instruction}"})})
    other = OmniJudge("tiny", judge.loaded, Manner(told, "logits", 30.0, 0.0))
    assert other.fingerprint == judge.fingerprint
    assert rating_judge(other, ALL).fingerprint != wrapped.fingerprint
    assert other.rate(case(), [TEN]) != judge.rate(case(), [TEN])
