from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from audiojudge_cli.judges.omni.packing import Packed, attention_mask, common_start, positions  # noqa: E402

CPU = torch.device("cpu")
ROWS = st.lists(
    st.builds(
        Packed,
        prefix=st.integers(0, 5),
        segments=st.lists(st.integers(1, 4), min_size=1, max_size=4).map(tuple),
        shared=st.integers(0, 3),
    ),
    min_size=1,
    max_size=4,
)


def prompts(row: Packed) -> Iterator[list[int]]:
    """Every continuation as a prompt of its own: where each of its tokens stands among the new tokens of the row."""
    start = row.shared
    for length in row.segments:
        yield [*range(row.shared), *range(start, start + length)]
        start += length


@given(ROWS)
def test_every_continuation_sees_what_it_would_see_alone(rows):
    mask = attention_mask(rows, torch.float32, CPU)
    width = max(row.prefix for row in rows)
    for index, row in enumerate(rows):
        for places in prompts(row):
            for at, place in enumerate(places):
                seen = (mask[index, 0, place] == 0).nonzero().flatten().tolist()
                assert seen == [*range(row.prefix), *(width + other for other in places[: at + 1])]


@given(ROWS)
def test_every_continuation_stands_where_it_would_stand_alone(rows):
    steps = positions(rows, CPU)
    for index, row in enumerate(rows):
        for places in prompts(row):
            assert steps[index, places].tolist() == list(range(row.prefix, row.prefix + len(places)))


@given(ROWS)
def test_no_token_sees_nothing(rows):
    assert bool((attention_mask(rows, torch.float32, CPU) == 0).any(dim=-1).all())


@given(ROWS)
def test_ends_are_the_last_tokens(rows):
    for row in rows:
        assert row.ends == tuple(places[-1] for places in prompts(row))


@given(st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=5), min_size=1, max_size=4))
def test_common_start_is_common_and_leaves_something(texts):
    shared = common_start(texts)
    assert all(text[:shared] == texts[0][:shared] and len(text) > shared for text in texts)


def test_common_start_finds_all_there_is():
    assert common_start([[1, 2, 3], [1, 2, 4, 5]]) == 2
    assert common_start([[1, 2], [1, 2, 4]]) == 1
    assert common_start([[1, 2, 3]]) == 0
