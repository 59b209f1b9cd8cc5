"""A judge that writes: its model, handed to the llm expander."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiojudge_cli.rubrics.writer import Writer


def writer_named(
    judge: str | None, *, expander: str, device: str, quant: str | None, quiet: bool = False
) -> Callable[[], Writer] | None:
    """Return what loads a judge and gives its model as a writer; None when no judge is named.

    Args:
        judge: As `--judge` of `audiojudge score`.
        expander: Name of the expander that is to use it.
        device: `auto`, `cpu`, `cuda`, `cuda:1` …
        quant: For judges that take it.
        quiet: Whether what the judge has to tell stays unsaid, unless it is urgent.

    Raises:
        InputError: If the expander needs no model.
    """
    from audiojudge_cli.errors import InputError

    if judge is None:
        if quant is not None:
            raise InputError("--quant is for the model of --judge; leave it out, or name a judge")
        return None
    if expander != "llm":
        raise InputError(f"the expander {expander!r} writes without a model: leave --judge out, or give --expander llm")
    name = judge

    def load() -> Writer:
        from audiojudge_cli.commands.console import say
        from audiojudge_cli.judges.base import Remarking, Urgent, writer_of
        from audiojudge_cli.judges.registry import load_judge

        loaded = load_judge(name, device=device, options={"quant": quant})
        if isinstance(loaded, Remarking):
            loaded.remark_to(lambda line: say(line) if isinstance(line, Urgent) or not quiet else None)
        return writer_of(loaded)

    return load
