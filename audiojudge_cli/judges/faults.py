"""An exception inside one item is that item's fault and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from audiojudge_cli.errors import AudiojudgeError
from audiojudge_cli.judges.base import Case, Judge, scope_of
from audiojudge_cli.results.verdict import Verdict, faulted

# What no item is to blame for: a clip that cannot be judged or weights that are missing; memory and disk, which may
# have room again the next time. KeyboardInterrupt and SystemExit are no `Exception` at all.
NOT_OF_AN_ITEM = (AudiojudgeError, MemoryError, OSError)


def spared(ask: Callable[[], Verdict], source: str) -> Verdict:
    """Return the verdict that `ask` gives, or the fault that it stumbled into.

    Args:
        ask: Judges one item.
        source: Named by the verdict on a fault: the judge.

    Raises:
        AudiojudgeError: As `ask`, for it is about the clip or the run.
        MemoryError: As `ask`.
        OSError: As `ask`.
    """
    try:
        return ask()
    except NOT_OF_AN_ITEM:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the other items of the clip can do nothing for it
        return faulted(error, source)


def one_by_one(judge: Judge, case: Case) -> list[Verdict] | None:
    """Ask a judge that stumbled over a clip each item alone, so that one bad item spares the others.

    Returns:
        One verdict per item; None where that says nothing about single items: the judge answers items together
        (`judges.base.Scoped`), there is only one, or it stumbles over every one of them, and so over the clip.

    Raises:
        AudiojudgeError: As the judge.
        MemoryError: As the judge.
        OSError: As the judge.
    """
    if len(case.items) < 2 or scope_of(judge) == "case":
        return None
    verdicts = [spared(partial(_ask_alone, judge, case, at), judge.name) for at in range(len(case.items))]
    return None if all(verdict.fault for verdict in verdicts) else verdicts


def _ask_alone(judge: Judge, case: Case, at: int) -> Verdict:
    ((verdict,),) = judge.judge([replace(case, items=case.items[at : at + 1])])
    return verdict
