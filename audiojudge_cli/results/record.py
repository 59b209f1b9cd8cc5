"""The record of one clip: what was asked, heard and decided, as `records.jsonl` and `files/<id>.json` hold it.

docs/record.md documents every field, docs/schemas/record.schema.json is its JSON Schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from audiojudge_cli.errors import InputError
from audiojudge_cli.results.quality import QualityProfile
from audiojudge_cli.results.verdict import Answer, Fault

SCHEMA = "audiojudge.record/1"

JUDGED = "p_yes_of_judge"
"""The fact of an item that holds what the judge answered, where a calibration's curve has changed its p_yes."""

Status = Literal["ok", "partial", "unverifiable", "error"]
Fact = float | int | str | bool | None


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """The audio file of a clip.

    Attributes:
        path: As the manifest wrote it, else relative to the audio folder, with forward slashes.
        sha256: Of the file's bytes, in hex; None when the file could not be decoded.
        duration_s: Length in seconds, four decimals.
        sample_rate: Samples per second, as in the file.
        channels: Number of channels, as in the file.
    """

    path: str
    sha256: str | None = None
    duration_s: float | None = None
    sample_rate: int | None = None
    channels: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The yes/no decision on a clip, taken on its own value and not on the score.

    Attributes:
        rule: How `value` comes from the p_yes of the verified items, with its numbers.
        value: In [0, 1], four decimals; None when no item was verified.
        threshold: In [0, 1].
        match: Whether value >= threshold; None without a value.
        mean: Mean p_yes of the verified items, four decimals.
        min: Lowest p_yes of the verified items, four decimals.
    """

    rule: str
    value: float | None
    threshold: float
    match: bool | None
    mean: float | None = None
    min: float | None = None


@dataclass(frozen=True, slots=True)
class RecordItem:
    """A rubric item with its verdict.

    Attributes:
        dimension: What is asked about.
        question: Phrased so that yes = the caption is satisfied.
        basis: The words of the caption it rests on.
        negated: Whether the caption denies something here.
        p_yes: In [0, 1], four decimals; None when unverifiable.
        answer: `yes`, `no` or `unverifiable`.
        evidence: One sentence: what was heard, and when; or why the item could not be verified.
        source: The probe or judge that answered; empty when none was asked.
        times: Spans (start, end) in seconds that the evidence names.
        facts: What was measured, by name with unit; six significant digits.
        fault: What went wrong while the item was judged; None where nothing did, and whenever there is a p_yes.
    """

    dimension: str
    question: str
    basis: str
    negated: bool
    p_yes: float | None
    answer: Answer
    evidence: str
    source: str
    times: tuple[tuple[float, float], ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    fault: Fault | None = None

    @property
    def judged(self) -> float | None:
        """What the judge answered, which decides about the clip: p_yes before a calibration's curve."""
        said = None if self.p_yes is None else self.facts.get(JUDGED)
        if isinstance(said, bool) or not isinstance(said, float | int) or not 0 <= said <= 1:
            return self.p_yes
        return said


@dataclass(frozen=True, slots=True)
class JudgeRef:
    """The judge or expander behind a record.

    Attributes:
        name: As on the command line; `manifest` or `file` for a rubric that was given, not expanded.
        fingerprint: Changes whenever its answers could.
    """

    name: str
    fingerprint: str


NOBODY = JudgeRef("none", "none")
"""The judge, and the expander, of a run in which nothing is asked: `audiojudge quality` measures only."""

RATED = "instructions"
"""The expander, as records name it, of a run that rates: items are instructions, and nothing is expanded."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a clip could not be judged.

    Attributes:
        kind: Stable and machine-readable: `not-found`, `truncated`, `caption`, `judge` …
        message: One line for people.
    """

    kind: str
    message: str


@dataclass(frozen=True, slots=True, repr=False)
class Record:
    """Everything known about one clip after a run. The same inputs and judge give the same bytes; no timings.

    Attributes:
        id: Unique within the run.
        audio: The audio file.
        caption: As written.
        language: Of the caption; None when neither the manifest nor the expander says.
        subset: `speech`, `sound`, `music`, `mix`, or None as for `language`.
        status: `ok` (every item verified), `partial` (some), `unverifiable` (none), `error` (not judged). Where nothing
            is asked (`NOBODY`): `ok` (measured) or `error`.
        score: The alignment score: mean p_yes over the verified items, four decimals; None when there is none.
        decision: The yes/no decision.
        coverage: Verified items / all items, four decimals; None for a rubric without items.
        items: In the order of the rubric.
        judge: Who answered.
        expander: Who made the rubric.
        warnings: What had to be windowed, mixed down, repaired or dropped.
        error: Why the clip could not be judged; None unless status is `error`.
        metadata: All other columns of the manifest row.
        transcript: The words to be spoken, as written; None when the manifest names none.
        quality: The technical state of the file; None where it was not measured.
    """

    id: str
    audio: AudioFacts
    caption: str
    language: str | None
    subset: str | None
    status: Status
    score: float | None
    decision: Decision
    coverage: float | None
    items: tuple[RecordItem, ...]
    judge: JudgeRef
    expander: JudgeRef
    warnings: tuple[str, ...] = ()
    error: Failure | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    transcript: str | None = None
    quality: QualityProfile | None = None

    def __repr__(self) -> str:
        from audiojudge_cli.results.notebook import record_line

        return record_line(self)

    def _repr_html_(self) -> str:
        from audiojudge_cli.results.notebook import record_html

        return record_html(self)

    @property
    def is_judged(self) -> bool:
        """Whether something was asked about the clip, by whomever; False where the run only measures."""
        return self.judge != NOBODY

    @property
    def is_rated(self) -> bool:
        """Whether the clip was rated on scales, instead of judged against its caption."""
        return self.expander.name == RATED

    @property
    def told(self) -> str:
        """What the generator was told: the caption, the transcript, or both below each other."""
        return "\n".join(text for text in (self.caption, self.transcript) if text)

    @property
    def cluster(self) -> str:
        """What clips share that are not independent: what the generator was told, else nothing but themselves."""
        return self.told if self.told or (self.is_judged and not self.is_rated) else f"\0{self.id}"

    @property
    def verified(self) -> tuple[RecordItem, ...]:
        """The items with a p_yes."""
        return tuple(item for item in self.items if item.p_yes is not None)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What went wrong inside items, in the order of the rubric."""
        return tuple(item.fault for item in self.items if item.fault is not None)

    @property
    def worst(self) -> RecordItem | None:
        """The verified item with the lowest p_yes, the first of equals."""
        return min(self.verified, key=lambda item: item.p_yes or 0.0, default=None)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data, keys in the order of docs/record.md."""
        return {
            "schema": SCHEMA,
            "id": self.id,
            "audio": _plain(self.audio),
            "caption": self.caption,
            "transcript": self.transcript,
            "language": self.language,
            "subset": self.subset,
            "status": self.status,
            "score": self.score,
            "decision": _plain(self.decision),
            "coverage": self.coverage,
            "items": [_plain_item(item) for item in self.items],
            "quality": None if self.quality is None else self.quality.to_dict(),
            "judge": _plain(self.judge),
            "expander": _plain(self.expander),
            "warnings": list(self.warnings),
            "error": None if self.error is None else _plain(self.error),
            "metadata": dict(self.metadata),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Record:
        """Return the record that `to_dict` wrote.

        Raises:
            InputError: If it is of another schema, a field is missing or unknown, or a value is of another kind.
        """
        if data.get("schema") != SCHEMA:
            raise InputError(f"not a record of schema {SCHEMA}: schema is {data.get('schema')!r}")
        fields = {key: value for key, value in data.items() if key != "schema"}
        try:
            fields["audio"] = AudioFacts(**fields["audio"])
            fields["decision"] = Decision(**fields["decision"])
            fields["items"] = tuple(_item(item) for item in fields["items"])
            fields["judge"] = JudgeRef(**fields["judge"])
            fields["expander"] = JudgeRef(**fields["expander"])
            fields["warnings"] = tuple(fields["warnings"])
            fields["error"] = None if fields["error"] is None else Failure(**fields["error"])
            # Records of earlier versions have no such key.
            quality = fields.get("quality")
            fields["quality"] = None if quality is None else QualityProfile.from_dict(quality)
            record = cls(**fields)
            _check(record)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            told = error.args[0] if isinstance(error, KeyError) and error.args else error  # its own text is a quotation
            raise InputError(f"damaged record {data.get('id')!r}: {told}") from error
        return record


_Kinds = tuple[type, ...]
_NONE = type(None)
_TEXT: _Kinds = (str,)
_NUMBER: _Kinds = (int, float)
_MAYBE_TEXT, _MAYBE_NUMBER, _MAYBE_COUNT = (str, _NONE), (int, float, _NONE), (int, _NONE)
_NAMED: dict[str, _Kinds] = {"name": _TEXT, "fingerprint": _TEXT}
_TOLD: dict[str, _Kinds] = {"kind": _TEXT, "message": _TEXT}
# The exact types that the fields of each part may have: a bool is no number here.
_KINDS: dict[type, dict[str, _Kinds]] = {
    _NONE: {},
    JudgeRef: _NAMED,
    Failure: _TOLD,
    Fault: _TOLD,
    AudioFacts: {
        "path": _TEXT,
        "sha256": _MAYBE_TEXT,
        "duration_s": _MAYBE_NUMBER,
        "sample_rate": _MAYBE_COUNT,
        "channels": _MAYBE_COUNT,
    },
    Decision: {
        "rule": _TEXT,
        **dict.fromkeys(("value", "mean", "min"), _MAYBE_NUMBER),
        "threshold": _NUMBER,
        "match": (bool, _NONE),
    },
    RecordItem: {
        **dict.fromkeys(("dimension", "question", "basis", "answer", "evidence", "source"), _TEXT),
        "negated": (bool,),
        "p_yes": _MAYBE_NUMBER,
        "facts": (dict,),
    },
    Record: {
        **dict.fromkeys(("id", "caption", "status"), _TEXT),
        **dict.fromkeys(("transcript", "language", "subset"), _MAYBE_TEXT),
        **dict.fromkeys(("score", "coverage"), _MAYBE_NUMBER),
        "metadata": (dict,),
    },
}


def _check(record: Record) -> None:
    """Refuse what would stumble the summary or, worse, be averaged: a disk can change any byte of a journal."""
    for part in (record, record.audio, record.decision, record.judge, record.expander, record.error):
        _check_types(part)
    for item in record.items:
        _check_types(item)
        _check_types(item.fault)
        if item.fault is not None and item.p_yes is not None:
            raise ValueError("an item has a p_yes and a fault")
        if not all(type(end) in _NUMBER for span in item.times for end in span):
            raise TypeError("a time is no number")
    decided = (record.decision.value, record.decision.mean, record.decision.min)
    shares = (record.score, record.coverage, *decided, *(item.p_yes for item in record.items))
    if not all(share is None or 0 <= share <= 1 for share in (*shares, record.decision.threshold)):
        raise ValueError("a score, coverage, value, threshold or p_yes is no number from 0 to 1")
    if record.status not in get_args(Status) or not all(isinstance(text, str) for text in record.warnings):
        raise ValueError("the status or a warning is something else")


def _check_types(part: Record | RecordItem | AudioFacts | Decision | JudgeRef | Failure | Fault | None) -> None:
    for name, kinds in _KINDS[type(part)].items():
        value = getattr(part, name)
        if type(value) not in kinds:
            raise TypeError(f"{name} is {type(value).__name__}")


def _plain(part: AudioFacts | Decision | JudgeRef | Failure | Fault) -> dict[str, Any]:
    return {name: getattr(part, name) for name in part.__slots__}


def _plain_item(item: RecordItem) -> dict[str, Any]:
    plain = {name: getattr(item, name) for name in item.__slots__}
    fault = None if item.fault is None else _plain(item.fault)
    return {**plain, "times": [list(span) for span in item.times], "facts": dict(item.facts), "fault": fault}


def _item(data: Mapping[str, Any]) -> RecordItem:
    times = tuple((start, end) for start, end in data["times"])
    # Records of earlier versions have no such key.
    fault = None if data.get("fault") is None else Fault(**data["fault"])
    return RecordItem(**{**data, "times": times, "fault": fault})
