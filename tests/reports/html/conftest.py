"""A run with real audio behind it, and a real browser to open its report in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from audiojudge_cli.reports.gather import gather
from audiojudge_cli.reports.html.page import html_report

RATE = 8000


def write_tones(folder: Path, audio: Path) -> None:
    """Give every clip of a run an audio file of 0.1 s, as its record says."""
    audio.mkdir(exist_ok=True)
    lines = []
    for number, line in enumerate((folder / "records.jsonl").read_text(encoding="utf-8").splitlines(), start=1):
        record = json.loads(line)
        if record["audio"]["sha256"]:
            path = audio / record["audio"]["path"]
            soundfile.write(path, 0.5 * np.sin(2 * np.pi * 100 * number * np.arange(RATE // 10) / RATE), RATE)
            record["audio"]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(json.dumps(record) + "\n")
    (folder / "records.jsonl").write_text("".join(lines), encoding="utf-8", newline="")


def sounding_in(parent: Path, make_run: Callable[..., Path]) -> Callable[..., Path]:
    def make(rows, name="run", **options):
        outputs = parent / "outputs"
        folder = make_run(rows, name, info={"inputs": {"outputs": str(outputs), "captions": None}}, **options)
        write_tones(folder, outputs)
        return folder

    return make


def pages_in(parent: Path) -> Callable[..., Path]:
    def write(run, baseline=None, **options):
        page = parent / "report.html"
        page.write_text(html_report(gather(run, baseline, clips=1000), page, **options), encoding="utf-8")
        return page

    return write


@pytest.fixture
def sounding_run(make_run, tmp_path):
    """As `make_run`, with audio files in `outputs/` and a run.json that names that folder."""
    return sounding_in(tmp_path, make_run)


@pytest.fixture
def write_page(tmp_path):
    """Write the report of a run; returns its path."""
    return pages_in(tmp_path)


@pytest.fixture(scope="module")
def report(request, runs_in, tmp_path_factory):
    """The report of the clips that the module calls ROWS, written once for all its tests."""
    folder = tmp_path_factory.mktemp("report")
    return pages_in(folder)(sounding_in(folder, runs_in(folder))(request.module.ROWS))


@pytest.fixture(scope="module")
def makers(runs_in, tmp_path_factory):
    """What makes runs with audio and what writes their pages, in a folder that all tests of a module share."""
    folder = tmp_path_factory.mktemp("made")
    return sounding_in(folder, runs_in(folder)), pages_in(folder)


class Opener:
    """Opens pages, each in a profile of its own, and notes what must not happen in them."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser
        self.contexts: list[Any] = []
        self.troubles: list[str] = []

    def __call__(self, path: Path, fragment: str = "", *, scheme: str = "light", width: int = 1280) -> Any:
        context = self.browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: self.troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("request", self._request)
        page.goto(path.as_uri() + fragment)
        return page

    def _request(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.troubles.append(f"request: {request.url}")


@pytest.fixture
def open_page(chromium):
    """Open pages; at the end no error may have stood on a console, and nothing may have left for a network."""
    opener = Opener(chromium)
    yield opener
    for context in opener.contexts:
        context.close()
    assert opener.troubles == []
