from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

ROOT = Path(__file__).parents[2]
PLUGIN = Path(__file__).parents[1] / "plugin"
RATE = 8000


@pytest.fixture
def tones(tmp_path, monkeypatch):
    """A folder to work in with a third party's judge (`tests/plugin`): writes tones, asks about them by preset."""
    from audiojudge_cli.api import judging

    monkeypatch.syspath_prepend(str(PLUGIN))
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("AUDIOJUDGE_", "TONE_JUDGE_"))]:
        monkeypatch.delenv(name)
    (tmp_path / "tones.yaml").write_text("judge: tone\nexpander: tones\nworkers: 2\nbatch: 1\n")
    judging._kept.cache_clear()
    yield Tones(tmp_path)
    judging._kept.cache_clear()


class Tones:
    preset = "tones.yaml"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def samples(self, hertz: float = 440.0, seconds: float = 0.25):
        return 0.9 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)

    def write(self, name: str, hertz: float = 440.0, **form: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True, parents=True)
        soundfile.write(path, self.samples(hertz), RATE, **form)
        return path
