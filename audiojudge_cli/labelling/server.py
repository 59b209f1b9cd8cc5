"""The local server behind the page: this machine only, behind an address nobody can guess, a handful of paths.

What it gives away is the page, what the page shows of a clip, and the audio of clips of the run by their number; no
path of a request ever becomes the path of a file. Pages of other sites cannot read it (no CORS, the token), cannot
write to it (`Origin`, JSON only) and cannot come in by a name of their own (`Host`).
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import signal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from audiojudge_cli.errors import AudiojudgeError, ClipError, InputError
from audiojudge_cli.labelling.page import Page
from audiojudge_cli.labelling.session import Session
from audiojudge_cli.labelling.sounds import Sounds
from audiojudge_cli.text.jsonl import dumps, loads

HOST = "127.0.0.1"
_NAMES = {"127.0.0.1", "localhost"}
"""Names of this machine; another port is fine, as of a tunnel. A page of another site that lets its own name resolve to
this machine (DNS rebinding) still sends its own."""
_MOST_BODY = 256 << 10
"""Bytes of a label: a note, and the answers to more items than any rubric has."""
_IDLE_S = 60.0
"""A connection over which nothing comes for so long is closed."""
_LOOK_S = 0.1
"""How long an end that was asked for may take."""
_BLOCK = 1 << 18
_SPAN = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
"""One range of bytes (RFC 9110, section 14.1.2); several are answered with the whole, as a server may."""
_NUMBER = re.compile(r"\d{1,9}")
"""A place in the order: no run has more clips."""


class Server(ThreadingHTTPServer):
    """Serves the clips of one session.

    Args:
        session: Who labels what.
        sounds: The audio.
        page: The page.
        port: To listen on; 0 takes a free one.

    Raises:
        InputError: If the port is taken or forbidden.
    """

    daemon_threads = True
    # On Windows two programs would share the port, and each would have some of the requests; elsewhere this lets a port
    # be taken again at once after the end.
    allow_reuse_address = os.name != "nt"

    def __init__(self, session: Session, sounds: Sounds, page: Page, port: int = 0) -> None:
        self.session, self.sounds, self.page = session, sounds, page
        self.token = secrets.token_urlsafe(24)
        self.ended = False
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            raise InputError(f"cannot listen on port {port}: {error.strerror or error}; give another --port") from error

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{HOST}:{self.server_address[1]}/{self.token}/"

    def serve_until_interrupted(self) -> None:
        """Serve until Ctrl-C, or until the process is asked to end; labels are whole at any moment.

        A flag ends it: an exception that is raised wherever the main thread happens to be may be swallowed there.
        """
        ended = False

        def end(*_: object) -> None:
            nonlocal ended
            ended = True

        self.timeout = _LOOK_S
        asked = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
        before = [(each, signal.signal(each, end)) for each in asked]
        try:
            while not ended:
                self.handle_request()
        finally:
            for each, handler in before:
                signal.signal(each, handler)

    def server_close(self) -> None:
        """Close the socket, and leave what browsers still ask for over open connections without an answer."""
        self.ended = True
        super().server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a browser that closes a connection while audio plays is no error."""


class _Refused(Exception):  # noqa: N818 - an answer, not an error
    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "audiojudge"
    sys_version = ""
    timeout = _IDLE_S

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_HEAD(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Write nothing: the terminal is for remarks."""

    def _answer(self, how: Any) -> None:  # noqa: ANN401 - a bound method of this class
        if self.server.ended:
            self.close_connection = True
            return
        try:
            how(self._path())
        except _Refused as refused:
            self.close_connection = True
            self._json({"error": str(refused)}, code=refused.code)
        except ClipError as error:
            self._json({"error": str(error)}, code=404)
        except (OSError, AudiojudgeError) as error:
            reason = error.strerror or str(error) if isinstance(error, OSError) else str(error)
            self._json({"error": reason}, code=500)

    def _path(self) -> list[str]:
        """Return the parts of the path behind the token.

        Raises:
            _Refused: If the token or the name of this machine is wrong.
        """
        host = self.headers.get("Host", "")
        if _name(host) not in _NAMES:
            raise _Refused(403, "not for this host")
        first, *rest = urlsplit(self.path).path.removeprefix("/").split("/")
        if not hmac.compare_digest(first.encode("latin-1", "replace"), self.server.token.encode()):
            raise _Refused(404, "there is nothing here; the address is the one that `audiojudge label` printed")
        return rest

    def _get(self, path: list[str]) -> None:
        session = self.server.session
        match path:
            case [""]:
                page = self.server.page
                self._send(page.html, "text/html; charset=utf-8", {"Content-Security-Policy": page.policy})
            case ["next"]:
                self._json(session.next())
            case ["next", place]:
                self._json(session.next(_number(place)))
            case ["clip", place]:
                self._json(self._checked(lambda: session.at(_number(place))))
            case ["audio", place]:
                self._audio(_number(place), as_wav=False)
            case ["wav", place]:
                self._audio(_number(place), as_wav=True)
            case _:
                raise _Refused(404, "there is nothing here")

    def _post(self, path: list[str]) -> None:
        origin = self.headers.get("Origin", "")
        if origin != f"http://{self.headers.get('Host', '')}":
            raise _Refused(403, "labels are taken from the page alone")
        if self.headers.get_content_type() != "application/json":
            raise _Refused(415, "labels are JSON")
        length = self.headers.get("Content-Length", "")
        if not _NUMBER.fullmatch(length) or int(length) > _MOST_BODY:
            raise _Refused(413, "too much, or of unknown length")
        raw = self.rfile.read(int(length))
        try:
            said = loads(raw)
        except ValueError as error:
            raise _Refused(400, "no JSON") from error
        if not isinstance(said, dict):
            raise _Refused(400, "no label")
        match path:
            case ["label"]:
                self._json(self._checked(lambda: self.server.session.label(said)))
            case ["undo"]:
                self._json(self.server.session.undo())
            case _:
                raise _Refused(404, "there is nothing here")

    def _checked(self, call: Any) -> Any:  # noqa: ANN401 - a call without arguments, of any outcome
        try:
            return call()
        except (ValueError, TypeError) as error:
            raise _Refused(400, str(error)) from error

    def _audio(self, place: int, *, as_wav: bool) -> None:
        clips = self.server.session.clips
        if place >= len(clips.order):
            raise _Refused(404, "no such clip")
        sound = self.server.sounds.sound(clips.record(place).audio, as_wav=as_wav)
        with Path(sound.path).open("rb") as file:
            size = file.seek(0, 2)
            span = _span(self.headers.get("Range", ""), size)
            start, end = span or (0, size)
            self.send_response(206 if span else 200)
            self._headers(sound.type, end - start)
            self.send_header("Accept-Ranges", "bytes")
            if span:
                self.send_header("Content-Range", f"bytes {start}-{end - 1}/{size}")
            self.end_headers()
            file.seek(start)
            left = 0 if self.command == "HEAD" else end - start
            try:
                while left and (block := file.read(min(_BLOCK, left))):
                    self.wfile.write(block)
                    left -= len(block)
            except OSError:  # the browser has enough: it seeks elsewhere, or the next clip is on
                self.close_connection = True
        if left:
            self.close_connection = True

    def _json(self, data: Any, code: int = 200) -> None:  # noqa: ANN401 - any JSON value
        self._send(dumps(data), "application/json", code=code)

    def _send(self, text: str, kind: str, more: dict[str, str] | None = None, *, code: int = 200) -> None:
        body = text.encode()
        try:
            self.send_response(code)
            self._headers(kind, len(body))
            for name, value in (more or {}).items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)
        except OSError:  # nobody listens any more
            self.close_connection = True

    def _headers(self, kind: str, length: int) -> None:
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        if self.close_connection:
            self.send_header("Connection", "close")


def _name(host: str) -> str:
    name, _, port = host.rpartition(":")
    return name if name and port.isdigit() else host


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise _Refused(404, "no such clip")
    return int(text)


def _span(text: str, size: int) -> tuple[int, int] | None:
    """Return the first byte that is asked for, and the one behind the last; None for the whole.

    Raises:
        _Refused: 416, if no byte of the file is asked for.
    """
    found = _SPAN.fullmatch(text.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    start, end = (max(0, size - int(last)), size) if not first else (int(first), min(size, int(last or size) + 1))
    if start >= end:
        raise _Refused(416, "no such part of the audio")
    return start, end
