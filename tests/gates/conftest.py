from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from audiojudge_cli.gates import RuleSet, evaluate


@pytest.fixture
def verdicts():
    """Return the verdict of each rule about a run; options are those of the rule set."""

    def rule_on(folder: Path, *texts: str, baseline: Path | None = None, **options: Any) -> list[str]:
        rules = RuleSet(RuleSet.of(texts).rules, **options)
        return [ruling.verdict for ruling in evaluate(folder, rules, baseline).rulings]

    return rule_on
