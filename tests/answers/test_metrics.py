from __future__ import annotations

from typing import Any

import jiwer
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whisper_normalizer.english import EnglishTextNormalizer

from audiojudge_cli.answers.figures import figure_of, groups_of
from audiojudge_cli.answers.metrics import MetricName, UnscoredError, measure
from audiojudge_cli.answers.row import Answer
from audiojudge_cli.answers.scoring import score

TEXTS = st.lists(
    st.sampled_from(["the", "cat", "sat", "on", "two", "mats", "Colour", "colour,", "2", "don't"]),
    min_size=1,
    max_size=8,
)


def answer(prediction: str, *references: str, **more: str) -> Answer:
    return Answer("a.jsonl", 1, more.pop("id", "1"), prediction, references, **more)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=2, max_size=6))
def test_error_rates_are_jiwers_on_normalised_text_over_all_rows(pairs):
    normalise = EnglishTextNormalizer()
    said = [(" ".join(wanted), " ".join(heard)) for wanted, heard in pairs]
    rows = [answer(heard, wanted, id=str(at)) for at, (wanted, heard) in enumerate(said)]
    rates: dict[MetricName, Any] = {"wer": jiwer.wer, "cer": jiwer.cer}
    for metric, rate in rates.items():
        figure = figure_of(score([(one, "asr", metric) for one in rows], language="en"), metric)
        left, right = zip(*[(normalise(wanted), normalise(heard)) for wanted, heard in said], strict=True)
        assert figure.value == round(rate(list(left), list(right)), 4)
        assert figure.value is not None
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low <= figure.value <= figure.high
        assert figure.failed == 0


@pytest.mark.parametrize(
    ("wanted", "heard", "metric", "top", "bottom"),
    [
        ("今天天氣很好", "今天天气很坏", "wer", 1, 6),
        ("今天天氣很好", "今天 天气 很好", "cer", 0, 6),
        ("hello world", "", "wer", 2, 2),
        ("Two dogs!", "2 dogs", "exact", 1, 1),
        ("Two dogs!", "2 cats", "exact", 0, 1),
    ],
)
def test_values_of_a_row(wanted, heard, metric, top, bottom):
    value = measure(metric, answer(heard, wanted), "en")
    assert (value.top, value.bottom) == (top, bottom)


def test_the_reference_that_serves_best_counts_whichever_way_better_is():
    row = answer("dogs barking", "a cat", "dogs barking", "dog barking")
    for metric in ("wer", "cer", "meteor", "exact"):
        assert measure(metric, row, "en").reference == 1


@pytest.mark.parametrize("metric", ["wer", "cer", "meteor", "exact"])
def test_a_reference_of_punctuation_is_no_score(metric):
    with pytest.raises(UnscoredError):
        measure(metric, answer("?", "?!"), "en")


def test_rows_without_a_value_are_not_in_the_figure():
    rows = [answer("dog", "dog", id="1"), answer("b", "!", id="2"), answer("dog cat", "dog cow", id="3")]
    figure = figure_of(score([(one, "asr", "wer") for one in rows], language="en"), "wer")
    assert (figure.value, figure.rows, figure.failed) == (0.3333, 2, 1)


def test_templates_have_figures_of_their_own_and_a_spread():
    rows = [answer("a b", "a b", id="1", template="x"), answer("a c", "a b", id="1", template="y")]
    [group] = groups_of(score([(one, "asr", "wer") for one in rows], language="en"))
    assert [(one.name, one.figure.value) for one in group.templates] == [("x", 0.0), ("y", 0.5)]
    assert group.spread is not None
    assert (group.spread.low, group.spread.high, group.spread.mean, group.spread.sd) == (0.0, 0.5, 0.25, 0.3536)
    assert group.spread.same
    assert (group.figure.value, group.figure.low) == (0.25, None)  # one question, asked twice


def test_templates_of_other_questions_are_not_the_same():
    rows = [answer("a", "a", id="1", template="x"), answer("a", "b", id="2", template="y")]
    [group] = groups_of(score([(one, "asr", "exact") for one in rows], language="en"))
    assert group.spread is not None
    assert not group.spread.same
