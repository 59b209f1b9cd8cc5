import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from audiojudge_cli.weights.card import HubFile, Source, WeightFile
from audiojudge_cli.weights.hub import HubError, cached_file, download
from audiojudge_cli.weights.sources import Fetcher, SourceError

WANTED = HubFile(repo="owner/toy", revision="main", file="deep/model.bin")


@pytest.fixture
def servers() -> Iterator[tuple[str, list[tuple[str, str, str | None]]]]:
    """Two real servers; the first sends every request on to the second, which answers with the bytes `toy`."""
    seen: list[tuple[str, str, str | None]] = []

    class Storage(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(("storage", self.path, self.headers.get("Authorization")))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"toy")

        def log_message(self, *_: object) -> None:
            pass

    storage = ThreadingHTTPServer(("127.0.0.1", 0), Storage)

    class Hub(Storage):
        def do_GET(self) -> None:
            seen.append(("hub", self.path, self.headers.get("Authorization")))
            if "absent" in self.path:
                self.send_error(404)
                return
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{storage.server_port}/blob")
            self.end_headers()

    hub = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threads = [threading.Thread(target=server.serve_forever) for server in (hub, storage)]
    for thread in threads:
        thread.start()
    yield f"http://127.0.0.1:{hub.server_port}", seen
    for server in (hub, storage):
        server.shutdown()
        server.server_close()
    for thread in threads:
        thread.join()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HF_HUB_CACHE", "HF_ENDPOINT", "HF_TOKEN", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def lay_in_cache(folder: Path, revision: str = "main", commit: str = "c0ffee") -> Path:
    repository = folder / "models--owner--toy"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / revision).write_text(commit)
    file = repository / "snapshots" / commit / "deep" / "model.bin"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"toy")
    return file


def test_the_local_cache_is_found_by_branch_and_by_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = lay_in_cache(tmp_path / "hf" / "hub")
    assert cached_file(WANTED) == file
    assert cached_file(WANTED.model_copy(update={"revision": "c0ffee"})) == file
    assert cached_file(WANTED.model_copy(update={"revision": "other"})) is None
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "elsewhere"))
    assert cached_file(WANTED) is None


def test_the_token_stays_with_the_hub(
    servers: tuple[str, list[tuple[str, str, str | None]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint, seen = servers
    monkeypatch.setenv("HF_ENDPOINT", endpoint + "/")
    monkeypatch.setenv("HF_TOKEN", "secret")
    with download(WANTED) as stream:
        assert stream.read() == b"toy"
    assert seen == [("hub", "/owner/toy/resolve/main/deep/model.bin", "Bearer secret"), ("storage", "/blob", None)]


def test_the_cache_comes_before_the_network(
    servers: tuple[str, list[tuple[str, str, str | None]]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    entry: Callable[..., WeightFile],
) -> None:
    endpoint, seen = servers
    monkeypatch.setenv("HF_ENDPOINT", endpoint)
    lay_in_cache(tmp_path / "hf" / "hub")
    source = {"hf": WANTED.model_dump()}
    target = tmp_path / "out"
    Fetcher(tmp_path).fetch(entry(b"toy", source), Source.model_validate(source), tmp_path, target)
    assert target.read_bytes() == b"toy"
    assert not seen


def test_a_file_from_the_network(
    servers: tuple[str, list[tuple[str, str, str | None]]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    entry: Callable[..., WeightFile],
) -> None:
    endpoint, seen = servers
    monkeypatch.setenv("HF_ENDPOINT", endpoint)
    source = {"hf": WANTED.model_dump()}
    Fetcher(tmp_path).fetch(entry(b"toy", source), Source.model_validate(source), tmp_path, tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"toy"
    assert len(seen) == 2


def test_offline_reads_the_cache_only(
    servers: tuple[str, list[tuple[str, str, str | None]]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    entry: Callable[..., WeightFile],
) -> None:
    endpoint, seen = servers
    monkeypatch.setenv("HF_ENDPOINT", endpoint)
    source = {"hf": WANTED.model_dump()}
    fetcher = Fetcher(tmp_path, offline=True)
    with pytest.raises(SourceError, match="switched off"):
        fetcher.fetch(entry(b"toy", source), Source.model_validate(source), tmp_path, tmp_path / "out")
    assert not seen


def test_refusals_say_why(
    servers: tuple[str, list[tuple[str, str, str | None]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint, _ = servers
    monkeypatch.setenv("HF_ENDPOINT", endpoint)
    with pytest.raises(HubError, match="404"):
        download(WANTED.model_copy(update={"file": "absent"}))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")
    with pytest.raises(HubError, match="cannot be reached"):
        download(WANTED)
    monkeypatch.setenv("HF_ENDPOINT", "file:///etc")
    with pytest.raises(HubError, match="must start with"):
        download(WANTED)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(HubError, match="HF_HUB_OFFLINE"):
        download(WANTED)
