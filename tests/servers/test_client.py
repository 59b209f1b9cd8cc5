"""The client against servers that do what servers do."""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from audiojudge_cli.servers.address import read_address
from audiojudge_cli.servers.client import Client, ExchangeError
from audiojudge_cli.servers.loop import wait_for


@contextlib.contextmanager
def saying(*answers: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """Serve raw bytes, one answer per connection; the last one is repeated."""
    server = socket.create_server(("127.0.0.1", 0))
    asked: list[bytes] = []
    threads: list[threading.Thread] = []

    def serve(link: socket.socket, answer: bytes) -> None:
        with link, contextlib.suppress(OSError):
            link.settimeout(5)
            data = link.recv(1 << 16)
            # A connection that is closed before everything was read is broken, whatever was answered.
            while not data.endswith(b"{}"):
                data += link.recv(1 << 16)
            asked.append(data)
            link.sendall(answer)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                link, _ = server.accept()
                answer = answers[min(len(threads), len(answers) - 1)]
                threads.append(threading.Thread(target=serve, args=(link, answer)))
                threads[-1].start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1", asked
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        for thread in (accepting, *threads):
            thread.join()


def ask(base: str, **more):
    options = {"timeout_s": 5.0, "most_bytes": 1000} | more
    return wait_for(Client(read_address(base, ""), **options).exchange("POST", "/chat/completions", (b"{", b"}")))


def whole(body: bytes, *, status: str = "200 OK", headers: bytes = b"") -> bytes:
    return b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s" % (status.encode(), headers, len(body), body)


def test_an_answer_comes_back_whatever_its_status():
    with saying(whole(b"tea", status="418 Teapot", headers=b"Retry-After: 3\r\n")) as (base, asked):
        answer = ask(base)
    assert (answer.status, answer.body, answer.headers["retry-after"]) == (418, b"tea", "3")
    assert asked[0].startswith(b"POST /v1/chat/completions HTTP/1.1\r\n")


@pytest.mark.parametrize("size", [999, 1000, 1001, 5_000_000])
def test_a_huge_answer_is_cut_off(size):
    with saying(whole(b"x" * size)) as (base, _):
        answer = ask(base)
    assert (len(answer.body), answer.is_cut) == (min(size, 1000), size > 1000)


def test_a_packed_answer_is_refused_before_it_is_unpacked():
    bomb = gzip.compress(b"0" * (64 << 20))
    with saying(whole(bomb, headers=b"Content-Encoding: gzip\r\n")) as (base, asked):
        with pytest.raises(ExchangeError, match="packs its answers"):
            ask(base, most_bytes=1 << 30)
        assert b"identity" in asked[0]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ntorn",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\n",
    ],
)
def test_what_is_no_http_is_one_kind_of_error(raw):
    with saying(raw) as (base, _), pytest.raises(ExchangeError):
        ask(base)


def test_nobody_there():
    with pytest.raises(ExchangeError):
        ask("http://127.0.0.1:9/v1")


@pytest.mark.parametrize("where", ["127.0.0.1", "localhost"])
def test_a_proxy_is_not_asked_for_this_machine(monkeypatch, where):
    with saying(whole(b"proxy")) as (proxy, by_proxy), saying(whole(b"server")) as (base, _):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.removesuffix("/v1"))
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        assert ask(base.replace("127.0.0.1", where)).body == b"server"
        assert by_proxy == []
        # Any other host is.
        assert ask("http://gpu.example.invalid/v1").body == b"proxy"
        assert by_proxy[0].startswith(b"POST http://gpu.example.invalid/v1/chat/completions")


def test_a_client_that_nobody_holds_closes_its_connections():
    closed = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        link, _ = server.accept()
        with link:
            link.settimeout(5)
            link.recv(1 << 16)
            link.sendall(whole(b"kept open"))
            if link.recv(1) == b"":
                closed.set()

    thread = threading.Thread(target=serve)
    thread.start()
    client = Client(read_address(f"http://127.0.0.1:{server.getsockname()[1]}", ""), timeout_s=5, most_bytes=100)
    assert wait_for(client.exchange("GET", "/models")).body == b"kept open"
    time.sleep(0.1)
    assert not closed.is_set()
    del client
    assert closed.wait(3)
    thread.join()
    server.close()
