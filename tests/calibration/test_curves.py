"""Curves of dimensions are learned where labels show a gain, and refused, each by itself, where they do not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from audiojudge_cli.calibration.curves import FEWEST_ITEMS, FEWEST_OF_A_KIND, ItemCases, curve_outcome, grouped, kept
from audiojudge_cli.calibration.fit import Cases


def items(count: int, seed: int = 0, *, shift: float = 0.0, slope: float = 1.0, kind: str = "drawn") -> ItemCases:
    """Return items of which labels follow from the judge's log odds as given, two of each audio file."""
    random = np.random.default_rng(seed)
    odds = random.normal(0, 2, count).clip(-4, 4)
    chance = 1 / (1 + np.exp(-shift - slope * odds)) if kind == "drawn" else np.full(count, 0.5)
    truth = np.ones(count, dtype=np.bool_) if kind == "one" else random.random(count) < chance
    looks = np.column_stack([np.ones(count), odds])
    return ItemCases(Cases(looks, truth, [at // 2 for at in range(count)], list(range(count))))


@pytest.mark.parametrize(("shift", "slope"), [(2.0, 1.0), (-2.0, 1.0), (0.0, 3.0), (1.5, 0.4)])
def test_a_known_miscalibration_is_recovered(shift, slope):
    found = curve_outcome(items(1000, shift=shift, slope=slope))
    assert found.refusal is None
    assert found.curve is not None
    for p in (0.1, 0.5, 0.9):
        wanted = 1 / (1 + np.exp(-shift - slope * np.log(p / (1 - p))))
        assert found.curve.p_yes(p) == pytest.approx(wanted, abs=0.08)
    assert found.before is not None
    assert found.after is not None
    assert found.after[0] < found.before[0]


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (items(FEWEST_ITEMS - 1, shift=3.0), "fewer than 30 labels"),
        (items(60, kind="one"), "fewer than 5 of a kind"),
        (items(120), "no gain"),
    ],
)
def test_what_is_refused_and_why(made, told):
    found = curve_outcome(made)
    assert found.refusal is not None
    assert found.refusal.startswith(told)
    assert kept({"event": found}) is None


def test_judges_that_are_calibrated_already_seldom_seem_to_gain():
    assert sum(curve_outcome(items(100, seed)).refusal is None for seed in range(40)) <= 4


def test_it_is_the_same_whatever_else_was_labelled():
    one = curve_outcome(items(100, shift=2.0))
    assert one == curve_outcome(items(100, shift=2.0))
    curves = kept({"event": one, "tempo": curve_outcome(items(20))})
    assert curves is not None
    assert [name for name, _ in curves.by] == ["event"]


def test_labels_of_one_audio_file_show_nothing():
    many = items(100, shift=3.0)
    same = ItemCases(Cases(many.cases.looks, many.cases.truth, ["a"] * 100, many.cases.captions))
    assert curve_outcome(same).refusal is not None


def test_the_rarer_kind_is_what_counts():
    random = items(200, shift=6.0)
    rarer = random.cases.rarer
    assert (random.too_few is None) == (rarer >= FEWEST_OF_A_KIND)


def test_items_are_grouped_by_dimension(make_run):
    from audiojudge_cli.results.index import read_records

    run = make_run([{"answers": [0.2, 0.7], "dimensions": ["tempo", "event"]}, {"answers": [1.0]}])
    labelled: list[Any] = [(record, item, True) for record in read_records(run) for item in record.items]
    found = grouped(labelled)
    assert list(found) == ["event", "tempo"]
    assert found["event"].logits.tolist() == pytest.approx([np.log(0.7 / 0.3), np.log(99)])
