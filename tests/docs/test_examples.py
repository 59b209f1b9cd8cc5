"""What the pages show as output is what the commands print on the shipped examples."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TABLES = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
RUBRICS = (ROOT / "docs" / "rubrics.md").read_text(encoding="utf-8")
RUN = "examples/audiojudge-run"
QUALITY = "examples/audiojudge-quality"
NUMBER = re.compile(r"\d+(?:\.\d+)?")
FENCED = re.compile(r"```\n\$ (audiojudge .*)\n((?:.*\n)+?)```")
INDENTED = re.compile(r"^    \$ (audiojudge .*)\n((?:    .*\n)+)", re.MULTILINE)
TIMED = re.compile(r"\(.* s of audio in .* s\)")
NEAR = 0.03
"""What processors of another kind may add to a probability."""


def printed(line: str, run: Path) -> str:
    """Return what a command line of the pages prints here, with the folder of the run as the pages name it."""
    words = [str(run) if word == RUN else word for word in shlex.split(line)]
    command = [sys.executable, "-m", "audiojudge_cli", *words[1:]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return (done.stdout + done.stderr).replace(str(run), RUN)


def like(shown: str, real: str) -> bool:
    """Return whether two lines say the same, numbers a little apart."""
    if NUMBER.split(shown) != NUMBER.split(real):
        return False
    pairs = zip(NUMBER.findall(shown), NUMBER.findall(real), strict=True)
    return all(abs(float(a) - float(b)) <= max(NEAR, 0.05 * abs(float(b))) for a, b in pairs)


def missing(block: str, real: str) -> list[str]:
    lines = [" ".join(line.split()) for line in real.splitlines()]
    shown = [" ".join(TIMED.sub("", line).split()) for line in block.splitlines() if line.strip()]
    return [line for line in shown if not any(like(line, " ".join(TIMED.sub("", one).split())) for one in lines)]


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Return the run of the README's example, and the lines of the page that it did not print."""
    run = tmp_path_factory.mktemp("demo") / "run"
    [(command, block)] = [found for found in FENCED.findall(README) if " score " in found[0] and RUN in found[0]]
    return run, missing(block, printed(command, run))


def test_the_example_of_the_readme(scored: tuple[Path, list[str]]) -> None:
    run, not_printed = scored
    assert not_printed == []
    command = [sys.executable, "examples/twins.py", str(run)]
    twins = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    start = README.index("clip  ", README.index("twins"))
    shown = README[start : README.index("```", start)]
    assert len(shown.splitlines()) == len(twins.splitlines())
    assert missing(shown, twins) == []


def test_one_clip_of_the_readme(tmp_path: Path) -> None:
    [(command, block)] = [found for found in FENCED.findall(README) if " score " in found[0] and RUN not in found[0]]
    assert "--caption " in command
    assert missing(block, printed(command, tmp_path)) == []


def test_the_quality_of_the_same_files(tmp_path: Path) -> None:
    [(command, block)] = [found for found in FENCED.findall(README) if " quality " in found[0]]
    out = str(tmp_path / "quality")
    assert missing(block.replace(QUALITY, out), printed(command.replace(QUALITY, out), tmp_path / "run")) == []


def test_the_table_of_the_same_run(scored: tuple[Path, list[str]]) -> None:
    [(command, block)] = FENCED.findall(TABLES)
    assert missing(block, printed(command, scored[0])) == []


def test_the_rubric_of_the_page_on_rubrics(tmp_path: Path) -> None:
    found = INDENTED.findall(RUBRICS)
    assert found
    for command, block in found:
        shown = [line.strip() for line in block.splitlines()]
        assert [" ".join(line.split()) for line in shown] == [
            " ".join(line.split()) for line in printed(command, tmp_path).splitlines()
        ]
