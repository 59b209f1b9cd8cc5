"""`audiojudge compare` and `rank` on tones whose answers are known by heart."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import soundfile

from audiojudge_cli.reports.comparison_lines import comparison_lines
from audiojudge_cli.results.terminal import Screen

RATE = 8000
SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "schemas" / "summary.schema.json").read_text(encoding="utf-8")
)
ALIGN = ("--by", "alignment", "--preset", "tone.yaml", "-q")


def tone(path: Path, hz: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, 0.9 * np.sin(2 * np.pi * hz * np.arange(RATE // 4) / RATE), RATE)


@pytest.fixture
def two(tmp_path):
    """Two systems with seven clips each: NEW is better in three, OLD in one, two are alike and one is broken."""
    rows = []
    for number, (new, old) in enumerate([(440, 300), (440, 300), (440, 300), (440, 440), (300, 300), (300, 440)]):
        tone(tmp_path / "NEW" / f"{number}.wav", new)
        tone(tmp_path / "OLD" / f"{number}.flac", old)
        rows.append({"id": str(number), "caption": f"440 Hz, {'loud' if number else '440 Hz'}", "subset": "sound"})
    (tmp_path / "OLD" / "6.wav").write_text("no audio")
    tone(tmp_path / "NEW" / "6.wav", 440)
    tone(tmp_path / "NEW" / "alone.wav", 440)
    rows += [{"id": "6", "caption": "440 Hz", "subset": "sound"}]
    (tmp_path / "caps.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "tone.yaml").write_text("judge: tone\nexpander: tones\nrequire: {errors: 0.5, coverage: 0}\n")
    return tmp_path


def pairs(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "pairs.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def compared(folder: Path) -> dict[str, Any]:
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    jsonschema.validate(summary, SCHEMA)
    found: dict[str, Any] = summary["comparison"]
    return found


def test_two_folders_are_paired_by_name(inside, two):
    done = inside("compare", "NEW", "OLD", "--captions", "caps.jsonl", *ALIGN, "-o", "run")
    assert done.returncode == 0, done.stderr
    found = pairs(two / "run")
    assert {name: row["preferred"] for name, row in found.items()} == {
        **dict.fromkeys("012", "a"),
        "3": "tie",
        "4": "tie",
        "5": "b",
        "6": "error",
    }
    assert (found["0"]["audio_a"], found["0"]["audio_b"]) == ("NEW/0.wav", "OLD/0.flac")
    assert (found["6"]["score_a"], found["6"]["margin"]) == ("", "")
    told = compared(two / "run")
    assert told["pairs"] == {"total": 7, "decided": 4, "tie": 2, "unverifiable": 0, "error": 1}
    new, old = told["systems"]["NEW"], told["systems"]["OLD"]
    assert (new["wins"], new["ties"], new["losses"], new["win_rate"]["value"]) == (3, 2, 1, 0.6667)
    assert (old["wins"], old["ties"], old["losses"], old["win_rate"]["value"]) == (1, 2, 3, 0.3333)
    assert told["subsets"] == {"sound": told["systems"]}
    assert (told["agreement"], told["ranking"]) == (None, None)
    assert max(map(len, comparison_lines(told, Screen(80)))) <= 80


def test_a_pair_is_the_same_from_either_side_and_a_run_goes_on(inside, two):
    inside("compare", "NEW", "OLD", "--captions", "caps.jsonl", *ALIGN, "-o", "one")
    inside("compare", "OLD", "NEW", "--captions", "caps.jsonl", *ALIGN, "-o", "two")
    turned = {"a": "b", "b": "a"}
    first, second = pairs(two / "one"), pairs(two / "two")
    assert {name: row["preferred"] for name, row in first.items()} == {
        name: turned.get(row["preferred"], row["preferred"]) for name, row in second.items()
    }
    before = {path.name: path.read_bytes() for path in (two / "one").glob("*.[cj]s*") if path.name != "run.json"}
    again = inside("compare", "NEW", "OLD", "--captions", "caps.jsonl", *ALIGN, "-o", "one")
    assert again.returncode == 0, again.stderr
    after = {path.name: path.read_bytes() for path in (two / "one").glob("*.[cj]s*") if path.name != "run.json"}
    assert after == before
    counts = json.loads((two / "one" / "run.json").read_text())["counts"]
    assert counts["kept"] >= 12


def test_pairs_without_any_audio_say_where_paths_start(inside, two):
    (two / "lost.jsonl").write_text('{"audio_a": "no.wav", "audio_b": "nope.wav"}\n')
    done = inside("compare", "lost.jsonl", "-o", "run")
    # A folder with --captions, as for `score`, is no remedy here: compare takes two.
    assert (done.returncode, "the folder of the manifest" in done.stderr, "--captions" in done.stderr) == (
        2,
        True,
        False,
    )


def test_rows_of_pairs_and_what_people_prefer(inside, two):
    rows = [
        {"id": "x", "audio_a": "NEW/0.wav", "audio_b": "OLD/0.flac", "caption": "440 Hz", "preferred": "a"},
        {"audio_a": "OLD/0.flac", "audio_b": "NEW/0.wav", "caption": "440 Hz", "preferred": "A ", "system_b": "S"},
        {"audio_a": "NEW/0.wav", "audio_b": "NEW/0.wav", "caption": "440 Hz", "preferred": "b"},
        {"audio_a": "NEW/0.wav", "audio_b": "OLD/0.flac", "caption": "440 Hz", "preferred": "tie"},
        {"audio_a": "NEW/0.wav", "audio_b": "gone.wav", "caption": "440 Hz", "preferred": "a"},
        {"audio_a": "NEW/0.wav", "audio_b": "OLD/0.flac", "caption": "440 Hz", "preferred": "left"},
        {"audio_a": "NEW/0.wav", "caption": "440 Hz"},
        {"audio_a": "NEW/0.wav", "audio_b": "OLD/0.flac", "caption": "green"},
    ]
    (two / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    limits = [
        word for rule in ("error_rate <= 0.9", "count.broken <= 9", "coverage >= 0.1") for word in ("--require", rule)
    ]
    done = inside("compare", "pairs.jsonl", *ALIGN, "-o", "run", *limits)
    assert done.returncode == 0, done.stderr
    found = pairs(two / "run")
    assert {name: row["preferred"] for name, row in found.items()} == {
        "x": "a",
        "line-2": "b",
        "line-3": "tie",
        "line-4": "a",
        "line-5": "error",
        "line-8": "unverifiable",
    }
    assert (found["line-2"]["system_a"], found["line-2"]["system_b"]) == ("a", "S")
    agreed = compared(two / "run")["agreement"]
    assert [agreed[name] for name in ("pairs", "right", "tied", "wrong", "human_ties", "undecided")] == [
        3,
        1,
        1,
        1,
        1,
        1,
    ]
    assert agreed["accuracy"]["value"] == 0.5
    with (two / "run" / "problems.csv").open() as file:
        assert [row["kind"] for row in csv.DictReader(file)] == ["preferred", "no-audio"]
    # NEW/0.wav with one caption is judged once, however many pairs it is in.
    assert compared(two / "run")["pairs"]["total"] == 6
    assert len((two / "run" / "records.jsonl").read_text().splitlines()) == 5


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("NEW",), "is a folder; name the folder it is compared with"),
        (("NEW", "nowhere"), "is no folder"),
        (("NEW", "NEW/../NEW"), "named twice"),
        (("caps.jsonl",), "no column 'audio_a'; a manifest of pairs has audio_a and audio_b"),
        (("caps.jsonl", "--captions", "caps.jsonl"), "--captions is for two folders"),
        (("NEW", "OLD", "--judge", "tone"), "tone cannot hear two clips together, and nothing else is asked of it"),
        (("NEW", "OLD", "--judge", "embedded", "--votes", "3"), "--votes is for a judge that hears two clips together"),
        (("NEW", "OLD", "--judge", "duel", "--by", "alignment", "--votes", "3"), "asks about each clip alone"),
        (("NEW", "OLD", "--quant", "int8"), "--quant is for an omni judge"),
        (("NEW", "OLD", "--require", "winrate.NOW >= 0.5"), "no system 'NOW' (did you mean 'NEW'?)"),
        (("NEW", "OLD", "--require", "winrate >= 0.5"), "winrate.NEW"),
        (("NEW", "OLD", "--require", "regression.winrate.NEW <= 0.5"), "unknown figure"),
        (("NEW", "OLD", "--require", "winrate.NEW[status=ok] >= 0.5"), "one subset"),
    ],
)
def test_mistakes_are_told_before_anything_is_judged(inside, two, arguments, told):
    done = inside("compare", *arguments, "-o", "run")
    assert done.returncode == 2
    assert told in done.stderr
    assert not (two / "run").exists()


def test_a_gate_on_the_win_rate(inside, two):
    again = ("compare", "NEW", "OLD", "--captions", "caps.jsonl", *ALIGN, "-o", "run")
    assert inside(*again, "--require", "winrate.NEW >= 0.6").returncode == 0
    assert inside(*again, "--require", "winrate.OLD >= 0.5").returncode == 1
    # Six prompts are too few to be sure.
    done = inside(*again, "--require", "winrate.NEW[subset=sound] >= 0.5 at 95%")
    assert done.returncode == 1
    assert "not enough data" in done.stdout.replace("-", " ")
    assert inside("gate", "run", "--require", "winrate.NEW >= 0.6").returncode == 0
    assert inside("gate", "run", "--require", "winrate.NEW[subset=speech] >= 0.6").returncode == 1
    done = inside("gate", "run", "--require", "winrate.NOW >= 0.6")
    assert (done.returncode, "no system 'NOW'" in done.stderr) == (2, True)


def test_nothing_compared_is_no_success(inside, two):
    (two / "green.jsonl").write_text('{"audio_a": "NEW/0.wav", "audio_b": "OLD/0.flac", "caption": "green"}\n')
    done = inside("compare", "green.jsonl", *ALIGN, "-o", "other")
    assert done.returncode == 3
    assert "nothing could be judged: 2 clips unverifiable" in done.stderr
    assert pairs(two / "other")["line-1"]["preferred"] == "unverifiable"
    rows = [{"audio_a": "NEW/0.wav", "audio_b": name, "caption": "440 Hz"} for name in ("OLD/6.wav", "OLD/gone.wav")]
    (two / "broken.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (two / "lax.yaml").write_text("judge: tone\nexpander: tones\nrequire: {errors: 1, coverage: 0}\n")
    done = inside("compare", "broken.jsonl", "--by", "alignment", "--preset", "lax.yaml", "-q", "-o", "third")
    assert done.returncode == 3
    assert "none of the 2 pairs could be compared: b could not be judged: not-audio" in done.stderr


def test_systems_are_ranked(inside, two):
    for number in range(6):
        tone(two / "MID" / f"{number}.wav", 440 if number in {0, 3, 5} else 300)
    done = inside("rank", "OLD", "MID", "NEW", "--captions", "caps.jsonl", *ALIGN, "-o", "run")
    assert done.returncode == 0, done.stderr
    told = compared(two / "run")
    assert told["pairs"]["total"] == 7 * 3  # MID has no sixth clip, which is an error of its own
    ranking = told["ranking"]
    assert [one["system"] for one in ranking["strengths"]][-1] == "OLD"
    assert sum(one["strength"] for one in ranking["strengths"]) == pytest.approx(0, abs=1e-3)
    assert ranking["wins"]["NEW"]["OLD"] == {"wins": 3, "ties": 2, "losses": 1}
    assert ranking["wins"]["OLD"]["NEW"] == {"wins": 1, "ties": 2, "losses": 3}
    assert max(map(len, comparison_lines(told, Screen(80)))) <= 80


def test_the_systems_of_one_manifest(inside, two):
    rows = [
        {"audio": f"{folder}/{number}.{suffix}", "caption": "440 Hz", "model": folder, "prompt_id": number}
        for folder, suffix in (("NEW", "wav"), ("OLD", "flac"))
        for number in range(6)
    ]
    (two / "all.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = inside("rank", "all.jsonl", "--system-field", "model", "--per", "prompt_id", *ALIGN, "-o", "run")
    assert done.returncode == 0, done.stderr
    assert compared(two / "run")["systems"]["NEW"]["pairs"] == 6
    for arguments, told in (
        (("--per", "prompt_id"), "no row has a column 'system'"),
        (("--system-field", "model", "--per", "promptid"), "did you mean 'prompt_id'"),
        (("--system-field", "prompt_id", "--per", "model"), ""),
    ):
        done = inside("rank", "all.jsonl", *arguments, *ALIGN, "-o", "other")
        assert (done.returncode, told in done.stderr) == (2 if told else done.returncode, True)


def selected(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("linked", [False, True])
def test_the_best_of_each_prompt(inside, two, linked):
    """Prompt 0 has a best one; 1 a tie, which the order decides; 2 a broken clip only; 3 another beside a good one."""
    files = {"0": ["NEW/4.wav", "NEW/0.wav"], "1": ["NEW/1.wav", "NEW/2.wav"], "2": ["OLD/6.wav"]}
    files["3"] = ["OLD/gone.wav", "NEW/5.wav"]
    rows = [
        {"audio": name, "caption": "440 Hz", "prompt_id": int(prompt), "take": at}
        for prompt, names in files.items()
        for at, name in enumerate(names)
    ]
    (two / "takes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (two / "tone.yaml").write_text("judge: tone\nexpander: tones\nrequire: {errors: 1, coverage: 0}\n")
    more = ("--link",) if linked else ()
    done = inside("select", "takes.jsonl", "--per", "prompt_id", *ALIGN, "-o", "run", "--to", "best", *more)
    assert done.returncode == 0, done.stderr
    found = selected(two / "run" / "selected.jsonl")
    assert [(row["prompt_id"], row["audio"], row["take"]) for row in found] == [
        (0, "../NEW/0.wav", 1),
        (1, "../NEW/1.wav", 0),
        (3, "../NEW/5.wav", 1),
    ]
    assert [row["selected"]["of"] for row in found] == [2, 2, 2]
    copies = selected(two / "best" / "selected.jsonl")
    for one, copy in zip(found, copies, strict=True):
        assert (two / "best" / copy["audio"]).is_symlink() == linked
        assert (two / "best" / copy["audio"]).read_bytes() == (two / "run" / one["audio"]).read_bytes()
    summary = json.loads((two / "run" / "summary.json").read_text())
    jsonschema.validate(summary, SCHEMA)
    assert summary["selection"] == {
        "by": "alignment",
        "prompts": 4,
        "clips": 7,
        "selected": 3,
        "without": 1,
        "heard": None,
    }
    # The selection is a manifest of its own, and another run into the same folder leaves nothing of it behind.
    assert inside("score", "best/selected.jsonl", "--preset", "tone.yaml", "-q", "-o", "again").returncode == 0
    refused = inside("select", "takes.jsonl", "--per", "prompt_id", *ALIGN, "-o", "run", "--to", "best")
    assert (refused.returncode, "not an empty folder" in refused.stderr) == (2, True)
    assert inside("score", "takes.jsonl", "--preset", "tone.yaml", "-q", "-o", "run").returncode == 0
    assert not (two / "run" / "selected.jsonl").exists()


def test_the_best_two_of_a_folder_by_their_caption(inside, two):
    rows = [{"file_name": f"{number}.wav", "caption": "440 Hz"} for number in (4, 0, 5, 1)]
    (two / "four.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = inside("select", "NEW", "--captions", "four.jsonl", "--best", "2", *ALIGN, "-o", "run")
    assert done.returncode == 0, done.stderr
    found = selected(two / "run" / "selected.jsonl")
    assert [(row["audio"], row["selected"]["rank"]) for row in found] == [("../NEW/0.wav", 1), ("../NEW/1.wav", 2)]
    assert found[0]["selected"]["won"] == round((2 + 0.5) / 3, 4)
    for arguments, told in (
        (("--per", "promptid"), "no row has a column 'promptid'"),
        (("--link",), "--link is for --to"),
    ):
        done = inside("select", "NEW", "--captions", "four.jsonl", *arguments, *ALIGN, "-o", "other")
        assert (done.returncode, told in done.stderr) == (2, True)
    (two / "mute.jsonl").write_text('{"file_name": "0.wav", "caption": "green"}\n')
    mute = ("select", "NEW", "--captions", "mute.jsonl", *ALIGN, "-o", "other")
    done = inside(*mute)
    assert (done.returncode, "copied" in done.stderr) == (3, False)
    done = inside(*mute, "--to", "best")
    assert (done.returncode, "nothing was copied to best" in done.stderr) == (3, True), done.stderr
    assert not (two / "best").exists()


@pytest.mark.weights
def test_the_better_recording_is_preferred(inside, tmp_path):
    """A voice against itself under noise, cut to a telephone's band, silenced; and sounds, of which nobody can say."""
    examples = Path(__file__).parents[2] / "examples" / "audio"
    voice, rate = soundfile.read(examples / "speech_counting_fr.flac")
    noise = np.random.default_rng(0).normal(0, voice.std() / 3, len(voice))
    spoilt = {"noisy": voice + noise, "loud": np.clip(12 * voice, -0.5, 0.5), "mute": np.zeros(len(voice))}
    rows = []
    for at, (name, samples) in enumerate(spoilt.items()):
        soundfile.write(tmp_path / f"{name}.wav", samples, rate)
        sides = [str(examples / "speech_counting_fr.flac"), f"{name}.wav"][:: 1 if at % 2 == 0 else -1]
        words = {"target_text": "un deux trois quatre cinq"} if name == "mute" else {}
        rows.append({"id": name, "audio_a": sides[0], "audio_b": sides[1], "preferred": "ab"[at % 2], **words})
    rain, dog = (str(examples / name) for name in ("sound_rain.ogg", "sound_dog.flac"))
    rows.append({"id": "sounds", "audio_a": rain, "audio_b": dog})
    (tmp_path / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = inside("compare", "pairs.jsonl", "-q", "-o", "run")
    assert done.returncode == 0, done.stderr
    found = {name: row["preferred"] for name, row in pairs(tmp_path / "run").items()}
    assert found == {"noisy": "a", "loud": "b", "mute": "a", "sounds": "unverifiable"}
    agreed = compared(tmp_path / "run")["agreement"]
    assert (agreed["right"], agreed["wrong"]) == (3, 0)
