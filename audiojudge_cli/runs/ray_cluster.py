"""The Ray cluster as this program uses it: started or joined quietly, workers made, calls made and waited for."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import os
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from audiojudge_cli.errors import InputError, NotJudgedError
from audiojudge_cli.runs.ray_options import RayOptions
from audiojudge_cli.runs.ray_worker import Worker
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.terminal import safe_line, shown

# Clips and records are small: Ray would set aside a third of the memory.
_STORE_BYTES = 100 << 20
# Two calls per worker: while one judges, the other reads the audio of the next clips.
IN_FLIGHT = 2


def require_ray() -> None:
    """Check that Ray is installed.

    Raises:
        InputError: If it is not.
    """
    if importlib.util.find_spec("ray") is None:
        raise InputError("--engine ray needs Ray: pip install 'audiojudge-cli[ray]'")


def _require_answer(address: str) -> None:
    """Check that somebody listens at `address`: Ray itself would try for a quarter of an hour, and not quietly."""
    host, _, port = address.removeprefix("ray://").partition("?")[0].rpartition(":")
    if not host or not port.isdecimal():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"no Ray cluster answers at {shown(address)} ({reason}); see `ray status` there, and --ray-address"
        ) from error


class LostError(Exception):
    """A worker was gone before it had answered."""


class Cluster:
    """A connection to Ray.

    Args:
        options: How it is used.

    Raises:
        InputError: If the cluster cannot be reached, or is too small for what is asked.

    Attributes:
        size: Number of workers.
    """

    def __init__(self, options: RayOptions) -> None:
        self._options = options
        # Read when Ray is imported: it reports its use to its makers otherwise.
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        self._ray: Any = importlib.import_module("ray")
        self._connect()
        try:
            self.size = self._fitting()
        except BaseException:
            self.close()
            raise

    def _connect(self) -> None:
        logging.getLogger("ray").setLevel(logging.CRITICAL)
        # It would print the deaths of workers to standard output, among the records of `--format jsonl`.
        vars(importlib.import_module("ray._private.worker"))["_worker_logs_enabled"] = False
        options = self._options
        address = options.address or os.environ.get("RAY_ADDRESS")
        if address:
            _require_answer(address)
        started = {"include_dashboard": False, "num_cpus": options.workers, "object_store_memory": _STORE_BYTES}
        handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            self._init({"address": address} if address else started, tries=1 if address else 2)
        except Exception as error:  # Ray raises nothing more precise when a node does not start in time
            where = f"at {shown(address)}" if address else "on this machine"
            hint = "; if the cluster asks for a token, set RAY_AUTH_MODE=token" if address else ""
            raise InputError(f"cannot use Ray {where}: {safe_line(' '.join(str(error).split()))}{hint}") from error
        finally:
            # Ray puts its own in their place, which would end a run without a word.
            with suppress(ValueError):
                for number, handler in handlers.items():
                    signal.signal(number, handler)

    def _init(self, where: Mapping[str, Any], tries: int) -> None:
        """Start or join; a node of one's own that was not up within Ray's half minute gets another chance."""
        try:
            self._ray.init(**where, configure_logging=False, log_to_driver=False, namespace="audiojudge")
        except Exception:
            self._ray.shutdown()
            if tries <= 1:
                raise
            self._init(where, tries - 1)

    def _fitting(self) -> int:
        resources = self._ray.cluster_resources()
        fitting = int(resources.get("CPU", 0))
        if self._options.gpus > 0:
            per_gpu = int(1 / self._options.gpus + 1e-9) if self._options.gpus <= 1 else 0
            gpus = int(resources.get("GPU", 0))
            fitting = min(fitting, gpus * per_gpu if per_gpu else int(gpus / self._options.gpus))
        if not fitting:
            asked = f"1 core and {self._options.gpus:g} GPU" if self._options.gpus else "1 core"
            raise InputError(f"no worker fits into the Ray cluster: each needs {asked}; see --ray-gpus")
        if self._options.workers is not None and self._options.workers > fitting:
            raise InputError(
                f"only {counted(fitting, 'worker')} of the {self._options.workers} asked for fit into the Ray cluster; "
                "give --workers auto or a larger cluster"
            )
        return self._options.workers or fitting

    def worker(self, make: Callable[[], Worker]) -> Any:  # noqa: ANN401 - a handle of Ray's
        """Start a worker; it is ready once it answers."""
        kind = self._ray.remote(_Hosted)
        limits = {"num_cpus": 1, "num_gpus": self._options.gpus, "max_restarts": 0, "max_concurrency": IN_FLIGHT}
        return kind.options(**limits).remote(make)

    def ready(self, calls: Sequence[Any], timeout_s: float) -> list[Any]:
        """Return the calls that have ended; waits until one has, or for `timeout_s` seconds."""
        done, _ = self._ray.wait(list(calls), num_returns=1, timeout=timeout_s)
        if done:
            done, _ = self._ray.wait(list(calls), num_returns=len(calls), timeout=0)
        return list(done)

    def result(self, call: Any) -> Any:  # noqa: ANN401 - whatever was called
        """Return what a call gave.

        Raises:
            LostError: If its worker is gone, or stumbled.
            NotJudgedError: If the cluster is.
        """
        exceptions = self._ray.exceptions
        try:
            return self._ray.get(call)
        except (exceptions.RaySystemError, ConnectionError) as error:
            raise NotJudgedError(
                "the Ray cluster is gone; what was judged is kept, run the same command again"
            ) from error
        except exceptions.RayError as error:
            raise LostError(" ".join(str(error).split())) from error

    def end(self, worker: Any) -> None:  # noqa: ANN401 - a handle of Ray's
        """End a worker, if it still lives."""
        with suppress(Exception):
            self._ray.kill(worker)

    def close(self) -> None:
        """Leave the cluster; one that was started here ends."""
        self._ray.shutdown()


class _Hosted:
    """The actor: a worker that is made where it runs."""

    def __init__(self, make: Callable[[], Worker]) -> None:
        self._worker = make()

    def hello(self) -> object:
        return self._worker.hello()

    def settle(self, tasks: object) -> object:
        return self._worker.settle(tasks)  # type: ignore[arg-type]
