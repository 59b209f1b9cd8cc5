"""What went wrong with a request, as problem JSON (RFC 9457) with the kind that a record would have."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from audiojudge_cli.errors import AudiojudgeError, ClipError, InputError, WeightsError
from audiojudge_cli.results.record import Failure
from audiojudge_cli.text.hidden import hidden

MEDIA_TYPE = "application/problem+json"

# Every other kind is about the clip that was sent, which cannot be processed: 422.
_STATUS = {"judge": 500, "not-found": 404, "outside-root": 403, "too-large": 413}


# Names of RFC 9110, section 15, which Python has since 3.13 only.
_TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}


@dataclass(slots=True)
class ProblemError(Exception):
    """A request that gets no answer.

    Attributes:
        status: The HTTP status code.
        kind: Stable and machine-readable: as in records, or one of the server's own (docs/serve.md).
        detail: One line for people.
        headers: Sent along.
    """

    status: int
    kind: str
    detail: str
    headers: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the body of the answer."""
        title = _TITLES.get(self.status) or HTTPStatus(self.status).phrase
        return {
            "type": "about:blank",
            "title": title,
            "status": self.status,
            "kind": self.kind,
            "detail": hidden(self.detail),
        }


def of_failure(failure: Failure, side: str = "") -> ProblemError:
    """Return the problem with a clip that could not be judged.

    Args:
        failure: What its record says.
        side: Which of several clips it is.
    """
    about = f"{side}: " if side else ""
    return ProblemError(_STATUS.get(failure.kind, 422), failure.kind, f"{about}{failure.message}")


def of_error(error: Exception) -> ProblemError:
    """Return the problem for whatever was raised."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, ClipError):
        return of_failure(Failure(error.kind, str(error)))
    if isinstance(error, InputError):
        return ProblemError(400, "input", str(error))
    if isinstance(error, AudiojudgeError):
        kind = "weights" if isinstance(error, WeightsError) else "not-judged"
        return ProblemError(503, kind, str(error), {"Retry-After": "60"})
    if isinstance(error, OSError | MemoryError):  # a full disk, where large bodies wait, or no memory
        reason = getattr(error, "strerror", None) or type(error).__name__
        return ProblemError(503, "no-room", f"the server lacks room for this: {reason}", {"Retry-After": "60"})
    return ProblemError(500, "internal", f"this is a mistake in audiojudge ({type(error).__name__}: {error})")
