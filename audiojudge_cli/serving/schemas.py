"""What requests ask for: their fields, as JSON or as a form, checked before anything is done."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from audiojudge_cli.scales.instruction import MOST_WORDINGS
from audiojudge_cli.serving.problems import ProblemError
from audiojudge_cli.text.jsonl import loads

_AUDIO = Field(description="The bytes of an audio file in base64.", json_schema_extra={"contentEncoding": "base64"})
_PATH = Field(description="A file under the folder that --root names.", min_length=1, max_length=4096)
Encoded = Annotated[str, _AUDIO]
Named = Annotated[str, _PATH]

Subset = Literal["speech", "sound", "music", "mix"]


class _Ask(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _About(_Ask):
    """What is said about a clip besides its audio."""

    caption: Annotated[str, Field(description="What the clip was to be.")] = ""
    transcript: Annotated[str | None, Field(description="The words to be spoken.")] = None
    subset: Annotated[Subset | None, Field(description="Found from the caption by default.")] = None
    language: Annotated[str | None, Field(max_length=32, description="Of the caption.")] = None
    rubric: Annotated[
        list[dict[str, Any]] | None,
        Field(description="What to ask instead of what the caption says: rows with dimension, question, basis."),
    ] = None
    id: Annotated[str | None, Field(min_length=1, max_length=400, description="Id of the record.")] = None
    metadata: Annotated[dict[str, Any] | None, Field(description="Kept in the record.")] = None


class ScoreAsk(_About):
    """One clip and its caption; the audio is sent, or named by its path."""

    audio: Encoded | None = None
    path: Named | None = None


class CompareAsk(_About):
    """Two clips that were made for the same caption."""

    audio_a: Encoded | None = None
    path_a: Named | None = None
    audio_b: Encoded | None = None
    path_b: Named | None = None
    by: Annotated[
        Literal["quality", "alignment", "both"],
        Field(description="Which sounds better (speech), which follows its caption better, or both."),
    ] = "alignment"


def _many(value: object) -> object:
    """Return one text as a list of one, as a form has it."""
    return [value] if isinstance(value, str) else value


class RateAsk(_Ask):
    """One clip and what to rate it on."""

    audio: Encoded | None = None
    path: Named | None = None
    instruction: Annotated[
        list[str],
        BeforeValidator(_many),
        Field(max_length=64, description="'Rate the background noise from 1 (very noisy) to 5 (silent)'."),
    ] = []
    scale: Annotated[
        list[str], BeforeValidator(_many), Field(max_length=16, description="Names of bundled sets: mos, aes …")
    ] = []
    paraphrases: Annotated[int, Field(ge=1, le=MOST_WORDINGS, description="Wordings of each instruction.")] = 1
    id: Annotated[str | None, Field(min_length=1, max_length=400, description="Id of the record.")] = None


class ExpandAsk(_Ask):
    """One caption, of which the rubric is wanted."""

    caption: Annotated[str, Field(description="What a clip is to be.")]
    subset: Annotated[Subset | None, Field(description="Found from the caption by default.")] = None
    language: Annotated[
        Literal["en", "zh"] | None, Field(description="Of the questions; the caption's by default.")
    ] = None


@dataclass(frozen=True, slots=True, eq=False)
class Sent:
    """The bytes of an audio file that came with a request.

    Attributes:
        data: The whole file.
        name: As the client calls it.
    """

    data: bytes
    name: str

    def __str__(self) -> str:
        """Return a name for messages."""
        from audiojudge_cli.text.terminal import shown

        return shown(self.name)

    def read(self) -> bytes:
        """Return the bytes."""
        return self.data


@dataclass(frozen=True, slots=True)
class Form:
    """A request as it came.

    Attributes:
        fields: By name.
        files: Audio that came as files of a form, by field.
    """

    fields: Mapping[str, Any]
    files: Mapping[str, Sent]


Asked = TypeVar("Asked", bound=_Ask)

# Fields of a form that hold JSON, and those that may be repeated.
_JSON_FIELDS, _MANY, _NUMBERS = ("rubric", "metadata"), ("instruction", "scale"), ("paraphrases",)


def checked(model: type[Asked], fields: Mapping[str, Any]) -> Asked:
    """Return the fields of a request.

    Raises:
        ProblemError: 422 `request`, naming the first that does not fit.
    """
    try:
        found = model.model_validate(dict(fields))
        _refuse_half_surrogates(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the request"
        raise ProblemError(422, "request", f"{where}: {first['msg'][0].lower()}{first['msg'][1:]}") from None
    except UnicodeEncodeError as error:
        raise ProblemError(422, "request", f"a text holds half a surrogate pair: {error.reason}") from None
    return found


def _refuse_half_surrogates(value: object) -> None:
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            _refuse_half_surrogates(key)
            _refuse_half_surrogates(inner)
    elif isinstance(value, list):
        for inner in value:
            _refuse_half_surrogates(inner)


def fields_of_form(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Return the texts of a form as the fields that JSON would have.

    Raises:
        ProblemError: 422 `request` if one is repeated that may not be, or holds no JSON or number where it should.
    """
    found: dict[str, Any] = {}
    for name, text in pairs:
        if name in _MANY:
            found.setdefault(name, []).append(text)
            continue
        if name in found:
            raise ProblemError(422, "request", f"{name} is there twice")
        found[name] = _read(name, text)
    return found


def _read(name: str, text: str) -> Any:  # noqa: ANN401 - any JSON value
    if name not in (*_JSON_FIELDS, *_NUMBERS):
        return text
    try:
        return loads(text)
    except ValueError as error:
        raise ProblemError(422, "request", f"{name}: not JSON ({error})") from None


def decoded(text: str, field: str) -> Sent:
    """Return audio that was sent in base64.

    Raises:
        ProblemError: 422 `request` if it is none.
    """
    try:
        return Sent(base64.b64decode(text, validate=True), field)
    except (binascii.Error, ValueError) as error:
        raise ProblemError(422, "request", f"{field}: not base64 ({error})") from None
