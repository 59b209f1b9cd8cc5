"""Judges by name. Third parties add theirs through the entry point group `audiojudge.judges`.

An entry point is a callable

    load(*, card: str | None = None, device: str = "auto", threads: int | None = None) -> Judge

where `card` is the name or path of the card that was asked for (None when the judge was named without one), `device`
is `auto`, `cpu`, `cuda`, `cuda:1` …, and `threads` bounds the threads the judge may use (None: its own choice). It
raises `WeightsError` when weights are missing, `InputError` when the card or device does not fit.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from audiojudge_cli.errors import AudiojudgeError, InputError
from audiojudge_cli.text.nearest import nearest
from audiojudge_cli.text.terminal import shown

if TYPE_CHECKING:
    from audiojudge_cli.judges.base import Judge

GROUP = "audiojudge.judges"


def judge_names() -> tuple[str, ...]:
    """Return the names of the installed judges, sorted."""
    return tuple(sorted({entry.name for entry in entry_points(group=GROUP)}))


def load_judge(name: str, *, device: str = "auto", threads: int | None = None) -> Judge:
    """Return a judge, ready to answer.

    Args:
        name: Name of an installed judge, name of a bundled card, or path of a card (YAML); a card's `family` says
            which judge reads it.
        device: `auto`, `cpu`, `cuda`, `cuda:1` …
        threads: Most threads the judge may use; None leaves it to the judge.

    Raises:
        InputError: If there is no such judge or card, or a third party's judge cannot be loaded.
        WeightsError: If weights are missing.
    """
    found = _entry(name)
    card = None
    if found is None:
        family = _family(name)
        found, card = _entry(family), name
        if found is None:
            raise InputError(
                f"the card {shown(name)} is for judges of the family {family!r}, which is not installed; "
                f"installed: {', '.join(judge_names()) or 'none'}"
            )
    return _loaded(found)(card=card, device=device, threads=threads)


def _loaded(entry: EntryPoint) -> Callable[..., Judge]:
    try:
        load: Callable[..., Judge] = entry.load()
    except AudiojudgeError:
        raise
    except Exception as error:
        package = f" of the package {entry.dist.name!r}" if entry.dist else ""
        raise InputError(
            f"the judge {entry.name!r}{package} cannot be loaded ({type(error).__name__}: {error}); "
            "reinstall or remove that package"
        ) from error
    return load


def _entry(name: str) -> EntryPoint | None:
    return next(iter(entry_points(group=GROUP, name=name)), None)


def _family(name: str) -> str:
    from audiojudge_cli.weights.catalog import card_names, find_card

    is_path = name.endswith((".yaml", ".yml")) or "/" in name or "\\" in name
    if not is_path and name not in card_names():
        known = sorted({*judge_names(), *card_names()})
        raise InputError(
            f"no judge named {name!r}{nearest(name, known)}; known: {', '.join(known)}; or give the path of a card"
        )
    return find_card(name).family
