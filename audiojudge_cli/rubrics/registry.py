"""Expanders by name. Third parties add theirs through the entry point group `audiojudge.expanders`.

An entry point is a callable `load() -> Expander`.
"""

from __future__ import annotations

from importlib.metadata import entry_points

from audiojudge_cli.errors import AudiojudgeError, InputError
from audiojudge_cli.rubrics.expander import Expander
from audiojudge_cli.text.nearest import nearest

GROUP = "audiojudge.expanders"
LLM = "llm"
"""The expander that is no plug-in: `rubrics.choose` makes it, for it needs a model."""


def expander_names() -> tuple[str, ...]:
    """Return the names of the installed expanders, sorted."""
    return tuple(sorted({entry.name for entry in entry_points(group=GROUP)}))


def load_expander(name: str) -> Expander:
    """Return an expander by name.

    Raises:
        InputError: If there is none of that name, or a third party's cannot be loaded.
    """
    entry = next(iter(entry_points(group=GROUP, name=name)), None)
    if entry is None:
        if name == LLM:
            raise InputError(
                "the llm expander is no plug-in but needs a model: --llm-endpoint and --llm-model on the command line, "
                "a preset that names them in Python"
            )
        known = sorted({LLM, *expander_names()})
        raise InputError(f"no expander named {name!r}{nearest(name, known)}; known: {', '.join(known)}")
    try:
        load = entry.load()
    except AudiojudgeError:
        raise
    except Exception as error:
        raise InputError(
            f"the expander {name!r} cannot be loaded ({type(error).__name__}: {error}); reinstall or remove its package"
        ) from error
    expander: Expander = load()
    return expander
