"""Options that several commands take together, each group declared once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, get_type_hints

from audiojudge_cli.commands import score_options as opt

if TYPE_CHECKING:
    from audiojudge_cli.commands.event_log import EventLog
    from audiojudge_cli.commands.gate import Files


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command that tells Typer every option of its groups by itself, in the place of the group.

    Args:
        command: A function; a parameter whose type is a data class is a group, and so is such a field of a group.
    """
    hints = get_type_hints(command, include_extras=True)
    told: list[inspect.Parameter] = []
    for each in inspect.signature(command).parameters.values():
        kind = hints[each.name]
        told += _options(kind) if is_dataclass(kind) else [each.replace(annotation=kind)]

    @wraps(command)
    def gathered(**given: Any) -> None:  # noqa: ANN401 - whatever the options hold
        command(**{name: _filled(hints[name], name, given) for name in inspect.signature(command).parameters})

    gathered.__signature__ = inspect.Signature(told)  # type: ignore[attr-defined]
    gathered.__annotations__ = {each.name: each.annotation for each in told}
    return gathered


def _options(group: Any) -> Iterator[inspect.Parameter]:  # noqa: ANN401 - a data class
    hints = get_type_hints(group, include_extras=True)
    for each in fields(group):
        kind = hints[each.name]
        if is_dataclass(kind):
            yield from _options(kind)
        else:
            yield inspect.Parameter(each.name, inspect.Parameter.KEYWORD_ONLY, default=each.default, annotation=kind)


def _filled(kind: Any, name: str, given: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as the parameter holds
    if not is_dataclass(kind):
        return given[name]
    hints = get_type_hints(kind)
    return kind(**{each.name: _filled(hints[each.name], each.name, given) for each in fields(kind)})  # type: ignore[operator]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFiles:
    """What is written about the gate.

    Attributes:
        junit: As JUnit XML.
        markdown: As Markdown.
        json: As JSON.
    """

    junit: opt.Junit = None
    markdown: opt.Markdown = None
    json: opt.Json = None

    @property
    def named(self) -> Files:
        """What to write where."""
        return (("junit", self.junit), ("markdown", self.markdown), ("json", self.json))


@dataclass(frozen=True, slots=True, kw_only=True)
class AtServer:
    """Which server judges, and what that may take.

    Attributes:
        base_url: Where it is.
        model: Name of the model there.
        max_requests: Most requests of the run.
        max_tokens: Most tokens.
        max_cost: Most that it may cost.
    """

    base_url: opt.BaseUrl = None
    model: opt.ModelName = None
    max_requests: opt.MaxRequests = None
    max_tokens: opt.MaxTokens = None
    max_cost: opt.MaxCost = None

    def changes(self) -> dict[str, Any]:
        """Return what they change in the `endpoint` section of a preset."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which clips are taken.

    Attributes:
        clip_filter: Those for which an expression holds.
        sample: So many of them, by the hash of their ids.
        seed: Of the sample.
        limit: The first of them.
    """

    clip_filter: opt.Filter = None
    sample: opt.Sample = None
    seed: opt.Seed = 0
    limit: opt.Limit = None

    def options(self) -> dict[str, Any]:
        """Return what `ScoreOptions` holds of them."""
        return {"filter": self.clip_filter, "sample": self.sample, "seed": self.seed, "limit": self.limit}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharded(Chosen):
    """Which clips are taken, where a run can be shared out.

    Attributes:
        shard: Which part of them all.
    """

    shard: opt.ShardOf = None

    def options(self) -> dict[str, Any]:
        """Return what `ScoreOptions` holds of them.

        Raises:
            InputError: If the shard cannot be read.
        """
        from audiojudge_cli.runs.shard import Shard

        chosen = Chosen.options(self)
        return chosen | {"shard": None if self.shard is None else Shard.parse(self.shard)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """What clips that fail do to a run.

    Attributes:
        fail_fast: End it.
        max_errors: End it once they are more.
        retry_errors: They are tried again.
    """

    fail_fast: opt.FailFast = False
    max_errors: opt.MaxErrors = None
    retry_errors: opt.RetryErrors = None

    def changes(self) -> dict[str, Any]:
        """Return what they change in a preset.

        Raises:
            InputError: As `score_options.max_errors`.
        """
        most = opt.max_errors(self.max_errors, fail_fast=self.fail_fast)
        return {"max_errors": most, "retry_errors": self.retry_errors}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    """What a run tells on stderr.

    Attributes:
        quiet: Errors only.
        verbose: Every clip.
        log_json: As JSON.
    """

    quiet: opt.Quiet = False
    verbose: opt.Verbose = False
    log_json: opt.LogJson = False

    def teller(self) -> EventLog:
        """Return what tells it.

        Raises:
            InputError: If they contradict each other.
        """
        from audiojudge_cli.commands.event_log import EventLog, choose_style

        return EventLog(choose_style(quiet=self.quiet, verbose=self.verbose, log_json=self.log_json))
