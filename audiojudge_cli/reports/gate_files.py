"""The files of a gate by kind: `junit`, `markdown`, `json`; of its outcome, or of what kept it from having one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from audiojudge_cli.errors import AudiojudgeError
from audiojudge_cli.gates.outcome import GateResult, trouble
from audiojudge_cli.reports.gate_markdown import gate_markdown
from audiojudge_cli.reports.junit import gate_junit, trouble_junit
from audiojudge_cli.reports.markdown import code, page, text
from audiojudge_cli.text.jsonl import dumps
from audiojudge_cli.text.terminal import shown


def outcome_texts(result: GateResult) -> dict[str, Callable[[], str]]:
    """Return what makes the text of each file."""
    return {
        "junit": lambda: gate_junit(result),
        "markdown": lambda: gate_markdown(result),
        "json": lambda: dumps(result.to_dict(), indent=2) + "\n",
    }


def trouble_texts(error: AudiojudgeError, run: Path, rules_hash: str | None) -> dict[str, Callable[[], str]]:
    """Return the same for a gate that could not be evaluated, so that no reader takes an older file for its outcome."""
    name = shown(run)
    data = trouble(error, name, rules_hash)
    message = data["error"]
    lines = ["## audiojudge gate: ❌ not evaluated", "", f"{code(name)}: {text(message, columns=2000)}"]
    lines += ["", f"Rule set {code(rules_hash)}."] if rules_hash else []
    return {
        "junit": lambda: trouble_junit(message, run=name, rules_hash=rules_hash),
        "markdown": lambda: page(lines),
        "json": lambda: dumps(data, indent=2) + "\n",
    }
