"""A verdict: one answered rubric item."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from audiojudge_cli.text.terminal import safe_line, shorten

# The longest message of a fault, in characters: one line of a table, whatever a library has to say.
_MESSAGE_CHARS = 300
# Where an object lies in memory differs from run to run, and records must not.
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{4,16}\b")
_PACKAGE = __name__.partition(".")[0]

Answer = Literal["yes", "no", "unverifiable"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong inside audiojudge, or inside a judge, while one item was judged.

    Attributes:
        kind: Name of the exception: `KeyError` …
        message: One line for people, with the place in the code where audiojudge has one.
    """

    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answered rubric item. An item nobody can verify has no number: `p_yes` is None, never 0.

    Build with `answered` or `unverifiable`.

    Attributes:
        p_yes: Probability in [0, 1] that the answer is yes, four decimals; None when unverifiable.
        answer: `yes` when p_yes >= 0.5, `no` below, `unverifiable` without p_yes.
        evidence: One sentence: what was heard, and when.
        source: The probe or judge that answered.
        times: Spans (start, end) in seconds that the evidence names.
        facts: What was measured, by name with unit (`f0_hz`, `tempo_bpm`).
        warnings: What the judge had to do to the clip to answer (window it, say), one sentence each; the record of
            the clip lists each sentence once.
        fault: What went wrong instead of an answer; None where nothing did. Such a verdict is unverifiable.
    """

    p_yes: float | None
    answer: Answer
    evidence: str
    source: str
    times: tuple[tuple[float, float], ...] = ()
    facts: Mapping[str, float | str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    fault: Fault | None = None


def answered(
    p_yes: float,
    evidence: str,
    source: str,
    *,
    times: tuple[tuple[float, float], ...] = (),
    facts: Mapping[str, float | str] | None = None,
    warnings: tuple[str, ...] = (),
) -> Verdict:
    """Return a verdict with a probability.

    Raises:
        ValueError: If `p_yes` is not a number in [0, 1]: a judge's slip must not become a score.
    """
    if not (math.isfinite(p_yes) and -1e-6 <= p_yes <= 1 + 1e-6):
        msg = f"p_yes must lie in [0, 1], got {p_yes!r} from {source}"
        raise ValueError(msg)
    value = round(min(1.0, max(0.0, float(p_yes))), 4)
    rounded = tuple((round(start, 2), round(end, 2)) for start, end in times)
    return Verdict(value, "yes" if value >= 0.5 else "no", evidence, source, rounded, dict(facts or {}), warnings)


def unverifiable(
    reason: str, source: str, *, facts: Mapping[str, float | str] | None = None, warnings: tuple[str, ...] = ()
) -> Verdict:
    """Return a verdict for an item nobody could verify; `reason` is its evidence sentence."""
    return Verdict(None, "unverifiable", reason, source, (), dict(facts or {}), warnings)


def faulted(error: Exception, source: str) -> Verdict:
    """Return the verdict on an item that somebody stumbled over: unverifiable, told apart by its `fault`.

    Args:
        error: What was raised; the same error gives the same words on every machine and in every run.
        source: The probe or judge that was asked.
    """
    told = _ADDRESS.sub("0x…", safe_line(str(error).strip())) or "no message"
    place = _place(error)
    fault = Fault(type(error).__name__, shorten(told, _MESSAGE_CHARS) + (f" ({place})" if place else ""))
    reason = f"A fault while this item was judged: {fault.kind}: {fault.message}"
    return Verdict(None, "unverifiable", reason, source, fault=fault)


def _place(error: Exception) -> str:
    """Return the innermost place of audiojudge's own code in a traceback, as `judges.embedded.sounds:88`."""
    place, step = "", error.__traceback__
    while step is not None:
        module = str(step.tb_frame.f_globals.get("__name__", ""))
        if module.startswith(f"{_PACKAGE}."):
            place = f"{module.removeprefix(f'{_PACKAGE}.')}:{step.tb_lineno}"
        step = step.tb_next
    return place
