"""What a manifest gives: rows, and problems with the line they lie on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from audiojudge_cli.clips.embedded import EmbeddedAudio

ProblemKind = Literal[
    "ambiguous",
    "audio",
    "bad-json",
    "bad-parquet",
    "bad-quotes",
    "caption",
    "duplicate",
    "id",
    "missing-fields",
    "no-audio",
    "not-an-object",
    "not-found",
    "not-utf-8",
    "preferred",
    "ragged",
    "reference",
    "rubric",
    "too-deep",
    "too-long",
    "transcript",
    "unreadable",
]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a manifest, before its audio was looked for.

    Attributes:
        source: Name of the manifest for messages.
        line: Line (1-based; the row's number in a Parquet file), or None for sidecar text files.
        audio: The audio path as written, or None.
        caption: The caption as written, or None when the row has none.
        id: The row's own id, as text, or None.
        subset: `speech`, `sound`, `music`, `mix` or None.
        language: As written, or None.
        rubric: The row's own rubric as plain mappings, or None.
        metadata: All other columns; plain JSON values without NaN.
        embedded: The audio itself, where the manifest holds it; None where it is a file.
        transcript: The words to be spoken, as written, or None when the row has none.
        reference: Path of the reference clip, as written, or None when the row has none.
        aspect: What of the clip the row is about, where several rows may be about one clip; None for all of it.
    """

    source: str
    line: int | None
    audio: str | None
    caption: str | None
    id: str | None = None
    subset: str | None = None
    language: str | None = None
    rubric: tuple[Mapping[str, Any], ...] | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    embedded: EmbeddedAudio | None = None
    transcript: str | None = None
    reference: str | None = None
    aspect: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that cannot become a clip.

    Attributes:
        source: Name of the manifest (or file) for messages.
        line: Line (1-based), or None when the problem has none.
        kind: Stable machine-readable kind, listed in docs/manifests.md.
        message: One sentence.
    """

    source: str
    line: int | None
    kind: ProblemKind
    message: str

    def __str__(self) -> str:
        """Return `source:line: message`, as compilers write it."""
        where = self.source if self.line is None else f"{self.source}:{self.line}"
        return f"{where}: {self.message}"
