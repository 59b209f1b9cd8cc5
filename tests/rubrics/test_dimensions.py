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
