from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.clips.locate import AsWritten, InFolder, Place
from audiojudge_cli.clips.row import Problem, Row


def row(audio: str | None, identity: str | None = None) -> Row:
    return Row("m", 3, audio, "c", id=identity)


def test_a_row_without_audio_or_id_is_a_problem(tmp_path: Path) -> None:
    for locator in (InFolder(tmp_path, ["a.wav"]), AsWritten(tmp_path)):
        problem = locator.locate(row(None))
        assert isinstance(problem, Problem)
        assert (problem.line, problem.kind) == (3, "no-audio")


def test_ids_can_be_kept_out(tmp_path: Path) -> None:
    assert isinstance(InFolder(tmp_path, ["a.wav"]).locate(row(None, "a")), Place)
    assert isinstance(InFolder(tmp_path, ["a.wav"], ids=False).locate(row(None, "a")), Problem)


def test_labels_outside_the_manifests_folder_are_short_and_distinct(tmp_path: Path) -> None:
    locator = AsWritten(tmp_path)
    inside, left, right = (locator.locate(row(name)) for name in ("a/b.wav", "/x/b.wav", "../b.wav"))
    assert isinstance(inside, Place)
    assert isinstance(left, Place)
    assert isinstance(right, Place)
    assert inside.label == "a/b"
    assert left.label.startswith("b-")
    assert right.label.startswith("b-")
    assert left.label != right.label


@given(st.text(max_size=30), st.text(max_size=10) | st.none())
def test_no_row_leads_out_of_the_folder(audio: str, identity: str | None) -> None:
    folder = Path("/nowhere/out")
    place = InFolder(folder, ["a.wav", "b/c.wav"], [Path("/nowhere"), Path("/")]).locate(row(audio, identity))
    if isinstance(place, Place):
        assert ".." not in place.path.relative_to(folder).parts
