"""From what each window gave to one verdict per item."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audiojudge_cli.judges.omni.combine import WHOLE, Combined, Part, combine
from audiojudge_cli.judges.omni.windows import RATE
from audiojudge_cli.results.verdict import Verdict, answered, unverifiable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiojudge_cli.judges.base import Case
    from audiojudge_cli.judges.omni.windows import Span

Range = tuple[float, float]
"""Where a window begins and ends, in seconds."""

_WAYS = {"max": "the highest", "mean": "the mean", "min": "the lowest"}


def aggregate(
    case: Case, spans: Sequence[Span], parts: Sequence[Sequence[Part]], source: str, rate: int = RATE
) -> list[Verdict]:
    """Return the verdicts of a case.

    Args:
        case: The clip and its items.
        spans: Its windows, in samples.
        parts: Per window and item, what the model gave.
        source: The judge, as verdicts name it.
        rate: Samples per second of the windows.
    """
    ranges = [(start / rate, end / rate) for start, end in spans]
    warnings = _warnings(case, ranges)
    verdicts = []
    for item, column in zip(case.items, zip(*parts, strict=True), strict=True):
        combined = combine(item, column)
        facts = _facts(column, combined)
        if combined.p_yes is None:
            verdicts.append(unverifiable(_reason(column), source, facts=facts, warnings=warnings))
            continue
        decided = combined.window if len(spans) > 1 else None
        times = () if decided is None else (ranges[decided],)
        evidence = _evidence(column, combined, ranges)
        verdicts.append(answered(combined.p_yes, evidence, source, times=times, facts=facts, warnings=warnings))
    return verdicts


def refusing(case: Case, parts: Sequence[Sequence[Part]]) -> dict[int, list[int]]:
    """Return which items were answered no, by the number of the window that tells most about it."""
    found: dict[int, list[int]] = {}
    for number, (item, column) in enumerate(zip(case.items, zip(*parts, strict=True), strict=True)):
        combined = combine(item, column)
        if combined.p_yes is not None and combined.p_yes < 0.5:
            found.setdefault(_telling(column, combined), []).append(number)
    return found


def _telling(column: Sequence[Part], combined: Combined) -> int:
    """Return the window whose evidence stands for the answer: the one that decided, else the clearest."""
    if combined.window is not None:
        return combined.window
    known = {number: part.p_yes for number, part in enumerate(column) if part.p_yes is not None}
    pick = max if (combined.p_yes or 0.0) >= 0.5 else min
    return pick(known, key=lambda number: known[number])


def _facts(column: Sequence[Part], combined: Combined) -> dict[str, float | str]:
    masses = [part.mass for part in column if part.mass is not None]
    if not masses:
        return {}
    decided = None if combined.window is None else column[combined.window].mass
    facts: dict[str, float | str] = {"yes_no_mass": min(masses) if decided is None else decided}
    errors = [part.error for part in column if part.error is not None]
    if errors and combined.p_yes is not None:
        # Neither a mean nor an extreme of several values is further off than the worst of them. Rounded up: a bound.
        facts["p_yes_error"] = math.ceil(max(errors) * 1e4) / 1e4
    return facts


def _reason(column: Sequence[Part]) -> str:
    """Return why an item is open: what the window said that answered least."""
    open_ = [part for part in column if part.reason]
    reason = min(open_, key=lambda part: part.mass or 0.0).reason
    if len(column) == 1:
        return reason
    rest = "" if len(open_) == len(column) else "; the other windows do not settle it"
    return f"in {len(open_)} of {len(column)} windows {reason}{rest}"


def _evidence(column: Sequence[Part], combined: Combined, ranges: Sequence[Range]) -> str:
    said = column[_telling(column, combined)].evidence
    if len(column) == 1:
        return said or f"The next token is yes rather than no with probability {combined.p_yes:.2f}."
    where = f", at {_range(ranges[combined.window])}" if combined.window is not None else ""
    told = f"{_WAYS[combined.way].capitalize()} of {len(column)} windows is {combined.p_yes:.2f}{where}."
    return f"{said} ({told})" if said else told


def _warnings(case: Case, ranges: Sequence[Range]) -> tuple[str, ...]:
    if len(ranges) == 1:
        return ()
    length = ranges[0][1] - ranges[0][0]
    told = (
        f"longer than the {length:g} s that the model hears at once: judged in {len(ranges)} windows that overlap; "
        "presences take the highest p_yes, absences the lowest, qualities the mean"
    )
    if whole := sorted({item.dimension for item in case.items} & WHOLE):
        told += f"; no window hears the whole clip, which matters to {', '.join(whole)}"
    return (told,)


def _range(where: Range) -> str:
    return f"{where[0]:.1f}-{where[1]:.1f} s"
