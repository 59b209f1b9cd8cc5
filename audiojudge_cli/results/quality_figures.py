"""The figures of quality profiles by name: how each is called, its unit, and which end of it is worse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from audiojudge_cli.results.quality import QualityProfile

Worse = Literal["low", "high"]


@dataclass(frozen=True, slots=True)
class QualityFigure:
    """One figure of a quality profile.

    Attributes:
        name: As in records, in `summary.csv` and in gate rules.
        label: For people.
        unit: For people; empty where it has none.
        worse: Which end is worse; None where neither is (loudness, silence).
        places: Decimals that people are shown.
        least: The least that it can be; None: no such end.
        most: The most that it can be; None: no such end.
    """

    name: str
    label: str
    unit: str
    worse: Worse | None
    places: int
    least: float | None = None
    most: float | None = None

    def of(self, profile: QualityProfile | None) -> float | None:
        """Return the figure of a clip; None where it has none."""
        value: float | None = None if profile is None else getattr(profile, self.name)
        return value

    def text(self, value: float | None) -> str:
        """Return a value of it for people, without its unit; `-` for None."""
        # Adding zero takes the sign from what rounds to nothing.
        return "-" if value is None else f"{round(value, self.places) + 0.0:,.{self.places}f}"


QUALITY: Mapping[str, QualityFigure] = MappingProxyType(
    {
        figure.name: figure
        for figure in (
            QualityFigure("lufs", "loudness", "LUFS", None, 1),
            QualityFigure("true_peak_db", "true peak", "dBTP", "high", 1),
            QualityFigure("clipped_pct", "clipped", "%", "high", 3, 0.0, 100.0),
            QualityFigure("silence_pct", "silence", "%", None, 1, 0.0, 100.0),
            QualityFigure("leading_silence_s", "silence before", "s", None, 2, 0.0),
            QualityFigure("trailing_silence_s", "silence after", "s", None, 2, 0.0),
            QualityFigure("dc_offset", "DC offset", "", None, 4, -1.0, 1.0),
            QualityFigure("snr_db", "signal to noise", "dB", "low", 1, -10.0, 80.0),
            QualityFigure("bandwidth_hz", "bandwidth", "Hz", "low", 0, 0.0),
            QualityFigure("mos", "opinion (MOS)", "", "low", 2, 0.0, 6.0),
            QualityFigure("mos_sig", "MOS of the speech", "", "low", 2, 0.0, 6.0),
            QualityFigure("mos_bak", "MOS of its background", "", "low", 2, 0.0, 6.0),
            QualityFigure("speech", "speech quality", "", "low", 2, -5.0, 6.0),
            QualityFigure("wer", "word error rate", "", "high", 3, 0.0),
            QualityFigure("cer", "character error rate", "", "high", 3, 0.0),
            QualityFigure("loudness_difference_lu", "louder than reference", "LU", None, 1),
            QualityFigure("speaker_likeness", "speaker likeness", "", "low", 3, 0.0, 1.0),
        )
    }
)
"""All figures that have a column in `summary.csv`, in its order."""
