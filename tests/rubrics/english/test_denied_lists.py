"""What is denied of a list is denied of each of its members, whatever stands in front of them."""

from __future__ import annotations

import pytest

from audiojudge_cli.rubrics.expander import Expander

DENIALS = ["Please avoid {}.", "No {}.", "without {}", "Avoid {}.", "There should be no {}.", "Exclude {}."]
LISTS = [
    "insects, traffic or human voices",
    "dogs, cars, engines or human voices",
    "music, traffic or human voices",
    "dogs, cars, or music",
    "speech, music or traffic",
]


@pytest.mark.parametrize("denial", DENIALS)
@pytest.mark.parametrize("things", LISTS)
def test_every_member_is_denied(rules: Expander, denial: str, things: str) -> None:
    items = rules.expand(denial.format(things)).items
    assert len(items) == things.count(",") + (2 if ", or" not in things else 1), [item.question for item in items]
    assert all(item.negated for item in items), [item.question for item in items]


@pytest.mark.parametrize(
    "caption", ["No drums; bright piano and soft strings.", "Rain, no birds, cars or people, soft thunder"]
)
def test_what_stands_behind_the_list_is_there(rules: Expander, caption: str) -> None:
    items = rules.expand(caption).items
    assert any(item.negated for item in items)
    assert not all(item.negated for item in items)
