"""What a run may spend at a server, and what it has spent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiojudge_cli.judges.endpoint.reply import Usage
    from audiojudge_cli.weights.server import Price


class SpentError(Exception):
    """The budget is used up; the message says which."""


@dataclass(slots=True, eq=False)
class Reservation:
    """Requests that were planned for one clip; two with equal counts are still two.

    Attributes:
        unsent: So many were not sent yet.
        unanswered: So many were not answered yet.
    """

    unsent: int
    unanswered: int


@dataclass(slots=True)
class Budget:
    """Counts what is spent. A clip whose requests would go beyond a limit is not begun; used on one event loop.

    Attributes:
        max_requests: Most requests, attempts that failed among them; None: any number.
        max_tokens: Most tokens, of prompts and answers.
        max_cost: Most that the tokens may cost.
        price: What they cost.
        requests: Sent so far.
        prompt_tokens: Of prompts, as the server counts them.
        completion_tokens: Of answers.
        cost: What they cost; 0 without a price.
    """

    max_requests: int | None = None
    max_tokens: int | None = None
    max_cost: float | None = None
    price: Price | None = None
    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    _open: list[Reservation] = field(default_factory=list)
    _dearest: tuple[int, float] = (0, 0.0)

    @property
    def tokens(self) -> int:
        """All tokens so far."""
        return self.prompt_tokens + self.completion_tokens

    @property
    def counts_tokens(self) -> bool:
        """Whether it needs to know how many tokens a request takes."""
        return self.max_tokens is not None or self.max_cost is not None

    @contextmanager
    def reserve(self, requests: int) -> Iterator[Reservation]:
        """Plan so many requests for the block.

        What a request will take is not known before: it is taken to be what the dearest one so far took.

        Raises:
            SpentError: If they would go beyond a limit.
        """
        unsent = sum(one.unsent for one in self._open)
        unanswered = sum(one.unanswered for one in self._open)
        tokens, cost = self._dearest
        if self.max_requests is not None and self.requests + unsent + requests > self.max_requests:
            raise SpentError(
                f"{self.requests} of {self.max_requests} requests (--max-requests) are made, {_needs(unsent, requests)}"
            )
        needs = _needs(unanswered, requests)
        if self.max_tokens is not None and self.tokens + (unanswered + requests) * tokens > self.max_tokens:
            raise SpentError(
                f"{self.tokens} of {self.max_tokens} tokens (--max-tokens) are used, {needs} requests of up to {tokens}"
            )
        if self.max_cost is not None and self.cost + (unanswered + requests) * cost > self.max_cost:
            raise SpentError(
                f"{self.cost:.4g} of {self.max_cost:g} (--max-cost) are spent, {needs} requests of up to {cost:.4g}"
            )
        made = Reservation(requests, requests)
        self._open.append(made)
        try:
            yield made
        finally:
            self._open.remove(made)

    def send(self, reservation: Reservation | None, *, is_first: bool) -> None:
        """Count a request that is about to be sent.

        Args:
            reservation: That it was planned in.
            is_first: Whether it is the first attempt; others were not planned.

        Raises:
            SpentError: If it would be one too many.
        """
        if self.max_requests is not None and self.requests >= self.max_requests:
            raise SpentError(f"all {self.max_requests} requests (--max-requests) are made, failed attempts among them")
        if self.max_tokens is not None and self.tokens >= self.max_tokens:
            raise SpentError(f"{self.tokens} of {self.max_tokens} tokens (--max-tokens) are used")
        if self.max_cost is not None and self.cost >= self.max_cost:
            raise SpentError(f"{self.cost:.4g} of {self.max_cost:g} (--max-cost) are spent")
        self.requests += 1
        if reservation is not None and is_first:
            reservation.unsent -= 1

    def take(self, reservation: Reservation | None, usage: Usage) -> None:
        """Count what a request took."""
        if reservation is not None:
            reservation.unanswered -= 1
        cost = self.price.of(usage.prompt, usage.completion, usage.audio) if self.price else 0.0
        self.prompt_tokens += usage.prompt
        self.completion_tokens += usage.completion
        self.cost += cost
        tokens, dearest = self._dearest
        self._dearest = max(tokens, usage.prompt + usage.completion), max(dearest, cost)

    @property
    def spent(self) -> dict[str, float]:
        """What is spent, for `run.json`."""
        found: dict[str, float] = {
            "requests": self.requests,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
        }
        return found | ({"cost": round(self.cost, 6)} if self.price else {})


def _needs(begun: int, requests: int) -> str:
    """Return what is still to come: requests of clips that are begun, and of the next one."""
    return f"and {f'clips that are begun take {begun} more, ' if begun else ''}the next clip takes {requests}"
