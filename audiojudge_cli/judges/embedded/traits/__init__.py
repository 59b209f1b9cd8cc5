"""Traits: one module per family of claims.

A family says which claims it answers, what it needs, what it measures and which curves turn that into a probability.
A module that is put here registers itself; nothing else names it.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from audiojudge_cli.judges.embedded.traits.registry import ROWS, TRAITS, answer, answerable, check_curves

for _module in sorted(module.name for module in iter_modules(__path__)):
    import_module(f"{__name__}.{_module}")

__all__ = ["ROWS", "TRAITS", "answer", "answerable", "check_curves"]
