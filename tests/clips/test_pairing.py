from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.paired import Pairing
from audiojudge_cli.clips.pairing import find_clips
from audiojudge_cli.errors import InputError


def lay(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"RIFF")


def rows(path: Path, *values: Mapping[str, object]) -> Path:
    path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")
    return path


def told(pairing: Pairing) -> list[tuple[str, str, str]]:
    return [(clip.id, clip.audio_name, clip.caption) for clip in pairing.clips]


def test_a_folder_with_a_manifest(tmp_path: Path) -> None:
    lay(tmp_path / "out", "a/dog.wav", "b/cat.wav", "extra.wav")
    captions = rows(
        tmp_path / "caps.jsonl",
        {"audio": "b/cat.wav", "caption": "A cat", "seed": 1},
        {"audio": "/other/machine/a/dog.wav", "caption": "A dog", "subset": "sound"},
        {"audio": "bird.wav", "caption": "A bird"},
    )
    pairing = find_clips(tmp_path / "out", captions)
    cat, dog, bird = pairing.clips
    assert cat == Clip("b__cat", tmp_path / "out" / "b/cat.wav", "b/cat.wav", "A cat", metadata={"seed": 1}, line=1)
    assert (dog.id, dog.audio, dog.subset, dog.line) == ("a__dog", tmp_path / "out/a/dog.wav", "sound", 2)
    assert (bird.id, bird.audio, bird.audio_name) == ("bird", tmp_path / "out" / "bird.wav", "bird.wav")
    report = pairing.report
    assert (report.rows, report.clips, report.paired, report.missing, report.problems) == (3, 3, 2, 1, 0)
    assert (report.audio_files, report.unused, report.unused_examples) == (3, 1, ("extra.wav",))
    assert list(pairing.unused_audio()) == ["extra.wav"]
    text = "\n".join(report.lines())
    assert f"{captions}:3: no audio file bird.wav" in text
    assert "1 of 3 audio files without a caption" in text


def test_clips_can_be_iterated_again_and_know_their_number(tmp_path: Path) -> None:
    lay(tmp_path, "a.wav", "b.wav")
    captions = rows(tmp_path / "c.jsonl", {"audio": "b.wav", "caption": "1"}, {"audio": "a.wav", "caption": "2"})
    clips = find_clips(tmp_path, captions).clips
    assert [clip.id for clip in clips] == ["b", "a"] == [clip.id for clip in clips]
    assert len(clips) == 2


def test_a_manifest_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, "data/a.wav", "cwd/here.wav", "cwd/a.wav")
    monkeypatch.chdir(tmp_path / "cwd")
    manifest = rows(
        tmp_path / "data" / "m.jsonl",
        {"audio": "a.wav", "caption": "beside the manifest"},
        {"audio": "here.wav", "caption": "in the current folder"},
        {"audio": str(tmp_path / "cwd" / "a.wav"), "caption": "absolute"},
        {"audio": "../cwd/here.wav", "caption": "outside"},
        {"audio": "gone.wav", "caption": "missing"},
        {"caption": "no audio"},
    )
    for outputs, captions in ((manifest, None), (None, manifest)):
        pairing = find_clips(outputs, captions)
        first, second, third, fourth, fifth = pairing.clips
        assert (first.audio.resolve(), first.id) == (tmp_path / "data" / "a.wav", "a")
        assert (second.audio.resolve(), second.id) == (tmp_path / "cwd" / "here.wav", "here")
        assert third.audio.resolve() == tmp_path / "cwd" / "a.wav"
        assert third.id.startswith("a-")
        assert fourth.audio.resolve() == tmp_path / "cwd" / "here.wav"
        assert "/" not in fourth.id
        assert not fifth.audio.exists()
        assert [(problem.line, problem.kind) for problem in pairing.problems()] == [(6, "no-audio")]
        assert pairing.report.audio_files is None


def test_a_folder_with_sidecars(tmp_path: Path) -> None:
    lay(tmp_path, "b.wav", "a.wav", "sub/c.flac", "silent.wav")
    for name, text in {"a": "A", "b.wav": "B", "sub/c": "C", "README": "Read me"}.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    pairing = find_clips(tmp_path)
    assert told(pairing) == [("a", "a.wav", "A"), ("b", "b.wav", "B"), ("sub__c", "sub/c.flac", "C")]
    assert [problem.kind for problem in pairing.problems()] == ["not-found"]
    assert list(pairing.unused_audio()) == ["silent.wav"]


def test_a_folder_of_texts(tmp_path: Path) -> None:
    lay(tmp_path / "out", "x/a.wav", "b.wav")
    for name, text in {"x/a": "A", "b": "B", "gone": "G"}.items():
        path = tmp_path / "caps" / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    pairing = find_clips(tmp_path / "out", tmp_path / "caps")
    assert told(pairing) == [("b", "b.wav", "B"), ("gone", "gone", "G"), ("x__a", "x/a.wav", "A")]


@pytest.mark.parametrize("name", ["metadata.jsonl", "captions.jsonl", "manifest.json"])
def test_a_folder_with_a_manifest_inside(name: str, tmp_path: Path) -> None:
    lay(tmp_path, "audio/a.wav", "b.wav")
    rows(tmp_path / name, {"file_name": "audio/a.wav", "text": "A"}, {"file_name": "b.wav", "text": "B"})
    assert told(find_clips(tmp_path)) == [("audio__a", "audio/a.wav", "A"), ("b", "b.wav", "B")]
    assert told(find_clips(None, tmp_path)) == told(find_clips(tmp_path))


def test_one_file(tmp_path: Path) -> None:
    lay(tmp_path, "a.wav", "b.wav")
    captions = rows(tmp_path / "c.jsonl", {"audio": "a.wav", "caption": "A"}, {"audio": "b.wav", "caption": "B"})
    assert told(find_clips(tmp_path / "b.wav", captions)) == [("b", "b.wav", "B")]
    (tmp_path / "a.txt").write_text("sidecar", encoding="utf-8")
    assert told(find_clips(tmp_path / "a.wav")) == [("a", "a.wav", "sidecar")]


def test_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, "out/a.wav")
    monkeypatch.chdir(tmp_path)
    data = b"audio,caption\na.wav,A\n"
    assert told(find_clips("out", "-", stdin=io.BytesIO(data))) == [("a", "a.wav", "A")]
    data = b'{"audio": "out/a.wav", "caption": "A"}\n'
    for outputs, captions in (("-", None), (None, "-")):
        assert told(find_clips(outputs, captions, stdin=io.BytesIO(data))) == [("out__a", "out/a.wav", "A")]


def test_ids_find_files_where_rows_name_none(tmp_path: Path) -> None:
    lay(tmp_path, "dog1.wav", "sub/2.wav")
    captions = rows(
        tmp_path / "c.jsonl",
        {"id": "dog1", "caption": "A"},
        {"id": 2, "audio": "/reference/elsewhere.wav", "caption": "B"},
    )
    assert told(find_clips(tmp_path, captions)) == [("dog1", "dog1.wav", "A"), ("2", "sub/2.wav", "B")]


def test_a_reference_elsewhere_is_never_judged_instead(tmp_path: Path) -> None:
    lay(tmp_path, "reference/a.wav", "out/b.wav")
    captions = rows(
        tmp_path / "c.jsonl",
        {"audio": str(tmp_path / "reference" / "a.wav"), "caption": "A"},
        {"audio": "../reference/a.wav", "caption": "A again"},
        {"audio": "b.wav", "caption": "B"},
    )
    missing, again, found = find_clips(tmp_path / "out", captions).clips
    assert not missing.audio.exists()
    assert not again.audio.exists()
    assert found.audio.exists()


def test_ambiguous_rows_list_the_candidates(tmp_path: Path) -> None:
    lay(tmp_path, "a/dog.wav", "b/dog.wav", "c.wav")
    captions = rows(
        tmp_path / "c.jsonl",
        {"audio": "dog.wav", "caption": "which?"},
        {"audio": "b/dog.wav", "caption": "this"},
    )
    pairing = find_clips(tmp_path, captions)
    (problem,) = pairing.problems()
    assert (problem.line, problem.kind) == (1, "ambiguous")
    assert "a/dog.wav, b/dog.wav" in problem.message
    assert told(pairing) == [("b__dog", "b/dog.wav", "this")]


def test_an_exact_path_goes_before_a_likely_name(tmp_path: Path) -> None:
    lay(tmp_path, "x.wav", "y/sub/x.wav")
    (tmp_path / "sub").mkdir()
    captions = rows(tmp_path / "sub" / "c.jsonl", {"audio": "x.wav", "caption": "A"})
    assert told(find_clips(tmp_path, captions)) == [("x", "x.wav", "A")]


def test_paths_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, "out/a/x.wav", "out/b/x.wav")
    monkeypatch.chdir(tmp_path)
    captions = rows(
        tmp_path / "c.jsonl", {"audio": "out/b/x.wav", "caption": "B"}, {"audio": "./out/a/x.mp3", "caption": "A"}
    )
    assert [clip.audio_name for clip in find_clips("out", captions).clips] == ["b/x.wav", "a/x.wav"]


def test_windows_paths(tmp_path: Path) -> None:
    lay(tmp_path, "a/dog.wav", "b/dog.wav")
    captions = rows(tmp_path / "c.jsonl", {"audio": "b\\dog.wav", "caption": "B"})
    assert told(find_clips(tmp_path, captions)) == [("b__dog", "b/dog.wav", "B")]
    assert find_clips(None, captions).report.paired == 1


def test_files_with_other_suffixes_are_found_when_named(tmp_path: Path) -> None:
    lay(tmp_path, "a.wav", "x.bin", ".hidden.wav", "folder.wav/y.wav")
    captions = rows(
        tmp_path / "c.jsonl", *({"audio": name, "caption": "c"} for name in ("x.bin", ".hidden.wav", "folder.wav"))
    )
    assert [clip.audio.exists() for clip in find_clips(tmp_path, captions).clips] == [True] * 3


def test_two_captions_for_one_file(tmp_path: Path) -> None:
    lay(tmp_path, "a.wav", "b.wav")
    values: list[dict[str, object]] = [
        {"audio": "a.wav", "caption": "right"},
        {"audio": "a.wav", "caption": "wrong"},
        {"audio": "b.wav", "caption": "alone"},
    ]
    first = {clip.caption: clip.id for clip in find_clips(tmp_path, rows(tmp_path / "1.jsonl", *values)).clips}
    assert first["alone"] == "b"
    assert first["right"] != first["wrong"]
    assert all(first[caption].startswith("a~") for caption in ("right", "wrong"))
    reordered: list[dict[str, object]] = [{"audio": "a.wav", "caption": "third"}, *reversed(values)]
    second = {clip.caption: clip.id for clip in find_clips(tmp_path, rows(tmp_path / "2.jsonl", *reordered)).clips}
    assert first.items() <= second.items()


def test_repeated_rows_count_once_and_leave_the_id_alone(tmp_path: Path) -> None:
    lay(tmp_path, "a.wav")
    row: dict[str, object] = {"audio": "a.wav", "caption": "A"}
    pairing = find_clips(tmp_path, rows(tmp_path / "c.jsonl", row, row, {**row, "note": 1}))
    assert told(pairing) == [("a", "a.wav", "A")]
    assert [(p.line, p.kind) for p in pairing.problems()] == [(2, "duplicate"), (3, "duplicate")]
    assert "line 1" in next(pairing.problems()).message
    assert (pairing.report.rows, pairing.report.clips, pairing.report.problems) == (3, 1, 2)


def test_repeated_ids_are_told_apart_and_kept(tmp_path: Path) -> None:
    lay(tmp_path, "a.wav", "b.wav", "c.wav")
    captions = rows(
        tmp_path / "c.jsonl",
        {"id": "x", "audio": "a.wav", "caption": "A"},
        {"id": "X", "audio": "b.wav", "caption": "B"},
        {"id": "odd/../id", "audio": "c.wav", "caption": "C"},
    )
    first, second, third = find_clips(tmp_path, captions).clips
    assert first.id != second.id
    assert (first.metadata["id"], second.metadata["id"]) == ("x", "X")
    assert (third.id, third.metadata["id"]) == ("odd__..__id", "odd/../id")


def test_odd_names(tmp_path: Path) -> None:
    names = ["new\nline.wav", "emoji🐕.wav", "x" * 251 + ".wav", os.fsdecode(b"\xff.wav"), "..dots.wav"]
    try:
        lay(tmp_path, *names)
    except OSError:
        pytest.skip("this file system refuses such names")
    captions = rows(
        tmp_path / "c.jsonl",
        *({"audio": name, "caption": name[:1].encode("utf-8", "replace").decode()} for name in names),
    )
    pairing = find_clips(tmp_path, captions)
    assert pairing.report.paired == len(names)
    assert len({clip.id for clip in pairing.clips}) == len(names)
    for clip in pairing.clips:
        assert clip.audio.exists()
        (tmp_path / f"{clip.id}.json").write_text("", encoding="utf-8")
    assert all(line.isprintable() for line in pairing.report.lines())


def test_empty_captions_stay_clips(tmp_path: Path) -> None:
    lay(tmp_path, "a.wav", "b.wav", "c.wav")
    captions = rows(
        tmp_path / "c.jsonl",
        {"audio": "a.wav", "caption": None},
        {"audio": "b.wav"},
        {"audio": "c.wav", "caption": "C"},
    )
    assert [clip.caption for clip in find_clips(tmp_path, captions).clips] == ["", "", "C"]


def test_a_rubric_may_stand_for_the_caption(tmp_path: Path) -> None:
    lay(tmp_path, "a.wav")
    captions = rows(tmp_path / "c.jsonl", {"audio": "a.wav", "rubric": ["Is there a dog?"]})
    (clip,) = find_clips(tmp_path, captions).clips
    assert clip.rubric == ({"question": "Is there a dog?"},)


def test_problems_of_the_manifest_are_in_the_report(tmp_path: Path) -> None:
    lay(tmp_path, "a.wav")
    (tmp_path / "c.csv").write_text("audio,caption\na.wav,A\nb.wav\n", encoding="utf-8")
    pairing = find_clips(tmp_path, tmp_path / "c.csv")
    assert pairing.report.problem_kinds == {"ragged": 1}
    assert f"{tmp_path / 'c.csv'}:3: the row has 1 cell, the header 2" in "\n".join(pairing.report.lines())


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            [{"audio": "x.wav", "caption": "A"}],
            r"not one audio file that .* names is .* \(no audio file x\.wav; the folder holds a\.wav\)",
        ),
        ([{"audio": "a.wav", "caption": 5}], "no row of .* can be used: .*:1: the caption"),
        ([{"audio": "a.wav", "caption": ""}], "no row of .* has a caption"),
    ],
)
def test_nothing_to_judge_is_an_error(values: list[dict[str, object]], said: str, tmp_path: Path) -> None:
    lay(tmp_path / "out", "a.wav")
    with pytest.raises(InputError, match=said):
        find_clips(tmp_path / "out", rows(tmp_path / "c.jsonl", *values))


def test_wrong_usage(tmp_path: Path) -> None:
    lay(tmp_path, "full/a.wav", "empty/readme.md")
    manifest = rows(tmp_path / "m.jsonl", {"audio": "full/a.wav", "caption": "A"})
    (tmp_path / "header.csv").write_text("audio,caption\n", encoding="utf-8")
    for outputs, captions, said in (
        (None, None, "nothing to read"),
        (tmp_path / "gone", None, "no such file or folder"),
        (tmp_path / "empty", manifest, "holds no audio files"),
        (tmp_path / "full", None, "holds no captions"),
        (tmp_path / "full", tmp_path / "header.csv", "holds no captions"),
        (tmp_path / "full", tmp_path / "gone.jsonl", "no such file or folder"),
        (manifest, manifest, "is a manifest itself"),
        (None, tmp_path / "gone.jsonl", "cannot read"),
    ):
        with pytest.raises(InputError, match=said):
            find_clips(outputs, captions)
    with pytest.raises(InputError, match="'mood'"):
        find_clips(tmp_path / "full", manifest, caption_field="mood")


def test_a_manifest_that_changes_meanwhile_is_refused(tmp_path: Path) -> None:
    lay(tmp_path, "a.wav")
    manifest = rows(tmp_path / "m.jsonl", {"audio": "a.wav", "caption": "A"})
    pairing = find_clips(tmp_path, manifest)
    rows(manifest, {"audio": "a.wav", "caption": "Another"})
    with pytest.raises(InputError, match="changed while it was used"):
        list(pairing.clips)
