"""Whatever a request calls a file, only what lies under the folder is opened, also while links are being swapped."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiojudge_cli.errors import ClipError
from audiojudge_cli.serving.allowed_root import Root, RootedFile

PARTS = st.sampled_from(
    [
        *("..", ".", "", "deep", "440.wav", "560.wav", "link-in.wav", "link-out.wav", "link-up.wav", "way-out"),
        *(
            "660.wav",
            "outside",
            "inside",
            "/",
            "~",
            "\0",
            "circle.wav",
            "zero.wav",
            "pipe.wav",
            "…",
            "\ud800",
            "a" * 300,
        ),
    ]
)


@given(st.lists(PARTS, max_size=6), st.booleans())
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_name_leads_out(rooted, parts, absolute):
    name = ("/" if absolute else "") + "/".join(parts)
    inside = {path.read_bytes() for path in (rooted / "440.wav", rooted / "deep" / "560.wav")}
    try:
        found = RootedFile(Root(rooted), name, 1 << 20).read()
    except ClipError:
        return
    assert found in inside


def test_names_that_fit_are_read(rooted):
    root = Root(rooted)
    for name in ("440.wav", "./440.wav", "deep//560.wav", str(rooted / "440.wav"), "link-in.wav"):
        assert RootedFile(root, name, 1 << 20).read()


def test_the_folder_itself_may_be_a_link(rooted, tmp_path):
    (tmp_path / "link").symlink_to(rooted)
    root = Root(tmp_path / "link")
    for name in ("440.wav", str(tmp_path / "link" / "440.wav"), str(rooted / "440.wav")):
        assert RootedFile(root, name, 1 << 20).read()


@pytest.mark.parametrize("swapped", ["deep", "deep/a.wav"])
def test_a_link_that_comes_after_the_check_is_not_followed(tmp_path, monkeypatch, swapped):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.wav").write_bytes(b"secret")
    (tmp_path / "inside" / "deep").mkdir(parents=True)
    (tmp_path / "inside" / "deep" / "a.wav").write_bytes(b"plain")
    plain = Root.parts_of

    def swapping(self: Root, name: str) -> tuple[str, ...]:
        found = plain(self, name)
        place = tmp_path / "inside" / swapped
        place.rename(tmp_path / "moved")
        place.symlink_to(tmp_path / "outside" / Path(swapped).relative_to("deep"))
        return found

    monkeypatch.setattr(Root, "parts_of", swapping)
    with pytest.raises(ClipError) as raised:
        RootedFile(Root(tmp_path / "inside"), "deep/a.wav", 1 << 20).read()
    assert raised.value.kind in {"unreadable", "not-found"}
