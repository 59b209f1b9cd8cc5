"""A clip: one audio file with its caption, before anything was decoded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audiojudge_cli.clips.opened import Inner


@dataclass(frozen=True, slots=True)
class Reference:
    """What a clip is compared with: the recording whose voice or level it was to have.

    Attributes:
        audio: Where the file lies on disk (it may be missing or unreadable: decoding reports that).
        audio_name: The path as the manifest wrote it.
    """

    audio: Path
    audio_name: str


@dataclass(frozen=True, slots=True)
class Clip:
    """One audio file with its caption.

    Attributes:
        id: Unique within a run, stable between runs, safe as a file name.
        audio: Where the file lies on disk (it may be missing or unreadable: decoding reports that); the manifest where
            the audio is embedded in it.
        audio_name: The path as records show it: as the manifest wrote it, else relative to the audio folder,
            with forward slashes.
        caption: The caption as written; may be empty (judging then reports it, unless there is a transcript).
        subset: `speech`, `sound`, `music`, `mix`, or None when the manifest does not say.
        language: Language of the caption as the manifest says it, or None.
        rubric: The row's own rubric as plain mappings (parsed by `rubrics.files`), or None to expand the
            caption.
        metadata: All other columns of the row.
        line: Line (1-based) in the manifest, or None for sidecar text files.
        embedded: The bytes that are judged instead of a file: inside the manifest, or in memory; or None.
        transcript: The words to be spoken, as written; None when the row has none.
        reference: The row's reference clip, or None.
    """

    id: str
    audio: Path
    audio_name: str
    caption: str
    subset: str | None = None
    language: str | None = None
    rubric: tuple[Mapping[str, Any], ...] | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    line: int | None = None
    embedded: Inner | None = None
    transcript: str | None = None
    reference: Reference | None = None

    @property
    def source(self) -> Path | Inner:
        """What to decode: the file, or the bytes that take its place."""
        return self.audio if self.embedded is None else self.embedded
