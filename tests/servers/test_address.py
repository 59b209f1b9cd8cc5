from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.errors import InputError
from audiojudge_cli.servers.address import read_address
from audiojudge_cli.servers.again import LONGEST_WAIT_S, retry_after


@pytest.mark.parametrize("end", ["", "/", "/chat/completions", "/chat/completions/"])
def test_the_base_is_the_same_however_it_is_written(end):
    address = read_address(f"http://host:8000/v1{end}", "")
    assert address.base == "http://host:8000/v1"
    assert address.url("/models") == "http://host:8000/v1/models"


def test_what_proves_who_asks_is_no_part_of_what_is_shown_or_of_the_identity():
    address = read_address("https://me:s3cret-word@host/v1?version=2&api_key=abcdefgh", "")
    other = read_address("https://host/v1?version=2&api_key=ijklmnop", "")
    assert "Basic " in address.headers["Authorization"]
    assert address.identity == other.identity
    for secret in ("s3cret-word", "abcdefgh"):
        assert secret not in address.shown
        assert secret not in repr(address.headers and address.base)
        assert secret not in repr(address)[: repr(address).index("query")]


@pytest.mark.parametrize(
    ("base", "is_local"),
    [
        ("http://localhost:8000", True),
        ("http://127.0.0.1/v1", True),
        ("http://127.8.9.1:1/v1", True),
        ("http://[::1]:8000/v1", True),
        ("http://gpu.localhost/v1", True),
        ("http://10.0.0.1/v1", False),
        ("http://localhost.example.org/v1", False),
        ("https://api.example.org/v1", False),
        ("http://127.0.0.1.example.org/v1", False),
    ],
)
def test_which_servers_are_on_this_machine(base, is_local):
    assert read_address(base, "").is_local is is_local


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_clear_error(base):
    told = ""
    try:
        found = read_address(base, "").base
    except InputError as error:
        found, told = "", str(error)
    assert found.startswith(("http://", "https://")) or "must be an http(s) address" in told


@given(st.one_of(st.none(), st.text(max_size=40), st.integers(-5, 10**30).map(str)), st.integers(0, 40))
def test_a_wait_is_never_negative_nor_longer_than_a_minute(header, attempt):
    assert 0 <= retry_after(header, attempt) <= LONGEST_WAIT_S
