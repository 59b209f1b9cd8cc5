from __future__ import annotations

import pytest

from audiojudge_cli.text.counted import counted


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 clips"), (1, "1 clip"), (2, "2 clips"), (11, "11 clips")],
)
def test_only_one_is_singular(number, text):
    assert counted(number, "clip") == text


def test_an_odd_plural_can_be_given():
    assert counted(2, "entry", "entries") == "2 entries"
    assert counted(1, "entry", "entries") == "1 entry"
