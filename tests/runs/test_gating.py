from __future__ import annotations

import json

from audiojudge_cli.errors import NotJudgedError
from audiojudge_cli.gates.outcome import GateResult
from audiojudge_cli.gates.rule_file import GateOptions
from audiojudge_cli.runs.preset import Preset


def gated(*rules: str) -> Preset:
    return Preset(workers=1, batch=1, gate=GateOptions(rules=list(rules)))


def test_a_finished_run_has_an_outcome_and_an_interrupted_one_has_none(run, make_tone, make_captions, tmp_path):
    for name in range(4):
        make_tone(f"{name}.wav")
    captions = make_captions(["440 Hz"] * 4)
    kept = tmp_path / "run" / "gate.json"
    done, _ = run(captions, preset=gated("count == 4"))
    assert isinstance(done.gate, GateResult)
    assert (done.exit_code, json.loads(kept.read_text())["verdict"]) == (0, "pass")
    stopped, _ = run(captions, preset=gated("count == 4"), stop_after=1, restart=True)
    assert (stopped.exit_code, stopped.gate, kept.exists()) == (130, None, False)
    done, _ = run(captions, preset=gated("count == 5"))
    assert (done.exit_code, json.loads(kept.read_text())["verdict"]) == (1, "fail")


def test_a_run_that_could_not_be_judged_keeps_why(run, outputs, make_captions, tmp_path):
    (outputs / "0.wav").write_bytes(b"no audio")
    done, _ = run(make_captions(["440 Hz"]), preset=gated("count.error == 1"))
    assert isinstance(done.gate, NotJudgedError)
    assert done.exit_code == 3
    data = json.loads((tmp_path / "run" / "gate.json").read_text())
    assert (data["verdict"], data["exit_code"]) == ("error", 3)


def test_a_filter_on_a_column_is_known_before_the_judge_is_loaded(run, make_tone, make_captions):
    make_tone("0.wav")
    row = {"file_name": "0.wav", "caption": "440 Hz", "model": "v1"}
    done, _ = run(make_captions([row]), preset=gated("count[model=v1] == 1", "count[subset=sound] <= 1"))
    assert done.gate is not None
