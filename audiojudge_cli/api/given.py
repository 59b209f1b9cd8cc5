"""Arguments as people hand them over in Python: what does not fit is refused in a sentence, by its name."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from audiojudge_cli.errors import InputError

if TYPE_CHECKING:
    from audiojudge_cli.judges.base import Judge

_JUDGE = ("name", "fingerprint", "device", "judge", "describe")


def path_given(value: str | os.PathLike[str], name: str) -> str:
    """Return a path, or the name of a preset, as text.

    Raises:
        InputError: If it is neither text nor a path, or empty.
    """
    if not isinstance(value, str | os.PathLike):
        raise InputError(f"{name} is a name or a path, not a value of type {type(value).__name__}")
    # A path may be held as bytes; `Path` takes none.
    text = os.fsdecode(value)
    if not text:
        raise InputError(f"{name} is empty")
    return text


def text_given(**values: str | None) -> None:
    """Refuse options that are not text.

    Raises:
        InputError: If one is neither text nor None.
    """
    for name, value in values.items():
        if value is not None and not isinstance(value, str):
            raise InputError(f"{name} is text, not a value of type {type(value).__name__}")


def choice_given(value: str, name: str, choices: Sequence[str]) -> None:
    """Refuse what is none of a few words.

    Raises:
        InputError: If it is none of them.
    """
    if value not in choices:
        raise InputError(f"{name} is one of {', '.join(choices)}, not {value!r:.40}")


def number_given(value: int | None, name: str, least: int) -> None:
    """Refuse what is no whole number of at least `least`.

    Raises:
        InputError: If it is none.
    """
    if value is not None and (isinstance(value, bool) or not hasattr(value, "__index__") or value < least):
        raise InputError(f"{name} is a whole number of at least {least}, not {value!r:.40}")


def judge_given(judge: str | Judge | None) -> None:
    """Refuse what is neither the name of a judge nor one itself.

    Raises:
        InputError: If a part of a judge is missing; it is named.
    """
    if judge is None or isinstance(judge, str):
        return
    given: Any = judge
    if lacking := [name for name in _JUDGE if not hasattr(given, name)]:
        raise InputError(
            f"judge is a name, or an object as aj.Judge says; this value of type {type(given).__name__} has no "
            + ", ".join(lacking)
        )
    if isinstance(given, type):
        raise InputError(f"judge is the class {given.__name__}; give an object of it: {given.__name__}()")
