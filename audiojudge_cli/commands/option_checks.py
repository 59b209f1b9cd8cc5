"""What options of a run mean together, and which of them are idle."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiojudge_cli.commands.event_log import EventLog
    from audiojudge_cli.commands.score_options import EngineName, Tracker
    from audiojudge_cli.runs.preset import Preset
    from audiojudge_cli.runs.ray_options import RayOptions


def cache_bytes(text: str) -> int:
    """Return the size that `--cache-size` states.

    Raises:
        InputError: If it is none, or too small to be of use.
    """
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.judges.verdict_store import MIN_BYTES
    from audiojudge_cli.text.sizes import parse_size

    size = parse_size(text)
    if size is None or size < MIN_BYTES:
        raise InputError(f"--cache-size is a size of at least 1 MiB such as 500MB or 2GB, not {text!r}")
    return size


def watch_idle(seconds: float | None, *, watch: bool, dry_run: bool) -> float | None:
    """Return after how many seconds watching ends; None without watching.

    Raises:
        InputError: If the options contradict each other.
    """
    from audiojudge_cli.errors import InputError

    if watch and dry_run:
        raise InputError("--dry-run judges nothing, so there is nothing to watch; leave --watch out")
    if seconds is not None and not watch:
        raise InputError("--watch-idle is for --watch; add that or leave it out")
    return (60.0 if seconds is None else seconds) if watch else None


def refuse_idle_calibration(seconds: float | None, *, dry_run: bool) -> None:
    """Refuse `--calibrate` without `--dry-run`.

    Raises:
        InputError: If so.
    """
    from audiojudge_cli.errors import InputError

    if seconds is not None and not dry_run:
        raise InputError("--calibrate is for --dry-run; add that or leave it out")


def refuse_idle_reference(field: str | None, preset: Preset) -> None:
    """Refuse `--reference-field` where nothing is measured.

    Raises:
        InputError: If so.
    """
    from audiojudge_cli.errors import InputError

    if field is not None and preset.quality == "off":
        raise InputError("--reference-field is compared by the quality profile, which is off; set --quality basic")


def ray_options(engine: EngineName, address: str | None, gpus: float | None, workers: int | str) -> RayOptions | None:
    """Return how a Ray cluster is used; None for the local engine.

    Args:
        engine: As chosen.
        address: Of a cluster.
        gpus: For each worker.
        workers: As in a preset.

    Raises:
        InputError: If options of Ray are given without it.
    """
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.runs.ray_options import RayOptions

    if engine == "ray":
        return RayOptions(address, gpus or 0.0, workers if isinstance(workers, int) else None)
    if address is not None or gpus is not None:
        raise InputError(f"--ray-{'gpus' if address is None else 'address'} is for --engine ray")
    return None


def trackers(log: list[Tracker] | None, name: str | None, *, is_passing: bool = False) -> tuple[str, ...]:
    """Return where the run is logged to, once what that needs is known to be there.

    Args:
        log: As asked for.
        name: Of the run there.
        is_passing: Whether nothing of the run is kept.

    Raises:
        InputError: If a package is missing, or an option is idle.
    """
    from audiojudge_cli.errors import InputError

    if name is not None and not log:
        raise InputError("--log-name is for --log; add that or leave it out")
    if not log:
        return ()
    from audiojudge_cli.reports.loggers.send import refuse_missing

    found = tuple(dict.fromkeys(tracker.value for tracker in log))
    refuse_missing(found)
    if is_passing:
        raise InputError("--log is for a run that is kept; add --out")
    return found


def log_run(folder: Path, log: tuple[str, ...], teller: EventLog, name: str | None) -> None:
    """Log a run to the trackers that were asked for; nothing that goes wrong there ends it."""
    if log:
        from audiojudge_cli.reports.loggers.send import send

        send(folder, log, teller.remark, name=name)
