"""Measure the quality of clips as they are read: how deep, and what becomes of a file that cannot be measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import TYPE_CHECKING, Literal, TypeVar

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.errors import AudiojudgeError, ClipError
from audiojudge_cli.results.build import UNMEASURED, Measured
from audiojudge_cli.results.quality import VERSION, QualityProfile, ReferenceLikeness, WordErrors
from audiojudge_cli.results.record import Record
from audiojudge_cli.runs.preset import LimitOptions
from audiojudge_cli.text.hidden import hidden
from audiojudge_cli.text.terminal import safe_line

if TYPE_CHECKING:
    from audiojudge_cli.probes.sessions import Models

Depth = Literal["off", "basic", "full"]
"""How much is measured: nothing; what signal processing tells; also what small models hear (opinions, words)."""

Stale = Literal["quality", "measures", "reference", "transcript"]
"""Why an earlier profile is not kept: its depth, the version of the measures, the row's reference or words."""

CARD = "embedded"
"""The card that names the weights of `full`."""

_NOT_MEASURED = "the quality was not measured"
_NO_WORDS = "the words were not compared"
_NO_REFERENCE = "not compared with its reference"
_OURS = (_NOT_MEASURED, _NO_WORDS, _NO_REFERENCE)

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Measuring:
    """Measures clips; safe to call from several threads at once, and can be sent to another machine.

    Attributes:
        depth: How much.
        limits: What is refused of references, as of clips.
        workers: Threads that measure at the same time.
        compares: Whether clips have references.
    """

    depth: Depth = "off"
    limits: LimitOptions = field(default_factory=LimitOptions)
    workers: int = 1
    compares: bool = False

    def open(self) -> None:
        """Load what measuring needs, so that missing weights end a run before its first clip.

        Raises:
            WeightsError: If weights are missing.
        """
        needed = {"off": (), "basic": (), "full": ("silero", "p835", "p808")}[self.depth]
        if self.compares and self.depth != "off":
            needed = (*needed, "silero", "speaker")
        for name in needed:
            getattr(self._models(), name)

    def __call__(self, clip: Clip, waveform: Waveform) -> Measured:
        """Return the quality of a clip; what stumbles is a warning and no profile, for it must not take the clip.

        A clip whose words or reference cannot be compared keeps the rest of its profile.

        Raises:
            WeightsError: If weights are missing.
        """
        if self.depth == "off":
            return UNMEASURED
        warnings: list[str] = []
        profile = _spared(partial(self._profile, waveform), _NOT_MEASURED, warnings)
        if profile is not None:
            words = _spared(partial(self._words, clip, waveform), _NO_WORDS, warnings)
            reference = _spared(partial(self._reference, clip, waveform), _reference_line(clip), warnings)
            profile = replace(profile, words=words, reference=reference)
        return Measured(profile, tuple(warnings))

    def outdated(self, record: Record, clip: Clip) -> Stale | None:
        """Return why a record does not hold what would be measured of a clip now; None where it does.

        Without audio nothing can be measured, so nothing is outdated.
        """
        quality = record.quality
        if record.audio.sha256 is None or (quality is None and self.depth == "off"):
            return None
        if quality is None or quality.depth != self.depth:
            return "quality"
        if quality.version != VERSION:
            return "measures"
        if not self._same_reference(quality.reference, clip):
            return "reference"
        return "transcript" if self.depth == "full" and record.transcript != clip.transcript else None

    def _same_reference(self, compared: ReferenceLikeness | None, clip: Clip) -> bool:
        if compared is None or clip.reference is None:
            return compared is None and clip.reference is None
        from audiojudge_cli.quality.reference import reference_sha256

        if compared.audio != clip.reference.audio_name or compared.sha256 is None:
            return False
        return compared.sha256 == reference_sha256(clip.reference, max_bytes=self.limits.file_bytes)

    def again(self, record: Record, measured: Measured) -> Record:
        """Return an earlier record with what was measured now."""
        others = (warning for warning in record.warnings if not warning.startswith(_OURS))
        return replace(record, quality=measured.profile, warnings=(*others, *measured.warnings))

    def _profile(self, waveform: Waveform) -> QualityProfile:
        from audiojudge_cli.quality.profile import profile

        return profile(waveform, models=self._models() if self.depth == "full" else None)

    def _words(self, clip: Clip, waveform: Waveform) -> WordErrors | None:
        from audiojudge_cli.quality.words import MOST_CHARACTERS, words_of

        if self.depth != "full":
            return None
        return words_of(clip, waveform, self._models(), min(self.limits.caption_chars, MOST_CHARACTERS))

    def _reference(self, clip: Clip, waveform: Waveform) -> ReferenceLikeness | None:
        from audiojudge_cli.quality.reference import reference_likeness

        if clip.reference is None:
            return None
        most_s, most_bytes = self.limits.duration_s, self.limits.file_bytes
        return reference_likeness(clip.reference, waveform, self._models(), max_duration_s=most_s, max_bytes=most_bytes)

    def _models(self) -> Models:
        return _models(self.workers)


OFF = Measuring()


def _spared(measure: Callable[[], Found], line: str, warnings: list[str]) -> Found | None:
    """Return what `measure` gives; what it stumbles over becomes a warning that begins with `line`."""
    try:
        return measure()
    except ClipError as error:
        problem = str(error)
    except AudiojudgeError:
        raise
    except Exception as error:  # noqa: BLE001 - one odd file must not end a run of a million
        problem = f"{type(error).__name__}: {error}"
    warnings.append(f"{line}: {hidden(problem)}")
    return None


def _reference_line(clip: Clip) -> str:
    """Return how the warning about a reference begins; it names the row, for the cure is in the manifest."""
    row = "" if clip.line is None else f" (line {clip.line} of the manifest)"
    name = "" if clip.reference is None else f" {safe_line(clip.reference.audio_name)}"
    return f"{_NO_REFERENCE}{name}{row}"


@cache
def _models(workers: int) -> Models:
    """Return the models of this process: on the CPU, so that figures do not depend on who has a GPU."""
    from audiojudge_cli.probes.sessions import shared_models
    from audiojudge_cli.weights.catalog import find_card

    return shared_models(find_card(CARD), "cpu", workers)
