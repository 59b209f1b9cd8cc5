"""The process of a server: it listens, loads the judge meanwhile, and ends when everything accepted is answered."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn

from audiojudge_cli.errors import InputError
from audiojudge_cli.judges.base import Remarking
from audiojudge_cli.serving.application import ServerState, application
from audiojudge_cli.serving.handlers import Handlers, Policy
from audiojudge_cli.serving.metrics import Metrics
from audiojudge_cli.serving.middleware import Guard, admission_of, digest_of, hosts_of

if TYPE_CHECKING:
    from audiojudge_cli.judges.base import Judge

# Longer than clients keep a connection that they mean to use again (httpx: 5 s), so that it is they who close it.
_KEEP_ALIVE_S = 65
# Connections that the system keeps for us while the event loop is busy; more than clients that start together.
_BACKLOG = 1024
INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Service:
    """What is served, where, to whom.

    Attributes:
        policy: What is done.
        host: Address to listen on.
        port: Port; 0 takes one that is free.
        queue: Requests that may wait at once.
        token: What requests must show; None: nothing.
    """

    policy: Policy
    host: str
    port: int
    queue: int
    token: str | None


def serve(service: Service, load: Callable[[], Judge], tell: Callable[..., None]) -> int:
    """Serve until SIGINT or SIGTERM; return the exit code.

    Args:
        service: What and where.
        load: Loads the judge; called on a thread, once the server listens.
        tell: Takes an event, a line for people and facts, as `commands.event_log.Teller.tell`.

    Returns:
        0 when everything that was accepted is answered, 130 when a second signal cut that short.

    Raises:
        AudiojudgeError: If the judge cannot be loaded, or the address is taken.
    """
    state, metrics = ServerState(), Metrics()
    most = service.policy.most_bytes
    app = application(state, metrics, most)
    guard = Guard(
        app,
        metrics,
        admission_of(service.queue, most),
        most,
        None if service.token is None else digest_of(service.token),
        hosts_of(service.host),
        is_ready=lambda: state.handlers is not None,
        tell=lambda text: tell("problem", text, message=text),
    )
    # It has a line for every odd form, which anybody may send any number of.
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
    failed: list[BaseException] = []
    config = uvicorn.Config(
        guard,
        host=service.host,
        port=service.port,
        http="h11",
        ws="none",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
        lifespan="off",
    )
    server = _Server(config, state, tell)

    def open_handlers() -> None:
        try:
            judge = load()
            if isinstance(judge, Remarking):
                judge.remark_to(lambda text: tell("remark", text, message=text))
            handlers = Handlers(service.policy, judge, metrics.heard)
            handlers.warm()
        except BaseException as error:  # noqa: BLE001 - raised again by who waits
            failed.append(error)
            server.should_exit = True
            return
        state.about = {"judge": judge.name, "fingerprint": judge.fingerprint, "device": judge.device}
        state.handlers = handlers
        tell("ready", f"ready: {judge.name} on {judge.device}", **state.about)

    with listening(service.host, service.port) as sock:
        host, port = sock.getsockname()[:2]
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        tell("listening", f"listening on {address} (docs at {address}/docs); loading the judge", address=address)
        threading.Thread(target=open_handlers, name="audiojudge-load", daemon=True).start()
        with server.signals():
            asyncio.run(server.serve(sockets=[sock]))
    if failed:
        raise failed[0]
    if server.force_exit:
        return INTERRUPTED
    if state.handlers is not None:
        state.handlers.close()
    message = "everything that was accepted is answered"
    tell("stopped", f"stopped: {message}", message=message)
    return 0


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    With its protocol named, asyncio sends small answers at once (TCP_NODELAY); otherwise each waits some 40 ms until
    the client has confirmed what came before it.

    Raises:
        InputError: If it cannot, for instance because another process does.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        with contextlib.ExitStack() as closing:
            sock = closing.enter_context(socket.socket(found[0][0], socket.SOCK_STREAM, socket.IPPROTO_TCP))
            if os.name == "posix":  # elsewhere it means that another may listen at the same port
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(found[0][4])
            sock.listen(_BACKLOG)
            closing.pop_all()
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"cannot listen on {host}:{port}: {reason}; give another --host or --port") from error
    return sock


class _Server(uvicorn.Server):
    """A server whose signals are ours: the first lets everything accepted be answered, the second does not."""

    def __init__(self, config: uvicorn.Config, state: ServerState, tell: Callable[..., None]) -> None:
        super().__init__(config)
        self._state, self._tell = state, tell

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `signals`."""
        yield

    @contextlib.contextmanager
    def signals(self) -> Iterator[None]:
        """Catch SIGINT, SIGTERM and SIGHUP within the block; outside the main thread they cannot be caught."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        caught = [signal.SIGINT, signal.SIGTERM]
        # A terminal that closes; Windows has none, and whoever started this with nohup wants it to stay.
        if (hang_up := getattr(signal, "SIGHUP", None)) and signal.getsignal(hang_up) is not signal.SIG_IGN:
            caught.append(hang_up)
        before = {number: signal.signal(number, self._on_signal) for number in caught}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self.should_exit:
            # A terminal that closes may say so twice, and is in no hurry.
            self.force_exit = self.force_exit or number != getattr(signal, "SIGHUP", None)
            return
        self._state.stopping = self.should_exit = True
        message = "what was accepted is answered first (again: stop at once)"
        self._tell("stopping", f"stopping: {message}", message=message)
