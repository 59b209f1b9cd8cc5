"""`import audiojudge_cli` is light, and its names are those that docs/python.md promises."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_type

import pytest

import audiojudge_cli as aj

PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")


def fresh(code: str) -> Any:
    """Return what code prints as JSON in a new process."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_importing_reads_nothing_else_and_is_quick():
    found = fresh(
        "import json, sys, time; before = set(sys.modules); start = time.perf_counter(); import audiojudge_cli;"
        "took = time.perf_counter() - start; new = set(sys.modules) - before;"
        "known = {*sys.stdlib_module_names, 'audiojudge_cli'};"
        "print(json.dumps([took, sorted(name for name in new if name.split('.')[0] not in known)]))"
    )
    seconds, strangers = found
    assert strangers == []
    assert seconds < 0.1


def test_looking_names_up_reads_nothing_heavy():
    heavy = ("pandas", "scipy", "spacy", "torch", "onnxruntime", "ctranslate2", "soundfile", "pyarrow", "typer", "tqdm")
    found = fresh(
        f"import sys, json; from audiojudge_cli import *; print(json.dumps(sorted(set({heavy!r}) & set(sys.modules))))"
    )
    assert found == []


def test_every_name_is_there_and_has_a_docstring():
    for name in aj.__all__:
        found = getattr(aj, name)
        assert name == "__version__" or found.__doc__, name
    assert set(aj.__all__) <= set(dir(aj))
    assert len(aj.__all__) == len(set(aj.__all__)) < 30


@pytest.mark.parametrize("name", ["nothing", "Scorer", "__wrapped__"])
def test_other_names_are_not_there(name):
    with pytest.raises(AttributeError, match=name):
        getattr(aj, name)


def test_the_page_has_every_name_and_no_other():
    rows = re.findall(r"^\| (`.*?`) \| ", PAGE.split("## All names")[1], re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == set(aj.__all__)
    assert set(re.findall(r"\baj\.(\w+)", PAGE)) <= set(aj.__all__)


def test_errors_are_those_of_the_package():
    for name in ("ClipError", "InputError", "NotJudgedError", "WeightsError"):
        assert issubclass(getattr(aj, name), aj.AudiojudgeError)
    assert not issubclass(aj.AudiojudgeError, SystemExit)


def test_the_package_of_judges_can_be_called_and_is_a_package():
    assert fresh("import json, audiojudge_cli as aj; print(json.dumps(aj.judges()))") == list(aj.judges())
    code = (
        "import json, audiojudge_cli.judges.base as base, audiojudge_cli as aj; from audiojudge_cli import judges; "
        "print(json.dumps([judges() == aj.judges(), base.__name__]))"
    )
    assert fresh(code) == [True, "audiojudge_cli.judges.base"]
    assert {"embedded", "omni", "qwen2.5-omni-7b"} <= set(aj.judges())
    assert not {"language", "speaker"} & set(aj.judges())


if TYPE_CHECKING:  # mypy reads this file
    assert_type(aj.score("dog.wav", "A dog barks."), aj.Record)
    assert_type(aj.run("outputs"), aj.Run)
    assert_type(aj.expand("A dog barks."), aj.Rubric)
    assert_type(aj.judges(), tuple[str, ...])
    assert_type(aj.load_judge("embedded"), aj.Judge)
    assert_type(aj.open_run("run").gate("score.mean >= 0.5"), aj.GateResult)


def test_types_are_told_to_checkers():
    assert (Path(aj.__file__).parent / "py.typed").is_file()
