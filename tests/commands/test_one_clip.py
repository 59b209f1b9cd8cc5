"""One audio file and its words on the command line: the items at once, and no run folder in the way."""

from __future__ import annotations

import io
import json
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audiojudge_cli.commands.one_clip import given_words
from audiojudge_cli.errors import InputError

TONE = ("--judge", "tone", "--expander", "tones", "--quality", "off")
ONE = ("score", "outputs/02.wav", *TONE)


@pytest.fixture
def here(tones, tmp_path, monkeypatch):
    """Two tones, and temporary files where a test can see them."""
    tones(["100 Hz", "200 Hz"])
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return tmp_path


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def typed(text: bytes) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(text), encoding="utf-8")


def test_the_items_are_printed_and_nothing_is_left(inside, here):
    before = names(here)
    done = inside(*ONE, "--caption", "200 Hz, 400 Hz")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "02"
    assert lines[1] == "audio     02.wav (0.25 s, 8000 Hz, 1 ch)"
    assert "caption   200 Hz, 400 Hz" in lines
    assert any(line.startswith("score     0.500  ") for line in lines)
    assert any("1.000  yes Is it 200 Hz?" in line for line in lines)
    assert any("0.000  no  Is it 400 Hz?" in line for line in lines)
    assert "the strongest tone has 200 Hz" in done.stdout
    assert not any(word in done.stdout for word in ("clips ", "interval", "results in", "worst"))
    assert names(here) == before


@pytest.mark.parametrize("how", [(), ("--format", "jsonl")])
def test_a_run_in_the_usual_folder_is_neither_in_the_way_nor_touched(inside, here, how, monkeypatch):
    inside("score", "outputs", "--captions", "captions.jsonl", *TONE)
    before = contents(here)
    monkeypatch.setenv("TONE_JUDGE_VERSION", "2")  # whose answers that folder would refuse
    done = inside(*ONE, *how, "--caption", "300 Hz")
    assert done.returncode == 0
    assert done.stderr.splitlines()[0] == "audiojudge: 1 clip, judge tone on cpu, expander tones"
    assert "audiojudge-run" not in done.stderr
    assert contents(here) == before


def test_a_manifest_gives_the_same_record(inside, here):
    done = inside(*ONE, "--caption", "200 Hz, loud", "--format", "jsonl")
    (here / "one.jsonl").write_text(json.dumps({"audio": "02.wav", "caption": "200 Hz, loud"}))
    filed = inside("score", "outputs", "--captions", "one.jsonl", "--out", "run", *TONE, "--format", "jsonl")
    assert done.stdout == filed.stdout
    assert json.loads(done.stdout)["score"] is not None


def test_a_folder_that_is_named_stays_and_goes_on(inside, here):
    first = inside(*ONE, "--caption", "200 Hz", "--out", "run")
    kept = (here / "run" / "records.jsonl").read_bytes()
    again = inside(*ONE, "--caption", "200 Hz", "--out", "run")
    assert first.stdout.splitlines()[-1] == again.stdout.splitlines()[-1] == "results in run"
    assert "1 clip kept from an earlier run" in again.stdout
    assert (here / "run" / "records.jsonl").read_bytes() == kept
    assert inside("show", "run", "02").stdout.splitlines()[0] == "02"


def test_one_caption_for_every_file_of_a_folder(inside, here):
    done = inside("score", "outputs", "--caption", "200 Hz", *TONE)
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == "clips     2 (2 ok)"
    records = [json.loads(line) for line in (here / "audiojudge-run" / "records.jsonl").read_text().splitlines()]
    assert [(record["id"], record["caption"], record["score"]) for record in records] == [
        ("01", "200 Hz", 0.0),
        ("02", "200 Hz", 1.0),
    ]


@pytest.mark.parametrize(("asked", "code"), [("200 Hz", 0), ("400 Hz", 1)])
def test_a_gate_decides_the_exit_code_and_names_the_file(inside, here, asked, code):
    done = inside(*ONE, "--caption", asked, "--require", "score.mean >= 0.8", "--junit", "gate.xml")
    assert done.returncode == code
    assert "outputs/02.wav: 1 clip, 1 scored by tone" in done.stdout
    assert "outputs/02.wav" in (here / "gate.xml").read_text()
    assert str(here / "temporary") not in (here / "gate.xml").read_text() + done.stdout + done.stderr
    assert names(here / "temporary") == set()


def test_a_clip_that_cannot_be_read_is_told_with_exit_3(inside, here):
    (here / "outputs" / "03.wav").write_bytes(b"RIFF")
    done = inside("score", "outputs/03.wav", *TONE, "--caption", "200 Hz")
    assert done.returncode == 3
    assert "not-audio: " in done.stdout
    assert "nothing could be judged" in done.stderr


def test_a_text_beside_the_file_is_its_caption(inside, here):
    (here / "outputs" / "02.txt").write_text("200 Hz")
    before = names(here)
    assert "caption   200 Hz" in inside(*ONE).stdout.splitlines()
    assert names(here) == before


def test_two_captions_for_one_file_are_two_clips(inside, here):
    rows = ({"audio": "02.wav", "caption": caption} for caption in ("200 Hz", "300 Hz"))
    (here / "two.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = inside(*ONE, "--captions", "two.jsonl")
    assert "caption   200 Hz" in done.stdout
    assert "caption   300 Hz" in done.stdout


def test_words_of_any_suffix_but_a_manifests_are_heard(inside, here):
    shutil.copy(here / "outputs" / "02.wav", here / "take.raw16")
    assert "caption   200 Hz" in inside("score", "take.raw16", *TONE, "--caption", "200 Hz").stdout


@pytest.mark.parametrize("text", [b"200 Hz", b"200 Hz\r\n", b"\xef\xbb\xbf  200 Hz\n\n"])
def test_the_caption_may_come_from_standard_input(inside, here, monkeypatch, text):
    monkeypatch.setattr(sys, "stdin", typed(text))
    done = inside(*ONE, "--caption", "-", "--format", "jsonl")
    assert json.loads(done.stdout)["caption"] == "200 Hz"


def test_words_to_be_spoken_make_an_item(inside, here):
    done = inside(*ONE, "--transcript", "hello there", "--format", "jsonl")
    record = json.loads(done.stdout)
    assert (record["caption"], record["transcript"]) == ("", "hello there")
    assert [item["question"] for item in record["items"]] == ["Does the speaker say “hello there”?"]


WRONG = [
    (("outputs/02.wav", "--caption", ""), "--caption is empty"),
    (("outputs/02.wav", "--caption", " \n"), "--caption is empty"),
    (("outputs/02.wav", "--transcript", ""), "--transcript is empty"),
    (("outputs/02.wav", "--caption", "captions.jsonl"), "--captions captions.jsonl"),
    (("outputs", "--caption", "nowhere.csv"), "--captions nowhere.csv"),
    (("outputs/02.wav", "--caption", "outputs/01.wav"), "is a file"),
    (("outputs/02.wav", "--caption", "200 Hz", "--captions", "captions.jsonl"), "give one of the two"),
    (("captions.jsonl", "--caption", "200 Hz"), "captions.jsonl is a manifest"),
    (("-", "--caption", "200 Hz"), "name one, or a folder of them"),
    (("--caption", "200 Hz"), "name one, or a folder of them"),
    (("nowhere.wav", "--caption", "200 Hz"), "no such file or folder: nowhere.wav"),
    (("temporary", "--caption", "200 Hz"), "temporary holds no audio files"),
    (("outputs/02.wav", "200 Hz"), "try: audiojudge score outputs/02.wav --caption '200 Hz'"),
    (("outputs", "captions.jsonl"), "try: audiojudge score outputs --captions captions.jsonl"),
    (("200 Hz", "outputs/02.wav"), "try: audiojudge score outputs/02.wav --caption '200 Hz'"),
    (("captions.jsonl", "--captions", "outputs"), "outputs --captions captions.jsonl"),
    (("outputs", "--captions", "200 Hz"), "a caption itself goes to --caption"),
    (("outputs", "--captions", "nowhere"), "a caption itself goes to --caption"),
    (("outputs", "--captions", "capitons.jsonl"), "did you mean 'captions.jsonl'?"),
    (("outputs", "--captions", "outputs/02.wav"), "outputs/02.wav is audio: name audio first"),
    (("outputs/*.wav", "--captions", "captions.jsonl"), "patterns are not taken, name the folder: outputs"),
    (("outputs/02.wav",), "outputs/02.wav has no caption; give the caption itself with --caption"),
    (("outputs",), "outputs holds no captions; give the caption itself with --caption"),
    ((), "name an audio file with --caption"),
    (("captions.jsonl", "outputs"), "try: audiojudge score outputs --captions captions.jsonl"),
    (("outputs/02.wav", "--caption", "a", "dog", "barks"), "stand in quotation marks"),
    (("outputs/01.wav", "outputs/02.wav", "--caption", "200 Hz"), "audiojudge score outputs"),
    (("outputs/02.wav", "--caption", "-", "--transcript", "-"), "cannot both read standard input"),
]


@pytest.mark.parametrize(("arguments", "remedy"), WRONG)
def test_what_is_meant_otherwise_is_refused_with_a_remedy(inside, here, arguments, remedy):
    before = names(here)
    done = inside("score", *arguments, *TONE)
    assert (done.returncode, done.stdout) == (2, "")
    assert remedy in done.stderr
    assert done.stderr.count("\n") == 1
    assert names(here) == before


def test_a_refusal_takes_the_place_of_an_older_gate(inside, here):
    (here / "gate.json").write_text('{"verdict": "passed"}')
    done = inside(*ONE, "--caption", "", "--require", "score.mean >= 0.8", "--json", "gate.json")
    assert done.returncode == 2
    assert "passed" not in (here / "gate.json").read_text()


@example("-x")
@example("a\ndog\tbarks")
@example("a\0dog")
@example("\udcff")
@example("x" * 5000 + ".wav")
@given(st.text().filter(lambda text: text != "-"))
def test_any_words_are_taken_as_they_are_or_refused(text):
    with suppress(InputError):
        taken = given_words(text, None)
        assert taken is not None
        assert taken.caption == text.strip() != ""
        assert taken.transcript is None


def test_quality_prints_the_figures_of_one_file(inside, here):
    before = names(here)
    done = inside("quality", "outputs/02.wav")
    assert done.returncode == 0
    assert "quality   true peak " in done.stdout
    assert "score " not in done.stdout
    assert names(here) == before
    assert "--depth full" in inside("quality", "outputs/02.wav", "--transcript", "hello").stderr
    inside("quality", "outputs/02.wav", "--out", "files")
    assert (here / "files" / "records.jsonl").is_file()
