"""The quality profile of one clip: the technical state of its file, with or without a caption, as records hold it.

docs/quality-profile.md documents every figure and every fault; `audiojudge_cli.quality` measures them.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, TypeVar, get_args

Part = TypeVar("Part", "QualityProfile", "QualityFault", "WordErrors", "WordStep", "ReferenceLikeness")
StepKind = Literal["equal", "substitute", "delete", "insert"]
Depth = Literal["basic", "full"]
FaultName = Literal[
    "silent",
    "nearly-silent",
    "clipped",
    "truncated",
    "dead-channel",
    "telephone-band",
    "digital-noise",
    "loop",
    "dc-offset",
]
VERSION = 4
"""Raised whenever measures change so that a figure or fault could differ, weights of the small models included."""

FAULTS: tuple[FaultName, ...] = get_args(FaultName)
"""The names of all faults, in the order in which a profile lists them."""

# The least and the most that a figure can be; None: no such end.
_RANGES: Mapping[str, tuple[float | None, float | None]] = {
    "lufs": (None, None),
    "true_peak_db": (None, None),
    "clipped_pct": (0, 100),
    "silence_pct": (0, 100),
    "leading_silence_s": (0, None),
    "trailing_silence_s": (0, None),
    "dc_offset": (None, None),
    "snr_db": (None, None),
    "bandwidth_hz": (0, None),
    # The polynomial of DNSMOS P.835 may end a little outside the scale of opinions from 1 to 5.
    "mos": (0, 6),
    "mos_sig": (0, 6),
    "mos_bak": (0, 6),
    # Opinions less what a cut-off band, clipping and holes take off: at most 0.5 * 3 octaves and twice 1.5.
    "speech": (-5, 6),
    # More words may be heard than were wanted: no upper end.
    "wer": (0, None),
    "cer": (0, None),
    "loudness_difference_lu": (None, None),
    "speaker_likeness": (-1, 1),
}
FIGURES = tuple(_RANGES)[:13]
"""The names of the measured figures, in the order of the record."""


@dataclass(frozen=True, slots=True)
class QualityFault:
    """Something wrong with the file itself.

    Attributes:
        name: One of `FAULTS`.
        message: What is wrong, how that was told and by which figure, in one plain sentence.
        times: Spans (start, end) in seconds, two decimals; empty where it concerns the whole clip.
    """

    name: FaultName
    message: str
    times: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class WordStep:
    """One step of the alignment of the words heard with the words wanted.

    Attributes:
        kind: `equal`, `substitute`, `delete` (wanted, not heard) or `insert` (heard, not wanted).
        wanted: The words wanted here, normalised; empty for an insertion.
        heard: The words heard here, normalised; empty for a deletion.
    """

    kind: StepKind
    wanted: str
    heard: str


@dataclass(frozen=True, slots=True)
class WordErrors:
    """How the words spoken differ from the words to be spoken.

    Attributes:
        wer: Word error rate, 0 upwards (1: as many errors as words wanted), four decimals; None where it says nothing.
        cer: Character error rate, likewise.
        heard: What was recognised, normalised.
        wanted: What was to be spoken, normalised.
        diff: The alignment of both.
    """

    wer: float | None
    cer: float | None
    heard: str
    wanted: str
    diff: tuple[WordStep, ...]


@dataclass(frozen=True, slots=True)
class ReferenceLikeness:
    """How the clip compares with the reference clip of its row.

    Attributes:
        audio: Path of the reference, as the manifest wrote it.
        loudness_difference_lu: Loudness of the clip minus that of the reference, in LU; None where either has none.
        speaker_likeness: Cosine of the speakers' embeddings, -1 to 1; None where either has no speech.
        sha256: Of the bytes of the reference; None in records of earlier versions.
    """

    audio: str
    loudness_difference_lu: float | None
    speaker_likeness: float | None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class QualityProfile:
    """The technical state of one audio file. A figure that does not apply is None, never a number.

    Attributes:
        lufs: Integrated loudness, LUFS.
        true_peak_db: True peak, dBTP.
        clipped_pct: Share of samples in flat tops, percent.
        silence_pct: Share of the time that is silent, percent.
        leading_silence_s: Silence before the first sound, seconds.
        trailing_silence_s: Silence after the last sound, seconds.
        dc_offset: Mean of the samples as a share of full scale, signed; of the channel where it is largest.
        snr_db: Signal-to-noise ratio, dB.
        bandwidth_hz: Highest frequency with sound, Hz.
        mos: Predicted opinion score of the speech, overall.
        mos_sig: The speech itself.
        mos_bak: Freedom from background noise.
        speech: Quality of the speech on one scale: opinions less what they do not hear (`quality.scale`).
        words: The words spoken against those wanted; None where none were wanted or nobody listened.
        reference: The clip against its reference; None without one.
        faults: What is wrong with the file, in the order of `FAULTS`.
        depth: `basic` (signal processing alone) or `full` (with the small models).
        version: Of the measures, `VERSION` when they were taken.
    """

    lufs: float | None
    true_peak_db: float | None
    clipped_pct: float | None
    silence_pct: float | None
    leading_silence_s: float | None
    trailing_silence_s: float | None
    dc_offset: float | None
    snr_db: float | None
    bandwidth_hz: float | None
    mos: float | None = None
    mos_sig: float | None = None
    mos_bak: float | None = None
    speech: float | None = None
    words: WordErrors | None = None
    reference: ReferenceLikeness | None = None
    faults: tuple[QualityFault, ...] = ()
    depth: Depth = "basic"
    version: int = VERSION

    @property
    def wer(self) -> float | None:
        """Word error rate; None where no words were compared."""
        return None if self.words is None else self.words.wer

    @property
    def cer(self) -> float | None:
        """Character error rate; None where no words were compared."""
        return None if self.words is None else self.words.cer

    @property
    def loudness_difference_lu(self) -> float | None:
        """How much louder than its reference; None without one, and where either is silent."""
        return None if self.reference is None else self.reference.loudness_difference_lu

    @property
    def speaker_likeness(self) -> float | None:
        """How alike the voices of clip and reference are; None without a reference, or without speech in either."""
        return None if self.reference is None else self.reference.speaker_likeness

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data, keys in the order of docs/quality-profile.md."""
        words, reference = self.words, self.reference
        return {
            **_plain(self),
            "words": None if words is None else {**_plain(words), "diff": [_plain(step) for step in words.diff]},
            "reference": None if reference is None else _plain(reference),
            "faults": [{**_plain(fault), "times": [list(span) for span in fault.times]} for fault in self.faults],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> QualityProfile:
        """Return the profile that `to_dict` wrote.

        Raises:
            AttributeError, KeyError, TypeError, ValueError: If a field is missing or unknown, or a value is of another
                kind or out of its range; the record around it makes one error of them (`Record.from_dict`).
        """
        version = data.get("version")
        if type(version) is int and version > VERSION:
            raise ValueError(
                f"quality is of version {version} of the measures, this audiojudge knows {VERSION}: {_NEWER}"
            )
        if missing := {one.name for one in fields(cls)} - set(data) - {"speech"}:
            raise KeyError(f"quality has no {min(missing)}; {_AGAIN}")
        words, reference = data["words"], data["reference"]
        if words is not None:
            steps = _listed(words, "diff", "quality.words")
            diff = tuple(_part(WordStep, one, f"quality.words.diff[{at}]") for at, one in enumerate(steps))
            words = _part(WordErrors, {**words, "diff": diff}, "quality.words")
        if reference is not None:
            reference = _part(ReferenceLikeness, reference, "quality.reference")
        faults = tuple(
            _part(QualityFault, one, f"quality.faults[{at}]")
            for at, one in enumerate(_listed(data, "faults", "quality"))
        )
        faults = tuple(
            replace(fault, times=_spans(fault.times, f"quality.faults[{at}]")) for at, fault in enumerate(faults)
        )
        profile = _part(cls, {**data, "words": words, "reference": reference, "faults": faults}, "quality")
        _check(profile)
        return profile


_NEWER = "if a newer audiojudge wrote it, update this one; otherwise measure again with --restart"
_AGAIN = "the record is damaged: measure again with --restart"


def _listed(data: object, name: str, where: str) -> list[Any]:
    """Return a list inside a part of a profile.

    Raises:
        KeyError, TypeError: If there is none; says where it should be.
    """
    if not isinstance(data, Mapping):
        raise TypeError(f"{where} is {data!r}, no object; {_AGAIN}")
    if name not in data:
        raise KeyError(f"{where} has no {name}; {_AGAIN}")
    found = data[name]
    if not isinstance(found, list):
        raise TypeError(f"{where}.{name} is {found!r}, no list; {_AGAIN}")
    return found


def _part(kind: type[Part], data: object, where: str) -> Part:
    """Return one part of a profile.

    Raises:
        KeyError, TypeError: If it is no object, or a field is missing or unknown; says where, and what cures it.
    """
    if not isinstance(data, Mapping):
        raise TypeError(f"{where} is {data!r}, no object; {_AGAIN}")
    known = {one.name for one in fields(kind)}
    # Records of earlier versions have neither a digest of the reference nor this scale.
    if missing := known - set(data) - {"sha256", "speech"}:
        raise KeyError(f"{where} has no {min(missing)}; {_AGAIN}")
    if unknown := set(data) - known:
        raise TypeError(f"{where} has a field {min(map(str, unknown))!r} that is not known here: {_NEWER}")
    return kind(**data)


def _plain(part: QualityProfile | QualityFault | WordErrors | WordStep | ReferenceLikeness) -> dict[str, Any]:
    return {name: getattr(part, name) for name in part.__slots__}


def _spans(times: object, where: str) -> tuple[tuple[float, float], ...]:
    spans = times if isinstance(times, list) else None
    if spans is None or not all(isinstance(span, list) and len(span) == 2 for span in spans):
        raise TypeError(f"{where}.times is {times!r}, no list of pairs; {_AGAIN}")
    return tuple((start, end) for start, end in spans)


def _check(profile: QualityProfile) -> None:
    """Refuse what would stumble a table or, worse, be averaged: a disk can change any byte of a journal."""
    _check_figures(profile, "quality")
    _check_name(profile.depth, get_args(Depth), "quality.depth")
    if type(profile.version) is not int:
        raise TypeError(f"quality.version is {profile.version!r}; {_AGAIN}")
    texts: dict[str, object] = {}
    for at, fault in enumerate(profile.faults):
        _check_name(fault.name, FAULTS, f"quality.faults[{at}].name")
        texts[f"quality.faults[{at}].message"] = fault.message
        if not all(_finite(end) for span in fault.times for end in span):
            raise TypeError(f"quality.faults[{at}].times is {fault.times!r}, no numbers; {_AGAIN}")
    if profile.words is not None:
        _check_figures(profile.words, "quality.words")
        texts |= {f"quality.words.{name}": getattr(profile.words, name) for name in ("heard", "wanted")}
        for at, step in enumerate(profile.words.diff):
            _check_name(step.kind, get_args(StepKind), f"quality.words.diff[{at}].kind")
            texts |= {f"quality.words.diff[{at}].{name}": getattr(step, name) for name in ("wanted", "heard")}
    if profile.reference is not None:
        _check_figures(profile.reference, "quality.reference")
        texts["quality.reference.audio"] = profile.reference.audio
        # Records of earlier versions have none.
        if profile.reference.sha256 is not None:
            texts["quality.reference.sha256"] = profile.reference.sha256
    if wrong := next((where for where, text in texts.items() if type(text) is not str), None):
        raise TypeError(f"{wrong} is {texts[wrong]!r}, no text; {_AGAIN}")


def _check_name(name: object, allowed: Collection[str], where: str) -> None:
    if name not in allowed:
        raise ValueError(f"{where} is {name!r}, which is not known here: {_NEWER}")


def _check_figures(part: QualityProfile | WordErrors | ReferenceLikeness, where: str) -> None:
    for name in part.__slots__:
        if name not in _RANGES or (value := getattr(part, name)) is None:
            continue
        least, most = _RANGES[name]
        if not _finite(value):
            raise TypeError(f"{where}.{name} is {value!r}, no number; {_AGAIN}")
        if (least is not None and value < least) or (most is not None and value > most):
            raise ValueError(f"{where}.{name} is {value!r}, out of its range; {_AGAIN}")


def _finite(value: object) -> bool:
    """Tell whether a value is a finite number; a bool is none here."""
    return type(value) in {int, float} and math.isfinite(value)  # type: ignore[arg-type]
