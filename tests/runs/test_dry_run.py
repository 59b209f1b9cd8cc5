from __future__ import annotations

import json

import pytest

from audiojudge_cli.runs.dry_run import last_rate, look_ahead
from audiojudge_cli.runs.options import ScoreOptions
from audiojudge_cli.runs.plan import plan


def test_a_sample_is_scaled_to_all_clips(make_tone, make_captions, outputs, tone_judge, tmp_path):
    for number in range(40):
        make_tone(f"{number}.wav", seconds=0.5)
    captions = make_captions(["440 Hz, loud"] * 40)
    options = ScoreOptions(str(outputs), str(captions), tmp_path / "run")
    planned = plan(options, tone_judge.load_expander, lambda _report, _clips: None)
    outlook = look_ahead(planned, options, checks=lambda item: item.dimension == "pitch", expands=True, sample=10)
    assert (outlook.clips, outlook.looked_at) == (40, 10)
    found = outlook.to_dict()
    assert found["audio_s"] == pytest.approx(20)
    assert found["items"] == {"pitch": 40, "volume": 40}
    assert found["checkable"] == {"pitch": 40, "volume": 0}
    assert found["seconds"] is None


@pytest.mark.parametrize(
    "change",
    [{"preset": {"options": {"judge": "other"}}}, {"timings": {"audio_s": 5, "total_s": 1}}, {"counts": None}, {}],
)
def test_a_run_that_tells_nothing_gives_no_speed(change, tmp_path):
    info = {
        "timings": {"audio_s": 50, "total_s": 10, "finished_at": "now"},
        "counts": {"judged": 9},
        "preset": {"options": {"judge": "tone"}},
    }
    (tmp_path / "run.json").write_text(json.dumps(info | change))
    found = last_rate(tmp_path, "tone")
    assert (found is None) is bool(change)
    assert found is None or found.audio_s_per_s == 5
    (tmp_path / "run.json").write_text("{")
    assert last_rate(tmp_path, "tone") is None
