"""A run folder as columns: what gates and comparisons need of its records, and no more.

About 230 bytes per clip and 24 per item, whatever captions and evidence weigh.
"""

from __future__ import annotations

import hashlib
import math
from array import array
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from audiojudge_cli.errors import InputError
from audiojudge_cli.gates.codes import Codes
from audiojudge_cli.gates.figures import STATUSES
from audiojudge_cli.results.build import coverage_of, status_of
from audiojudge_cli.results.index import read_records
from audiojudge_cli.results.quality import FAULTS, QualityProfile
from audiojudge_cli.results.quality_figures import QUALITY
from audiojudge_cli.results.record import NOBODY, RATED, JudgeRef, Record
from audiojudge_cli.results.rule import Rule, read_rule, score
from audiojudge_cli.results.summary import Tally
from audiojudge_cli.rubrics.dimensions import canonical
from audiojudge_cli.text.jsonl import dumps
from audiojudge_cli.text.terminal import shown

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
# One unit of the last of four decimals, and what binary fractions add to it.
_LAST_DIGIT = 1e-4 + 1e-9
RESERVED = ("subset", "language", "status")


@dataclass(frozen=True)
class RunTable:
    """The clips of a run, one place per clip; and their items, one place per item.

    Attributes:
        folder: The run folder.
        ids: Of the clips.
        captions: A number per caption, the same for the same words in every run.
        rubrics: A number per list of items (dimension, question, basis, negated); 0 without items.
        audio: A number per content of the audio file; 0 when it was not decoded.
        status: Place in `gates.figures.STATUSES`.
        score: Alignment score, NaN without one.
        match: 1.0, 0.0, NaN without a decision.
        items: Number of rubric items.
        verified: Number of those that were verified.
        makers: Code of the expander behind each clip, a place in `expanders`.
        judges: The judges of the run, all of them.
        expanders: The expanders, by code.
        decisions: (rule, threshold) of the decisions, all of them.
        columns: Subset, language, status and metadata columns by name.
        item_clip: The clip of each item.
        item_dimension: The dimension of each item, a code.
        item_p: p_yes of each item, NaN when unverifiable.
        item_fault: Whether a fault kept each item from an answer.
        dimensions: The dimensions, by code.
        figures: What `summary.json` must say of these records (`results.summary.Tally.figures`).
        quality: Each figure of the quality profiles by name, NaN where a clip has none.
        faults: Of each clip, one bit for each of `results.quality.FAULTS`; -1 where it was not measured.
        measures: The versions of the measures behind the profiles, all of them.
        broken: Rows of the manifest that are no clip, as `run.json` tells; None where it was not asked.
    """

    folder: Path
    ids: list[str]
    captions: Ints
    rubrics: Ints
    audio: Ints
    status: Ints
    score: Floats
    match: Floats
    items: Ints
    verified: Ints
    makers: Ints
    judges: tuple[JudgeRef, ...]
    expanders: tuple[JudgeRef, ...]
    decisions: tuple[tuple[str, float], ...]
    columns: Mapping[str, Codes]
    item_clip: Ints
    item_dimension: Ints
    item_p: Floats
    dimensions: list[str]
    item_fault: npt.NDArray[np.bool_]
    figures: Mapping[str, Any]
    quality: Mapping[str, Floats]
    measures: tuple[int, ...]
    faults: Ints
    broken: int | None = None

    def __len__(self) -> int:
        """Number of clips."""
        return len(self.ids)

    @property
    def scored(self) -> npt.NDArray[np.bool_]:
        """Which clips have a score."""
        return ~np.isnan(self.score)

    @property
    def is_judged(self) -> bool:
        """Whether captions were judged; False for a run that only measures."""
        return NOBODY not in self.judges

    @property
    def is_rated(self) -> bool:
        """Whether the run rates on scales."""
        return any(one.name == RATED for one in self.expanders)

    @property
    def done(self) -> npt.NDArray[np.bool_]:
        """Which clips have what the run is for: a score, or a measured quality."""
        return self.scored if self.is_judged else self.faults >= 0

    def dimension_code(self, name: str) -> int:
        """Return the code of a dimension as a rule names it; -1 where the run has no such dimension.

        Rules know dimensions by their canonical names, and runs that rate have names of their own.
        """
        if name in self.dimensions:
            return self.dimensions.index(name)
        return next((code for code, known in enumerate(self.dimensions) if canonical(known) == name), -1)

    def has_fault(self, name: str | None) -> Floats:
        """Return for each clip whether it has a fault (of that name): 1.0, 0.0, NaN where it was not measured."""
        bits = self.faults if name is None else self.faults & (1 << FAULTS.index(name))
        return np.where(self.faults < 0, np.nan, bits != 0)

    def fault_count(self, clips: npt.NDArray[np.bool_], name: str | None) -> int:
        """Return how many faults (of that name) the clips of a mask have, each kind once in a clip."""
        names = FAULTS if name is None else (name,)
        return sum(int(np.nansum(self.has_fault(each)[clips])) for each in names)


def read_table(folder: Path, *, columns: Collection[str] | None = None) -> RunTable:
    """Return the columns of a run.

    Args:
        folder: The run folder.
        columns: Metadata columns to keep; all when None. Subset, language and status are always kept.

    Raises:
        InputError: If it is no run folder, or a record is damaged or holds what no judge writes (NaN, a score of a
            failed clip, p_yes beyond [0, 1]).
    """
    reading = _Reading(columns)
    for record in read_records(folder):
        try:
            reading.add(record)
        except (ArithmeticError, ValueError, TypeError) as error:
            raise InputError(
                f"{shown(folder / 'records.jsonl')}: the record of {record.id!r} is no judge's: {error}; "
                "score the clips again with --restart"
            ) from error
    return reading.table(folder)


@dataclass
class _Reading:
    wanted: Collection[str] | None
    ids: list[str] = field(default_factory=list)
    columns: dict[str, Codes] = field(default_factory=lambda: {name: Codes() for name in RESERVED})
    dimensions: dict[str, int] = field(default_factory=dict)
    judges: dict[JudgeRef, int] = field(default_factory=dict)
    expanders: dict[JudgeRef, int] = field(default_factory=dict)
    decisions: dict[tuple[str, float], int] = field(default_factory=dict)
    whole: dict[str, array[int]] = field(
        default_factory=lambda: {
            name: array("q") for name in ("captions", "rubrics", "audio", "status", "items", "verified", "makers")
        }
    )
    item_clip: array[int] = field(default_factory=lambda: array("q"))
    item_dimension: array[int] = field(default_factory=lambda: array("q"))
    real: dict[str, array[float]] = field(
        default_factory=lambda: {name: array("d") for name in ("score", "match", "item_p")}
    )
    quality: dict[str, array[float]] = field(default_factory=lambda: {name: array("d") for name in QUALITY})
    faults: array[int] = field(default_factory=lambda: array("q"))
    measures: dict[int, int] = field(default_factory=dict)

    item_fault: bytearray = field(default_factory=bytearray)
    tally: Tally = field(default_factory=lambda: Tally(JudgeRef("", ""), Rule()))

    def add(self, record: Record) -> None:
        _check(record)
        self.tally.add(record)
        clip = len(self.ids)
        self.ids.append(record.id)
        match = record.decision.match
        self.real["score"].append(math.nan if record.score is None else record.score)
        self.real["match"].append(math.nan if match is None else float(match))
        facts = {
            "captions": _number(record.cluster),
            "rubrics": _rubric_number(record),
            "audio": _number(record.audio.sha256) if record.audio.sha256 else 0,
            "status": STATUSES.index(record.status),
            "items": len(record.items),
            "verified": len(record.verified),
            "makers": self.expanders.setdefault(record.expander, len(self.expanders)),
        }
        for name, value in facts.items():
            self.whole[name].append(value)
        self.judges.setdefault(record.judge, 0)
        self.decisions.setdefault((record.decision.rule, record.decision.threshold), 0)
        self._columns(clip, record)
        self._quality(record.quality)
        for item in record.items:
            self.item_clip.append(clip)
            self.item_dimension.append(self.dimensions.setdefault(item.dimension, len(self.dimensions)))
            self.real["item_p"].append(math.nan if item.p_yes is None else item.p_yes)
            self.item_fault.append(item.fault is not None)

    def _columns(self, clip: int, record: Record) -> None:
        values = {"subset": record.subset or "unknown", "language": record.language, "status": record.status}
        for name, value in values.items():
            self.columns[name].put(clip, value)
        for name, value in record.metadata.items():
            if name not in RESERVED and (self.wanted is None or name in self.wanted):
                self.columns.setdefault(name, Codes()).put(clip, _text(value))

    def _quality(self, profile: QualityProfile | None) -> None:
        for name, values in self.quality.items():
            value = QUALITY[name].of(profile)
            values.append(math.nan if value is None else value)
        bits = {1 << FAULTS.index(fault.name) for fault in profile.faults} if profile else ()
        self.faults.append(sum(bits) if profile else -1)
        if profile:
            self.measures.setdefault(profile.version, 0)

    def table(self, folder: Path) -> RunTable:
        parts: dict[str, Any] = {name: np.array(values, dtype=np.int64) for name, values in self.whole.items()}
        parts |= {name: np.array(values, dtype=np.float64) for name, values in self.real.items()}
        return RunTable(
            folder=folder,
            ids=self.ids,
            judges=tuple(self.judges),
            expanders=tuple(self.expanders),
            decisions=tuple(self.decisions),
            columns=self.columns,
            item_clip=np.array(self.item_clip, dtype=np.int64),
            item_dimension=np.array(self.item_dimension, dtype=np.int64),
            dimensions=list(self.dimensions),
            item_fault=np.array(self.item_fault, dtype=np.bool_),
            figures=self.tally.figures(),
            quality={name: np.array(values, dtype=np.float64) for name, values in self.quality.items()},
            faults=np.array(self.faults, dtype=np.int64),
            measures=tuple(sorted(self.measures)),
            **parts,
        )


def _check(record: Record) -> None:
    if record.status not in STATUSES:
        raise ValueError(f"status {record.status!r}")
    numbers = {"score": record.score, "decision.value": record.decision.value, "coverage": record.coverage}
    numbers |= {f"p_yes of item {at}": item.p_yes for at, item in enumerate(record.items, start=1)}
    for name, value in numbers.items():
        if value is not None and (isinstance(value, bool) or not 0 <= value <= 1):
            raise ValueError(f"{name} is {value!r}, not a number from 0 to 1")
    if not record.is_judged:
        _check_measured(record)
        return
    judged = record.status in {"ok", "partial"}
    if judged != (record.score is not None) or judged != (record.decision.match is not None):
        raise ValueError(f"status {record.status} with score {record.score!r} and match {record.decision.match!r}")
    _check_arithmetic(record)


def _check_measured(record: Record) -> None:
    """Refuse the record of a run that asks nothing if it holds answers, or no measurement where it is `ok`."""
    if record.items or record.score is not None or record.decision.match is not None:
        raise ValueError("it holds answers, and nobody was asked")
    if (record.status == "ok") != (record.quality is not None) or (record.status == "error") != bool(record.error):
        raise ValueError(f"status {record.status} does not follow from what was measured")


def _check_arithmetic(record: Record) -> None:
    """Refuse a record whose score, decision or coverage does not follow from its own items: somebody edited it."""
    answers = [item.p_yes for item in record.items if item.p_yes is not None]
    judged = [item.judged for item in record.items if item.judged is not None]
    made = read_rule(record.decision.rule, record.decision.threshold).decide(judged)
    value = record.decision.value
    status = "error" if record.error else status_of(len(answers), len(record.items))
    if record.score != score(answers):
        raise ValueError(f"its score {record.score!r} does not follow from its items, which give {score(answers)!r}")
    if record.coverage != coverage_of(len(answers), len(record.items)) or record.status != status:
        raise ValueError(f"status {record.status} and coverage {record.coverage!r} do not follow from its items")
    # Records name weights with six digits; a value on the edge of rounding may differ in its last one.
    if (value is None) != (made.value is None) or abs((value or 0.0) - (made.value or 0.0)) > _LAST_DIGIT:
        raise ValueError(f"its decision value {value!r} does not follow from its items, which give {made.value!r}")
    if record.decision.match != (None if value is None else value >= record.decision.threshold):
        raise ValueError(f"match {record.decision.match!r} with value {value!r} and its threshold")
    for at, item in enumerate(record.items, start=1):
        if item.answer != ("unverifiable" if item.p_yes is None else "yes" if item.p_yes >= 0.5 else "no"):
            raise ValueError(f"item {at} has p_yes {item.p_yes!r} and the answer {item.answer!r}")


def _rubric_number(record: Record) -> int:
    items = [[item.dimension, item.question, item.basis, item.negated] for item in record.items]
    return _number(dumps(items)) if items else 0


def _text(value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return a metadata value as rules write it; null is no value, nor is the empty cell of a CSV file."""
    if value is None or isinstance(value, str):
        return value if value and value.strip() else None
    return dumps(value)


def _number(text: str) -> int:
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "little", signed=True)
