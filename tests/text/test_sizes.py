from __future__ import annotations

import pytest

from audiojudge_cli.text.sizes import parse_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("4096", 4096),
        ("2GB", 2_000_000_000),
        ("2g", 2_000_000_000),
        ("2GiB", 2 << 30),
        (" 1.5 MiB ", 3 << 19),
        ("500kb", 500_000),
        ("1TB", 10**12),
        ("0", 0),
    ],
)
def test_sizes(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "much", "-1GB", "1PB", "1e9", "GB", "1.GB", "٢GB", "9" * 20])
def test_what_is_no_size(text):
    assert parse_size(text) is None
