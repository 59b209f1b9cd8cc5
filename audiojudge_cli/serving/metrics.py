"""Figures of a server for Prometheus (`/metrics`)."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# Seconds: a short clip takes a hundredth of one, an omni judge on a CPU a minute.
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
_CLIPS = (1, 2, 4, 8, 16, 32, 64)


class Metrics:
    """Counts of one server.

    Attributes:
        in_flight: Requests that were accepted and not answered yet.
        ready: Whether the judge is loaded.
    """

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._requests = Counter("audiojudge_requests", "Requests answered.", ("route", "status"), registry=registry)
        self._seconds = Histogram(
            "audiojudge_request_seconds",
            "From the headers to the answer.",
            ("route",),
            buckets=_SECONDS,
            registry=registry,
        )
        self._problems = Counter("audiojudge_problems", "Requests without an answer.", ("kind",), registry=registry)
        self._gone = Counter("audiojudge_gone", "Clients that went away before their answer.", registry=registry)
        self._batch = Histogram(
            "audiojudge_batch_clips", "Clips in one call of the judge.", buckets=_CLIPS, registry=registry
        )
        self._judge = Counter("audiojudge_judge_seconds", "Seconds inside the judge.", registry=registry)
        self.in_flight = Gauge("audiojudge_in_flight", "Requests accepted and not answered yet.", registry=registry)
        self.ready = Gauge("audiojudge_ready", "1 once the judge is loaded.", registry=registry)

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def problem(self, kind: str) -> None:
        """Count what kept a request from its answer."""
        self._problems.labels(kind).inc()

    def gone(self) -> None:
        """Count a client that did not wait."""
        self._gone.inc()

    def heard(self, clips: int, seconds: float) -> None:
        """Count one call of the judge; from any thread."""
        self._batch.observe(clips)
        self._judge.inc(max(0.0, seconds))

    def text(self) -> bytes:
        """Return all figures as Prometheus reads them."""
        return generate_latest(self._registry)
