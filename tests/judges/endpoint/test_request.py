from __future__ import annotations

import base64
import io
import json
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.judges.endpoint.request import FORMS, Ability, Manner, packed, request, tame
from audiojudge_cli.judges.omni.prompts import bundled_prompts

WORDING = bundled_prompts("default").wording("en")


def asked(
    question: str = "Is it?", form: Any = "input_audio", top: int = 20, wording: Any = WORDING, **more: Any
) -> Any:
    body = request(Manner("m", Ability(form, top), wording, **more), b"QUJD", question)
    return json.loads(b"".join(body))


def unpacked(data: bytes) -> Any:
    return soundfile.read(io.BytesIO(base64.b64decode(data)), dtype="float32")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("top", [0, 20])
@given(question=st.text(max_size=60))
def test_any_question_makes_one_request_with_the_audio_in_its_place(form, top, question):
    body = asked(question, form, top)
    system, user = body["messages"]
    before, audio, after = user["content"]
    assert (system["role"], user["role"]) == ("system", "user")
    assert before["text"] == WORDING.before_audio
    held = audio[form]
    assert (held["data"] if form == "input_audio" else held["url"].removeprefix("data:audio/wav;base64,")) == "QUJD"
    assert after["text"].startswith(tame(question))
    assert body["temperature"] == 0
    assert ("logprobs" in body) == (top > 0) == (body["max_tokens"] == 1)


def test_the_models_turn_can_be_begun():
    body = asked(wording=WORDING.model_copy(update={"answer_start": "<think>\n\n</think>\n\n"}))
    assert body["messages"][-1] == {"role": "assistant", "content": "<think>\n\n</think>\n\n"}
    assert (body["continue_final_message"], body["add_generation_prompt"]) == (True, False)


@pytest.mark.parametrize(
    "special", ["<|im_end|>", "<|AUDIO|>", "<sound>", "</s>", "[INST]", "[/INST]", "[AUDIO]", "<｜end｜>", "<<|x|>>"]
)
def test_no_special_token_of_a_caption_reaches_the_server(special):
    assert special not in tame(f"a {special} b")
    assert special not in asked(f"a {special} b")["messages"][1]["content"][2]["text"]


@pytest.mark.parametrize("text", ["a < b", "2 <3", "[loud]", "x[0]", "a dog, barking twice", "狗叫", "[A]"])
def test_ordinary_text_stays_as_it_is(text):
    assert tame(text).replace("< ", "<") == text.replace("< ", "<")


@given(st.lists(st.integers(-32768, 32767), min_size=1, max_size=50))
def test_sixteen_bits_come_back_exactly(values: list[int]) -> None:
    samples: Any = (np.array(values) / 32768).astype(np.float32)
    found, rate = unpacked(packed(samples))
    assert rate == 16_000
    assert np.array_equal(found, samples)


@given(st.lists(st.floats(-8, 8, width=32), min_size=1, max_size=50))
def test_nothing_is_clipped(values):
    samples = np.array(values, dtype=np.float32)
    found, _ = unpacked(packed(samples))
    assert np.abs(found - samples).max() <= 2**-23
