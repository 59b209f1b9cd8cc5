import re
from pathlib import Path

import pytest

from audiojudge_cli.rubrics.dimensions import NAMES, canonical


@pytest.mark.parametrize("name", NAMES)
def test_names_are_their_own(name: str) -> None:
    assert canonical(name) == name
    assert canonical(f" {name.replace('_', ' ').title()} ") == name


@pytest.mark.parametrize(
    ("other", "name"), [("Gender", "speaker_sex"), ("语速", "rate"), ("Sound Event", "event"), ("拍号", "metre")]
)
def test_other_names_are_understood(other: str, name: str) -> None:
    assert canonical(other) == name


def test_every_dimension_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "rubrics.md").read_text(encoding="utf-8")
    listed = text.split("## Dimensions")[1].split("## Files")[0]
    assert set(NAMES) <= set(re.findall(r"\w+", listed))
