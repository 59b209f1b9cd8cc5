"""A set of outputs against a set of references, on small files."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import soundfile

from audiojudge_cli.errors import InputError, NotJudgedError
from audiojudge_cli.runs.folder import DISTANCE
from audiojudge_cli.runs.options import ScoreOptions
from audiojudge_cli.runs.preset import Preset
from audiojudge_cli.runs.set_distance import FEW, Against, distance_lines
from audiojudge_cli.runs.shard import Shard
from audiojudge_cli.stats.kernel_distance import LEAST

DOCS = Path(__file__).parents[2] / "docs"
RATE = 16_000


def clip(seed: int, hiss: float = 0.0) -> np.ndarray[Any, Any]:
    """Return half a second of two tones, each clip its own, with hiss under it."""
    random = np.random.default_rng(seed)
    time = np.arange(RATE // 2) / RATE
    tones = sum(np.sin(2 * np.pi * random.uniform(200, 3000) * time + random.uniform(0, 6)) for _ in "ab")
    return np.asarray(0.2 * tones * np.exp(-random.uniform(0, 8) * time) + hiss * random.normal(size=len(time)))


def fill(folder: Path, count: int, first: int, hiss: float = 0.0) -> Path:
    folder.mkdir()
    for seed in range(first, first + count):
        soundfile.write(folder / f"{seed}.wav", clip(seed, hiss), RATE)
    return folder


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fourteen outputs, fourteen from the same source as references, and the outputs under hiss."""
    home = tmp_path_factory.mktemp("sets")
    fill(home / "outputs", 14, 0)
    fill(home / "references", 14, 100)
    fill(home / "hissing", 14, 0, 0.01)
    fill(home / "noise", 14, 0, 0.2)
    return home


def options(outputs: Path | str, out: Path, **others: Any) -> ScoreOptions:
    preset = Preset.model_validate({"workers": others.pop("workers", 1)})
    told = {"captions": None, "preset_name": "default", "preset": preset, "is_judged": False, **others}
    return ScoreOptions(outputs=str(outputs), out=out, **told)


def measured(outputs: Path, references: Path, out: Path, embedding: str = "yamnet", **others: Any) -> dict[str, Any]:
    return Against(options(outputs, out, **others), str(references), embedding).measure(lambda done, total: None)


@pytest.mark.weights
@pytest.mark.parametrize(
    ("embedding", "names"), [("yamnet", ("outputs", "hissing", "noise")), ("musicnn", ("outputs", "noise"))]
)
def test_one_source_is_no_distance_and_noise_is_one(sets, tmp_path, embedding, names):
    found = [measured(sets / name, sets / "references", tmp_path / name, embedding) for name in names]
    assert found[0]["interval"]["low"] <= 0 <= found[0]["interval"]["high"]
    assert all(less["distance"] < more["distance"] for less, more in pairwise(found))
    assert found[-1]["interval"]["low"] > 0
    assert found[-1]["embedding"]["name"] == embedding


@pytest.mark.weights
def test_what_is_written_is_what_is_returned_and_fits_schema_and_page(sets, tmp_path):
    (tmp_path / "odd").mkdir()
    for number, path in enumerate(sorted((sets / "references").iterdir())):
        (tmp_path / "odd" / f"{number}.wav").symlink_to(path)
    (tmp_path / "odd" / "text.wav").write_text("this is no audio")
    (tmp_path / "odd" / "empty.wav").touch()
    found = measured(sets / "outputs", tmp_path / "odd", tmp_path / "run")
    text = (tmp_path / "run" / DISTANCE).read_text(encoding="utf-8")
    assert json.loads(text) == found
    schema = json.loads((DOCS / "schemas" / "distance.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(found)
    skipped = {one["audio"]: one["kind"] for one in found["reference"]["skipped"]}
    assert skipped == {"text.wav": "not-audio", "empty.wav": "empty"}
    assert (found["reference"]["files"], found["reference"]["used"]) == (16, 14)
    assert "  2 of 16 references left out (first: empty.wav" in "\n".join(distance_lines(found))
    page = (DOCS / "quality-profile.md").read_text(encoding="utf-8").split("## Sets of clips")[1]
    documented = set(re.findall(r"`([\w.\[\]]+)`", "\n".join(re.findall(r"^\| (`.*?) \|", page, re.MULTILINE))))
    inner = {f"{key}.{name}" for key, part in found.items() if isinstance(part, dict) for name in part}
    names = {name + "[]" * name.endswith("skipped") for name in inner}
    assert documented == names | {key for key, part in found.items() if not isinstance(part, dict)}


@pytest.mark.weights
def test_workers_change_nothing(sets, tmp_path):
    for workers in (1, 3):
        measured(sets / "hissing", sets / "references", tmp_path / str(workers), workers=workers)
    assert (tmp_path / "1" / DISTANCE).read_bytes() == (tmp_path / "3" / DISTANCE).read_bytes()


@pytest.mark.weights
def test_a_folder_is_no_distance_from_itself_and_a_file_with_two_captions_is_one(sets, tmp_path):
    found = measured(sets / "outputs", sets / "outputs", tmp_path / "run")
    assert found["distance"] == 0.0
    assert found["shared"] == 14
    assert found["interval"]["low"] < 0 < found["interval"]["high"]
    assert any("14 files on both sides" in line for line in distance_lines(found))
    rows = [{"audio": str(path), "caption": what} for path in (sets / "outputs").iterdir() for what in ("a", "b")]
    manifest = tmp_path / "m.jsonl"
    manifest.write_text("".join(json.dumps(row) + "\n" for row in rows))
    twice = measured(manifest, sets / "references", tmp_path / "twice")
    assert twice["outputs"]["files"] == 14


@pytest.mark.weights
def test_only_chosen_clips_are_compared(sets, tmp_path):
    found = measured(sets / "outputs", sets / "references", tmp_path / "run", limit=11)
    assert found["outputs"]["files"] == 11


@pytest.mark.parametrize("side", ["outputs", "references", "limit"])
def test_too_few_files_are_refused_before_anything_is_measured(sets, tmp_path, side):
    few = fill(tmp_path / "few", LEAST - 1, 0)
    outputs = few if side == "outputs" else sets / "outputs"
    reference = few if side == "references" else sets / "references"
    told = {"limit": LEAST - 1} if side == "limit" else {}
    with pytest.raises(InputError, match=f"holds 9 audio files to compare; a distance needs {LEAST}") as found:
        Against(options(outputs, tmp_path / "run", **told), str(reference), "yamnet")
    assert ("outputs" if side == "limit" else "few") in str(found.value)
    assert not (tmp_path / "run").exists()


@pytest.mark.weights
def test_too_few_that_can_be_heard_are_no_distance(sets, tmp_path):
    broken = fill(tmp_path / "broken", LEAST - 1, 0)
    (broken / "text.wav").write_text("this is no audio")
    for outputs, references, what in (
        (broken, sets / "references", "outputs"),
        (sets / "outputs", broken, "references"),
    ):
        with pytest.raises(NotJudgedError, match=f"only 9 of 10 {what} could be heard"):
            measured(outputs, references, tmp_path / "run")
    assert not (tmp_path / "run" / DISTANCE).exists()


@pytest.mark.weights
def test_references_that_all_sound_the_same_say_so(sets, tmp_path):
    same = tmp_path / "same"
    same.mkdir()
    for number in range(LEAST):
        soundfile.write(same / f"{number}.wav", clip(1), RATE)
    with pytest.raises(NotJudgedError, match="all the same"):
        measured(sets / "outputs", same, tmp_path / "run")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"shard": Shard(1, 2)}, "--shard"),
        ({"captions": "-"}, "standard input"),
        ({"outputs": "-"}, "standard input"),
        ({"reference": "-"}, "standard input"),
    ],
)
def test_what_cannot_be_compared_is_refused(sets, tmp_path, changes, message):
    told = {"outputs": sets / "outputs", "reference": str(sets / "references"), **changes}
    reference = told.pop("reference")
    with pytest.raises(InputError, match=message):
        Against(options(out=tmp_path / "run", **told), reference, "yamnet")


def told(distance: float, low: float, high: float, used: int, shared: int = 0) -> list[str]:
    side = {"path": "r", "files": used, "used": used, "skipped": []}
    interval = {"level": 0.95, "low": low, "high": high}
    return distance_lines(
        {
            "distance": distance,
            "interval": interval,
            "embedding": {"title": "E"},
            "outputs": side,
            "reference": side,
            "shared": shared,
        }
    )


@pytest.mark.parametrize(("low", "expected"), [(-0.2, True), (0.0, True), (0.1, False)])
@pytest.mark.parametrize("used", [FEW - 1, FEW])
def test_the_lines_say_what_the_figure_does_not_show(low, expected, used):
    lines = told(1.5, low, 3.0, used)
    assert lines[0] == f"distance to r: 1.50 (95%: {low:.2f} to 3.00)"
    assert any("no difference is shown" in line for line in lines) == expected
    assert any("interval is wide" in line for line in lines) == (used < FEW)
