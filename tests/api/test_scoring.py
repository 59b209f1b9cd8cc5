"""One clip from Python: the records of the command line, without a folder."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

import audiojudge_cli as aj
from audiojudge_cli.app import main

ROOT = Path(__file__).parents[2]
ELSE = {"id", "audio", "metadata"}


def bare(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record without its id, path and metadata."""
    return {**{key: record[key] for key in record if key not in ELSE}, "sha256": record["audio"]["sha256"]}


@pytest.fixture
def command(monkeypatch, capsys):
    """Run the command line in this process; return the records of its run."""

    def run(*arguments: str) -> list[dict[str, Any]]:
        monkeypatch.setattr("sys.argv", ["audiojudge", "score", *arguments, "--out", "cli", "--restart"])
        main()
        capsys.readouterr()
        return [json.loads(line) for line in Path("cli/records.jsonl").read_text().splitlines()]

    return run


def test_a_record_is_that_of_the_command_line(tones, command, capsys):
    captions = ["440 Hz, loud", "1000 Hz, something else", "loud", "explode, loud", "nothing"]
    tones.write("a/a.wav")
    Path("caps.jsonl").write_text("".join(json.dumps({"audio": "a.wav", "caption": one}) + "\n" for one in captions))
    theirs = command("a", "--captions", "caps.jsonl", "--preset", tones.preset)
    before = sorted(path.name for path in tones.folder.iterdir())
    capsys.readouterr()
    mine = [aj.score("a/a.wav", caption, preset=tones.preset).to_dict() for caption in captions]
    assert list(map(bare, mine)) == list(map(bare, theirs))
    assert [list(record) for record in mine] == [list(record) for record in theirs]
    assert (mine[0]["id"], mine[0]["audio"]["path"]) == ("a", "a/a.wav")
    assert capsys.readouterr() == ("", "")
    assert sorted(path.name for path in tones.folder.iterdir()) == before


@pytest.mark.weights
def test_a_record_of_the_embedded_judge_is_that_of_the_command_line(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    audio, captions = ROOT / "examples" / "audio", ROOT / "examples" / "captions.jsonl"
    theirs = command(str(audio), "--captions", str(captions), "--filter", 'subset == "sound"')
    assert theirs
    for record in theirs:
        mine = aj.score(audio / record["audio"]["path"], record["caption"], subset=record["subset"])
        assert bare(mine.to_dict()) == bare(record)


FORMS: dict[str, Any] = {
    "PCM_16": np.int16,
    "PCM_32": np.int32,
    "PCM_U8": np.uint8,
    "FLOAT": np.float32,
    "DOUBLE": np.float64,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("channels", [1, 2, 3])
def test_an_array_is_judged_as_the_file_that_holds_its_numbers(tones, form, channels):
    rng = np.random.default_rng(7)
    wave = np.stack([tones.samples(300 + 100 * channel) for channel in range(channels)], axis=1)
    wave = (wave + 0.01 * rng.standard_normal(wave.shape)).clip(-0.99, 0.99)
    kind = np.dtype(FORMS[form])
    if kind.kind == "f":
        array = wave.astype(kind)
    else:
        half = np.iinfo(kind).max // 2 + 1 if kind.kind == "u" else np.iinfo(kind).max
        array = np.round(wave * half + (half if kind.kind == "u" else 0)).astype(kind)
    if form == "PCM_U8":  # soundfile writes no bytes: these are the same numbers
        soundfile.write("a.wav", (array.astype(np.int16) - 128) << 8, 8000, form)
    else:
        soundfile.write("a.wav", array, 8000, form)
    given = array[:, 0] if channels == 1 else array
    mine = aj.score((given, 8000), "300 Hz, loud", preset=tones.preset).to_dict()
    theirs = aj.score("a.wav", "300 Hz, loud", preset=tones.preset).to_dict()
    assert mine["items"] == theirs["items"]
    assert (mine["quality"], mine["warnings"], mine["score"]) == (
        theirs["quality"],
        theirs["warnings"],
        theirs["score"],
    )
    told = ("duration_s", "sample_rate", "channels")
    assert [mine["audio"][name] for name in told] == [theirs["audio"][name] for name in told]
    assert (mine["id"], mine["audio"]["path"], len(mine["audio"]["sha256"])) == ("array", "array", 64)
    if form == "PCM_16" and channels < 3:
        assert mine["audio"]["sha256"] == theirs["audio"]["sha256"]


def test_arrays_of_any_layout_are_the_same_clip(tones):
    wave = np.stack([tones.samples(300), tones.samples(500)], axis=1).astype(np.float32)
    arrays: list[tuple[Any, Any]] = [
        (wave, 8000),
        (np.asfortranarray(wave), 8000.0),
        (wave[::-1][::-1], np.int64(8000)),
        (wave.astype(">f4"), np.float32(8000)),
        (wave.tolist(), 8000),
    ]
    records = [aj.score(audio, "300 Hz", preset=tones.preset) for audio in arrays]
    # Python's own floats have 64 bits: the same numbers in another file.
    assert all(record == records[0] for record in records[:-1])
    assert records[-1].items == records[0].items


ODD: dict[str, tuple[Any, str]] = {
    "a number": (3.0, "audio is the path"),
    "one part": ((np.zeros(99),), "audio is the path .* with 1 parts"),
    "turned": ((np.zeros((2, 9000)), 8000), r"\(channels, samples\).*\.T"),
    "three axes": ((np.zeros((2, 3, 4)), 8000), "shape"),
    "no axes": ((np.float32(0.5), 8000), "shape"),
    "empty": ((np.zeros(0), 8000), "no samples"),
    "no channels": ((np.zeros((9, 0)), 8000), "channels"),
    "int64": ((np.zeros(9, dtype=np.int64), 8000), "full scale"),
    "truth": ((np.zeros(9, dtype=bool), 8000), "full scale"),
    "complex": ((np.zeros(9, dtype=complex), 8000), "full scale"),
    "text": ((["a", "b"], 8000), "not numbers"),
    "ragged": (([[1.0], [1.0, 2.0]], 8000), "numpy makes no array"),
    "swapped": ((8000, np.zeros(9)), "sample rate is a value of type ndarray"),
    "no rate": ((np.zeros(9), None), "sample rate"),
    "rate nan": ((np.zeros(9), float("nan")), "sample rate"),
    "rate half": ((np.zeros(9), 8000.5), "sample rate"),
    "rate true": ((np.zeros(9), True), "sample rate"),
    "rate 0": ((np.zeros(9), 0), "2,000 to 768,000"),
    "rate -1": ((np.zeros(9), -44100), "2,000 to 768,000"),
    "rate huge": ((np.zeros(9), 10**30), "2,000 to 768,000"),
}


@pytest.mark.parametrize("case", ODD)
def test_what_is_no_audio_is_refused_in_a_sentence(tones, case):
    audio, told = ODD[case]
    with pytest.raises(aj.InputError, match=told):
        aj.score(audio, "loud", preset=tones.preset)


@pytest.mark.parametrize(
    ("samples", "kind"),
    [
        (np.full(800, np.nan), "not-finite"),
        (np.full(800, np.inf), "not-finite"),
        (np.full(800, 1e30), "out-of-range"),
        (np.full(800, 1e300), "not-finite"),
    ],
)
def test_samples_that_nobody_meant_are_an_error_and_no_score(tones, samples, kind):
    with pytest.raises(aj.ClipError) as raised:
        aj.score((samples, 8000), "loud", preset=tones.preset)
    assert raised.value.kind == kind


def test_one_sample_is_judged_as_it_is(tones):
    assert aj.score((np.array([0.5]), 8000), "loud", preset=tones.preset).audio.duration_s == pytest.approx(
        1 / 8000, abs=1e-4
    )


@pytest.mark.parametrize(
    ("audio", "caption", "kind"),
    [
        ("nowhere.wav", "loud", "not-found"),
        (".", "loud", "is-a-directory"),
        ("tones.yaml", "loud", "not-audio"),
        ("a.wav", "", "caption"),
        ("a.wav", "refuse", "refused"),
        ("a.wav", "explode", "judge"),
        ("a.wav", "bug", "rubric"),
    ],
)
def test_a_clip_that_cannot_be_judged_raises(tones, audio, caption, kind):
    tones.write("a.wav")
    with pytest.raises(aj.ClipError) as raised:
        aj.score(audio, caption, preset=tones.preset)
    assert raised.value.kind == kind


def test_what_ends_a_run_is_raised_as_it_is(tones):
    tones.write("a.wav")
    with pytest.raises(aj.WeightsError, match="tune it"):
        aj.score("a.wav", "no weights", preset=tones.preset)


@pytest.mark.parametrize(
    "wrong",
    [
        {"caption": None},
        {"caption": 3},
        {"caption": b"loud"},
        {"caption": "\ud800"},
        {"transcript": 3},
        {"subset": "noise"},
        {"judge": "nobody"},
        {"expander": "nobody"},
        {"quality": "best"},
        {"preset": "nobody"},
        {"rubric": "Is it loud?"},
        {"rubric": [3]},
        {"rubric": ["Is it loud?"]},
        {"rubric": [{"dimension": "event"}]},
        {"rubric": 3},
        {"judge": 3},
        {"judge": object()},
        {"judge": aj.Record},
        {"subset": []},
        {"preset": None},
        {"preset": ""},
        {"expander": 3},
        {"quality": 3},
    ],
)
def test_arguments_that_do_not_fit_are_refused(tones, wrong):
    tones.write("a.wav")
    with pytest.raises(aj.InputError):
        aj.score("a.wav", **{"caption": "loud", "preset": tones.preset, **wrong})


def test_the_judge_is_loaded_once_and_kept(tones, monkeypatch):
    tone_judge = importlib.import_module("tone_judge")
    loaded = []

    def load(**_: object) -> Any:
        loaded.append(1)
        return tone_judge.ToneJudge()

    monkeypatch.setattr(tone_judge, "load", load)
    tones.write("a.wav")
    for _ in range(3):
        aj.score("a.wav", "loud", preset=tones.preset)
    aj.run(captions={"a.wav": "loud"}, preset=tones.preset, out="run", progress=False)
    assert len(loaded) == 1
    held = aj.load_judge("tone")
    assert len(loaded) == 2
    assert aj.score("a.wav", "loud", judge=held, preset=tones.preset) == aj.score("a.wav", "loud", preset=tones.preset)
    aj.run(captions={"a.wav": "loud"}, judge=held, preset=tones.preset, out="run2", progress=False)
    assert len(loaded) == 2


def test_a_rubric_is_asked_instead_of_the_caption(tones):
    tones.write("a.wav")
    rubric = aj.expand("440 Hz, loud", preset=tones.preset)
    mine = aj.score("a.wav", "a caption that nobody reads", rubric=rubric, preset=tones.preset)
    assert [item.question for item in mine.items] == ["Is it 440 Hz?", "Is it loud?"]
    assert (mine.expander.name, mine.subset) == ("manifest", "sound")
    rows = [{"dimension": "volume", "question": "Is it loud?", "basis": "loud"}]
    assert aj.score("a.wav", rubric=rows, preset=tones.preset).items[0].answer == "yes"
    assert aj.score("a.wav", rubric=rubric.items, preset=tones.preset).items == mine.items


def test_captions_are_expanded_as_on_the_command_line(tones, monkeypatch, capsys):
    rubric = aj.expand("440 Hz, loud", expander="tones")
    assert [item.basis for item in rubric.items] == ["440 Hz", "loud"]
    monkeypatch.setattr("sys.argv", ["audiojudge", "rubric", "440 Hz, loud", "--expander", "tones"])
    main()
    assert capsys.readouterr().out.strip() == str(rubric).strip()
    for wrong in ({"caption": " "}, {"caption": 3}, {"subset": "x"}, {"language": "fr"}, {"expander": "nobody"}):
        with pytest.raises(aj.InputError):
            aj.expand(**{"caption": "loud", **wrong})  # type: ignore[arg-type]
