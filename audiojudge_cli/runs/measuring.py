"""Measure the quality of clips as they are read: how deep, and what becomes of a file that cannot be measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Literal

from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.errors import AudiojudgeError, ClipError
from audiojudge_cli.results.build import UNMEASURED, Measured
from audiojudge_cli.results.quality import QualityProfile
from audiojudge_cli.results.record import Record
from audiojudge_cli.text.hidden import hidden

if TYPE_CHECKING:
    from audiojudge_cli.probes.sessions import Models

Depth = Literal["off", "basic", "full"]
"""How much is measured: nothing; what signal processing tells; also what small models hear (opinion scores)."""

CARD = "embedded"
"""The card that names the weights of `full`."""

_NOT_MEASURED = "the quality was not measured"


@dataclass(frozen=True, slots=True)
class Measuring:
    """Measures clips; safe to call from several threads at once, and can be sent to another machine.

    Attributes:
        depth: How much.
    """

    depth: Depth = "off"

    def open(self) -> None:
        """Load what measuring needs, so that missing weights end a run before its first clip.

        Raises:
            WeightsError: If weights are missing.
        """
        if self.depth == "full":
            models = _models()
            for needed in ("silero", "p835", "p808"):
                getattr(models, needed)

    def __call__(self, waveform: Waveform) -> Measured:
        """Return the quality of a clip; what stumbles is a warning and no profile, for it must not take the clip.

        Raises:
            WeightsError: If weights are missing.
        """
        if self.depth == "off":
            return UNMEASURED
        try:
            return Measured(self._profile(waveform))
        except ClipError as error:
            problem = str(error)
        except AudiojudgeError:
            raise
        except Exception as error:  # noqa: BLE001 - one odd file must not end a run of a million
            problem = f"{type(error).__name__}: {error}"
        return Measured(None, (f"{_NOT_MEASURED}: {hidden(problem)}",))

    def fits(self, record: Record) -> bool:
        """Return whether a record holds what would be measured now; without audio nothing can be."""
        if record.audio.sha256 is None:
            return True
        return ("off" if record.quality is None else record.quality.depth) == self.depth

    def again(self, record: Record, measured: Measured) -> Record:
        """Return an earlier record with what was measured now."""
        others = (warning for warning in record.warnings if not warning.startswith(_NOT_MEASURED))
        return replace(record, quality=measured.profile, warnings=(*others, *measured.warnings))

    def _profile(self, waveform: Waveform) -> QualityProfile:
        from audiojudge_cli.quality.profile import profile

        return profile(waveform, models=_models() if self.depth == "full" else None)


OFF = Measuring()


@cache
def _models() -> Models:
    """Return the models of this process: on the CPU, so that figures do not depend on who has a GPU."""
    from audiojudge_cli.probes.sessions import Models
    from audiojudge_cli.weights.catalog import find_card
    from audiojudge_cli.weights.store import Store

    return Models(Store(), find_card(CARD), "cpu")
