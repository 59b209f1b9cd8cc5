from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from audiojudge_cli.clips.columns import RECOGNISED, Columns
from audiojudge_cli.clips.manifest import MANIFEST_SUFFIXES
from audiojudge_cli.clips.pairing import FOLDER_MANIFESTS
from audiojudge_cli.clips.row import ProblemKind
from audiojudge_cli.clips.walk import AUDIO_SUFFIXES
from audiojudge_cli.errors import InputError

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "manifests.md").read_text(encoding="utf-8")
CLIPS = ROOT / "audiojudge_cli" / "clips"


@pytest.mark.parametrize("name", [name for names in RECOGNISED.values() for name in names])
def test_every_recognised_field_is_documented(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("name", [*MANIFEST_SUFFIXES, *FOLDER_MANIFESTS, *sorted(AUDIO_SUFFIXES)])
def test_every_suffix_and_folder_manifest_is_documented(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("kind", get_args(ProblemKind))
def test_every_problem_is_documented(kind: str) -> None:
    assert f"| `{kind}` |" in PAGE.split("## Rows that cannot be used")[1]


def test_every_clip_error_is_documented() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(CLIPS.glob("*.py")))
    kinds = set(re.findall(r'ClipError\(\s*"([a-z-]+)"', source))
    assert "not-found" in kinds
    assert "truncated" in kinds
    section = PAGE.split("## Audio that cannot be used")[1].split("\n## ")[0]
    assert {kind for kind in kinds if f"| `{kind}` |" not in section} == set()


def test_precedence_is_the_documented_order() -> None:
    assert Columns().roles(("text", "caption", "path", "audio")) == {"audio": "audio", "caption": "caption"}
    assert Columns().roles(("sentence", "prompt"))["caption"] == "prompt"


def test_names_match_in_any_case() -> None:
    roles = Columns().roles(("Audio_FilePath", " TEXT ", "Prompt", "UUID", "Lang", "Rubric", "Subset"))
    assert set(roles) == set(RECOGNISED)
    assert (roles["caption"], roles["transcript"]) == ("Prompt", " TEXT ")


def test_named_fields_overrule_and_are_not_used_twice() -> None:
    roles = Columns("text", "audio").roles(("audio", "text", "caption"))
    assert roles == {"audio": "text", "caption": "audio"}
    assert Columns(caption_field="STYLE").roles(("audio", "style", "text"))["caption"] == "style"
    assert "caption" not in Columns(caption_field="style").roles(("audio", "text"))


def test_an_exact_name_goes_before_another_case() -> None:
    assert Columns(audio_field="WAV").roles(("wav", "WAV"))["audio"] == "WAV"


def test_unknown_names_list_the_columns() -> None:
    with pytest.raises(InputError, match=r"x\.csv has no column 'sound' \(--audio-field\).*'audio', 'text'"):
        Columns(audio_field="sound").require(["audio", "text"], "x.csv")
    with pytest.raises(InputError, match=r"'a\.wav', 'A dog'.*--caption-field"):
        Columns().require(["a.wav", "A dog"], "x.csv")
    with pytest.raises(InputError, match=r"\(1000 in all\)"):
        Columns().require([f"c{n}" for n in range(1000)], "x.csv")


def test_rows_of_ever_new_shapes_do_not_fill_the_memory() -> None:
    columns = Columns()
    for number in range(2000):
        columns.roles(("audio", f"column {number}"))
    assert len(columns._cache) <= 256
