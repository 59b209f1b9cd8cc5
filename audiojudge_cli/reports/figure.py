"""The figures a table of a run can show."""

from __future__ import annotations

from enum import StrEnum

from audiojudge_cli.results.quality_figures import QUALITY


class Value(StrEnum):
    """The figure in the cells.

    The first three belong to clips and lie from 0 to 1: the alignment score, whether the clip matches, the share of
    items that were verified. Two belong to items: p_yes, and whether the answer is yes, of those verified. All others
    are what was measured of the files: whether there is a fault, and the figures of the quality profile.
    """

    SCORE = "score"
    MATCH = "match"
    COVERAGE = "coverage"
    P_YES = "p_yes"
    YES = "yes"
    FAULTY = "faulty"
    LUFS = "lufs"
    TRUE_PEAK_DB = "true_peak_db"
    CLIPPED_PCT = "clipped_pct"
    SILENCE_PCT = "silence_pct"
    LEADING_SILENCE_S = "leading_silence_s"
    TRAILING_SILENCE_S = "trailing_silence_s"
    DC_OFFSET = "dc_offset"
    SNR_DB = "snr_db"
    BANDWIDTH_HZ = "bandwidth_hz"
    MOS = "mos"
    MOS_SIG = "mos_sig"
    MOS_BAK = "mos_bak"
    SPEECH = "speech"
    WER = "wer"
    CER = "cer"
    LOUDNESS_DIFFERENCE_LU = "loudness_difference_lu"
    SPEAKER_LIKENESS = "speaker_likeness"

    @property
    def of_items(self) -> bool:
        """Whether the figure belongs to items and not to clips."""
        return self in {Value.P_YES, Value.YES}

    @property
    def of_judge(self) -> bool:
        """Whether the figure rests on answers of a judge, and not on what was measured."""
        return self in {Value.SCORE, Value.MATCH, Value.COVERAGE, Value.P_YES, Value.YES}

    @property
    def lower_is_better(self) -> bool:
        """Whether the best rows are those with the lowest figures."""
        return self is Value.FAULTY or (self.value in QUALITY and QUALITY[self.value].worse == "high")


class Middle(StrEnum):
    """How the figures of many clips or items become one."""

    MEAN = "mean"
    MEDIAN = "median"
    MIN = "min"
    MAX = "max"
