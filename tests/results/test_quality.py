from __future__ import annotations

import copy
import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.results.quality import (
    FAULTS,
    FIGURES,
    VERSION,
    QualityFault,
    QualityProfile,
    ReferenceLikeness,
    WordErrors,
    WordStep,
)
from audiojudge_cli.text.jsonl import dump_line

text = st.text(st.characters(exclude_categories=()), max_size=12)
number = st.none() | st.floats(-1e6, 1e6)
positive = st.none() | st.floats(0, 1e6)
pct = st.none() | st.floats(0, 100)
opinion = st.none() | st.floats(1, 5)
steps = st.builds(WordStep, st.sampled_from(["equal", "substitute", "delete", "insert"]), text, text)
words = st.builds(WordErrors, positive, positive, text, text, st.lists(steps, max_size=2).map(tuple))
faults = st.builds(
    QualityFault,
    st.sampled_from(FAULTS),
    text,
    st.lists(st.tuples(st.floats(0, 9), st.floats(0, 9)), max_size=2).map(tuple),
)
profiles = st.builds(
    QualityProfile,
    **dict.fromkeys(("lufs", "true_peak_db", "dc_offset", "snr_db"), number),
    **dict.fromkeys(("clipped_pct", "silence_pct"), pct),
    **dict.fromkeys(("leading_silence_s", "trailing_silence_s", "bandwidth_hz"), positive),
    **dict.fromkeys(("mos", "mos_sig", "mos_bak", "speech"), opinion),
    words=st.none() | words,
    reference=st.none() | st.builds(ReferenceLikeness, text, number, st.none() | st.floats(-1, 1)),
    faults=st.lists(faults, max_size=2).map(tuple),
    depth=st.sampled_from(["basic", "full"]),
)
BASIC = QualityProfile(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
FULL = replace(
    BASIC,
    mos=1.0,
    mos_sig=1.0,
    mos_bak=1.0,
    speech=1.0,
    words=WordErrors(0.5, 0.25, "a c", "a b", (WordStep("equal", "a", "a"), WordStep("substitute", "b", "c"))),
    reference=ReferenceLikeness("r.wav", 1.0, 0.5, "0" * 64),
    faults=(QualityFault("clipped", "It is clipped.", ((0.0, 1.0),)),),
    depth="full",
)


@given(profiles)
def test_a_profile_survives_the_journal(one):
    data = one.to_dict()
    assert QualityProfile.from_dict(json.loads(dump_line(data))) == one
    assert list(data) == [field.name for field in fields(QualityProfile)]
    assert list(data)[:13] == list(FIGURES)
    assert (one.wer, one.cer) == ((one.words.wer, one.words.cer) if one.words else (None, None))


def places(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value inside plain JSON data."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [way for key, value in inner for way in ((*at, key), *places(value, (*at, key)))]


PLACES = places(FULL.to_dict())


def changed(at: tuple[Any, ...], value: object) -> dict[str, Any]:
    data = copy.deepcopy(FULL.to_dict())
    inner: Any = data
    for key in at[:-1]:
        inner = inner[key]
    if value is KeyError:
        del inner[at[-1]]
    else:
        inner[at[-1]] = value
    return data


@pytest.mark.parametrize("at", PLACES, ids=lambda at: ".".join(map(str, at)))
def test_no_value_of_another_kind_is_read(at):
    for value in (True, float("nan"), float("inf"), {"x": 1}, b"x", -1e9 if at[0] in {"clipped_pct", "mos"} else ...):
        with pytest.raises((AttributeError, KeyError, TypeError, ValueError)):
            QualityProfile.from_dict(changed(at, value))


@pytest.mark.parametrize("at", [at for at in PLACES if isinstance(at[-1], str)], ids=lambda at: ".".join(map(str, at)))
def test_no_field_may_be_missing_or_unknown(at):
    if at == ("speech",):  # nor had those before it this scale
        assert QualityProfile.from_dict(changed(at, KeyError)) == replace(FULL, speech=None)
    elif at == ("reference", "sha256"):  # records of earlier versions have none
        found = QualityProfile.from_dict(changed(at, KeyError)).reference
        assert found == ReferenceLikeness("r.wav", 1.0, 0.5)
    else:
        with pytest.raises((KeyError, TypeError)):
            QualityProfile.from_dict(changed(at, KeyError))
    with pytest.raises(TypeError):
        QualityProfile.from_dict(changed((*at[:-1], "other"), 1))


@pytest.mark.parametrize("at", [("depth",), ("faults", 0, "name"), ("words", "diff", 0, "kind")])
def test_no_other_name_is_read(at):
    with pytest.raises(ValueError, match="something"):
        QualityProfile.from_dict(changed(at, "something"))


@pytest.mark.parametrize("at", PLACES, ids=lambda at: ".".join(map(str, at)))
def test_what_is_damaged_is_named_with_its_cure(at):
    named = [change for change in (KeyError, None, "x") if isinstance(at[-1], str) or change is not KeyError]
    for change in named:
        try:
            QualityProfile.from_dict(changed(at, change))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            told = str(error)
            assert any(str(part) in told for part in at if isinstance(part, str)), told
            assert "object is not" not in told, told
            assert "argument" not in told, told


@pytest.mark.parametrize("at", [("other",), ("faults", 0, "other"), ("words", "other"), ("reference", "other")])
def test_a_newer_record_says_so(at):
    with pytest.raises(TypeError, match=r"'other'.*if a newer audiojudge wrote it, update this one"):
        QualityProfile.from_dict(changed(at, 1))
    with pytest.raises(ValueError, match="newer audiojudge"):
        QualityProfile.from_dict({**FULL.to_dict(), "version": VERSION + 1, "other": 1})
