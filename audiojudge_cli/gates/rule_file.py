"""Rule files: YAML, read strictly and without executing anything. docs/gates.md documents every key."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from audiojudge_cli.errors import InputError
from audiojudge_cli.gates.grammar import parse
from audiojudge_cli.gates.rules import PASS_AT, Rule, RuleSet, Severity
from audiojudge_cli.text.nearest import nearest
from audiojudge_cli.text.strict_yaml import read_yaml
from audiojudge_cli.text.terminal import safe_line, shown

_MAX_BYTES = 256 << 10
Unit = Annotated[float, Field(ge=0, le=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class RuleOptions(_Strict):
    """One rule of a file, in its long form; fields as those of `gates.rules.Rule`."""

    require: str
    severity: Severity = "error"
    name: Annotated[str, Field(max_length=200)] = ""
    min_clips: Annotated[int, Field(ge=1, le=10**9)] = 1


class GateOptions(_Strict):
    """The content of a rule file, or of the key `gate` of a preset; fields as those of `gates.rules.RuleSet`."""

    description: str = ""
    pass_at: Annotated[float, Field(gt=0, le=1)] = PASS_AT
    max_errors: Unit = 0.1
    min_coverage: Unit = 0.5
    min_paired: Unit = 0.9
    rules: Annotated[list[str | RuleOptions], Field(min_length=1)]

    def rule_set(self) -> RuleSet:
        """Return the rules.

        Raises:
            InputError: If one cannot be read.
        """
        full = [RuleOptions(require=rule) if isinstance(rule, str) else rule for rule in self.rules]
        rules = tuple(Rule(parse(rule.require), rule.severity, rule.name, rule.min_clips) for rule in full)
        return RuleSet(rules, self.pass_at, self.max_errors, self.min_coverage, self.min_paired)

    def plus(self, requirements: Iterable[str], *, pass_at: float | None = None) -> GateOptions:
        """Return these options and more rules of severity error, with another `pass_at` unless None; unchecked."""
        changed = {"rules": [*self.rules, *requirements]}
        return self.model_copy(update=changed if pass_at is None else {**changed, "pass_at": pass_at})


def read_rules(path: Path) -> RuleSet:
    """Return the rules in a YAML file.

    Raises:
        InputError: If it cannot be read, has no rules, or a key, value or rule does not fit.
    """
    return read_options(path).rule_set()


def read_options(path: Path) -> GateOptions:
    """Return the content of a rule file, every rule of it known to be one.

    Raises:
        InputError: As `read_rules`.
    """
    return gate_options(_read(path), shown(path))


def gate_options(data: object, where: str) -> GateOptions:
    """Return the same from plain data: a mapping, or a list of rules alone.

    Args:
        data: As YAML or JSON gives it.
        where: What a complaint begins with.

    Raises:
        InputError: If a key, value or rule does not fit.
    """
    try:
        options = GateOptions.model_validate({"rules": data} if isinstance(data, list) else data)
        options.rule_set()
    except ValidationError as error:
        raise InputError(f"{where}: {_explain(error)}; see docs/gates.md") from error
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
    return options


def _read(path: Path) -> object:
    data = read_yaml(path, "rule file", most_bytes=_MAX_BYTES)
    if data is None:
        raise InputError(f"{shown(path)}: the file is empty, so it has no gate rules; list them under `rules:`")
    if not isinstance(data, dict | list):
        raise InputError(f"{shown(path)}: gate rules are a list, or a mapping with the key `rules`; see docs/gates.md")
    return data


def _explain(error: ValidationError) -> str:
    # A rule is a text or a mapping; the complaint about the other form says nothing to a person.
    problems = error.errors(include_url=False)
    # A key that nobody knows explains best why another one is missing.
    found = min(
        problems, key=lambda problem: (problem["type"] != "extra_forbidden", "RuleOptions" not in problem["loc"])
    )
    parts = [str(part + 1) if isinstance(part, int) else str(part) for part in found["loc"]]
    where = safe_line(".".join(part for part in parts if part not in {"RuleOptions", "str"})) or "gate"
    if found["type"] == "extra_forbidden":
        known = list((RuleOptions if "RuleOptions" in parts else GateOptions).model_fields)
        return f"unknown key {where!r}{nearest(parts[-1], known)}; known keys: {', '.join(known)}"
    if found["type"] in {"missing", "too_short"} and parts[-1] == "rules":
        return "there are no gate rules; list them under `rules:`"
    message = found["msg"].removeprefix("Value error, ")
    return f"{where}: {message[0].lower()}{message[1:]}"
