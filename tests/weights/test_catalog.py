import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.weights.catalog import card_names, cards, find_card


def test_every_bundled_card_fits_and_is_named_like_its_file() -> None:
    assert tuple(card.name for card in cards()) == card_names()
    assert "embedded" in card_names()


def test_every_weight_names_a_licence_and_where_it_comes_from() -> None:
    for card in cards():
        for weights in card.weights.values():
            assert weights.licence
            assert weights.homepage.startswith("https://")


def test_a_card_is_found_by_name_and_by_path() -> None:
    card = find_card("embedded")
    assert find_card(str(card.path)).fingerprint == card.fingerprint


def test_a_misspelt_name_gets_a_hint() -> None:
    with pytest.raises(InputError, match=r"did you mean 'embedded'\?.*known cards: .*embedded"):
        find_card("embeded")
