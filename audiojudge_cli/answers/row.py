"""Rows of answers, read by the readers of manifests."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from audiojudge_cli.clips.columns import Columns
from audiojudge_cli.clips.manifest import open_manifest
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.clips.rowmaker import kind
from audiojudge_cli.errors import InputError
from audiojudge_cli.text.terminal import safe_line, shorten

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "prediction": ("prediction", "model_prediction", "answer", "response", "output", "hypothesis"),
    "reference": ("reference", "references", "target", "label", "ground_truth", "answers"),
    "id": ("id", "clip_id", "uuid", "key", "audio", "audio_path", "file_name"),
    "question": ("question", "instruction", "prompt"),
    "task": ("task", "task_type"),
    "dataset": ("dataset", "dataset_name", "data_set"),
    "model": ("model", "model_name", "system"),
    "template": ("template", "template_id", "instruction_template"),
    "language": ("language", "lang"),
}
"""Names of columns by what they hold; where a row has several, the first counts."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a model.

    Attributes:
        source: Name of the file.
        line: Line (1-based), or number of the row.
        id: The row's own id, else its number in the file: rows of one id in several templates are one question.
        prediction: As written; may be empty, as the model said nothing.
        references: At least one; any of them is right.
        question: As written, or empty.
        task: As written, or empty.
        dataset: Likewise.
        model: Likewise.
        template: Likewise.
        language: ISO 639-1 code, or empty.
    """

    source: str
    line: int | None
    id: str
    prediction: str
    references: tuple[str, ...]
    question: str = ""
    task: str = ""
    dataset: str = ""
    model: str = ""
    template: str = ""
    language: str = ""

    @property
    def where(self) -> str:
        """File and line, as compilers write them."""
        return self.source if self.line is None else f"{self.source}:{self.line}"


class AnswerColumns(Columns):
    """The readers of manifests see the prediction as what must be there, and all other columns as they are."""

    def __init__(self, prediction: str | None = None, reference: str | None = None) -> None:
        super().__init__()
        self._fields = {"prediction": prediction, "reference": reference}

    @property
    def named(self) -> Mapping[str, str]:
        """Something, so that a file without a known suffix is read as a table."""
        return {"prediction": "prediction"}

    def roles(self, names: tuple[str, ...]) -> Mapping[str, str]:
        """Return the column of the prediction, under the name of the words that a row cannot lack."""
        column = self.column("prediction", names)
        return {} if column is None else {"caption": column}

    def column(self, role: str, names: Sequence[str]) -> str | None:
        """Return the column that holds `role`; None where no column does."""
        folded: dict[str, str] = {}
        for name in names:
            folded.setdefault(name.strip().casefold(), name)
        named = self._fields.get(role)
        wanted = (named.strip().casefold(),) if named else COLUMNS[role]
        return next((folded[name] for name in wanted if name in folded), None)

    def require(self, names: Sequence[str], where: str) -> None:
        """Check that there are predictions and references.

        Raises:
            InputError: If not; names the columns there are.
        """
        for role in ("prediction", "reference"):
            if self.column(role, names) is None:
                named = self._fields[role]
                wanted = f"no column {named!r}" if named else f"no column of {role}s ({', '.join(COLUMNS[role])})"
                told = ", ".join(repr(shorten(safe_line(name), 40)) for name in names[:30]) or "none"
                raise InputError(f"{where} has {wanted}; its columns are {told}; name it with --{role}-field")


def read_answers(
    source: str, *, prediction: str | None = None, reference: str | None = None
) -> Iterator[Answer | Problem]:
    """Yield the answers of a file (JSONL, JSON, CSV, TSV, Parquet, or `-`), and the rows that are none.

    Args:
        source: The file.
        prediction: Column of the predictions; None recognises the names in `COLUMNS`.
        reference: Likewise.

    Raises:
        InputError: If the file as a whole cannot be understood.
    """
    columns = AnswerColumns(prediction, reference)
    for number, row in enumerate(open_manifest(source).read(columns), 1):
        yield _problem(row) if isinstance(row, Problem) else _answer(row, number, columns)


def _problem(problem: Problem) -> Problem:
    if problem.kind == "missing-fields":
        return replace(problem, message="the row has no prediction (an answer that is empty is written as empty text)")
    return replace(problem, message=problem.message.replace("the caption (", "the prediction (", 1))


def _answer(row: Row, number: int, columns: AnswerColumns) -> Answer | Problem:
    values = row.metadata
    names = tuple(values)
    column = columns.column("reference", names)
    try:
        references = _references(values[column]) if column is not None else ()
    except TypeError as error:
        return Problem(row.source, row.line, "reference", f"the reference (column {column!r}) is {error}")
    if not any(one.strip() for one in references):
        return Problem(row.source, row.line, "reference", "the row has no reference")
    texts = {}
    for role in ("id", "question", "task", "dataset", "model", "template", "language"):
        name = columns.column(role, names)
        texts[role] = "" if name is None else _text(values[name])
    texts["id"] = texts["id"] or str(number)
    texts["language"] = texts["language"].casefold().replace("_", "-").partition("-")[0]
    return Answer(row.source, row.line, prediction=row.caption or "", references=references, **texts)


def _references(value: object) -> tuple[str, ...]:
    if isinstance(value, str) and value.lstrip().startswith("["):
        # A list in a cell of a table; "[laughs] yes" is no JSON and a reference as it is.
        try:
            listed = json.loads(value)
        except (ValueError, RecursionError):
            listed = None
        if isinstance(listed, list) and listed and all(isinstance(one, str) for one in listed):
            value = listed
    values = value if isinstance(value, list) else [value]
    for one in values:
        if one is not None and (isinstance(one, bool) or not isinstance(one, str | int | float)):
            raise TypeError(f"{kind(one)}, not text")
    return tuple(str(one) for one in values if one is not None)


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return value.strip() if isinstance(value, str) else "" if value is None else str(value)
