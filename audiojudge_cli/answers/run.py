"""From files of answers to figures and files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from audiojudge_cli.answers.figures import Group, groups_of
from audiojudge_cli.answers.files import summary_data, write_rows, write_summary
from audiojudge_cli.answers.marks import Marks
from audiojudge_cli.answers.metrics import MARKED, MetricName
from audiojudge_cli.answers.row import Answer, read_answers
from audiojudge_cli.answers.scoring import Scored, Wanted, score
from audiojudge_cli.answers.tasks import Tasks
from audiojudge_cli.clips.row import Problem
from audiojudge_cli.errors import InputError
from audiojudge_cli.rubrics.writer import Writer
from audiojudge_cli.text.terminal import safe_line, shorten, shown

FileIs = Literal["template", "model", "nothing"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be done.

    Attributes:
        sources: Files of answers; `-` is standard input.
        out: Folder of what is written.
        tasks: Table of tasks.
        task: Of rows that name none.
        metrics: Instead of those of the tasks, where any.
        file_is: What the name of a file tells of rows that do not, where there are several files.
        prediction: Column of the predictions; None recognises it.
        reference: Likewise.
        language: ISO 639-1 code of texts in Latin letters that name none.
        workers: Requests to the text model at once.
    """

    sources: Sequence[str]
    out: Path
    tasks: Tasks
    task: str | None = None
    metrics: Sequence[MetricName] = ()
    file_is: FileIs = "template"
    prediction: str | None = None
    reference: str | None = None
    language: str = "en"
    workers: int = 4


@dataclass(frozen=True, slots=True)
class Done:
    """What became of it.

    Attributes:
        groups: The figures.
        scored: Every metric of every answer.
        broken: Rows that are no answers.
        data: What `answers.json` holds.
    """

    groups: Sequence[Group]
    scored: Sequence[Scored]
    broken: Sequence[Problem]
    data: dict[str, Any]

    @property
    def failed(self) -> int:
        """Rows without a figure: broken ones, and those of which a metric has no value."""
        return len(self.broken) + len({id(one.answer) for one in self.scored if one.value is None})

    @property
    def rows(self) -> int:
        """All rows."""
        return len(self.broken) + len({id(one.answer) for one in self.scored})


def read_all(asked: Asked) -> tuple[list[Answer], list[Problem]]:
    """Return the answers of all files, and the rows that are none; an answer given twice is broken.

    Raises:
        InputError: If a file as a whole cannot be understood.
    """
    answers: list[Answer] = []
    broken: list[Problem] = []
    first: dict[tuple[str, ...], str] = {}
    for source in asked.sources:
        for row in read_answers(source, prediction=asked.prediction, reference=asked.reference):
            if isinstance(row, Problem):
                broken.append(row)
                continue
            answer = _named(row, source, asked)
            key = (answer.model, answer.task, answer.dataset, answer.template, answer.id)
            if key in first:
                told = f"the answer to {shorten(safe_line(answer.id), 60)!r} is there already ({first[key]})"
                broken.append(Problem(answer.source, answer.line, "duplicate", told))
                continue
            first[key] = answer.where
            answers.append(answer)
    return answers, broken


def _named(answer: Answer, source: str, asked: Asked) -> Answer:
    if len(asked.sources) == 1:
        return answer
    name = "stdin" if source == "-" else Path(source).stem
    if asked.file_is == "template" and not answer.template:
        return replace(answer, template=name)
    if asked.file_is == "model" and not answer.model:
        return replace(answer, model=name)
    return answer


def wanted_of(answers: Sequence[Answer], asked: Asked) -> Wanted:
    """Return what is to be scored.

    Raises:
        InputError: If the task of a row is not known and no metric is named.
    """
    if asked.task is not None and asked.tasks.task_of(asked.task, "") is None:
        raise InputError(
            f"--task {asked.task!r} is no task of {asked.tasks.name}; known: {', '.join(asked.tasks.metrics)}"
        )
    wanted: list[tuple[Answer, str, MetricName]] = []
    for answer in answers:
        task = asked.tasks.task_of(answer.task, answer.dataset)
        if task is None and not answer.task and asked.task is not None:
            task = asked.tasks.task_of(asked.task, "")
        metrics = asked.metrics or asked.tasks.metrics.get(task or "", ())
        if not metrics:
            named = answer.task or answer.dataset
            told = f"the task {shorten(safe_line(named), 60)!r} is not known" if named else "the row names no task"
            raise InputError(
                f"{answer.where}: {told}; give --task or --metric, or a table with --tasks (known: "
                f"{', '.join(asked.tasks.metrics)})"
            )
        wanted += [(answer, task or answer.task, metric) for metric in metrics]
    return wanted


def run(asked: Asked, load: Callable[[], Writer], remark: Callable[[Problem], None], *, strict: bool = False) -> Done:
    """Score answers and write the files.

    Args:
        asked: What to do.
        load: Gives the text model; called only where a metric needs it.
        remark: Told of every broken row.
        strict: Whether a broken row ends it.

    Raises:
        InputError: If an input cannot be understood, no row is an answer, or a file cannot be written.
        NotJudgedError: If the text model does not answer.
    """
    answers, broken = read_all(asked)
    if strict and broken:
        raise InputError(f"{broken[0]} (--strict)")
    for problem in broken:
        remark(problem)
    if not answers:
        raise InputError(f"{shown(asked.sources[0])}: no row is an answer")
    wanted = wanted_of(answers, asked)
    writer = load() if any(metric in MARKED for _, _, metric in wanted) else None
    try:
        asked.out.mkdir(parents=True, exist_ok=True)
        if writer is None:
            scored = score(wanted, language=asked.language)
        else:
            with Marks(asked.out) as marks:
                scored = score(wanted, language=asked.language, writer=writer, marks=marks, workers=asked.workers)
        groups = groups_of(scored)
        model = None if writer is None else {"name": writer.name, "fingerprint": writer.fingerprint}
        data = summary_data(groups, scored, broken, tasks=asked.tasks.name, model=model)
        write_rows(asked.out, scored)
        write_summary(asked.out, data)
    except OSError as error:
        raise InputError(f"cannot write {shown(asked.out)}: {error.strerror or error}; give another --out") from error
    return Done(groups, scored, broken, data)
