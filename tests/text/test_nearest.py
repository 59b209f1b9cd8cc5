from __future__ import annotations

from audiojudge_cli.text.nearest import nearest


def test_close_names_are_hinted_at() -> None:
    assert nearest("embeded", ["embedded", "omni"]) == " (did you mean 'embedded'?)"
    assert nearest("endpoint", ["embedded", "omni"]) == ""
    assert nearest("x" * 1_000_000, ["x"]) == ""
    assert nearest("omni", []) == ""
