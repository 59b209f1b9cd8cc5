"""Prompts as data: what the model is told, read from YAML and never executed."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from audiojudge_cli.bundle import bundled
from audiojudge_cli.errors import InputError
from audiojudge_cli.text.nearest import nearest
from audiojudge_cli.text.strict_yaml import WordLoader, read_yaml
from audiojudge_cli.text.terminal import safe_line, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationInfo
    from pydantic_core import ErrorDetails

_MAX_BYTES = 64 << 10
_PLACE = re.compile(r"\{([a-z_]+)\}")
# By key, the places that are filled in; the first one must be there. In all other keys nothing is filled in.
_PLACES = {
    "question": ("question", "caption", "dimension"),
    "evidence": ("question", "caption", "dimension"),
    "item": ("question", "number", "dimension"),
    "generate": ("items", "caption", "count"),
    "rate": ("instruction", "scale", "dimension"),
    "text": ("caption",),
}
# Not asked when items are judged, and so no part of what answers depend on.
_RATING = {"system_rate", "rate"}
_COMPARING = {"compare"}
_REWARDING = {"reward"}

Words = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=40)], ...], Field(strict=False, min_length=1, max_length=20)
]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class AnswerWords(_Strict):
    """What counts as an answer; case and a leading space are varied by the judge.

    Attributes:
        yes: Spellings of yes.
        no: Spellings of no.
    """

    yes: Words
    no: Words

    @model_validator(mode="after")
    def _apart(self) -> AnswerWords:
        if both := {word.lower() for word in self.yes} & {word.lower() for word in self.no}:
            msg = f"{min(both)!r} stands under both yes and no"
            raise ValueError(msg)
        return self


def _check_places(text: str | None, info: ValidationInfo) -> str | None:
    known = _PLACES.get(info.field_name or "", ())
    found = _PLACE.findall(text or "")
    for name in found:
        if name not in known:
            allowed = f"only {' and '.join(f'{{{each}}}' for each in known)} are" if known else "nothing is"
            msg = f"{{{name}}} is not filled in here, {allowed}"
            raise ValueError(msg)
    if known and known[0] not in found:
        msg = f"must contain {{{known[0]}}}"
        raise ValueError(msg)
    return text


class RewardWording(_Strict):
    """How one clip is given a reward: opening, text, first, the clip, question.

    Attributes:
        system: What the model is; None for no system turn.
        opening: Opens the person's turn.
        text: Tells what the clip was to say or to be: `{caption}`; left out where nothing is known of that.
        first: Right before the clip.
        question: Follows it.
    """

    system: str | None
    opening: str = ""
    text: str = "{caption}\n"
    first: str
    question: str

    @field_validator("system", "opening", "text", "first")
    @classmethod
    def _places(cls, text: str | None, info: ValidationInfo) -> str | None:
        return _check_places(text, info)

    @field_validator("question")
    @classmethod
    def _nothing_filled_in(cls, text: str) -> str:
        if found := _PLACE.search(text):
            msg = f"{found[0]} is not filled in here, nothing is"
            raise ValueError(msg)
        return text

    def before(self, words: str) -> str:
        """Return what stands before the first clip in the person's turn.

        Args:
            words: What was to be said, or to be; empty where nobody knows.
        """
        return self.opening + (fill(self.text, {"caption": words}) if words else "") + self.first


class CompareWording(RewardWording):
    """How two clips are compared: opening, text, first, a clip, second, the other clip, question.

    The question asks for a rationale that ends in `Output A: X, Output B: X`.

    Attributes:
        second: Right before the second clip.
    """

    second: str

    @field_validator("second")
    @classmethod
    def _second_places(cls, text: str, info: ValidationInfo) -> str | None:
        return _check_places(text, info)


class Wording(_Strict):
    """The prompts of one language. Places such as `{question}` are filled in; nothing else is read.

    Attributes:
        system: What the model is; None for no system turn.
        system_generate: The same in generate mode; as `system` where it is left out.
        before_audio: Opens the person's turn, before the audio. No caption and no question can stand here, because
            system and before_audio are read once per run.
        question: Follows the audio when one item is asked: `{question}`, and `{caption}`, `{dimension}` where wanted.
        answer_start: Opens the model's turn, right before yes or no. Special tokens are read here, and only here.
        generate: Follows the audio when all items are answered in one text: `{items}`, and `{caption}`, `{count}` (how
            many items) where wanted.
        item: One line of `{items}`: `{question}`, and `{number}` (from 1), `{dimension}` where wanted.
        evidence: Follows the audio when the reason for a no is asked: as `question`.
        answers: Spellings of yes and no.
        system_rate: As `system`, when clips are rated on a scale; as `system` where it is left out.
        rate: Follows the audio when it is rated: `{instruction}`, and `{scale}` (`from 1 (poor) to 5 (good)`),
            `{dimension}` where wanted.
        compare: How two clips are compared; None takes audiojudge's own.
        reward: How a clip is given a reward; None takes audiojudge's own.
    """

    system: str | None
    system_generate: str | None
    before_audio: str = ""
    question: str
    answer_start: str = ""
    generate: str
    item: str = "{number}. {question}"
    evidence: str
    answers: AnswerWords
    system_rate: str | None
    rate: str = "\n{instruction}\nAnswer with the value alone."
    compare: CompareWording | None = None
    reward: RewardWording | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_system_text(cls, data: Any) -> Any:  # noqa: ANN401 - whatever the file holds
        if isinstance(data, dict) and "system" in data:
            return {"system_generate": data["system"], "system_rate": data["system"], **data}
        return data

    @field_validator(
        *("system", "system_generate", "system_rate", "before_audio", "question", "answer_start", "generate"),
        *("item", "evidence", "rate"),
    )
    @classmethod
    def _places(cls, text: str | None, info: ValidationInfo) -> str | None:
        return _check_places(text, info)


class PromptSet(_Strict):
    """Prompts by language; at least one.

    Attributes:
        name: For records.
        title: One line for people.
        en: For captions in English, and in languages without a wording of their own.
        zh: For captions in Chinese.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
    title: str = ""
    en: Wording | None = None
    zh: Wording | None = None

    @model_validator(mode="after")
    def _any(self) -> PromptSet:
        if self.en is None and self.zh is None:
            msg = "a prompt set has a wording under en, zh or both"
            raise ValueError(msg)
        return self

    @property
    def digest(self) -> str:
        """SHA-256 over all that items are asked with, in hex: changes when a word does, not with name or title."""
        besides = _RATING | _COMPARING | _REWARDING
        left_out: Any = {"name": True, "title": True, "en": besides, "zh": besides}
        return hashlib.sha256(self.model_dump_json(exclude=left_out).encode()).hexdigest()

    @property
    def rating_digest(self) -> str:
        """SHA-256 over what only ratings are asked with."""
        asked = self.model_dump_json(include={"en": _RATING, "zh": _RATING})
        return hashlib.sha256(asked.encode()).hexdigest()

    @property
    def comparing_digest(self) -> str:
        """SHA-256 over what only comparisons are asked with."""
        asked = self.model_dump_json(include={"en": _COMPARING, "zh": _COMPARING})
        return hashlib.sha256(asked.encode()).hexdigest()

    @property
    def rewarding_digest(self) -> str:
        """SHA-256 over what only rewards are asked with."""
        asked = self.model_dump_json(include={"en": _REWARDING, "zh": _REWARDING})
        return hashlib.sha256(asked.encode()).hexdigest()

    @property
    def wordings(self) -> tuple[Wording, ...]:
        """All wordings there are."""
        return tuple(wording for wording in (self.en, self.zh) if wording)

    def wording(self, language: str) -> Wording:
        """Return the prompts for captions in `language` (`en`, `zh`, `mixed` …)."""
        chosen = (self.zh or self.en) if language == "zh" else (self.en or self.zh)
        assert chosen is not None  # noqa: S101 - validated
        return chosen


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return `template` with its places filled in, in one pass: a place inside a value stays as it is."""
    return _PLACE.sub(lambda match: values[match.group(1)], template)


def prompt_set_names() -> tuple[str, ...]:
    """Return the names of the bundled prompt sets, sorted."""
    return tuple(sorted(path.stem for path in _folder().glob("*.yaml")))


def bundled_prompts(name: str) -> PromptSet:
    """Return a bundled prompt set by name.

    Raises:
        InputError: If there is none.
    """
    if name not in (known := prompt_set_names()):
        raise InputError(f"no prompt set named {name!r}{nearest(name, known)}; known: {', '.join(known)}")
    return read_prompts(_folder() / f"{name}.yaml")


def read_prompts(path: Path) -> PromptSet:
    """Return the prompt set in the YAML file `path`.

    Raises:
        InputError: If it cannot be read or does not fit; names the file and the key.
    """
    data = _read(path)
    try:
        return PromptSet.model_validate(data)
    except ValidationError as error:
        raise InputError(f"{shown(path)}: {_explain(error.errors(include_url=False)[0])}") from error


def _folder() -> Path:
    return bundled("models") / "prompts"


def _read(path: Path) -> dict[Any, Any]:
    data = read_yaml(path, "prompt set", most_bytes=_MAX_BYTES, loader=WordLoader)
    if not isinstance(data, dict):
        raise InputError(f"{shown(path)}: a prompt set is a mapping with name, en, zh; see docs/omni.md")
    return data


def _explain(error: ErrorDetails) -> str:
    where = ".".join(safe_line(str(part)) for part in error["loc"] if part != "[key]") or "prompt set"
    if error["type"] == "extra_forbidden":
        return f"{where}: no such key; see docs/omni.md for the keys"
    if error["type"] == "missing":
        return f"{where}: this key is missing"
    return f"{where}: {error['msg'].removeprefix('Value error, ')}"
