"""Run folders made by hand: real records in a real journal, without a judge and without the files for people."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.errors import ClipError
from audiojudge_cli.results.build import UNMEASURED, Makers, Measured, failed_record, judged_record
from audiojudge_cli.results.quality import (
    FIGURES,
    VERSION,
    Depth,
    QualityFault,
    QualityProfile,
    ReferenceLikeness,
    WordErrors,
)
from audiojudge_cli.results.record import NOBODY, RATED, JudgeRef, Record
from audiojudge_cli.results.rule import Rule
from audiojudge_cli.results.summary import Tally
from audiojudge_cli.results.verdict import answered, unverifiable
from audiojudge_cli.results.write import write_json
from audiojudge_cli.rubrics.item import Rubric, RubricItem
from audiojudge_cli.text.hidden import forget
from audiojudge_cli.text.jsonl import dump_line

# The same examples every time, so that a change is judged by what it changed; HYPOTHESIS_PROFILE=explore draws new
# ones. No deadline: a busy machine is no fault.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def _record(row: dict[str, Any], number: int, run: str, makers: Makers) -> Record:
    clip_id = row.get("id", f"clip{number}")
    audio = row.get("audio", f"{clip_id}.wav")
    caption = row.get("caption", f"Caption {number}.")
    metadata = row.get("metadata", {})
    told = {"metadata": metadata, "transcript": row.get("transcript")}
    clip = Clip(clip_id, Path(audio), audio, caption, row.get("subset"), row.get("language"), **told)
    answers = row.get("answers", [0.9])
    named = row.get("dimensions") or [row.get("dimension", "event")] * len(answers)
    questions = row.get("questions") or [f"Is thing {at} heard?" for at in range(len(answers))]
    items = tuple(RubricItem(name, text, f"basis {name}") for name, text in zip(named, questions, strict=True))
    rubric = Rubric(items, "en", row.get("subset") or "sound")
    if makers.judge == NOBODY:
        rubric = Rubric((), "", row.get("subset") or "")
    if row.get("error"):
        known = rubric if row.get("answers") else None
        return failed_record(clip, ClipError(row["error"], "no such file"), makers, rubric=known)
    sha = hashlib.sha256(f"{row.get('sha', run)} {clip_id}".encode()).hexdigest()
    waveform = Waveform(np.zeros((1, 800), dtype=np.float32), 8000, sha)
    measured = _measured(row.get("quality"), row.get("faults", ()), row.get("version", VERSION))
    if makers.judge == NOBODY:
        return judged_record(clip, waveform, rubric, (), makers, measured=measured)
    evidence = row.get("evidence", "Heard at 1.0 s.")
    verdicts = [
        unverifiable("Nobody can tell.", "test")
        if p is None
        else answered(p, evidence, "test", times=((0.0, 0.05),), facts=_facts(p, makers))
        for p in answers
    ]
    return judged_record(clip, waveform, rubric, verdicts, makers, measured=measured)


def _facts(p: float, makers: Makers) -> dict[str, float | str]:
    """Of a run that rates: the rating on a scale from 1 to 5."""
    return {"rating": round(1 + 4 * p, 4), "spread": 0.25} if makers.expander.name == RATED else {"tempo_bpm": 90.0}


def _measured(figures: dict[str, float] | None, faults: Sequence[Any], version: int) -> Measured:
    """Return a profile with these figures, the others unknown; nothing measured for None."""
    if figures is None:
        return UNMEASURED
    known: dict[str, Any] = dict.fromkeys(FIGURES) | {name: value for name, value in figures.items() if name in FIGURES}
    rates = [figures.get(name) for name in ("wer", "cer")]
    words = None if rates == [None, None] else WordErrors(rates[0], rates[1], "a", "b", ())
    compared = [figures.get(name) for name in ("loudness_difference_lu", "speaker_likeness")]
    reference = None if compared == [None, None] else ReferenceLikeness("r.wav", compared[0], compared[1])
    found = tuple(QualityFault(name, f"It is {name}.", ((0.0, 0.05),)) for name in faults)
    depth: Depth = "full" if "mos" in figures else "basic"
    profile = QualityProfile(**known, words=words, reference=reference, faults=found, depth=depth, version=version)
    return Measured(profile)


@pytest.fixture(scope="session")
def runs_in():
    """Return what makes run folders inside a folder; for fixtures that outlive one test."""
    return _runs_in


@pytest.fixture
def make_run(tmp_path: Path):
    """Write a run folder: one mapping per clip (id, answers, caption, subset, metadata, error, quality …)."""
    return _runs_in(tmp_path)


def _runs_in(parent: Path) -> Callable[..., Path]:
    def make(
        rows: list[dict[str, Any]],
        name: str = "run",
        *,
        judge: str = "j1",
        expander: str = "e1",
        rule: Rule | None = None,
        info: dict[str, Any] | None = None,
        pending: int = 0,
        judged: bool = True,
        rated: bool = False,
    ) -> Path:
        rule = rule or Rule()
        makers = Makers(JudgeRef("test", judge), JudgeRef(RATED if rated else "rules", expander), rule)
        if not judged:
            makers = Makers(NOBODY, NOBODY, rule)
        folder = parent / name
        folder.mkdir(parents=True, exist_ok=True)
        tally = Tally(makers.judge, rule)
        records = [_record(row, number, name, makers) for number, row in enumerate(rows)]
        for record in records:
            tally.add(record)
        journal = "".join(dump_line(record.to_dict()) for record in records)
        (folder / "records.jsonl").write_text(journal, encoding="utf-8", newline="")
        write_json(folder / "summary.json", tally.summary(pending=pending))
        write_json(folder / "run.json", {"state": "finished", "exit_code": 0, "reason": None, **(info or {})})
        return folder

    return make


@pytest.fixture(autouse=True)
def _no_secrets_of_other_tests() -> Iterator[None]:
    """What one test told to be secret is plain text to the next."""
    yield
    forget()


@pytest.fixture(scope="session")
def chromium():
    """A headless Chromium of this machine."""
    api = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no browser on the path ({', '.join(_BROWSERS)}), so pages are not opened in one")
    # Chromium's sandbox refuses to run as root, as containers do.
    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    arguments.append("--autoplay-policy=no-user-gesture-required")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=arguments)
        yield browser
        browser.close()


def in_a_loop(work: Coroutine[Any, Any, Any]) -> Any:
    """Return what a coroutine returns, run on its own thread: a browser of other tests keeps a loop on this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
