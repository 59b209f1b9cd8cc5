"""The `model` section of a card: a whole checkpoint, kept by the hub's own client or in a folder of this machine.

Unlike the files under `weights`, a checkpoint is too large to be copied into the cache of audiojudge, and the hub's
client keeps it well: by commit, each file under its hash.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

REPO = r"^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*$"
REVISION = r"^[A-Za-z0-9][\w.-]*$"
COMMIT = r"^[0-9a-f]{40}$"

Kept = Literal["none", "bf16", "int8", "int4"]


class Reward(BaseModel):
    """What makes a reward model of a model.

    Attributes:
        folder: With `reward_head.safetensors`, and with `lora/` where an adapter belongs to it; a relative path starts
            at the card's folder.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    folder: Annotated[str, Field(min_length=1)]


class Model(BaseModel):
    """An audio language model and how it is to be asked.

    Attributes:
        repo: `owner/name` on the hub; this or `folder`.
        revision: Commit (best), tag or branch of `repo`.
        folder: A checkpoint folder on this machine; a relative path starts at the card's folder.
        architecture: As in the checkpoint's `model_type`, without `_thinker`.
        max_audio_s: The longest audio the model hears at once, in seconds; longer audio is windowed.
        prompts: Name of a bundled prompt set.
        refusal_floor: Smallest probability of yes and no together that counts as an answer, in [0, 1].
        temperature: With which several rationales of a comparison are sampled.
        reward: What makes a reward model of it; None: it is asked in words.
        memory_gib: GiB that must be free, by quantization, computed from the shape.
        licence_note: Where the licence was read.
        note: What is not known about the model, or must be known about it.
        homepage: Upstream.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    repo: Annotated[str, Field(pattern=REPO)] | None = None
    revision: Annotated[str, Field(pattern=REVISION)] | None = None
    folder: Annotated[str, Field(min_length=1)] | None = None
    architecture: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    max_audio_s: Annotated[float, Field(gt=0, le=36000)]
    prompts: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")] = "default"
    refusal_floor: Annotated[float, Field(ge=0, le=1)] = 0.5
    temperature: Annotated[float, Field(gt=0, le=2)] = 1.0
    reward: Reward | None = None
    memory_gib: dict[Kept, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    licence_note: str | None = None
    note: str | None = None
    homepage: str | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Model:
        if (self.repo is None) == (self.folder is None):
            msg = "a model has either repo or folder"
            raise ValueError(msg)
        if (self.repo is None) != (self.revision is None):
            msg = "repo and revision go together"
            raise ValueError(msg)
        return self

    @property
    def source(self) -> str:
        """Where it comes from, in a word: `hf:owner/name@revision`, or the folder."""
        return f"hf:{self.repo}@{self.revision}" if self.repo else str(self.folder)
