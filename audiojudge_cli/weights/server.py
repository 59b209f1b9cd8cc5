"""The `endpoint` section of a card or preset: a server that hears audio and speaks the OpenAI chat API."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

NAME = r"^[a-z0-9][a-z0-9._-]*$"
# A request costs a fraction of a cent: beyond these, a number is a slip.
_MOST_REQUESTS, _MOST_TOKENS, _MOST_COST, _MOST_PRICE = 10**9, 10**12, 10**9, 10**6


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Price(_Strict):
    """What tokens cost, in any one currency, per million.

    Attributes:
        input: Tokens of prompts.
        output: Tokens of answers.
        audio: Those tokens of prompts that are audio, where the server counts them apart; None: as `input`.
    """

    input: Annotated[float, Field(ge=0, le=_MOST_PRICE)]
    output: Annotated[float, Field(ge=0, le=_MOST_PRICE)] = 0.0
    audio: Annotated[float, Field(ge=0, le=_MOST_PRICE)] | None = None

    def of(self, prompt: int, completion: int, audio: int = 0) -> float:
        """Return what so many tokens cost, `audio` of the prompt's among them."""
        heard = min(audio, prompt)
        dear = self.input if self.audio is None else self.audio
        return ((prompt - heard) * self.input + heard * dear + completion * self.output) / 1e6


class Server(_Strict):
    """A server, and how it is asked. None leaves a key to whoever comes next: command line, preset, card, default.

    Attributes:
        base_url: Base URL, such as `http://localhost:8000/v1`.
        model: Name of the model there.
        audio: How audio is sent: `input_audio` (base64), `audio_url` (a data URL), or what the server takes.
        answers: `logprobs`, `text`, or what the server offers.
        top_logprobs: How many of the likeliest tokens are asked for.
        samples: Answers per question, where they are text.
        max_audio_s: The longest audio the model hears at once, in seconds; longer audio is windowed.
        refusal_floor: Smallest probability of yes and no together that counts as an answer, in [0, 1].
        prompts: Name of a bundled prompt set.
        concurrency: Most requests at once.
        timeout_s: Seconds to wait for one answer.
        max_requests: Most requests of a run.
        max_tokens: Most tokens of a run, of prompts and answers together.
        max_cost: Most that a run may cost, in the currency of `price`.
        price: What tokens cost.
    """

    base_url: Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    model: Annotated[str, Field(min_length=1, max_length=400)] | None = None
    audio: Literal["auto", "input_audio", "audio_url"] | None = None
    answers: Literal["auto", "logprobs", "text"] | None = None
    top_logprobs: Annotated[int, Field(ge=1, le=1000)] | None = None
    samples: Annotated[int, Field(ge=1, le=50)] | None = None
    max_audio_s: Annotated[float, Field(gt=0, le=36000)] | None = None
    refusal_floor: Annotated[float, Field(ge=0, le=1)] | None = None
    prompts: Annotated[str, Field(pattern=NAME)] | None = None
    concurrency: Annotated[int, Field(ge=1, le=1024)] | None = None
    timeout_s: Annotated[float, Field(gt=0, le=86_400)] | None = None
    max_requests: Annotated[int, Field(ge=1, le=_MOST_REQUESTS)] | None = None
    max_tokens: Annotated[int, Field(ge=1, le=_MOST_TOKENS)] | None = None
    max_cost: Annotated[float, Field(gt=0, le=_MOST_COST)] | None = None
    price: Price | None = None

    @property
    def given(self) -> dict[str, Any]:
        """The keys that say something."""
        return {name: value for name, value in self if value is not None}

    def over(self, other: Server | None) -> Server:
        """Return `other` with what this one says over it."""
        return self if other is None else Server.model_validate(other.given | self.given)
