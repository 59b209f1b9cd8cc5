from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.runs.merged import merge
from audiojudge_cli.runs.preset import DecisionOptions, Preset
from audiojudge_cli.runs.shard import Shard

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "run.schema.json"
CAPTIONS = ["440 Hz, loud", "220 Hz", "loud, x", "explode", "500 Hz", "600 Hz", "50 Hz", "x", "loud", "1000 Hz"]


def contents(folder: Path) -> dict[str, bytes]:
    skip = {"run.json", ".lock", "shard.jsonl"}
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name not in skip]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def info(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "run.json").read_text())
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(found)
    return found


@pytest.fixture
def captions(make_tone, make_captions):
    for number in range(len(CAPTIONS)):
        make_tone(f"{number}.wav", 440 + number)
    return make_captions(CAPTIONS)


@pytest.fixture
def part(run, captions, tmp_path):
    """Score one shard; returns its folder."""

    def score(number, *, of=3, out=None, **options):
        out = out or f"part{number}"
        run(options.pop("captions", captions), out=out, shard=Shard(number, of), **options)
        return tmp_path / out

    return score


@pytest.fixture
def parts(part):
    return [part(number) for number in (1, 2, 3)]


def test_shards_in_any_order_make_the_files_of_a_whole_run(run, captions, parts, tmp_path):
    scored, _ = run(captions, out="whole")
    code, reason, summary, worst = merge(parts[::-1], tmp_path / "merged", arguments=["merge"])
    assert (code, reason, summary, worst) == (scored.exit_code, scored.reason, scored.summary, scored.worst)
    assert contents(tmp_path / "merged") == contents(tmp_path / "whole")
    merged, whole = info(tmp_path / "merged"), info(tmp_path / "whole")
    assert merged["counts"] == whole["counts"]
    assert merged["state"] == "finished"
    assert [each["shard"] for each in merged["merged"]] == ["1/3", "2/3", "3/3"]
    merge(parts, tmp_path / "merged")
    assert contents(tmp_path / "merged") == contents(tmp_path / "whole")


def test_shards_of_a_choice_make_the_whole_choice(run, captions, part, tmp_path):
    choice: dict[str, Any] = {"filter": 'not caption contains "x"', "sample": 6, "seed": 3, "limit": 5}
    run(captions, out="whole", **choice)
    merge([part(number, **choice) for number in (1, 2, 3)], tmp_path / "merged")
    assert contents(tmp_path / "merged") == contents(tmp_path / "whole")
    assert len((tmp_path / "merged" / "records.jsonl").read_text().splitlines()) == 5


def test_one_shard_twice_is_counted_once_unless_they_differ(parts, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(parts[1], copy)
    merge([parts[0], copy, *parts], tmp_path / "merged")
    assert len((tmp_path / "merged" / "records.jsonl").read_text().splitlines()) == 10
    assert len(info(tmp_path / "merged")["merged"]) == 3
    records = copy / "records.jsonl"
    records.write_text(records.read_text().replace('"coverage": 1.0', '"coverage": 0.5'))
    with pytest.raises(InputError, match=r"part2 and .*copy both have clip .* and differ"):
        merge([*parts, copy], tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_a_missing_shard_is_refused_unless_partial(parts, tmp_path):
    out = tmp_path / "merged"
    missing = len((parts[1] / "records.jsonl").read_text().splitlines())
    with pytest.raises(InputError, match=f"^shard 2/3 with {missing} clips missing; .*--partial"):
        merge([parts[0], parts[2]], out)
    assert not out.exists()
    code, reason, summary, _ = merge([parts[0], parts[2]], out, partial=True)
    assert code == 3
    assert reason
    assert summary["clips"]["pending"] == info(out)["counts"]["pending"] == missing
    merge(parts, out)
    assert info(out)["counts"]["pending"] == 0


def test_partial_is_never_done_even_when_all_that_is_there_is_well(run, make_tone, make_captions, tmp_path):
    for number in range(6):
        make_tone(f"{number}.wav")
    captions = make_captions(["440 Hz"] * 6)
    run(captions, out="part", shard=Shard(1, 2))
    code, reason, _, _ = merge([tmp_path / "part"], tmp_path / "merged", partial=True)
    assert code == 3
    assert reason is not None
    assert reason.startswith("merged ")
    assert "shard 2/2" in reason


def test_an_unfinished_shard_is_told_by_its_folder_and_a_copy_may_fill_it(parts, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(parts[2], copy)
    records = parts[2] / "records.jsonl"
    records.write_text("".join(records.read_text().splitlines(keepends=True)[:-1]))
    with pytest.raises(InputError, match=r"^1 clip without a record in .*part3; "):
        merge(parts, tmp_path / "merged")
    assert merge(parts, tmp_path / "merged", partial=True)[2]["clips"]["pending"] == 1
    assert merge([*parts, copy], tmp_path / "merged")[2]["clips"]["pending"] == 0


def test_shards_of_other_clips_or_options_are_refused(part, tmp_path):
    first = part(1)
    odd = (
        (part(2, out="fewer", limit=9), r"had no --limit, that in .*fewer --limit 9; run one of them again"),
        (part(2, of=4, out="quarter"), "no parts of one run: shards 1/3 and 2/4"),
        (
            part(2, out="ruled", preset=Preset(decision=DecisionOptions(mean=1.0, min=0.0))),
            r"different preset options \(decision\)",
        ),
    )
    for folder, message in odd:
        with pytest.raises(InputError, match=message):
            merge([first, folder], tmp_path / "merged")
    assert not (tmp_path / "merged").exists()
    other = part(2, out="fast", preset=Preset(batch=1, workers=1))
    merge([first, other], tmp_path / "merged", partial=True)


def test_shards_of_another_judge_or_manifest_are_refused(part, captions, tmp_path, monkeypatch):
    first = part(1)
    monkeypatch.setenv("TONE_JUDGE_VERSION", "2")
    newer = part(2)
    with pytest.raises(InputError, match=r"different judges: tone \(tone-1\) and tone \(tone-2\)"):
        merge([first, newer], tmp_path / "merged")
    monkeypatch.delenv("TONE_JUDGE_VERSION")
    captions.write_text(captions.read_text().replace("220 Hz", "221 Hz"))
    with pytest.raises(InputError, match="the manifests differ"):
        merge([first, part(2, out="edited")], tmp_path / "merged")


def test_what_is_no_shard_and_what_is_in_the_way(run, captions, parts, outputs, tmp_path):
    run(captions, out="whole")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "shard.jsonl").write_text("{}\n")
    new, whole = tmp_path / "new", tmp_path / "whole"
    for folders, out, restart, message in (
        ([whole], new, False, "whole is not the run folder of a shard"),
        ([tmp_path / "nowhere"], new, False, "nowhere is not a folder"),
        ([tmp_path / "damaged"], new, False, r"shard.jsonl:1: damaged"),
        (parts, parts[0], False, "is one of the shards"),
        (parts, whole, False, "whole holds another run"),
        (parts, outputs, False, "outputs holds another run"),
        (parts, outputs, True, "not empty and not a run folder"),
    ):
        with pytest.raises(InputError, match=message):
            merge(folders, out, restart=restart)
    assert not new.exists()
    merge(parts, whole, restart=True)
    assert "merged" in info(whole)


def test_more_shards_than_clips_leave_nothing_out(run, make_tone, make_captions, tmp_path):
    for number in range(2):
        make_tone(f"{number}.wav")
    captions = make_captions(["440 Hz", "430 Hz"])
    run(captions, out="whole")
    full = []
    for number in range(1, 7):
        scored, follower = run(captions, out=f"p{number}", shard=Shard(number, 6))
        assert scored.exit_code == (0 if follower.records else 3)
        if not follower.records:
            assert f"no clip falls into shard {number}/6" in scored.reason
        full += [tmp_path / f"p{number}"] if follower.records else []
    merge(full, tmp_path / "merged")
    assert contents(tmp_path / "merged") == contents(tmp_path / "whole")


def test_a_run_without_shard_in_the_same_folder_is_no_shard_any_more(run, captions, parts):
    assert (parts[0] / "shard.jsonl").exists()
    run(captions, out="part1")
    assert not (parts[0] / "shard.jsonl").exists()


@pytest.mark.parametrize("name", ["shard.jsonl", "records.jsonl", "run.json"])
def test_a_damaged_shard_names_file_and_remedy(name, parts, tmp_path):
    path = parts[1] / name
    text = path.read_text()
    path.write_text(text.replace("\n", "\nnonsense\n", 1))
    with pytest.raises(InputError, match=rf"part2/{name}.* run "):
        merge(parts, tmp_path / "merged")
    assert not (tmp_path / "merged").exists()


def test_a_shard_whose_list_lost_its_end_or_its_sense_is_refused(parts, tmp_path):
    path = parts[1] / "shard.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:-1]))
    with pytest.raises(InputError, match="1 clip that no shard lists"):
        merge(parts, tmp_path / "merged")
    path.write_text(lines[0].replace(f'"clips": {len(CAPTIONS)}', '"clips": 1e999'))
    with pytest.raises(InputError, match=r"shard.jsonl:1: damaged"):
        merge(parts, tmp_path / "merged")


@pytest.mark.parametrize("option", [{"limit": 4}, {"sample": 4}, {"seed": 9}, {"filter": 'caption contains "Hz"'}])
def test_a_shard_run_again_with_another_choice_of_clips_says_which(part, parts, tmp_path, option):
    base = {"sample": 6} if "seed" in option else {}
    folders = [part(number, **base) for number in (1, 2, 3)]
    part(2, **{**base, **option})
    (name, value), *_ = option.items()
    with pytest.raises(InputError) as told:
        merge(folders, tmp_path / "merged")
    message = str(told.value)
    assert f"--{name} {value}" in message
    assert "run one of them again with the same options" in message
    assert "\n" not in message
    part(2, **base)
    assert merge(folders, tmp_path / "merged")[0] in {0, 3}


def test_a_shard_run_again_without_shard_says_so(run, captions, parts, tmp_path):
    run(captions, out="part2", limit=4)
    with pytest.raises(InputError, match=r"part2 is not the run folder of a shard \(the last `score`.* no --shard"):
        merge(parts, tmp_path / "merged")
