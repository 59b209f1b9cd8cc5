import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiojudge_cli.signals.repeats import repeats

Array = npt.NDArray[np.float32]


def knocks(starts: list[float], rate: int, seconds: float, gain: float, noise: float) -> Array:
    rng = np.random.default_rng(2)
    wave = rng.normal(0, noise * gain, int(rate * seconds))
    length = int(0.12 * rate)
    stroke = rng.normal(0, gain, length) * np.exp(-np.arange(length) / (0.03 * rate))
    for start in starts:
        wave[int(start * rate) : int(start * rate) + length] += stroke
    return wave.astype(np.float32)


@settings(max_examples=25, deadline=None)
@given(
    count=st.integers(1, 8),
    gap=st.floats(0.25, 0.6),
    rate=st.sampled_from([8000, 16000, 44100, 96000]),
    gain=st.sampled_from([0.01, 0.3]),
    noise=st.sampled_from([0.0, 0.003, 0.03]),
)
def test_knocks_are_counted(count: int, gap: float, rate: int, gain: float, noise: float) -> None:
    starts = [0.3 + gap * i for i in range(count)]
    found = repeats(knocks(starts, rate, starts[-1] + 0.5, gain, noise), rate)
    assert found is not None
    assert found.count == count
    assert [start for start, _ in found.bursts] == pytest.approx(starts, abs=0.06)
    if count > 2:
        assert found.period_s == pytest.approx(gap, abs=0.02)
        assert found.irregularity is not None
        assert found.irregularity < 0.1


def test_uneven_knocks_are_irregular() -> None:
    found = repeats(knocks([0.2, 0.5, 1.4, 1.65, 2.9, 3.2], 16000, 4.0, 0.3, 0.003), 16000)
    assert found is not None
    assert found.count == 6
    assert found.irregularity is not None
    assert found.irregularity > 0.3


def test_one_has_no_period() -> None:
    found = repeats(knocks([0.4], 16000, 1.0, 0.3, 0.0), 16000)
    assert found is not None
    assert found.period_s is None
    assert found.irregularity is None


def test_silence_says_nothing() -> None:
    assert repeats(np.zeros(16000, np.float32), 16000) is None
    assert repeats(np.ones(100, np.float32), 16000) is None
