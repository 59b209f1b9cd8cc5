"""Gate rules as people hand them over in Python."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from audiojudge_cli.errors import InputError
from audiojudge_cli.gates.rule_file import gate_options, read_rules
from audiojudge_cli.gates.rules import RuleSet

_FILES = (".yaml", ".yml")


def rules_of(
    rules: str | os.PathLike[str] | Iterable[str] | Mapping[str, Any], pass_at: float | None = None
) -> RuleSet:
    """Return rules that are given as text, texts, the content of a rule file, or the path of one.

    Args:
        rules: A text that ends in `.yaml` is a path: no rule does.
        pass_at: Instead of theirs; None leaves it.

    Raises:
        InputError: If there is none, or one cannot be read.
    """
    if isinstance(rules, str) and not rules.lower().endswith(_FILES):
        found = RuleSet.of([rules])
    elif isinstance(rules, str | os.PathLike):
        found = read_rules(Path(rules))
    elif isinstance(rules, Mapping):
        found = gate_options(dict(rules), "rules").rule_set()
    elif isinstance(rules, Iterable):
        found = gate_options(list(rules), "rules").rule_set()
    else:
        raise InputError(f"gate rules are texts or the path of a file, not a value of type {type(rules).__name__}")
    return found.plus([], pass_at=pass_at)
