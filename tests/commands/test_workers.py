"""The embedded judge on one thread and on three: the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"

pytestmark = [pytest.mark.weights, pytest.mark.slow]


def contents(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name not in {"run.json", ".lock"}]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def test_records_do_not_depend_on_how_many_clips_are_judged_at_once(cli, tmp_path):
    for workers in ("1", "3"):
        done = cli(
            *("score", EXAMPLES / "audio", "--captions", EXAMPLES / "captions.jsonl"),
            *("--workers", workers, "--out", workers, "--quiet", "--sample", "10"),
        )
        assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "1") == contents(tmp_path / "3")
