from __future__ import annotations

from audiojudge_cli.text.simplified import simplified


def test_characters_are_simplified_one_by_one() -> None:
    assert simplified("說帶們 abc") == "说带们 abc"
