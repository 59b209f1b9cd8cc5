"""The page about weights cannot fall behind the card."""

from __future__ import annotations

import re
from pathlib import Path

from audiojudge_cli.weights.catalog import cards, find_card

PAGE = (Path(__file__).parents[2] / "docs" / "weights.md").read_text(encoding="utf-8")


def test_the_tables_list_the_weights_of_the_default_cards() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| [^|]+ \| ([\d.]+) MB \| ([^| ]+) \|", PAGE, re.MULTILINE)
    expected = [
        (name, f"{sum(file.bytes for file in weights.files) / 1e6:.1f}", weights.licence)
        for card in ("embedded", "language", "speaker")
        for name, weights in find_card(card).weights.items()
    ]
    assert rows == expected


def test_the_table_lists_the_models_of_the_bundled_cards() -> None:
    rows = re.findall(r"^\| `([\w.-]+)` \| ([~\w.-]+/[\w./-]+) \| (\w*) ?\| ([^| ]+) \|", PAGE, re.MULTILINE)
    expected = [
        (card.name, card.model.repo or card.model.folder, (card.model.revision or "")[:12], card.licence)
        for card in cards()
        if card.model is not None
    ]
    assert sorted(rows) == sorted(expected)
