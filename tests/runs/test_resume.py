from __future__ import annotations

import json

import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.results.index import read_records
from audiojudge_cli.runs.preset import DecisionOptions, LimitOptions, Preset


@pytest.fixture
def heard(tmp_path, monkeypatch):
    """Lists what the judge heard since it was asked last."""
    log = tmp_path / "heard.log"
    monkeypatch.setenv("TONE_JUDGE_LOG", str(log))

    def take():
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines

    return take


@pytest.fixture
def contents(tmp_path):
    """The bytes of every file of a run, but for `run.json`."""

    def read(out="run"):
        folder = tmp_path / out
        paths = [path for path in folder.rglob("*") if path.is_file() and path.name not in {"run.json", ".lock"}]
        return {str(path.relative_to(folder)): path.read_bytes() for path in paths}

    return read


@pytest.fixture
def three(make_tone, make_captions):
    for number in range(3):
        make_tone(f"{number}.wav")
    return make_captions(["440 Hz", "loud", "440 Hz, loud"])


def test_the_same_command_again_judges_nothing_and_changes_nothing(run, three, heard, contents):
    run(three)
    before, first = contents(), heard()
    scored, follower = run(three)
    assert len(first) == 3
    assert heard() == []
    assert follower.kept == [True] * 3
    assert scored.counts["kept"] == 3
    assert contents() == before


def test_only_failed_clips_are_done_again(run, three, heard, contents, make_tone, outputs):
    (outputs / "1.wav").write_bytes(b"not audio")
    _, follower = run(three)
    assert follower.records[1].status == "error"
    heard()
    make_tone("1.wav")
    scored, _ = run(three)
    assert heard() == ["loud"]
    assert scored.again == {"failed": 1}
    assert (scored.counts["kept"], scored.counts["judged"], scored.exit_code) == (2, 1, 0)
    run(three, out="undisturbed")
    assert contents() == contents("undisturbed")


@pytest.mark.parametrize("change", ["caption", "audio", "subset", "vanished"])
def test_a_changed_clip_is_noticed(change, run, three, heard, contents, make_tone, make_captions, outputs):
    run(three)
    heard()
    if change == "caption":
        make_captions(["440 Hz", "loud", "220 Hz"])
    elif change == "audio":
        make_tone("2.wav", 220)
    elif change == "vanished":
        (outputs / "2.wav").unlink()
    else:
        rows = [{"file_name": f"{n}.wav", "caption": c} for n, c in enumerate(["440 Hz", "loud", "440 Hz, loud"])]
        rows[2]["subset"] = "music"
        make_captions(rows)
    scored, follower = run(three)
    assert follower.found == (3, 0)
    assert scored.again == {"caption": {"caption": 1}, "subset": {}}.get(change, {"audio": 1})
    expected = {"caption": ["220 Hz"], "audio": ["440 Hz, loud"], "subset": [], "vanished": []}[change]
    assert heard() == expected
    assert scored.counts["kept"] == (3 if change == "subset" else 2)
    run(three, out="undisturbed")
    assert contents() == contents("undisturbed")


def test_new_metadata_needs_no_judge(run, three, heard, contents, make_captions):
    run(three)
    heard()
    make_captions([{"file_name": f"{n}.wav", "caption": "loud", "seed": n} for n in range(3)])
    run(three)
    assert heard() == ["loud", "loud"]
    make_captions([{"file_name": f"{n}.wav", "caption": "loud", "seed": n + 10} for n in range(3)])
    _, follower = run(three)
    assert heard() == []
    assert [record.metadata["seed"] for record in follower.records] == [10, 11, 12]
    run(three, out="undisturbed")
    assert contents() == contents("undisturbed")


def test_another_judge_is_refused_and_restart_drops_the_old_records(run, three, heard, monkeypatch):
    run(three)
    heard()
    monkeypatch.setenv("TONE_JUDGE_VERSION", "2")
    with pytest.raises(InputError, match=r"tone-1.*tone-2.*--restart"):
        run(three)
    assert heard() == []
    run(three, restart=True)
    assert len(heard()) == 3


def test_another_decision_rule_is_refused(run, three):
    run(three)
    with pytest.raises(InputError, match=r"0 and 1 >= 0\.5.*1\*mean \+ 0\*min >= 0\.5"):
        run(three, preset=Preset(decision=DecisionOptions(mean=1.0, min=0.0)))


def test_another_expander_is_noticed_clip_by_clip(run, three, heard, tone_judge, monkeypatch):
    run(three)
    heard()
    monkeypatch.setattr(tone_judge.Tones, "fingerprint", "tones-2")
    scored, _ = run(three)
    assert len(heard()) == 3
    assert scored.again == {"expander": 3}


def test_a_changed_rubric_file_is_noticed_clip_by_clip(run, three, heard, contents, tmp_path):
    rubrics = tmp_path / "rubrics.jsonl"

    def file(question: str) -> None:
        items = [{"dimension": "pitch", "question": question, "basis": "440 Hz"}]
        rubrics.write_text(json.dumps({"id": "1", "caption": "loud", "items": items}) + "\n")

    file("Is it high?")
    run(three, rubrics=rubrics)
    heard()
    file("Is it very high?")
    scored, _ = run(three, rubrics=rubrics)
    assert heard() == ["loud"]
    assert scored.again == {"rubric": 1}
    run(three, rubrics=rubrics, out="undisturbed")
    assert contents() == contents("undisturbed")


@pytest.mark.parametrize("after", [1, 2])
def test_stopping_finishes_the_batch_and_leaves_a_readable_folder(after, run, three, heard, contents, tmp_path):
    scored, follower = run(three, stop_after=after, batch=1)
    assert scored.exit_code == 130
    assert len(follower.records) == after
    assert scored.summary["clips"]["pending"] == 3 - after
    assert len(list((tmp_path / "run" / "files").iterdir())) == after
    assert json.loads((tmp_path / "run" / "run.json").read_text())["state"] == "interrupted"
    heard()
    scored, _ = run(three)
    assert scored.exit_code == 0
    assert len(heard()) == 3 - after
    run(three, out="undisturbed")
    assert contents() == contents("undisturbed")


def test_a_smaller_limit_sets_records_aside_and_a_larger_one_takes_them_back(run, three, heard, contents, tmp_path):
    run(three)
    whole = contents()
    scored, follower = run(three, limit=1)
    assert follower.found == (1, 2)
    assert [record.id for record in read_records(tmp_path / "run")] == ["0"]
    assert set(contents()) == {"files/0.json", "items.csv", "records.aside.jsonl"} | {
        *("records.jsonl", "summary.csv", "summary.json")
    }
    assert scored.counts["aside"] == 2
    heard()
    run(three)
    assert heard() == []
    assert contents() == whole


def test_records_come_in_the_order_of_a_reordered_manifest(run, three, make_captions, tmp_path, heard):
    run(three)
    heard()
    rows = [json.loads(line) for line in three.read_text().splitlines()]
    make_captions(rows[::-1])
    run(three)
    assert heard() == []
    assert [record.id for record in read_records(tmp_path / "run")] == ["2", "1", "0"]


def test_damage_in_the_journal_costs_only_the_clips_it_hit(run, three, heard, contents, tmp_path):
    run(three)
    whole = contents()
    heard()
    journal = tmp_path / "run" / "records.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(lines[0] + b"\0" * 40 + b"\n" + lines[2][:50])
    run(three)
    assert sorted(heard()) == ["440 Hz, loud", "loud"]
    assert contents() == whole


def test_a_line_that_is_json_but_no_record_costs_only_its_clip(run, three, heard, contents, tmp_path):
    run(three)
    whole = contents()
    heard()
    journal = tmp_path / "run" / "records.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[0] = lines[0].replace(b'"items": [{', b'"items": [{"surprise": 1, ')
    journal.write_bytes(b"".join(lines))
    run(three)
    assert heard() == ["440 Hz"]
    assert contents() == whole


@pytest.fixture
def spoken(make_captions):
    """Writes a manifest with these transcripts and one caption."""

    def make(*transcripts, **more):
        return make_captions(
            [{"file_name": f"{n}.wav", "caption": "loud", "transcript": t, **more} for n, t in enumerate(transcripts)]
        )

    return make


class TestTranscripts:
    def test_nothing_is_judged_again_for_the_same_words(self, run, three, heard, spoken):
        rows = spoken("one", "two", "three")
        run(rows)
        assert len(heard()) == 3
        scored, follower = run(rows)
        assert (heard(), scored.counts["kept"]) == ([], 3)
        assert [record.transcript for record in follower.records] == ["one", "two", "three"]

    def test_other_words_are_asked_for_again(self, run, three, heard, contents, spoken):
        run(spoken("one", "two", "three"))
        heard()
        scored, follower = run(spoken("one", "two", "four"))
        assert (len(heard()), scored.again) == (1, {"rubric": 1})
        assert follower.records[-1].items[-1].question == "Does the speaker say “four”?"
        run(spoken("one", "two", "four"), out="undisturbed")
        assert contents() == contents("undisturbed")

    def test_words_that_the_rubric_does_not_ask_for_need_no_judge(self, run, three, heard, contents, spoken):
        own = {"rubric": [{"dimension": "content", "question": "Own?", "basis": "loud"}]}
        run(spoken("one", "two", "three", **own))
        heard()
        changed = spoken("one", "two", "four", **own)
        _, follower = run(changed)
        assert heard() == []
        assert follower.records[-1].transcript == "four"
        run(changed, out="undisturbed")
        assert contents() == contents("undisturbed")

    def test_clips_without_captions_are_clusters_of_their_own(self, run, three, make_captions):
        rows = [{"file_name": f"{n}.wav", "transcript": t} for n, t in enumerate(("one", "two", "two"))]
        own = {"rubric": [{"dimension": "volume", "question": "Loud?", "basis": "loud"}]}
        scored, follower = run(make_captions([row | own for row in rows]))
        assert scored.summary["score"]["captions"] == 2
        assert {(record.caption, record.status) for record in follower.records} == {("", "partial")}

    def test_too_long_a_transcript_is_an_error_of_the_clip(self, run, three, spoken):
        preset = Preset(limits=LimitOptions(caption_chars=5))
        _, follower = run(spoken("short", "longer", ""), preset=preset)
        kinds = [record.error and record.error.kind for record in follower.records]
        assert kinds == [None, "transcript", None]
