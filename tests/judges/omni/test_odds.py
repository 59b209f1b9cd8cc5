import math

import pytest

torch = pytest.importorskip("torch")

from audiojudge_cli.judges.omni.odds import read_odds  # noqa: E402


def test_best_spelling_of_each_decides():
    logits = torch.tensor([[5.0, 3.0, 2.0, 1.0, -9.0]])
    (odds,) = read_odds(logits, (1, 3), (2, 4))
    assert odds.p_yes == pytest.approx(1 / (1 + math.exp(2.0 - 3.0)))


def test_mass_is_the_sum_over_all_spellings():
    logits = torch.tensor([[5.0, 3.0, 2.0, 1.0, -9.0]])
    (odds,) = read_odds(logits, (1, 3), (2, 4))
    total = sum(math.exp(value) for value in logits[0].tolist())
    assert odds.mass == pytest.approx(sum(math.exp(value) for value in (3.0, 1.0, 2.0, -9.0)) / total)


def test_refusal_has_little_mass_whatever_p_yes_is():
    (odds,) = read_odds(torch.tensor([[20.0, 3.0, -3.0]]), (1,), (2,))
    assert odds.p_yes > 0.99
    assert odds.mass < 1e-6


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_half_precision_is_read_in_float32(dtype):
    logits = torch.tensor([[0.0, 10.0, 9.0]]).to(getattr(torch, dtype))
    (odds,) = read_odds(logits, (1,), (2,))
    assert odds.p_yes == pytest.approx(1 / (1 + math.exp(-1.0)), abs=1e-6)


def test_one_answer_per_row_in_order():
    odds = read_odds(torch.tensor([[1.0, 0.0], [0.0, 1.0]]), (0,), (1,))
    assert [one.p_yes > 0.5 for one in odds] == [True, False]
