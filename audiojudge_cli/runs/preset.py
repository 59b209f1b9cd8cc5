"""Presets: YAML bundles of options. docs/presets.md documents every key."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from audiojudge_cli.calibration.file import CalibrationFile
from audiojudge_cli.clips.decode import MAX_BYTES, MAX_DECODED_BYTES, MAX_DURATION_S
from audiojudge_cli.errors import InputError
from audiojudge_cli.gates.rule_file import GateOptions
from audiojudge_cli.results.record import JudgeRef
from audiojudge_cli.results.rule import DecisionRule, Rule, load_decision
from audiojudge_cli.weights.server import Server

Unit = Annotated[float, Field(ge=0, le=1)]
# With 0 every clip would match, whatever was heard, and below a hundredth nearly every one.
Threshold = Annotated[float, Field(ge=0.01, le=1)]
# Longer than any book, and more items than a judge answers in a day: beyond, a number is a slip.
_MOST_CHARS, _MOST_ITEMS = 10_000_000, 100_000
# One tebibyte and a thousand million clips are more than one machine or run has.
_MOST_BYTES, _MOST_CLIPS = 1 << 40, 10**9
# Up to 100 %, with at most six decimals.
Share = Annotated[str, Field(pattern=r"^(100|[0-9]{1,2}(\.[0-9]{1,6})?) ?%$")]


# YAML takes a bare `off` for false.
Measured = Annotated[Literal["off", "basic", "full"], BeforeValidator(lambda value: "off" if value is False else value)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class DecisionOptions(_Strict):
    """How a clip is decided: by the calibrated rule, or where weights are given by them.

    Attributes:
        mean: Weight of the mean over verified items; None: the calibrated rule.
        min: Weight of the minimum; the two sum to 1, and are given both or neither.
        threshold: Smallest value that matches, from 0.01.
    """

    mean: Unit | None = None
    min: Unit | None = None
    threshold: Threshold = 0.5

    @model_validator(mode="after")
    def _sum_to_one(self) -> DecisionOptions:
        if (self.mean is None) != (self.min is None):
            msg = "give both weights, mean and min, or neither (null) for the calibrated rule"
            raise ValueError(msg)
        if self.mean is not None and self.min is not None and abs(self.mean + self.min - 1) > 1e-9:
            msg = f"the weights mean and min must sum to 1, these sum to {self.mean + self.min:g}"
            raise ValueError(msg)
        return self

    @property
    def rule(self) -> DecisionRule:
        """The same as a decision rule."""
        if self.mean is None or self.min is None:
            return replace(load_decision(), threshold=self.threshold)
        return Rule(self.mean, self.min, self.threshold)


class RequiredOptions(_Strict):
    """What a run must reach for exit code 0; below it, the exit code is 3.

    Attributes:
        coverage: Smallest share of all rubric items that were verified.
        errors: Largest share of clips with status `error`, and of manifest rows that cannot be read.
    """

    coverage: Unit = 0.5
    errors: Unit = 0.1


class LlmOptions(_Strict):
    """What writes for the llm expander; the judge does, if it can, when neither is named.

    Attributes:
        endpoint: Base URL of an OpenAI-compatible server.
        model: Name of the model there; without an endpoint the folder or name of a local model.
        timeout_s: Seconds to wait for one answer.
    """

    endpoint: Annotated[str, Field(min_length=1)] | None = None
    model: Annotated[str, Field(min_length=1)] | None = None
    timeout_s: Annotated[float, Field(gt=0, le=86_400)] = 120.0


class LimitOptions(_Strict):
    """What is refused before it can take memory or time; a refused clip is a record with status `error`.

    Attributes:
        duration_s: Longest clip in seconds.
        file_bytes: Largest audio file in bytes.
        decoded_bytes: Most room for the samples of one clip, in bytes, however small its file is.
        caption_chars: Longest caption, and longest transcript, in characters.
        items: Most items in one rubric.
        ahead_bytes: Decoded audio that may wait for the judge, in bytes.
    """

    duration_s: Annotated[float, Field(gt=0, le=MAX_DURATION_S)] = 3600.0
    file_bytes: Annotated[int, Field(ge=1, le=MAX_BYTES)] = 2 << 30
    decoded_bytes: Annotated[int, Field(ge=1, le=MAX_DECODED_BYTES)] = MAX_DECODED_BYTES
    caption_chars: Annotated[int, Field(ge=1, le=_MOST_CHARS)] = 100_000
    items: Annotated[int, Field(ge=1, le=_MOST_ITEMS)] = 1_000
    ahead_bytes: Annotated[int, Field(ge=1, le=_MOST_BYTES)] = 512 << 20


class Preset(_Strict):
    """The options of a run.

    Attributes:
        description: One line for people.
        judge: Name of a judge, or a card.
        expander: Name of an expander.
        llm: What writes for the llm expander.
        rubric_cache: File that keeps rubrics between runs; `auto` keeps those of the llm expander, `never` none.
        device: `auto`, `cpu`, `cuda`, `cuda:1` …
        quant: How a judge that takes it keeps its weights; None leaves it to the judge.
        mode: How a judge that takes it answers; None leaves it to the judge.
        prompts: File of prompts for a judge that takes it; None leaves it to the judge.
        endpoint: The server of the endpoint judge.
        subset: Taken for clips whose manifest row names none; null lets the expander decide by caption.
        decision: How a clip is decided.
        calibration: The decision fitted to a team's labels; None: as shipped.
        require: What the run must reach.
        workers: Clips worked on at once, each on a thread of its own; `auto` takes the number of cores.
        batch: Clips handed to the judge at once.
        retry_errors: Whether clips that failed in an earlier run are tried again.
        max_errors: Clips that may fail before the run stops, as a number or a percentage such as `5%`; None: all.
        quality: How much of the technical quality of clips is measured.
        limits: What is refused.
        gate: The rules that the run must pass; None without a gate.
    """

    description: str = ""
    judge: Annotated[str, Field(min_length=1)] = "embedded"
    expander: Annotated[str, Field(min_length=1)] = "rules"
    llm: LlmOptions = LlmOptions()
    rubric_cache: Annotated[str, Field(min_length=1)] = "auto"
    device: Annotated[str, Field(min_length=1)] = "auto"
    quant: Literal["auto", "none", "bf16", "int8", "int4"] | None = None
    mode: Literal["logits", "generate", "logits+evidence"] | None = None
    prompts: Annotated[str, Field(min_length=1)] | None = None
    endpoint: Server = Server()
    subset: Literal["speech", "sound", "music", "mix"] | None = None
    decision: DecisionOptions = DecisionOptions()
    calibration: CalibrationFile | None = None
    require: RequiredOptions = RequiredOptions()
    workers: Annotated[int, Field(ge=1, le=1024)] | Literal["auto"] = "auto"
    batch: Annotated[int, Field(ge=1, le=4096)] = 4
    retry_errors: bool = True
    max_errors: (
        Annotated[int, Field(ge=0, le=_MOST_CLIPS)]
        | Annotated[str, Field(pattern=r"^(100|[0-9]{1,2}(\.[0-9]{1,6})?) ?%$")]
        | None
    ) = None
    quality: Measured = "basic"
    limits: LimitOptions = LimitOptions()
    gate: GateOptions | None = None

    @model_validator(mode="after")
    def _one_rule(self) -> Preset:
        if self.calibration is not None and self.decision.mean is not None:
            msg = "a calibration takes the place of decision.mean and decision.min; leave one or the other out"
            raise ValueError(msg)
        return self

    @property
    def rule(self) -> DecisionRule:
        """How a clip is decided."""
        if self.calibration is not None:
            return self.calibration.rule(self.decision.threshold)
        return self.decision.rule

    def refuse_other_judge(self, judge: JudgeRef) -> None:
        """Refuse a judge for whose answers the calibration was not fitted.

        Raises:
            InputError: If so.
        """
        if self.calibration is not None:
            self.calibration.refuse_other_judge(judge)

    @property
    def threads(self) -> int:
        """The number of workers, `auto` resolved for this machine."""
        if self.workers != "auto":
            return self.workers
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

    @property
    def judge_options(self) -> dict[str, str | Server | None]:
        """What only some judges take."""
        server = self.endpoint if self.endpoint.given else None
        return {"quant": self.quant, "mode": self.mode, "prompts": self.prompts, "endpoint": server}

    def overridden(self, options: Mapping[str, Any]) -> Preset:
        """Return a copy with command-line options over it; those that are None were not given.

        Raises:
            InputError: If one is out of its range.
        """
        given = {name: value for name, value in options.items() if value is not None}
        try:
            return Preset.model_validate({name: getattr(self, name) for name in Preset.model_fields} | given)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise InputError(f"option {where}: {first['msg'][0].lower()}{first['msg'][1:]}") from error
