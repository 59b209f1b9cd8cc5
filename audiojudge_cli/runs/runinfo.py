"""`run.json`: everything needed to repeat a run, and how it went."""

from __future__ import annotations

import datetime as dt
import platform
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from audiojudge_cli import __version__
from audiojudge_cli.judges.base import Judge
from audiojudge_cli.judges.comparing import CoupleJudge
from audiojudge_cli.results.record import JudgeRef
from audiojudge_cli.results.write import write_json
from audiojudge_cli.runs.folder import RUN, unwritable
from audiojudge_cli.runs.options import ScoreOptions
from audiojudge_cli.text.hidden import hidden_in

SCHEMA = "audiojudge.run/1"
# What an answer or a decoded sample can depend on.
_PACKAGES = (
    *("ctranslate2", "numpy", "onnxruntime", "onnxruntime-gpu", "scipy"),
    *("accelerate", "bitsandbytes", "soundfile", "soxr", "tokenizers", "torch", "torchao", "transformers"),
)


class RunInfo:
    """The content of `run.json`, written at the start of a run and again at its end.

    Args:
        options: Of the run.
        judge: Ready to answer.
        expander: As records name it.
        started_at: When it began.
        hears: Who hears couples of clips, or None.

    Attributes:
        begun: Whether it was written: before that, the folder may hold the run of somebody else.
    """

    def __init__(
        self,
        options: ScoreOptions,
        judge: Judge,
        expander: JudgeRef,
        started_at: dt.datetime,
        hears: CoupleJudge | None = None,
    ) -> None:
        self._folder = options.out
        self.begun = False
        self._data: dict[str, Any] = {
            "schema": SCHEMA,
            "state": "running",
            "reason": None,
            "exit_code": None,
            "arguments": list(options.arguments),
            "inputs": _inputs(options),
            "preset": {"name": options.preset_name, "options": options.preset.model_dump(mode="json", by_alias=True)},
            "judge": _described(judge),
            "hears": None if hears is None else _described(hears),
            "expander": {"name": expander.name, "fingerprint": expander.fingerprint},
            "versions": versions(),
            "counts": {},
            "timings": {"started_at": started_at.isoformat(timespec="seconds"), "finished_at": None},
        }

    def write(self) -> None:
        """Write `run.json` as things stand.

        Raises:
            NotJudgedError: If it cannot be written.
        """
        path = self._folder / RUN
        self.begun = True
        try:
            write_json(path, hidden_in(self._data))
        except OSError as error:
            raise unwritable(path, error) from error

    def spent(self, figures: Mapping[str, float]) -> None:
        """Note what the run has spent at a server (`judges.base.Remote`); nothing where there is none."""
        if figures:
            self._data["spent"] = dict(figures)

    def end(
        self,
        state: str,
        *,
        exit_code: int,
        reason: str | None,
        counts: Mapping[str, int],
        timings: Mapping[str, float],
    ) -> None:
        """Write `run.json` for good.

        Args:
            state: `finished`, `interrupted` or `failed`.
            exit_code: Of the command.
            reason: Why it is not 0, or None.
            counts: Clips by what became of them.
            timings: Seconds by what they were spent on; three decimals are kept.
        """
        now = dt.datetime.now(dt.UTC)
        self._data |= {"state": state, "reason": reason, "exit_code": exit_code, "counts": dict(counts)}
        self._data["timings"] |= {"finished_at": now.isoformat(timespec="seconds")}
        self._data["timings"] |= {name: round(seconds, 3) for name, seconds in timings.items()}
        self.write()


def _described(judge: Judge | CoupleJudge) -> dict[str, Any]:
    return {
        "name": judge.name,
        "fingerprint": judge.fingerprint,
        "device": judge.device,
        "card": dict(judge.describe()),
    }


def _inputs(options: ScoreOptions) -> dict[str, Any]:
    return {
        "outputs": options.outputs,
        "captions": options.captions,
        "rubrics": None if options.rubrics is None else str(options.rubrics),
        "baseline": None if options.baseline is None else str(options.baseline),
        "audio_field": options.audio_field,
        "caption_field": options.caption_field,
        "transcript_field": options.transcript_field,
        "reference_field": options.reference_field,
        "filter": options.filter,
        "sample": options.sample,
        "seed": options.seed,
        "votes": options.votes,
        "limit": options.limit,
        "shard": None if options.shard is None else str(options.shard),
        "cache": None if options.cache is None else str(options.cache),
        "watch_idle_s": options.watch_idle_s,
        "strict": options.strict,
        "criteria": {one.instruction: one.name for one in options.criteria},
    }


def versions() -> dict[str, Any]:
    """Return the versions that a result can depend on."""
    return {
        "audiojudge": __version__,
        "python": platform.python_version(),
        "platform": f"{sys.platform}-{platform.machine()}",
        "packages": {name: found for name in _PACKAGES if (found := _version(name))},
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
