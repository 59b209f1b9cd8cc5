"""The shared prefix against the library's own processor and forward pass, one whole prompt per item."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from audiojudge_cli.judges.omni.chat import Chat
from audiojudge_cli.judges.omni.prompts import bundled_prompts, fill
from audiojudge_cli.judges.omni.session import Session
from audiojudge_cli.judges.omni.spellings import spellings_of

ARCHITECTURES = ("qwen2_audio", "qwen2_5_omni", "qwen3_omni_moe", "audioflamingo3")
QUESTIONS = {
    "en": ("Is a dog barking?", "Does a woman speak slowly while it rains?", "Is the recording silent?"),
    "zh": ("有狗在叫吗？", "是否有女性在雨声中缓慢地说话？", "Is there 钢琴?"),
}
CLOSE = 1e-4


def sound(seconds: float, seed: int = 0) -> Any:
    rng = np.random.default_rng(seed)
    t = np.arange(int(seconds * 16_000)) / 16_000
    tone = 0.3 * np.sin(2 * np.pi * (150 + 90 * seed + 40 * np.sin(3 * t)) * t) * (np.sin(5 * t) > -0.5)
    return (tone + 0.03 * rng.standard_normal(len(t))).astype(np.float32)


class Asked:
    """One model with both ways to ask it, and one language's prompts."""

    def __init__(self, loaded: Any, language: str, caption: str = "") -> None:
        from omni_plain import Plain

        wording = bundled_prompts("default").wording(language)
        self.loaded = loaded
        self.plain = Plain.of(loaded)
        self.chat = Chat(loaded.tokenizer)
        self.spelled = spellings_of(loaded.tokenizer, wording.answers.yes, wording.answers.no)
        self.head = self.chat.head(wording)
        self.before = f"<|im_start|>system\n{wording.system}<|im_end|>\n<|im_start|>user\n{wording.before_audio}"
        asked = [fill(wording.question, {"question": each, "caption": caption}) for each in QUESTIONS[language]]
        self.asked = [f"{caption}{each}" for each in asked]
        self.suffixes = [self.chat.suffix(each) for each in self.asked]

    def after(self, item: int) -> str:
        return f"{self.asked[item]}<|im_end|>\n<|im_start|>assistant\n"

    def session(self, **options: Any) -> Session:
        session = Session(self.loaded, **options)
        session.prefill(self.head)
        return session

    def shared(self, audios: Any, session: Session | None = None) -> Any:
        session = session or self.session()
        heard = session.hear(audios)
        return session.ask(heard, [self.suffixes] * len(audios), self.spelled.yes, self.spelled.no)

    def alone(self, audio: Any, item: int) -> Any:
        return self.plain.odds(audio, self.before, self.after(item), self.spelled.yes, self.spelled.no)


def assert_close(found: Any, expected: Any) -> None:
    assert found.p_yes == pytest.approx(expected.p_yes, abs=CLOSE)
    assert found.mass == pytest.approx(expected.mass, abs=CLOSE)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_answers_equal_the_plain_way(library_model, architecture, language):
    asked = Asked(library_model(architecture), language)
    audios = [sound(1.0), sound(3.333, 1), sound(0.517, 2)]
    found = asked.shared(audios)
    expected = [[asked.alone(audio, item) for item in range(3)] for audio in audios]
    for clip, alone in zip(found, expected, strict=True):
        for odds, other in zip(clip, alone, strict=True):
            assert_close(odds, other)
    # The model must have something to say, or equal answers would mean nothing.
    assert np.ptp([[odds.p_yes for odds in clip] for clip in expected]) > 0.05


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_prompts_have_the_librarys_tokens(library_model, architecture):
    asked = Asked(library_model(architecture), "en")
    audio = sound(2.1)
    heard = asked.session().hear([audio])[0]
    ids = asked.plain.inputs(audio, asked.before, asked.after(0))["input_ids"][0].tolist()
    assert ids[: heard.head] == asked.head
    assert ids[heard.position :] == asked.suffixes[0]
    placeholder = {"qwen3_omni_moe": "<|audio_pad|>", "audioflamingo3": "<sound>"}.get(architecture, "<|AUDIO|>")
    assert ids.count(asked.loaded.tokenizer.convert_tokens_to_ids(placeholder)) == heard.audio_tokens


@pytest.mark.parametrize(
    ("architecture", "seconds"),
    [("qwen2_audio", 30.0), ("qwen2_audio", 29.995), ("qwen2_5_omni", 31.2), ("qwen3_omni_moe", 31.2)]
    + [("audioflamingo3", seconds) for seconds in (30.0, 30.01, 44.9)],
)
def test_long_clips(library_model, architecture, seconds):
    asked = Asked(library_model(architecture), "en")
    audio = sound(seconds, 3)
    assert_close(asked.shared([audio])[0][1], asked.alone(audio, 1))


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_writes_what_generate_writes(library_model, architecture):
    asked = Asked(library_model(architecture), "en")
    audio = sound(1.3, 4)
    session = asked.session()
    written = session.write(session.hear([audio])[0], asked.suffixes[0], 12, asked.chat.stops)
    expected = asked.plain.generated(audio, asked.before, asked.after(0), 12)
    kept = next((at for at, token in enumerate(expected) if token in asked.chat.stops), 12)
    assert written == expected[:kept]
    assert written


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_special_token_in_a_caption_is_plain_text(library_model, architecture):
    import torch

    from audiojudge_cli.judges.omni.odds import read_odds

    loaded = library_model(architecture)
    hostile = " ".join(loaded.tokenizer.get_added_vocab())
    quiet, loud = Asked(loaded, "en"), Asked(loaded, "en", caption=hostile)
    audios = [sound(1.0), sound(1.1, 1)]
    session = quiet.session()
    heard = session.hear(audios)
    yes, no = quiet.spelled.yes, quiet.spelled.no
    mixed = session.ask(heard, [loud.suffixes, quiet.suffixes], yes, no)
    # The neighbour answers as if the caption weren't there.
    for odds, other in zip(mixed[1], quiet.shared(audios)[1], strict=True):
        assert_close(odds, other)
    # The caption itself answers as the same text does without any special token in it.
    inputs = quiet.plain.inputs(audios[0], quiet.before, "")
    special = set(loaded.tokenizer.get_added_vocab().values())
    for odds, suffix in zip(mixed[0], loud.suffixes, strict=True):
        assert len(special & set(suffix)) == 2  # the turn's end and the next one's start
        ids = torch.cat([inputs["input_ids"], torch.tensor([suffix])], dim=1)
        with torch.inference_mode():
            logits = loaded.model(**{**inputs, "input_ids": ids, "attention_mask": torch.ones_like(ids)}).logits
        assert_close(odds, read_odds(logits[:, -1], yes, no)[0])
