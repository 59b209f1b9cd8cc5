from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from audiojudge_cli.reports.html.sources import AudioFinder, link, media_type, read_same
from audiojudge_cli.results.record import AudioFacts


def info(outputs: Path | str, captions: str | None = None) -> dict[str, Any]:
    return {"inputs": {"outputs": str(outputs), "captions": captions}}


def test_audio_is_found_in_the_folder_of_outputs(tmp_path):
    (tmp_path / "out" / "deep").mkdir(parents=True)
    (tmp_path / "out" / "deep" / "a.wav").write_bytes(b"x")
    finder = AudioFinder(tmp_path / "run", info(tmp_path / "out"), None)
    assert finder.find(AudioFacts("deep/a.wav")) == tmp_path / "out" / "deep" / "a.wav"
    assert finder.find(AudioFacts("deep\\a.wav")) == tmp_path / "out" / "deep" / "a.wav"
    assert finder.find(AudioFacts("deep")) is None
    assert finder.find(AudioFacts("b.wav")) is None


def test_audio_is_found_beside_a_manifest_and_an_audio_file(tmp_path):
    (tmp_path / "data").mkdir()
    for name in ("m.jsonl", "a.wav"):
        (tmp_path / "data" / name).write_bytes(b"x")
    for named in ("m.jsonl", "a.wav"):
        finder = AudioFinder(tmp_path / "run", info(tmp_path / "data" / named), None)
        assert finder.find(AudioFacts("a.wav")) == tmp_path / "data" / "a.wav"


def test_inputs_relative_to_a_folder_above_the_run_are_found_from_anywhere(tmp_path, monkeypatch):
    (tmp_path / "project" / "out").mkdir(parents=True)
    (tmp_path / "project" / "out" / "a.wav").write_bytes(b"x")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    finder = AudioFinder(tmp_path / "project" / "runs" / "one", info("out"), None)
    assert finder.find(AudioFacts("a.wav")) == tmp_path / "project" / "out" / "a.wav"


def test_a_folder_named_by_the_user_comes_first(tmp_path):
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.wav").write_bytes(b"x")
    finder = AudioFinder(tmp_path / "run", info(tmp_path / "old"), tmp_path / "new")
    assert finder.find(AudioFacts("a.wav")) == tmp_path / "new" / "a.wav"


@pytest.mark.parametrize("found", [{}, {"inputs": None}, {"inputs": []}, {"inputs": {"outputs": 3, "captions": "\0"}}])
@pytest.mark.parametrize("path", ["a.wav", "x" * 5000, "a\0b", ""])
def test_odd_run_files_and_paths_find_nothing(tmp_path, found, path):
    assert AudioFinder(tmp_path / "run", found, None).find(AudioFacts(path)) is None


def test_only_the_very_file_that_was_judged_is_read(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(b"sound")
    right = AudioFacts("a.wav", hashlib.sha256(b"sound").hexdigest())
    assert read_same(path, right, 5) == b"sound"
    assert read_same(path, right, 4) is None
    assert read_same(path, AudioFacts("a.wav"), 5) is None
    assert read_same(tmp_path / "b.wav", right, 5) is None
    path.write_bytes(b"other")
    assert read_same(path, right, 5) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_never_blocks(tmp_path):
    os.mkfifo(tmp_path / "a.wav")
    assert read_same(tmp_path / "a.wav", AudioFacts("a.wav", "0" * 64), 5) is None


@pytest.mark.parametrize("name", ["a b.wav", "50%#?.wav", "javascript:x.wav", "é“.wav"])
def test_links_are_relative_and_escaped(tmp_path, name):
    address = link(tmp_path / "out" / name, tmp_path / "reports" / "r.html")
    assert unquote(address) == f"../out/{name}"
    assert not set(address) & set(" #?\"'<>:")
    assert not link(tmp_path / name, tmp_path / "r.html").startswith("javascript:")


def test_a_link_starts_from_the_page_wherever_the_command_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert link(Path("out/a.wav"), Path("reports/r.html")) == "../out/a.wav"


@pytest.mark.parametrize(("name", "kind"), [("a.FLAC", "audio/flac"), ("b.opus", "audio/ogg"), ("c", None)])
def test_media_types(name, kind):
    assert media_type(name) == (kind or "application/octet-stream")
