"""Answers in text, where a server tells no log-probabilities: strict JSON, counted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from audiojudge_cli.judges.omni.combine import Part

if TYPE_CHECKING:
    from collections.abc import Sequence


def read_answer(text: str) -> bool | None:
    """Return whether a text says yes; None where it is anything but `{"answer": "yes"}` or `{"answer": "no"}`."""
    try:
        found = json.loads(text, object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        return None
    # Pairs, so that an answer given twice is none.
    return next((word == "yes" for word in ("yes", "no") if found == (("answer", word),)), None)


def counted(texts: Sequence[str]) -> Part:
    """Return what several answers to one question say together.

    p_yes is (yes + 1) / (answers + 2), Laplace's rule of succession: one answer in words says which way a model leans,
    not how sure it is, and must not pass for certainty. More than half of the answers must be readable.
    """
    said = [read_answer(text) for text in texts]
    valid = [one for one in said if one is not None]
    if 2 * len(valid) <= len(said):
        return Part(
            None,
            reason=f"{len(said) - len(valid)} of {len(said)} answers are not the JSON asked for, "
            '{"answer": "yes"} or {"answer": "no"}',
        )
    yes = sum(valid)
    return Part((yes + 1) / (len(valid) + 2), evidence=f"{yes} of {len(valid)} answers in words say yes.")
