"""audiojudge: judge generated audio against its captions, item by item.

    import audiojudge_cli as aj

    record = aj.score("dog.wav", "A dog barks twice.")
    run = aj.run("outputs", captions="caps.jsonl", out="run")

What `__all__` names is promised (docs/python.md); the modules beneath are private by convention. Importing this package
reads none of them: each name is looked up when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiojudge_cli.api.benching import Benchmarked, bench
    from audiojudge_cli.api.calibrating import calibrate
    from audiojudge_cli.api.judging import load_judge
    from audiojudge_cli.api.many import run
    from audiojudge_cli.api.opened import Run, open_run
    from audiojudge_cli.api.rewards import Best, Reward, best_of
    from audiojudge_cli.api.scoring import expand, score
    from audiojudge_cli.errors import AudiojudgeError, ClipError, InputError, NotJudgedError, WeightsError
    from audiojudge_cli.gates.outcome import GateResult
    from audiojudge_cli.judges.base import Judge
    from audiojudge_cli.judges.registry import known_judges as judges
    from audiojudge_cli.results.record import Record
    from audiojudge_cli.rubrics.item import Rubric, RubricItem

__version__ = "0.1.0"

__all__ = [
    "AudiojudgeError",
    "Benchmarked",
    "Best",
    "ClipError",
    "GateResult",
    "InputError",
    "Judge",
    "NotJudgedError",
    "Record",
    "Reward",
    "Rubric",
    "RubricItem",
    "Run",
    "WeightsError",
    "__version__",
    "bench",
    "best_of",
    "calibrate",
    "expand",
    "judges",
    "load_judge",
    "open_run",
    "run",
    "score",
]

_HOMES = {
    "api.benching": ("Benchmarked", "bench"),
    "api.calibrating": ("calibrate",),
    "api.judging": ("load_judge",),
    "api.many": ("run",),
    "api.opened": ("Run", "open_run"),
    "api.rewards": ("Best", "Reward", "best_of"),
    "api.scoring": ("expand", "score"),
    "errors": ("AudiojudgeError", "ClipError", "InputError", "NotJudgedError", "WeightsError"),
    "gates.outcome": ("GateResult",),
    "judges.base": ("Judge",),
    "results.record": ("Record",),
    "rubrics.item": ("Rubric", "RubricItem"),
}


def __getattr__(name: str) -> object:
    if name == "judges":  # a package that can be called: see there
        return import_module("audiojudge_cli.judges")
    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"audiojudge_cli.{home}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
