from typing import Any

import pytest

torch = pytest.importorskip("torch")

from audiojudge_cli.judges.omni.prefix import Prefix, ReadEnoughError, SharedCache  # noqa: E402


def states(rows: int, length: int) -> Any:
    return torch.randn(rows, 2, length, 3)


def prefix_of(length: int) -> Prefix:
    return Prefix((states(1, length), states(1, length)), (states(1, length), states(1, length)), length)


def test_rows_read_their_own_prefix_and_zeros_after_it():
    long, short = prefix_of(4), prefix_of(2)
    new = states(2, 3)
    keys, values = SharedCache([long, short], 3).update(new, new, 1)
    assert torch.equal(keys[0, :, :4], long.keys[1][0])
    assert torch.equal(keys[1, :, :2], short.keys[1][0])
    assert not keys[1, :, 2:4].any()
    assert torch.equal(keys[:, :, 4:], new)
    assert torch.equal(values[0, :, :4], long.values[1][0])


def test_a_row_without_prefix_beside_one_with():
    long = prefix_of(4)
    new = states(2, 1)
    keys, _ = SharedCache([long, Prefix()], 3).update(new, new, 0)
    assert torch.equal(keys[0, :, :4], long.keys[0][0])
    assert not keys[1, :, :4].any()


def test_becomes_a_longer_prefix_only_when_asked_to_keep():
    head = prefix_of(4)
    cache = SharedCache([head, head], 3, keep=True)
    new = states(2, 3)
    for layer in range(2):
        cache.update(new, new, layer)
    longer = cache.extended(1, 2)
    assert longer.length == 6
    assert [tuple(keys.shape) for keys in longer.keys] == [(1, 2, 6, 3)] * 2
    assert torch.equal(longer.keys[0][:, :, :4], head.keys[0])
    assert torch.equal(longer.keys[0][0, :, 4:], new[1, :, :2])
    forgetful = SharedCache([head], 3)
    forgetful.update(states(1, 3), states(1, 3), 0)
    assert forgetful.extended(0, 3).keys == ()


def test_prefixes_are_never_written_to():
    head = prefix_of(3)
    before = head.keys[0].clone()
    keys, _ = SharedCache([head], 3).update(states(1, 2), states(1, 2), 0)
    keys.zero_()
    assert torch.equal(head.keys[0], before)


def test_the_last_layer_stops_once_and_then_answers_from_what_was_joined():
    head = prefix_of(3)
    cache = SharedCache([head], 2, keep=True)
    cache.update(states(1, 4), states(1, 4), 0)
    new = states(1, 4)
    with pytest.raises(ReadEnoughError):
        cache.update(new, new, 1)
    keys, values = cache.update(states(1, 1), states(1, 1), 1)
    assert torch.equal(keys, torch.cat([head.keys[1], new], dim=2))
    assert torch.equal(values, torch.cat([head.values[1], new], dim=2))
    assert cache.extended(0, 4).length == 7
