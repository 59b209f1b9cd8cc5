"""`audiojudge serve`: the judge as a server, for rewards in training and for whoever is not written in Python."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiojudge_cli.commands import complete, groups
from audiojudge_cli.commands import score_options as opt
from audiojudge_cli.commands.groups import spread
from audiojudge_cli.commands.help import HelpCommand

if TYPE_CHECKING:
    from audiojudge_cli.runs.preset import Preset
    from audiojudge_cli.serving.handlers import Policy

_NEEDED = {"fastapi": "fastapi", "uvicorn": "uvicorn", "python_multipart": "python-multipart"} | {
    "prometheus_client": "prometheus-client"
}
"""Modules that the server is made of, and the packages that they come from."""

_DECODED_BYTES = 512 << 20
"""Room for the samples of one clip, which a file of a few bytes may claim: ten minutes of 96 kHz in stereo."""


def register(app: typer.Typer) -> None:
    """Add `audiojudge serve` to the command tree."""
    app.command("serve", cls=HelpCommand)(spread(serve))


def serve(
    *,
    judge: opt.JudgeName = None,
    quant: opt.QuantOf = None,
    mode: opt.ModeOf = None,
    prompts: opt.Prompts = None,
    server: groups.AtServer,
    device: opt.Device = None,
    expander: Annotated[
        str | None,
        typer.Option(
            autocompletion=complete.expanders, help="What turns captions into rubrics; the preset's by default."
        ),
    ] = None,
    quality: opt.QualityOf = None,
    preset: Annotated[str, opt.preset("Name of a preset, or path of a YAML file.")] = "default",
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every one that this machine has.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
    root: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", parser=opt.folder, help="Requests may name audio files in this folder, and in no other."
        ),
    ] = None,
    token_env: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Variable of the environment with a token that every request must show."),
    ] = None,
    max_body: Annotated[
        str, typer.Option(metavar="SIZE", help="Largest request, and largest file under --root.")
    ] = "64MB",
    max_duration: Annotated[float, typer.Option(metavar="SECONDS", min=0.1, help="Longest clip.")] = 600.0,
    queue: Annotated[
        int, typer.Option(min=1, max=10_000, help="Requests accepted at once; others get 429 and come again.")
    ] = 64,
    batch: Annotated[
        int | None,
        typer.Option(min=1, max=4096, help="Most clips of different requests handed to the judge in one call."),
    ] = None,
    workers: opt.Workers = None,
    quiet: opt.Quiet = False,
    log_json: opt.LogJson = False,
) -> None:
    """Serve the judge over HTTP: POST /v1/score, /v1/compare, /v1/rate, /v1/expand; docs/serve.md.

    SIGTERM or Ctrl-C ends it once every request that was accepted is answered; a second one ends it at once.

    Exit code 0: ended as asked; 2: wrong usage, or the address is taken; 3: weights are missing; 130: ended at once.
    """
    from audiojudge_cli.api.running import judge_of, preset_with
    from audiojudge_cli.commands.event_log import EventLog, choose_style, errors_told

    log = EventLog(choose_style(quiet=quiet, verbose=False, log_json=log_json))
    with errors_told(log):
        _refuse_missing()
        from audiojudge_cli.judges.registry import judge_family
        from audiojudge_cli.serving.server import Service
        from audiojudge_cli.serving.server import serve as run

        named = {"judge": judge, "device": device, "expander": expander, "quality": quality and quality.value}
        asked: dict[str, str | None] = {**named, **opt.judge_options(quant, mode, prompts)}
        chosen = preset_with(preset, workers=workers, llm=None, endpoint=server.changes(), batch=batch, **asked)
        judge_family(chosen.judge)  # a name that is none is told before anybody is promised an answer
        token = _token(token_env)
        policy = _policy(chosen, root, max_body, max_duration)
        if token is None and host not in {"127.0.0.1", "localhost", "::1"}:
            log.insist(f"anybody who can reach {host} can use this server; --token-env asks for a token")
        service = Service(policy, host, port, queue, token)
        code = run(service, lambda: judge_of(chosen), log.tell)
    raise typer.Exit(code)


def _refuse_missing() -> None:
    from importlib.util import find_spec

    from audiojudge_cli.errors import InputError

    if missing := [package for module, package in _NEEDED.items() if find_spec(module) is None]:
        raise InputError(f"serve needs {', '.join(missing)}: pip install 'audiojudge-cli[serve]'")


def _token(name: str | None) -> str | None:
    import os

    from audiojudge_cli.errors import InputError
    from audiojudge_cli.text.hidden import know

    if name is None:
        return None
    token = os.environ.get(name, "").strip()
    if not token:
        raise InputError(f"--token-env {name}: this variable is not set, or empty")
    if not (token.isascii() and token.isprintable()):
        raise InputError(f"--token-env {name}: the token holds characters that no HTTP header can carry")
    know(token)
    return token


def _policy(preset: Preset, root: Path | None, max_body: str, max_duration: float) -> Policy:
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.serving.allowed_root import Root
    from audiojudge_cli.serving.handlers import Policy
    from audiojudge_cli.text.sizes import parse_size

    size = parse_size(max_body)
    if size is None or not 1024 <= size <= 4 << 30:
        raise InputError(f"--max-body is a size from 1 KiB to 4 GiB such as 64MB, not {max_body!r}")
    limits = preset.limits
    tight = {
        "duration_s": min(max_duration, limits.duration_s),
        "file_bytes": min(size, limits.file_bytes),
        "decoded_bytes": min(_DECODED_BYTES, limits.decoded_bytes),
    }
    chosen = preset.overridden({"limits": limits.model_copy(update=tight)})
    return Policy(chosen, None if root is None else Root(root), size)
