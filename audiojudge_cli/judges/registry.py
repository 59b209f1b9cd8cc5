"""Judges by name. Third parties add theirs through the entry point group `audiojudge.judges`.

An entry point is a callable

    load(*, card: str | None = None, device: str = "auto", threads: int | None = None) -> Judge

where `card` is the name or path of the card that was asked for (None when the judge was named without one), `device`
is `auto`, `cpu`, `cuda`, `cuda:1` …, and `threads` bounds the threads the judge may use (None: its own choice). It
raises `WeightsError` when weights are missing, `InputError` when the card or device does not fit.

What the callable says it returns tells before anything is loaded what the judge can do besides: with a method `compare`
it hears two clips together (`judges.comparing`), with `reward` it gives clips rewards (`judges.rewarding`). Where that
depends on the card, the module of the callable has a function `kind_of(card)` that returns the class.

A judge may take further options (`quant`, `mode`, `prompts`, `endpoint` so far): those its callable names as keywords.
They are passed only when a person gave them, so a judge that knows none of them never sees one.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from audiojudge_cli.errors import AudiojudgeError, InputError
from audiojudge_cli.text.nearest import nearest
from audiojudge_cli.text.terminal import shown

if TYPE_CHECKING:
    from audiojudge_cli.judges.base import Judge

GROUP = "audiojudge.judges"
_ENDPOINT = "--base-url, --model and --max-requests, --max-tokens, --max-cost (they are for --judge endpoint)"
# As pyproject.toml says it too; told here as well, because an installation that is older than a checkout does not know
# its newer judges.
_OURS = {
    "embedded": "audiojudge_cli.judges.embedded.judge:load",
    "endpoint": "audiojudge_cli.judges.endpoint.judge:load",
    "omni": "audiojudge_cli.judges.omni.judge:load",
}
MODELS = "omni"
"""The judge that takes a model itself, without a card."""


def judge_names() -> tuple[str, ...]:
    """Return the names of the installed judges, sorted."""
    return tuple(sorted({*_OURS, *(entry.name for entry in entry_points(group=GROUP))}))


def known_judges() -> tuple[str, ...]:
    """Return the names of the installed judges and of the bundled cards that they read, sorted."""
    from audiojudge_cli.weights.catalog import cards

    installed = judge_names()
    return tuple(sorted({*installed, *(card.name for card in cards() if card.family in installed)}))


def load_judge(
    name: str, *, device: str = "auto", threads: int | None = None, options: Mapping[str, object] | None = None
) -> Judge:
    """Return a judge, ready to answer.

    Args:
        name: Name of an installed judge, name of a bundled card, or path of a card (YAML), whose `family` says which
            judge reads it; or a model for the omni judge: a folder, or `hf:owner/name@revision`.
        device: `auto`, `cpu`, `cuda`, `cuda:1` …
        threads: Most threads the judge may use; None leaves it to the judge.
        options: What only some judges take; None values were not given.

    Raises:
        InputError: If there is no such judge or card, a third party's judge cannot be loaded, or the judge does not
            take one of the options.
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
    load = _loaded(found)
    given = {option: value for option, value in (options or {}).items() if value is not None}
    _refuse_unknown(given, load, found.name)
    return load(card=card, device=device, threads=threads, **given)


def judge_family(name: str) -> str:
    """Return the name of the installed judge that `load_judge(name)` would load.

    Raises:
        InputError: If there is no such judge, card or model.
    """
    return name if _entry(name) else _family(name)


def can(name: str, ability: str) -> bool:
    """Return whether the judge that `load_judge(name)` would load has a method of that name; nothing is loaded.

    It is read off what the judge's callable says it returns, or its `kind_of`: who says nothing can do no more.

    Raises:
        InputError: If there is no such judge, card or model, or a third party's judge cannot be loaded.
    """
    found = _entry(judge_family(name))
    if found is None:
        return False
    load = _loaded(found)
    kind_of = getattr(inspect.getmodule(load), "kind_of", None)
    made = inspect.signature(load).return_annotation
    if kind_of is not None:
        made = kind_of(None if _entry(name) else name)
    elif isinstance(made, str):
        made = getattr(inspect.unwrap(load), "__globals__", {}).get(made)
    return inspect.isclass(made) and hasattr(made, ability)


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


def _refuse_unknown(given: Mapping[str, object], load: Callable[..., Judge], judge: str) -> None:
    known = inspect.signature(load).parameters.values()
    if any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in known):
        return
    names = {parameter.name for parameter in known}
    for option in given:
        if option not in names:
            named = _ENDPOINT if option == "endpoint" else f"--{option}"
            raise InputError(f"the judge {judge!r} takes no {option!r} option; leave out {named}, or the preset's key")


def _entry(name: str) -> EntryPoint | None:
    if name in _OURS:
        return EntryPoint(name, _OURS[name], GROUP)
    return next(iter(entry_points(group=GROUP, name=name)), None)


def _family(name: str) -> str:
    from audiojudge_cli.weights.catalog import card_names, find_card

    if name in card_names() or name.endswith((".yaml", ".yml")):
        return find_card(name).family
    if name.startswith("hf:") or Path(name).is_dir():
        return MODELS
    if "/" in name or "\\" in name:
        raise InputError(f"{shown(name)}: neither a card (YAML) nor the folder of a model")
    known = known_judges()
    raise InputError(
        f"no judge named {name!r}{nearest(name, known)}; known: {', '.join(known)}; or give the path of a card, "
        "the folder of a model, or hf:owner/name@revision"
    )
