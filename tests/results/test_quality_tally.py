from __future__ import annotations

import statistics
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.results.quality import FAULTS, FIGURES, QualityFault, QualityProfile, ReferenceLikeness, WordErrors
from audiojudge_cli.results.quality_figures import QUALITY
from audiojudge_cli.results.quality_tally import QualityTally
from audiojudge_cli.results.record import NOBODY, AudioFacts, Record
from audiojudge_cli.results.rule import Rule
from audiojudge_cli.results.summary import Tally

NUMBER = st.none() | st.integers(0, 50_000).map(lambda number: number / 10_000)
ROWS = st.lists(
    st.tuples(
        st.lists(NUMBER, min_size=len(QUALITY), max_size=len(QUALITY)), st.lists(st.sampled_from(FAULTS), max_size=4)
    ),
    max_size=8,
)


BLANK = Record("blank", AudioFacts("a"), "", None, None, "ok", None, Rule().decide([]), None, (), NOBODY, NOBODY)


def profile(values: list[float | None], faults: list[Any]) -> QualityProfile:
    measured: dict[str, Any] = dict(zip(FIGURES, values, strict=False))
    words, compared = values[13:15], [*values[15:], None, None][:2]
    spoken = None if words == [None, None] else WordErrors(words[0], words[1], "a", "b", ())
    reference = None if compared == [None, None] else ReferenceLikeness("r", compared[0], compared[1])
    found = tuple(QualityFault(name, "So it is.") for name in faults)
    return QualityProfile(**measured, words=spoken, reference=reference, faults=found)


@given(ROWS)
def test_figures_are_those_of_the_clips_that_have_them_in_any_order(rows):
    records = [replace(BLANK, id=f"{at}", quality=profile(*row)) for at, row in enumerate(rows)]
    forwards, backwards = QualityTally(), QualityTally()
    for record in (*records, BLANK):
        forwards.add(record)
    for record in (BLANK, *reversed(records)):
        backwards.add(record)
    found = forwards.summary()
    assert found == backwards.summary()
    assert found["clips"] == len(rows)
    assert found["faulty"] == sum(bool(faults) for _, faults in rows)
    assert found["faults"] == {name: sum(name in faults for _, faults in rows) for name in FAULTS}
    for at, name in enumerate(QUALITY):
        values = [row[0][at] for row in rows if row[0][at] is not None]
        figure = found["figures"][name]
        assert figure["clips"] == len(values)
        if not values:
            assert set(figure.values()) == {0, None}
            continue
        assert figure["mean"] == pytest.approx(statistics.fmean(values), abs=1e-4)
        assert figure["median"] == pytest.approx(statistics.median(values), abs=1e-4)
        assert (figure["min"], figure["max"]) == (min(values), max(values))
        end = {"low": min(values), "high": max(values), None: None}[QUALITY[name].worse]
        assert (figure["worst"] is None) == (end is None)
        assert end is None or rows[int(figure["worst"])][0][at] == end


def test_what_a_gate_checks_is_a_part_of_the_summary(makers, make_record):
    tally = Tally(makers.judge, makers.rule)
    for number in range(3):
        tally.add(replace(make_record(), quality=profile([float(number)] * 15, ["loop"])))

    def inside(part: Any, whole: Any) -> bool:
        return all(inside(part[key], whole[key]) for key in part) if isinstance(part, dict) else part == whole

    assert inside(tally.figures(), tally.summary())
