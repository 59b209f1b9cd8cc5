"""Judges: each answers the items of a clip with p_yes.

`audiojudge_cli.judges()` names them: Python gives a package and a name promised in the package above it one place, so
this package can be called.
"""

from __future__ import annotations

import sys
from types import ModuleType


class _Named(ModuleType):
    """A package that can be called."""

    def __call__(self) -> tuple[str, ...]:
        """Return what `judge=` can name: installed judges and bundled cards, sorted.

        >>> import audiojudge_cli as aj
        >>> "embedded" in aj.judges()
        True
        """
        from audiojudge_cli.judges.registry import known_judges

        return known_judges()


sys.modules[__name__].__class__ = _Named
