"""Runs are logged once, to real packages where they are installed; what goes wrong there takes no run with it."""

from __future__ import annotations

import json
import math
import os
import struct
import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.reports.loggers import mlflow_log, send, tensorboard_log, wandb_log
from audiojudge_cli.reports.loggers.logged_values import COLUMNS, Told, told_of
from audiojudge_cli.runs import folder as run_folder

SECRET = "S3cr3t-key-of-somebody"
MODULES = {"wandb": wandb_log, "mlflow": mlflow_log, "tensorboard": tensorboard_log}


def needs(tracker: str) -> pytest.MarkDecorator:
    package = send.PACKAGES[tracker]
    return pytest.mark.skipif(find_spec(package) is None, reason=f"{package} is not installed (extra {tracker})")


@pytest.fixture
def run(make_run):
    info = {
        "judge": {"name": "test", "fingerprint": "j1", "device": "cpu", "card": {"secret": "card"}},
        "preset": {"name": "ci", "options": {"llm": {"model": None, "timeout_s": 9.5}, "workers": "auto"}},
        "arguments": ["--llm-endpoint", f"http://user:{SECRET}@host"],
    }
    rows = [
        {"answers": [0.9, 0.2], "caption": "A dog | barks.", "subset": "sound", "quality": {"lufs": -20.0}},
        {"answers": [None], "dimensions": ["odd name: 什么?"], "subset": "music"},
        {"error": "decode", "caption": "Gone."},
    ]
    return make_run(rows, info=info)


class Said:
    """What was said, and what of it urgently."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.urgent: list[str] = []

    def __call__(self, text: str, *, urgent: bool = False) -> None:
        (self.urgent if urgent else self.lines).append(text)


@pytest.fixture
def taken(monkeypatch):
    """Put a tracker that only remembers in place of each."""
    got: list[tuple[str, Told]] = []

    def remember(name: str, told: Told) -> str:
        got.append((name, told))
        return f"at {name}"

    for name, module in MODULES.items():
        monkeypatch.setattr(module, "log", partial(remember, name))
    return got


def test_what_is_told(run, tmp_path):
    told = told_of(run, "mine", tmp_path / "page.html")
    summary = json.loads((run / "summary.json").read_text())
    assert told.metrics["score/mean"] == summary["score"]["mean"]
    assert told.metrics["clips/error"] == 1
    assert told.metrics["quality/lufs"] == -20.0
    assert "subset/music/score" not in told.metrics  # nothing judged is no zero
    assert not any(map(math.isnan, told.metrics.values()))
    assert {name for name in told.metrics if name.startswith("dimension/odd")} == {"dimension/odd name_ ___/items"}
    assert told.config["judge.fingerprint"] == "j1"
    assert told.config["preset.llm.timeout_s"] == 9.5
    assert told.clips == len(told.rows) == 3
    assert {len(row) for row in told.rows} == {len(COLUMNS)}
    assert "<html" in told.page.read_text()
    assert SECRET not in str((told.metrics, told.config, told.rows))


def test_each_tracker_gets_a_run_once(run, taken):
    said = Said()
    for _ in range(3):
        send.send(run, ["wandb", "mlflow", "wandb"], said)
    assert [name for name, _ in taken] == ["wandb", "mlflow"]
    assert {told.name for _, told in taken} == {"run"}
    assert said.lines[-1] == "logged to wandb before, and unchanged since: at wandb"
    assert not said.urgent
    send.send(run, ["tensorboard"], said, name="nightly")
    assert (taken[-1][0], taken[-1][1].name) == ("tensorboard", "nightly")
    with (run / "records.jsonl").open("a") as file:
        file.write((run / "records.jsonl").read_text().splitlines(keepends=True)[0])
    send.send(run, ["mlflow"], said)
    assert [name for name, _ in taken] == ["wandb", "mlflow", "tensorboard", "mlflow"]


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError(f"no network, key {SECRET}"),
        OSError(28, "No space left"),
        SystemExit(1),
        ImportError("no torch"),
        Exception(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_tracker_that_fails_takes_nothing_with_it(run, taken, monkeypatch, error):
    monkeypatch.setenv("WANDB_API_KEY", SECRET)
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}

    def fail(told: Told) -> str:
        raise error

    monkeypatch.setattr(wandb_log, "log", fail)
    said = Said()
    send.send(run, ["wandb", "mlflow"], said)
    assert [name for name, _ in taken] == ["mlflow"]
    [warning] = said.urgent
    assert warning.startswith("the run was not logged to wandb: ")
    assert SECRET not in warning
    assert {path: path.read_bytes() for path in before} == before
    assert set(json.loads((run / "logged.json").read_text())) == {"schema", "mlflow"}
    monkeypatch.setattr(wandb_log, "log", lambda told: "at last")
    send.send(run, ["wandb", "mlflow"], said)
    assert "logged to wandb: at last" in said.lines


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WANDB_API_KEY", SECRET),
        ("MLFLOW_TRACKING_TOKEN", SECRET),
        ("MLFLOW_TRACKING_PASSWORD", SECRET),
        ("MLFLOW_TRACKING_URI", f"https://me:{SECRET}@tracker/x"),
        ("WANDB_BASE_URL", f"https://me:{SECRET}@tracker"),
    ],
)
def test_keys_are_never_said(run, taken, monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    monkeypatch.setattr(mlflow_log, "log", lambda told: f"run 1 of {value}, {SECRET}")

    def fail(told: Told) -> str:
        raise ValueError(f"{value}: {SECRET} is no key; " + "x" * 10_000)

    monkeypatch.setattr(wandb_log, "log", fail)
    said = Said()
    send.send(run, ["mlflow", "wandb"], said)
    assert len(said.urgent) == 1
    assert max(map(len, said.urgent)) < 500
    assert SECRET not in str((said.lines, said.urgent)) + (run / "logged.json").read_text()


def test_an_interrupt_and_a_run_that_cannot_be_read(run, taken, monkeypatch):
    said = Said()

    def interrupt(told: Told) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(wandb_log, "log", interrupt)
    send.send(run, ["wandb", "mlflow"], said)
    assert said.urgent == ["logging was interrupted; the run itself is done"]
    (run / "records.jsonl").write_text("not a record\n")
    send.send(run, ["mlflow"], said)
    assert "was not logged to mlflow" in said.urgent[-1]
    assert not taken


@pytest.mark.parametrize("state", ["interrupted", "failed", "running"])
def test_what_is_not_finished_is_not_logged(make_run, taken, state):
    said = Said()
    send.send(make_run([{}], info={"state": state}), ["wandb"], said)
    assert not taken
    assert "not finished" in said.urgent[0]


def test_stdout_and_stdin_are_not_a_trackers(run, monkeypatch, capsys):
    def talk(told: Told) -> str:
        print("View run at ...")
        assert not sys.stdin.isatty()
        with pytest.raises(EOFError):
            input("API key? ")
        return "there"

    monkeypatch.setattr(wandb_log, "log", talk)
    stdin = sys.stdin
    send.send(run, ["wandb"], Said())
    assert capsys.readouterr().out == ""
    assert sys.stdin is stdin


def test_a_missing_package_is_refused_with_the_cure(monkeypatch):
    monkeypatch.setattr(send, "find_spec", lambda name: None)
    for name in send.PACKAGES:
        with pytest.raises(InputError, match=rf"pip install 'audiojudge-cli\[{name}\]'"):
            send.refuse_missing([name])


def test_names_that_two_rooms_share():
    assert send.LEDGER == run_folder.LOGGED
    assert tensorboard_log.FOLDER == run_folder.EVENTS


def events(folder: Path) -> list[Any]:
    """Return the events of the only event file in a folder."""
    from tensorboardX.proto.event_pb2 import Event

    [path] = folder.glob("events.out.tfevents.*")
    data, found = path.read_bytes(), []
    while data:
        (size,) = struct.unpack("<Q", data[:8])
        found.append(Event.FromString(data[12 : 12 + size]))
        data = data[16 + size :]
    return found


@needs("tensorboard")
def test_tensorboard(run):
    said = Said()
    send.send(run, ["tensorboard"], said)
    assert said.urgent == []
    values = {value.tag: value for event in events(run / "tensorboard") for value in event.summary.value}
    assert values["score/mean"].simple_value == pytest.approx(
        json.loads((run / "summary.json").read_text())["score"]["mean"]
    )
    told = {
        name: values[f"{name}/text_summary"].tensor.string_val[0].decode() for name in ("config", "clips", "report")
    }
    assert "judge.fingerprint" in told["config"]
    assert "A dog &#124; barks." in told["clips"]
    assert "audiojudge" in told["report"]
    (run / "logged.json").unlink()
    send.send(run, ["tensorboard"], said)
    assert len(events(run / "tensorboard")) > 3  # one file still: written anew, not beside


@needs("tensorboard")
def test_tensorboard_writes_nowhere_else(run, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (run / "tensorboard").symlink_to(tmp_path / "elsewhere")
    said = Said()
    send.send(run, ["tensorboard"], said)
    assert "is a link" in said.urgent[0]
    assert not list((tmp_path / "elsewhere").iterdir())


@needs("wandb")
@pytest.mark.filterwarnings("default")
def test_wandb_offline(run, monkeypatch):
    for name in [name for name in os.environ if name.startswith("WANDB_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("WANDB_MODE", "offline")
    said = Said()
    send.send(run, ["wandb"], said)
    assert said.urgent == []
    [table] = (run / "wandb").glob("offline-run-*/files/media/table/clips_*.json")
    data = json.loads(table.read_text())
    assert data["columns"] == list(COLUMNS)
    assert len(data["data"]) == 3
    everything = b"".join(path.read_bytes() for path in (run / "wandb").rglob("*") if path.is_file())
    assert SECRET.encode() not in everything
    assert b"score/mean" in everything


@needs("mlflow")
@pytest.mark.filterwarnings("default")
def test_mlflow_in_a_file_of_its_own(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    said = Said()
    send.send(run, ["mlflow"], said, name="nightly")
    assert said.urgent == []
    import mlflow

    [found] = mlflow.search_runs(experiment_names=[mlflow_log.EXPERIMENT], output_format="list")
    assert found.info.run_name == "nightly"
    assert found.data.params["judge.fingerprint"] == "j1"
    assert found.data.metrics["score/mean"] == pytest.approx(
        json.loads((run / "summary.json").read_text())["score"]["mean"]
    )
    names = {each.path for each in mlflow.MlflowClient().list_artifacts(found.info.run_id)}
    assert names == {"clips.json", "report.html"}
