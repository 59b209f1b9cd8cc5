"""Which metrics answers to a task get: `presets/answers/`, or a file of the user's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from audiojudge_cli.answers.metrics import MetricName
from audiojudge_cli.bundle import bundled
from audiojudge_cli.errors import InputError
from audiojudge_cli.text.nearest import nearest
from audiojudge_cli.text.strict_yaml import read_yaml
from audiojudge_cli.text.terminal import safe_line, shown

_LARGEST = 100_000
"""Bytes of a table of tasks; ours has two thousand."""
# Names of tasks and data sets are written with any of these between their words.
_BETWEEN = re.compile(r"[\s_/-]+")

METRICS: tuple[MetricName, ...] = get_args(MetricName)


class _Task(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str = ""
    metrics: Annotated[list[MetricName], Field(min_length=1)]
    names: list[str] = []


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str = ""
    source: str = ""
    tasks: Annotated[dict[str, _Task], Field(min_length=1)]
    datasets: dict[str, str] = {}


@dataclass(frozen=True)
class Tasks:
    """A table of tasks.

    Attributes:
        name: Of the table.
        metrics: By the task's short name.
        datasets: Short name of the task by how names of its data sets begin.
        names: Short name by all names of a task.
    """

    name: str
    metrics: Mapping[str, tuple[MetricName, ...]]
    datasets: Mapping[str, str]
    names: Mapping[str, str]

    def task_of(self, task: str, dataset: str) -> str | None:
        """Return the short name of the task of a row; its task counts before its data set."""
        for text in (task, dataset):
            plain = _plain(text)
            if plain in self.names:
                return self.names[plain]
            starts = [start for start in self._starts if f"{plain} ".startswith(f"{start} ")]
            if starts:
                return self.datasets[starts[0]]
        return None

    @cached_property
    def _starts(self) -> list[str]:
        return sorted(self.datasets, key=len, reverse=True)


def table_names() -> tuple[str, ...]:
    """Return the names of the bundled tables, sorted."""
    return tuple(sorted(path.stem for path in (bundled("presets") / "answers").glob("*.yaml")))


def load_tasks(name: str) -> Tasks:
    """Return a bundled table, or that of a YAML file.

    Raises:
        InputError: If there is none, or it is none; names the file and the key.
    """
    known = table_names()
    path = bundled("presets") / "answers" / f"{name}.yaml" if name in known else Path(name)
    if not path.is_file():
        raise InputError(
            f"no table of tasks named {shown(name)}{nearest(name, known)}; known: {', '.join(known)}; or give the path "
            "of a YAML file"
        )
    value = read_yaml(path, "table of tasks", most_bytes=_LARGEST)
    try:
        found = _File.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise InputError(f"{shown(path)}: {safe_line(where)}: {safe_line(first['msg'])}") from error
    if wrong := next((task for task in found.datasets.values() if task not in found.tasks), None):
        raise InputError(f"{shown(path)}: datasets: no task is named {wrong!r}{nearest(wrong, found.tasks)}")
    names = {_plain(other): task for task, one in found.tasks.items() for other in (task, *one.names)}
    metrics = {task: tuple(dict.fromkeys(one.metrics)) for task, one in found.tasks.items()}
    return Tasks(name, metrics, {_plain(start): task for start, task in found.datasets.items()}, names)


def _plain(text: str) -> str:
    return _BETWEEN.sub(" ", text).strip().casefold()
