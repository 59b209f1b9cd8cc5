from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from audiojudge_cli.errors import InputError, WeightsError
from audiojudge_cli.runs.arrivals import Arrivals
from audiojudge_cli.runs.interrupt import Stop
from audiojudge_cli.runs.options import ScoreOptions
from audiojudge_cli.runs.preset import Preset, RequiredOptions
from audiojudge_cli.runs.watch import Patrol, watch


def contents(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name not in {"run.json", ".lock"}]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def arrivals(outputs, tmp_path):
    def make(captions="captions.jsonl", **options: Any) -> tuple[Arrivals, Clock]:
        clock = Clock()
        wanted = ScoreOptions(str(outputs), str(tmp_path / captions), tmp_path / "run", **options)
        return Arrivals(wanted, 2.0, clock), clock

    return make


def look(found: tuple[Arrivals, Clock], seconds: float = 1.0) -> list[str]:
    found[1].now += seconds
    return [clip.id for clip in found[0]]


def test_a_clip_is_given_once_it_has_not_changed_for_a_while(arrivals, make_tone, make_captions, outputs):
    found = arrivals()
    assert look(found) == []
    assert "captions.jsonl" in found[0].problem
    path = make_tone("0.wav")
    make_captions(["440 Hz", "440 Hz"])
    assert look(found) == []
    assert found[0].problem == ""
    with path.open("ab") as file:
        file.write(b"more")
    assert look(found) == look(found) == []
    assert look(found) == ["0"]
    assert look(found, 100) == []
    make_tone("1.wav")
    assert look(found) == []
    assert look(found, 2) == ["1"]
    make_captions(["440 Hz", "220 Hz"])
    assert look(found) == []
    assert look(found, 2) == ["1"]
    assert found[0].clips == 2


def test_empty_files_and_what_the_selection_leaves_out_are_not_given(arrivals, make_tone, make_captions, outputs):
    make_captions(["440 Hz", "440 Hz", "loud"])
    (outputs / "0.wav").touch()
    make_tone("1.wav")
    make_tone("2.wav")
    found = arrivals(filter='caption == "440 Hz"')
    assert look(found) == []
    assert look(found, 5) == ["1"]


def test_a_filter_that_holds_for_nothing_yet_waits(arrivals, make_tone, make_captions):
    make_captions(["440 Hz"])
    make_tone("0.wav")
    found = arrivals(filter='caption == "loud"')
    assert look(found) == []
    assert "no clip" in found[0].problem


@pytest.fixture
def watching(tmp_path, outputs, tone_judge, follow):
    """Watch in this thread; returns (how it went, who followed)."""

    def go(captions="captions.jsonl", *, idle_s=1.0, stop=None, during=None, **options: Any):
        preset = options.pop("preset", Preset(workers=2, require=RequiredOptions(errors=1.0)))
        wanted = ScoreOptions(str(outputs), str(tmp_path / captions), tmp_path / "run", preset=preset, **options)
        follower = follow(Stop() if stop is None else stop)
        writer = threading.Thread(target=during) if during else None
        if writer:
            writer.start()
        try:
            scored = watch(
                wanted,
                patrol=Patrol(idle_s, settle_s=0.3),
                judge=tone_judge.load,
                expander=tone_judge.load_expander,
                watcher=follower,
                stop=follower.stop,
            )
        finally:
            if writer:
                writer.join()
        return scored, follower

    return go


def test_files_are_scored_as_they_are_written_and_the_end_is_that_of_a_plain_run(
    watching, run, make_tone, outputs, tmp_path
):
    captions = tmp_path / "captions.jsonl"
    time_axis = np.arange(2000) / 8000
    early: list[int] = []

    def generate() -> None:
        for number in range(4):
            line = json.dumps({"file_name": f"{number}.wav", "caption": "440 Hz, loud"}) + "\n"
            with captions.open("a") as file:
                file.write(line[:20])
                file.flush()
                time.sleep(0.1)
                file.write(line[20:])
            with soundfile.SoundFile(outputs / f"{number}.wav", "w", 8000, 1) as sound:
                for part in range(4):
                    sound.write(np.sin(2 * np.pi * 440 * time_axis))
                    sound.flush()
                    time.sleep(0.05 * part)
        journal = tmp_path / "run" / "records.jsonl"
        for _ in range(200):  # the last row is still to come, however slow the machine is
            early[:] = [journal.read_bytes().count(b"\n") if journal.exists() else 0]
            if early[0]:
                break
            time.sleep(0.05)
        with captions.open("a") as file:
            file.write(json.dumps({"file_name": "missing.wav", "caption": "loud"}))

    scored, follower = watching(during=generate)
    assert scored.exit_code == 0
    assert early[0] >= 1
    assert follower.known == 5
    assert sorted(record.id for record in follower.records) == ["0", "1", "2", "3", "missing"]
    assert all(record.audio.duration_s == 1.0 for record in follower.records if record.error is None)
    assert (scored.counts["judged"], scored.counts["kept"], scored.counts["failed"]) == (4, 0, 1)
    info = json.loads((tmp_path / "run" / "run.json").read_text())
    assert info["state"] == "finished"
    assert info["timings"]["audio_s"] == 4.0
    run(captions, out="plain", preset=Preset(require=RequiredOptions(errors=1.0)))
    assert contents(tmp_path / "run") == contents(tmp_path / "plain")


def test_the_end_may_be_wished_for(watching, make_tone, make_captions):
    for number in range(2):
        make_tone(f"{number}.wav")
    make_captions(["440 Hz"] * 3)
    stop = Stop()

    def interrupt() -> None:
        time.sleep(1.5)
        stop.wish()

    begun = time.monotonic()
    scored, _ = watching(idle_s=60, stop=stop, during=interrupt)
    assert time.monotonic() - begun < 30
    assert scored.exit_code == 130
    assert scored.summary["clips"]["pending"] == 1
    assert (scored.counts["judged"], scored.counts["expanded"]) == (2, 2)


def test_what_never_comes_is_an_error_in_the_end(watching, make_tone):
    make_tone("0.wav")
    with pytest.raises(InputError, match=r"captions\.jsonl"):
        watching(idle_s=0.6)


def test_too_many_failures_end_it(watching, make_tone, make_captions):
    for number in range(3):
        make_tone(f"{number}.wav")
    make_captions(["explode", "440 Hz", "440 Hz"])
    preset = Preset(workers=1, batch=1, max_errors=0, require=RequiredOptions(errors=1.0))
    scored, _ = watching(idle_s=60, preset=preset)
    assert scored.exit_code == 3
    assert "--max-errors 0 allows no more" in scored.reason


def test_an_error_of_the_run_is_kept_in_run_json(watching, make_tone, make_captions, tmp_path):
    make_tone("0.wav")
    make_captions(["no weights"])
    with pytest.raises(WeightsError):
        watching(idle_s=60)
    assert json.loads((tmp_path / "run" / "run.json").read_text())["state"] == "failed"


@pytest.mark.parametrize(
    ("options", "message"), [({"captions": "-"}, "--watch cannot read"), ({"sample": 3}, "--sample")]
)
def test_what_cannot_be_watched(options, message, outputs, tmp_path, tone_judge, follow):
    wanted = ScoreOptions(str(outputs), options.pop("captions", "captions.jsonl"), tmp_path / "run", **options)
    with pytest.raises(InputError, match=message):
        watch(
            wanted,
            patrol=Patrol(),
            judge=tone_judge.load,
            expander=tone_judge.load_expander,
            watcher=follow(Stop()),
            stop=Stop(),
        )
