"""Against a real server that speaks as much of the hub's language as its client asks for."""

from __future__ import annotations

import hashlib
import json
import re
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

import pytest

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.weights.snapshot import cached_snapshot, fetch_snapshot

pytest.importorskip("huggingface_hub", reason="needs the hub's client, which comes with the extra `omni`")

COMMIT = "c" * 40
FILES = {
    "config.json": b'{"model_type": "toy"}',
    "tokenizer.json": b"{}",
    "README.md": b"# no",
    "pytorch_model.bin": b"pickle",
    "evil.py": b"raise SystemExit",
    "model.safetensors.index.json": json.dumps(
        {"weight_map": {"a.weight": "one.safetensors", "talker.weight": "two.safetensors"}}
    ).encode(),
    "one.safetensors": b"1" * 100,
    "two.safetensors": b"2" * 100,
}


def needed(name: str) -> bool:
    return not name.startswith("talker.")


class Hub(BaseHTTPRequestHandler):
    """Lists and hands out FILES; the server's `seen` has what was asked for."""

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.answer(body=True)

    def answer(self, *, body: bool) -> None:
        path = self.path.partition("?")[0]
        if body:
            cast("Server", self.server).seen.append(path)
        if "/absent" in path:
            self.reply(404, {"X-Error-Code": "RepoNotFound"}, b"")
            return
        if path.startswith("/api/models/"):
            rows = [{"type": "file", "path": name, "size": len(raw), "oid": "0" * 40} for name, raw in FILES.items()]
            content = json.dumps(rows).encode()
        else:
            content = FILES[path.rpartition("/")[2]]
        tag = hashlib.sha256(content).hexdigest()
        headers = {"ETag": f'"{tag}"', "X-Repo-Commit": COMMIT, "Content-Type": "application/json"}
        self.reply(200, {**headers, "Content-Length": str(len(content))}, content if body else b"")

    def reply(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": "0", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """A hub on this machine."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        super().__init__(("127.0.0.1", 0), Hub)


@pytest.fixture
def asked(monkeypatch, tmp_path) -> Iterator[list[str]]:
    """The paths that a hub on this machine was asked for."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    for name in ("HF_HUB_CACHE", "HF_TOKEN", "HF_HUB_OFFLINE", "AUDIOJUDGE_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield server.seen
    server.shutdown()
    server.server_close()
    thread.join()


def test_fetches_what_is_needed_and_then_never_asks_again(asked):
    folder = fetch_snapshot("owner/toy", "main", needed)
    assert {path.name for path in folder.iterdir()} == {
        "config.json", "tokenizer.json", "model.safetensors.index.json", "one.safetensors",
    }  # fmt: skip
    assert (folder / "one.safetensors").read_bytes() == FILES["one.safetensors"]
    asked.clear()
    assert fetch_snapshot("owner/toy", "main", needed) == folder
    assert fetch_snapshot("owner/toy", COMMIT, needed) == folder
    assert asked == []


def test_without_a_terminal_lines_say_how_large_it_is_and_how_far(asked, capsys, monkeypatch):
    monkeypatch.setattr("audiojudge_cli.weights.progress.LINE_EVERY_S", 0.0)
    shard = b"1" * 30_000_000
    monkeypatch.setitem(FILES, "one.safetensors", shard)
    fetch_snapshot("owner/toy", "main", needed)
    out, err = capsys.readouterr()
    first, *others = err.splitlines()
    assert out == ""
    assert first == "fetching hf:owner/toy@main: 2 files, 30.0 MB"
    pattern = r"fetching hf:owner/toy@main: (\d+\.\d) MB of 30\.0 MB \((\d+)%\), [\d.]+ [MG]B/s"
    seen = [re.fullmatch(pattern, line) for line in others]
    assert all(seen)
    shares = [int(match[2]) for match in seen if match]
    assert len(shares) > 1
    assert shares == sorted(shares)
    assert shares[-1] == 100
    fetch_snapshot("owner/toy", "main", needed)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("hubs_own", [True, False])
def test_on_a_terminal_one_bar_shows_it_whatever_the_hubs_client_is_set_to(asked, capsys, monkeypatch, hubs_own):
    utils = pytest.importorskip("huggingface_hub.utils")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    if hubs_own:
        utils.enable_progress_bars()
    else:
        # As transformers leaves it once a model was loaded quietly.
        utils.disable_progress_bars()
    fetch_snapshot("owner/toy", "main", needed)
    err = capsys.readouterr().err
    assert err.startswith("fetching hf:owner/toy@main: 2 files, 0.0 MB\n")
    assert "hf:owner/toy@main: 100%" in err
    assert "one.safetensors" not in err


@pytest.mark.parametrize("with_config", [True, False])
def test_an_adapter_alone_is_told_as_such_before_it_is_fetched(asked, monkeypatch, with_config):
    monkeypatch.delitem(FILES, "model.safetensors.index.json")
    monkeypatch.setitem(FILES, "adapter_config.json", b"{}")
    monkeypatch.setitem(FILES, "adapter_model.safetensors", b"1")
    if not with_config:
        monkeypatch.delitem(FILES, "config.json")
    with pytest.raises(WeightsError, match="hf:owner/toy@main holds an adapter alone, not a model; merge it"):
        fetch_snapshot("owner/toy", "main", needed)
    assert not any("resolve" in path for path in asked)


def test_what_is_there_counts_offline(asked, monkeypatch):
    folder = fetch_snapshot("owner/toy", "main", needed)
    monkeypatch.setenv("AUDIOJUDGE_OFFLINE", "1")
    assert fetch_snapshot("owner/toy", "main", needed) == folder


def test_an_interrupted_download_is_finished(asked):
    folder = fetch_snapshot("owner/toy", "main", needed)
    (folder / "one.safetensors").unlink()
    assert cached_snapshot("owner/toy", "main", needed) is None
    assert fetch_snapshot("owner/toy", "main", needed) == folder
    assert (folder / "one.safetensors").read_bytes() == FILES["one.safetensors"]


@pytest.mark.parametrize("variable", ["AUDIOJUDGE_OFFLINE", "HF_HUB_OFFLINE"])
def test_offline_is_honoured(asked, monkeypatch, variable):
    monkeypatch.setenv(variable, "1")
    with pytest.raises(WeightsError, match=f"hf:owner/toy@main is not .* in the hub's cache .*{variable} is set"):
        fetch_snapshot("owner/toy", "main", needed)
    assert asked == []


def test_a_repository_that_is_not_there_is_one_line(asked):
    with pytest.raises(WeightsError, match=r"hf:owner/absent@main cannot be fetched: .*check name, revision") as caught:
        fetch_snapshot("owner/absent", "main", needed)
    assert "\n" not in str(caught.value)


def test_an_index_that_leads_out_of_its_folder_is_refused(asked, monkeypatch):
    evil = json.dumps({"weight_map": {"a": "../../../secret"}}).encode()
    monkeypatch.setitem(FILES, "model.safetensors.index.json", evil)
    with pytest.raises(WeightsError, match="outside its folder"):
        fetch_snapshot("owner/toy", "main", needed)


def test_a_repository_without_safetensors(asked, monkeypatch):
    monkeypatch.delitem(FILES, "model.safetensors.index.json")
    with pytest.raises(WeightsError, match=r"no config\.json with safetensors beside it"):
        fetch_snapshot("owner/toy", "main", needed)


def test_a_quantized_checkpoint_is_fetched_whole(asked, monkeypatch):
    monkeypatch.setitem(FILES, "config.json", b'{"model_type": "toy", "quantization_config": {}}')
    assert (fetch_snapshot("owner/toy", "main", needed) / "two.safetensors").is_file()
