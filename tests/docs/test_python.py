"""Every example on docs/python.md and in the docstrings of what it promises runs, and gives what is shown."""

from __future__ import annotations

import doctest
import importlib.util
import inspect
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

import audiojudge_cli as aj

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
NUMBER = re.compile(r"(?<![\w.])\d+\.\d+(?!\w)")
NEAR = 0.03
"""What processors of another kind may add to a probability."""


class Near(doctest.OutputChecker):
    """Takes numbers with decimals that are a little apart for the same."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        for shown in NUMBER.findall(want):
            real = next((one for one in NUMBER.findall(got) if abs(float(one) - float(shown)) <= NEAR), None)
            if real is not None and real not in want:
                want = want.replace(shown, real, 1)
        return super().check_output(want, got, optionflags)


def failures(test: doctest.DocTest) -> str:
    told = io.StringIO()
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    doctest.DocTestRunner(Near(), optionflags=flags).run(test, out=told.write)
    return told.getvalue()


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with the examples of the repository in it."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.weights
def test_the_page(here):
    test = doctest.DocTestParser().get_doctest(PAGE, {}, "python.md", "docs/python.md", 0)
    assert len(test.examples) > 20
    assert failures(test) == ""


CALLS = [name for name in aj.__all__ if name == "Run" or inspect.isroutine(getattr(aj, name)) or name == "judges"]


@pytest.mark.weights
@pytest.mark.parametrize("name", CALLS)
def test_the_docstring_of(name, here):
    found = getattr(aj, name)
    owner = type(found).__call__ if name == "judges" else found
    (test,) = doctest.DocTestFinder(recurse=False).find(owner, name, globs={"folder": here / "run"})
    assert test.examples, f"{name} has no example"
    assert failures(test) == ""


def test_a_number_that_is_far_off_is_told():
    checker = Near()
    assert checker.check_output("score 0.982, 2 of 2\n", "score 0.979, 2 of 2\n", 0)
    assert not checker.check_output("score 0.982, 2 of 2\n", "score 0.882, 2 of 2\n", 0)
    assert not checker.check_output("score 0.982, 2 of 2\n", "score 0.982, 1 of 2\n", 0)


@pytest.mark.weights
def test_the_lines_of_the_readme(here):
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## From Python\n")[1].split("\n## ")[0]
    lines = [line[4:] for line in section.splitlines() if line.startswith("    ")]
    assert len(lines) == 7
    names: dict[str, Any] = {}
    exec("\n".join(lines), names)
    assert names["record"].decision.match
    assert names["run"].clips["match"].tolist() == [True, False]
    assert callable(names["reward"])


def test_every_fenced_block_is_run():
    blocks = re.findall(r"(<!-- file: \S+ -->\n)?```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) > 8
    for named, block in blocks:
        assert named or block.startswith(">>> "), block


@pytest.mark.weights
def test_the_notebook_shows_what_its_cells_give(tmp_path, monkeypatch):
    examples = ROOT / "examples"
    spec = importlib.util.spec_from_file_location("run_notebook", examples / "run_notebook.py")
    assert spec is not None
    assert spec.loader is not None
    runner = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(runner)
    for name in ("audio", "captions.jsonl"):
        (tmp_path / name).symlink_to(examples / name)
    monkeypatch.chdir(tmp_path)
    notebook = json.loads((examples / "python.ipynb").read_text(encoding="utf-8"))
    kept = [cell["outputs"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    given = runner.run(notebook)
    assert sum(map(bool, kept)) > 7
    assert [len(outputs) for outputs in given] == [len(outputs) for outputs in kept]
    for (mine,), (theirs,) in zip(filter(None, given), filter(None, kept), strict=True):
        want, got = ("".join(output["data"]["text/plain"]) for output in (theirs, mine))
        assert Near().check_output(want, got, doctest.NORMALIZE_WHITESPACE), got
        assert mine["data"].keys() == theirs["data"].keys()
    assert {cell["execution_count"] is not None for cell in notebook["cells"] if cell["cell_type"] == "code"} == {True}
