from __future__ import annotations

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


class Cli:
    """The real command line in a folder of its own, with the tone judge installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

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

    def __call__(
        self, *arguments: object, text: str | None = None, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        process = self.start(*arguments, env=env, stdin=subprocess.PIPE if text else subprocess.DEVNULL)
        out, err = process.communicate(text, timeout=120)
        return subprocess.CompletedProcess(list(map(str, arguments)), process.returncode, out, err)


@pytest.fixture
def cli(tmp_path):
    return Cli(tmp_path)


@pytest.fixture
def inside(tmp_path, monkeypatch, capsys):
    """The same command line within this process, at a tenth of the time: for what needs no process of its own."""
    from audiojudge_cli.app import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(PLUGIN))
    for name in [name for name in os.environ if name.startswith("AUDIOJUDGE_")]:
        monkeypatch.delenv(name)

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["audiojudge", *map(str, arguments)])
        capsys.readouterr()
        code = main()
        told = capsys.readouterr()
        return subprocess.CompletedProcess(sys.argv[1:], code, told.out, told.err)

    return run


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
