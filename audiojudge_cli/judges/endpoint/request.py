"""Requests as bytes: one clip's audio is packed once, and every question is put around it."""

from __future__ import annotations

import base64
import io
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from audiojudge_cli.judges.omni.windows import RATE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from audiojudge_cli.judges.omni.prompts import Wording

AudioForm = Literal["input_audio", "audio_url"]
FORMS: tuple[AudioForm, ...] = ("input_audio", "audio_url")

# What begins like a special token of some model: "<|", "<audio>", "</s>", "[INST]". Servers read them in any text.
_SPECIAL = re.compile(r"<(?=[^\s<])|\[(?=/?[A-Z_]{2,}\])")
# The answer as JSON, where a server tells no log-probabilities.
_AS_JSON = '\nAnswer with JSON and nothing else: {"answer": "yes"} or {"answer": "no"}.'
_AS_JSON_CHINESE = '\n只用 JSON 回答，不要写别的：{"answer": "yes"}（是）或 {"answer": "no"}（否）。'
_ANSWER_TOKENS = 32
"""Of an answer in JSON: eight or so, with room for blanks."""

_FULL = 1 << 23
"""Full scale in 24 bits."""

SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {"answer": {"type": "string", "enum": ["yes", "no"]}},
    "required": ["answer"],
    "additionalProperties": False,
}
"""JSON Schema of an answer in text."""


@dataclass(frozen=True, slots=True)
class Ability:
    """How one server is asked.

    Attributes:
        audio: How audio is sent.
        top: How many of the likeliest tokens it tells; 0: it answers in text.
        served: The model, as the server names it.
        bound: Name of the field that bounds the length of an answer.
        is_constrained: Whether it takes a JSON Schema for text.
    """

    audio: AudioForm
    top: int
    served: str = ""
    bound: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    is_constrained: bool = True


@dataclass(frozen=True, slots=True)
class Manner:
    """How one model is asked in one language.

    Attributes:
        model: Its name at the server.
        ability: How the server is asked.
        wording: The prompts.
        warm: Whether answers are drawn, or the likeliest is taken.
    """

    model: str
    ability: Ability
    wording: Wording
    warm: bool = False


def tame(text: str) -> str:
    """Return text that holds no special token of a model: a server reads them wherever they stand."""
    # JSON can carry half a surrogate pair, which no server takes.
    return _SPECIAL.sub(lambda found: f"{found.group()} ", text.encode("utf-8", "replace").decode())


def packed(samples: NDArray[np.float32]) -> bytes:
    """Return mono samples at 16 kHz as a WAV file in base64: 24 bits, or 32-bit floats where those would clip.

    With 16 bits the models of the tests gave p_yes that were off by up to 0.001, with 24 none to four decimals; every
    reader of WAV takes those, and they are smaller than floats.
    """
    import numpy as np
    import soundfile

    scaled = np.rint(samples.astype(np.float64) * _FULL)
    file = io.BytesIO()
    # One step beyond the largest number is full scale itself, and no clipping.
    if scaled.min(initial=0) < -_FULL or scaled.max(initial=0) > _FULL:
        soundfile.write(file, samples, RATE, format="WAV", subtype="FLOAT")
    else:
        # The library takes the upper 24 of 32 bits.
        whole = np.clip(scaled, -_FULL, _FULL - 1).astype(np.int32) << 8
        soundfile.write(file, whole, RATE, format="WAV", subtype="PCM_24")
    return base64.b64encode(file.getvalue())


def request(manner: Manner, audio: bytes, question: str, *, sample: int = 0) -> tuple[bytes, ...]:
    """Return the body of one request, in pieces: the audio, which is most of it, is not copied.

    Args:
        manner: How the model is asked.
        audio: As `packed` gives it.
        question: What follows the audio.
        sample: Number of the answer, where several are drawn.
    """
    ability, wording = manner.ability, manner.wording
    head: list[Any] = []
    if wording.system is not None:
        head.append({"role": "system", "content": tame(wording.system)})
    before = [{"type": "text", "text": tame(wording.before_audio)}] if wording.before_audio else []
    asked = tame(question) if ability.top else tame(question) + _json_asked(wording)
    tail: dict[str, Any] = {"temperature": 1 if manner.warm else 0, "seed": sample}
    if ability.top:
        tail |= {ability.bound: 1, "logprobs": True, "top_logprobs": ability.top}
    else:
        tail[ability.bound] = _ANSWER_TOKENS
        if ability.is_constrained:
            named = {"name": "answer", "schema": SCHEMA, "strict": True}
            tail["response_format"] = {"type": "json_schema", "json_schema": named}
    ending = ""
    if wording.answer_start and ability.top:
        ending = "," + _json({"role": "assistant", "content": wording.answer_start})
        # As vLLM and SGLang name it: the model goes on from here instead of beginning a turn.
        tail |= {"continue_final_message": True, "add_generation_prompt": False}
    opened, closed = _around(ability.audio)
    first = "".join(f"{_json(each)}," for each in head)
    start = f'{{"model":{_json(manner.model)},"messages":[{first}{{"role":"user","content":['
    start += "".join(f"{_json(each)}," for each in before) + opened
    rest = f"{closed},{_json({'type': 'text', 'text': asked})}]}}{ending}],{_json(tail)[1:]}"
    return start.encode(), audio, rest.encode()


def _json_asked(wording: Wording) -> str:
    return _AS_JSON_CHINESE if "是" in wording.answers.yes else _AS_JSON


def _around(form: AudioForm) -> tuple[str, str]:
    """Return what stands before and after the audio itself."""
    if form == "input_audio":
        return '{"type":"input_audio","input_audio":{"data":"', '","format":"wav"}}'
    return '{"type":"audio_url","audio_url":{"url":"data:audio/wav;base64,', '"}}'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
