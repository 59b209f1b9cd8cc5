from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

PLUGIN = Path(__file__).parents[1] / "plugin"
RATE = 8000

OUTSIDE = {name: value for name, value in os.environ.items() if name.startswith("AUDIOJUDGE_")}
"""What the shell of whoever runs the tests has set; no test is to depend on it."""


class Cli:
    """The command line in a folder of its own, with the tone judge installed.

    A call runs it within this process, at a tenth of the time. `alone` and `start` give it a process of its own: for
    signals, descriptors, and what a process does at its start and its end.
    """

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys

    def environment(self, extra: dict[str, str] | None = None) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AUDIOJUDGE_")}
        path = os.pathsep.join([str(PLUGIN), *filter(None, [os.environ.get("PYTHONPATH")])])
        return {**kept, "PYTHONPATH": path, **(extra or {})}

    def start(
        self,
        *arguments: object,
        env: dict[str, str] | None = None,
        stdin: int = subprocess.DEVNULL,
        stdout: int = subprocess.PIPE,
        stderr: int = subprocess.PIPE,
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "audiojudge_cli", *map(str, arguments)],
            cwd=self.folder,
            env=self.environment(env),
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            text=True,
            encoding="utf-8",
        )

    def alone(
        self, *arguments: object, text: str | None = None, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        process = self.start(*arguments, env=env, stdin=subprocess.PIPE if text else subprocess.DEVNULL)
        out, err = process.communicate(text, timeout=120)
        return subprocess.CompletedProcess(list(map(str, arguments)), process.returncode, out, err)

    def __call__(
        self, *arguments: object, text: str | None = None, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        from audiojudge_cli.app import main

        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            for name, value in OUTSIDE.items():
                if os.environ.get(name) == value:  # what a test has set itself stays
                    patch.delenv(name)
            for name, value in (env or {}).items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["audiojudge", *map(str, arguments)])
            if text is not None:
                patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
            self.capsys.readouterr()
            code = main()
        told = self.capsys.readouterr()
        return subprocess.CompletedProcess(list(map(str, arguments)), code, told.out, told.err)


@pytest.fixture
def cli(tmp_path, monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(PLUGIN))
    return Cli(tmp_path, capsys)


@pytest.fixture
def inside(cli, tmp_path, monkeypatch):
    """The same where the test, too, is at work in that folder."""
    monkeypatch.chdir(tmp_path)
    return cli


@pytest.fixture
def tones(tmp_path):
    """Write `outputs/<n>.wav` of n * 100 Hz and `captions.jsonl`; returns the manifest."""

    def make(captions, *, audio=None):
        (tmp_path / "outputs").mkdir(exist_ok=True)
        rows = []
        for number, caption in enumerate(captions, start=1):
            name = f"{number:02}.wav"
            if audio is None or number <= audio:
                time = np.arange(RATE // 4) / RATE
                soundfile.write(tmp_path / "outputs" / name, 0.9 * np.sin(2 * np.pi * 100 * number * time), RATE)
            rows.append({"file_name": name, "caption": caption})
        manifest = tmp_path / "captions.jsonl"
        manifest.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return manifest

    return make
