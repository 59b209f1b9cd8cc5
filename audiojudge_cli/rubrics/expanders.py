"""Expanders by name. Third parties add theirs through the entry point group `audiojudge.expanders`."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points

from audiojudge_cli.errors import AudiojudgeError, InputError
from audiojudge_cli.rubrics.expander import Expander

GROUP = "audiojudge.expanders"


def expander_names() -> tuple[str, ...]:
    """Return the names of the installed expanders, sorted; `rules` is always among them."""
    return tuple(sorted({"rules", *(entry.name for entry in entry_points(group=GROUP))}))


def load_expander(name: str) -> Expander:
    """Return the expander `name`.

    An entry point is a callable without arguments that returns an expander. The `llm` expander needs a writer and is
    made with `rubrics.llm.LlmExpander`.

    Raises:
        InputError: If there is no such expander, or a third party's cannot be loaded.
    """
    if name == "rules":
        from audiojudge_cli.rubrics.rules import load

        return load()
    entry = next(iter(entry_points(group=GROUP, name=name)), None)
    if entry is None:
        raise InputError(f"no expander named {name!r}; installed: {', '.join(expander_names())}")
    try:
        made: Callable[[], Expander] = entry.load()
        return made()
    except AudiojudgeError:
        raise
    except Exception as error:
        raise InputError(
            f"the expander {name!r} cannot be loaded ({type(error).__name__}: {error}); reinstall or remove its package"
        ) from error
