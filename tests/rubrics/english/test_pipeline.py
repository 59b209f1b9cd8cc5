"""Reading English loads no framework: torch alone would add a second to every start where it is installed."""

from __future__ import annotations

import subprocess
import sys

import pytest

READ = """
import sys
from audiojudge_cli.rubrics.english.pipeline import parsed
assert next(parsed(["The dogs are barking."]))[1].lemma_ == "dog"
ours = [finder for finder in sys.meta_path if type(finder).__module__.startswith("audiojudge")]
print(sorted({"torch", "tensorflow", "cupy"} & set(sys.modules)), ours)
"""
AFTERWARDS = """
import torch
print(float(torch.ones(2).sum()))
"""
MEANWHILE = """
from threading import Thread
from audiojudge_cli.rubrics.english.pipeline import _without
with _without("this"):
    other = Thread(target=lambda: print(__import__("this").__name__))
    other.start()
    other.join()
"""


def printed(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_no_framework_is_loaded_and_no_finder_stays() -> None:
    assert printed(READ) == ["[] []"]


def test_torch_can_be_loaded_afterwards() -> None:
    pytest.importorskip("torch")
    assert printed(READ + AFTERWARDS)[-1] == "2.0"


def test_another_thread_finds_what_is_hidden_from_this_one() -> None:
    assert printed(MEANWHILE)[-1] == "this"
