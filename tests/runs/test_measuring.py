"""Clips are measured beside being judged: how deep is a choice, and nothing that stumbles takes a clip."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.commands import score_ending
from audiojudge_cli.errors import WeightsError
from audiojudge_cli.quality import profile as measures
from audiojudge_cli.quality import words
from audiojudge_cli.results.quality import VERSION, ReferenceLikeness
from audiojudge_cli.runs import measuring
from audiojudge_cli.runs.measuring import Measuring, Stale
from audiojudge_cli.runs.measuring_only import MeasuringOnly
from audiojudge_cli.runs.preset import Preset

EXAMPLES = Path(__file__).parents[2] / "examples" / "audio"


def preset(depth: str, **options: object) -> Preset:
    return Preset.model_validate({"workers": 2, "batch": 2, "quality": depth, **options})


def files_of(folder: Path) -> dict[str, bytes]:
    found = [path for path in folder.rglob("*") if path.is_file() and path.name not in {"run.json", ".lock"}]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


@pytest.fixture
def captions(make_tone, make_captions):
    make_tone("0.wav")
    make_tone("1.wav", 880)
    return make_captions(["440 Hz, loud", "loud", "loud"])  # the third has no audio


def test_every_clip_that_was_read_has_a_profile_unless_it_is_off(run, captions):
    _, basic = run(captions, preset=preset("basic", require={"errors": 1.0}), out="basic")
    assert [record.quality is not None for record in basic.records] == [True, True, False]
    _, off = run(captions, preset=preset("off", require={"errors": 1.0}), out="off")
    assert [record.quality for record in off.records] == [None, None, None]
    assert [record.items for record in off.records] == [record.items for record in basic.records]


@pytest.mark.parametrize(("first", "then"), [("off", "basic"), ("basic", "off")])
def test_another_depth_measures_anew_and_keeps_the_verdicts(
    run, captions, tmp_path, tone_judge, monkeypatch, first, then
):
    run(captions, preset=preset(then), out="fresh")
    run(captions, preset=preset(first), out="run")
    monkeypatch.setenv("TONE_JUDGE_LOG", str(tmp_path / "heard"))
    scored, _ = run(captions, preset=preset(then), out="run")
    assert not (tmp_path / "heard").exists()
    assert scored.counts["kept"] == 2
    assert files_of(tmp_path / "run") == files_of(tmp_path / "fresh")


def test_records_of_an_earlier_version_are_read_and_only_measured(run, captions, tmp_path, monkeypatch):
    run(captions, preset=preset("basic"), out="fresh")
    run(captions, preset=preset("basic"), out="run")
    journal = tmp_path / "run" / "records.jsonl"
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    journal.write_text("".join(json.dumps({k: v for k, v in line.items() if k != "quality"}) + "\n" for line in lines))
    monkeypatch.setenv("TONE_JUDGE_LOG", str(tmp_path / "heard"))
    run(captions, preset=preset("basic"), out="run")
    assert not (tmp_path / "heard").exists()
    assert files_of(tmp_path / "run") == files_of(tmp_path / "fresh")


def test_what_an_earlier_version_of_the_measures_measured_is_measured_again(run, captions, tmp_path, monkeypatch):
    run(captions, preset=preset("basic"), out="fresh")
    with monkeypatch.context() as patch:
        made = measures.profile
        patch.setattr(measures, "profile", lambda *a, **k: replace(made(*a, **k), version=VERSION - 1, lufs=-1.0))
        _, before = run(captions, preset=preset("basic"), out="run")
    assert [record.quality and record.quality.version for record in before.records] == [VERSION - 1, VERSION - 1, None]
    scored, _ = run(captions, preset=preset("basic"), out="run")
    assert scored.counts["kept"] == 2
    assert files_of(tmp_path / "run") == files_of(tmp_path / "fresh")


@pytest.mark.parametrize("error", [ValueError("odd"), ZeroDivisionError(), MemoryError()])
def test_what_stumbles_is_a_warning_and_takes_no_clip(run, captions, monkeypatch, error, tmp_path):
    def stumble(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(measures, "profile", stumble)
        scored, follower = run(captions, preset=preset("basic", require={"errors": 1.0}))
        assert scored.exit_code == 0
        for record in follower.records[:2]:
            assert (record.status, record.quality) == ("ok", None)
            assert record.warnings[-1].startswith(f"the quality was not measured: {type(error).__name__}")
        assert scored.summary["quality"]["clips"] == 0
        assert scored.summary["quality"]["figures"]["lufs"]["mean"] is None
    # What is mended is measured the next time, and the warning is gone.
    run(captions, preset=preset("basic", require={"errors": 1.0}))
    run(captions, preset=preset("basic", require={"errors": 1.0}), out="fresh")
    assert files_of(tmp_path / "run") == files_of(tmp_path / "fresh")


def test_a_clip_that_the_judge_stumbles_over_is_measured_all_the_same(run, make_tone, make_captions):
    make_tone("0.wav")
    _, follower = run(make_captions(["refuse"]))
    (record,) = follower.records
    assert record.status == "error"
    assert record.quality is not None


def test_a_run_that_only_measures_calls_it_an_error(run, captions, monkeypatch, tone_judge):
    def stumble(*_: object, **__: object) -> None:
        raise ValueError("odd")

    monkeypatch.setattr(measures, "profile", stumble)
    scored, follower = run(captions, preset=preset("basic"), judge=MeasuringOnly, is_judged=False)
    assert scored.exit_code == 3
    assert [record.error.kind for record in follower.records] == ["quality", "quality", "not-found"]


def with_reference(reference: str | None, *, said: str | None = None) -> dict[str, object]:
    return {"file_name": "0.wav", "caption": "loud", "voice": reference, "transcript": said}


@pytest.mark.weights
@pytest.mark.parametrize("is_judged", [True, False])
def test_a_reference_that_is_not_there_is_a_warning_and_the_rest_is_measured(
    run, make_tone, make_captions, tmp_path, is_judged
):
    make_tone("0.wav")
    manifest = make_captions([with_reference("r.wav")])
    told = {"preset": preset("basic"), "reference_field": "voice", "is_judged": is_judged}
    if not is_judged:
        told["judge"] = MeasuringOnly
    _, follower = run(manifest, **told)
    (record,) = follower.records
    assert record.quality is not None
    assert (record.status, record.quality.reference) == ("ok", None)
    (warning,) = record.warnings
    assert warning.startswith("not compared with its reference r.wav (line 1 of the manifest): there is no such file")
    # Once it is there, the same command compares it, and nothing is left of the warning.
    make_tone("r.wav", peak=0.45).rename(tmp_path / "r.wav")
    _, follower = run(manifest, **told)
    (record,) = follower.records
    assert record.warnings == ()
    assert record.quality is not None
    assert record.quality.loudness_difference_lu == pytest.approx(6.02, abs=0.02) or record.quality.lufs is None
    run(manifest, **told, out="fresh")
    assert files_of(tmp_path / "run") == files_of(tmp_path / "fresh")


@pytest.mark.weights
@pytest.mark.parametrize(("first", "then"), [(None, "r.wav"), ("r.wav", None), ("r.wav", "s.wav")])
def test_another_reference_measures_anew(run, make_tone, make_captions, tmp_path, first, then):
    make_tone("0.wav", seconds=0.5)
    for name, peak in (("r.wav", 0.5), ("s.wav", 0.2)):
        make_tone(name, peak=peak, seconds=0.5).rename(tmp_path / name)
    told = {"preset": preset("basic"), "reference_field": "voice"}
    run(make_captions([with_reference(first)]), **told)
    run(make_captions([with_reference(then)]), **told)
    run(make_captions([with_reference(then)]), **told, out="fresh")
    assert files_of(tmp_path / "run") == files_of(tmp_path / "fresh")


@pytest.mark.weights
@pytest.mark.parametrize("is_judged", [True, False])
def test_a_reference_whose_content_changes_is_compared_again(run, make_tone, make_captions, tmp_path, is_judged):
    make_tone("0.wav", seconds=0.5)
    manifest = make_captions([with_reference("r.wav")])
    told = {"preset": preset("basic"), "reference_field": "voice", "is_judged": is_judged}
    if not is_judged:
        told["judge"] = MeasuringOnly
    for peak, again in ((0.5, {}), (0.5, {}), (0.2, {"reference": 1})):
        make_tone("r.wav", peak=peak, seconds=0.5).rename(tmp_path / "r.wav")
        scored, follower = run(manifest, **told)
        assert dict(scored.again) == ({} if is_judged else again)
    run(manifest, **told, out="fresh")
    assert files_of(tmp_path / "run") == files_of(tmp_path / "fresh")
    (tmp_path / "r.wav").unlink()
    _, follower = run(manifest, **told)
    assert follower.records[0].quality.reference is None
    assert follower.records[0].warnings[0].startswith("not compared with its reference r.wav")


def test_the_reason_for_measuring_again_is_the_one_there_is(run, make_tone, make_captions):
    make_tone("0.wav", seconds=0.5)
    told = {"judge": MeasuringOnly, "is_judged": False}
    manifest = make_captions([with_reference(None)])
    run(manifest, preset=preset("basic"), **told)
    scored, follower = run(manifest, preset=preset("basic"), **told)
    assert not scored.again
    (record,) = follower.records
    clip = Clip("x", Path("0.wav"), "0.wav", "", transcript="other words")
    full = replace(record.quality, depth="full")
    compared = replace(full, reference=ReferenceLikeness("r.wav", 0.0, None, "0" * 64))
    measuring = Measuring("full")
    reasons = {
        "quality": record,
        "measures": replace(record, quality=replace(full, version=VERSION - 1)),
        "reference": replace(record, quality=compared, transcript="other words"),
        "transcript": replace(record, quality=full),
        None: replace(record, quality=full, transcript="other words"),
    }
    assert {why: measuring.outdated(old, clip) for why, old in reasons.items()} == {why: why for why in reasons}
    assert set(get_args(Stale)) <= set(score_ending._AGAIN)


@pytest.mark.weights
def test_words_are_compared_at_full_and_anew_where_others_are_wanted(run, outputs, make_captions, tmp_path):
    shutil.copy(EXAMPLES / "speech_hello_zh.flac", outputs / "0.wav")
    told = {"judge": MeasuringOnly, "is_judged": False}
    rates = []
    for said in (None, "你好，世界。", "你好"):
        manifest = make_captions([with_reference(None, said=said)])
        _, follower = run(manifest, preset=preset("full"), **told)
        rates.append(follower.records[0].quality.cer)
        run(manifest, preset=preset("full"), **told, out=f"fresh{said}")
        assert files_of(tmp_path / "run") == files_of(tmp_path / f"fresh{said}")
    assert rates == [None, 0.0, 1.0]
    _, follower = run(manifest, preset=preset("basic"), **told)
    assert follower.records[0].quality.words is None


@pytest.mark.parametrize("depth", ["basic", "full"])
def test_a_transcript_over_the_limit_takes_no_clip_where_nothing_is_judged(
    run, make_tone, make_captions, monkeypatch, depth
):
    make_tone("0.wav")
    monkeypatch.setattr(Measuring, "_profile", lambda self, waveform: measures.profile(waveform))
    limits = {"caption_chars": 10}
    manifest = make_captions([with_reference(None, said="a " * 6)])
    _, follower = run(manifest, preset=preset(depth, limits=limits), judge=MeasuringOnly, is_judged=False)
    (record,) = follower.records
    assert (record.status, record.quality is not None and record.quality.words is None) == ("ok", True)
    wanted = ("the words were not compared: the transcript has 12 characters; the limit is 10",)
    assert record.warnings == (wanted if depth == "full" else ())
    _, follower = run(manifest, preset=preset("basic", limits=limits), out="judged")
    assert [one.error.kind for one in follower.records] == ["transcript"]


def test_words_that_stumble_are_a_warning_and_the_rest_is_measured(run, captions, monkeypatch):
    def stumble(*_: object) -> None:
        raise RuntimeError("the recogniser gave up")

    monkeypatch.setattr(words, "words_of", stumble)
    monkeypatch.setattr(Measuring, "_profile", lambda self, waveform: measures.profile(waveform))
    _, follower = run(captions, preset=preset("full", require={"errors": 1.0}), judge=MeasuringOnly, is_judged=False)
    for record in follower.records[:2]:
        assert record.quality is not None
        assert record.quality.lufs is not None or record.quality.true_peak_db is not None
        assert record.warnings == ("the words were not compared: RuntimeError: the recogniser gave up",)


def test_missing_weights_of_a_comparison_end_a_run_before_its_first_clip(
    run, make_tone, make_captions, tmp_path, monkeypatch
):
    make_tone("0.wav")
    make_tone("r.wav").rename(tmp_path / "r.wav")
    monkeypatch.setenv("AUDIOJUDGE_CACHE", str(tmp_path / "empty"))
    monkeypatch.setenv("AUDIOJUDGE_OFFLINE", "1")
    measuring._models.cache_clear()
    manifest = make_captions([with_reference("r.wav")])
    try:
        with pytest.raises(WeightsError):
            run(manifest, preset=preset("basic"), reference_field="voice")
        assert not (tmp_path / "run" / "records.jsonl").exists()
        scored, _ = run(manifest, preset=preset("basic"), out="plain")
        assert scored.exit_code == 0, "without references nothing is needed"
    finally:
        measuring._models.cache_clear()
