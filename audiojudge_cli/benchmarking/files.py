"""The figures of a benchmark in its run folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from audiojudge_cli.benchmarking.told import bench_csv, bench_markdown
from audiojudge_cli.results.write import write_json
from audiojudge_cli.runs.folder import unwritable
from audiojudge_cli.text.atomic import write_text

FIGURES = "bench.json"


def write_figures(folder: Path, data: dict[str, Any]) -> None:
    """Write `bench.json`, `bench.csv` and `bench.md`.

    Raises:
        NotJudgedError: If one cannot be written.
    """
    try:
        write_json(folder / FIGURES, data)
        write_text(folder / "bench.csv", bench_csv(data))
        write_text(folder / "bench.md", bench_markdown(data))
    except OSError as error:
        raise unwritable(folder, error) from error
