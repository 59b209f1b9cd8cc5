from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.errors import InputError
from audiojudge_cli.text.strict_yaml import WordLoader, read_yaml


@pytest.fixture
def read(tmp_path):
    def go(data, **options):
        path = tmp_path / "my.yaml"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return read_yaml(path, "list", most_bytes=1000, **options)

    return go


def test_plain_data(read):
    assert read("a: [1, 0.5, yes, null]\nb: {c: x}") == {"a": [1, 0.5, True, None], "b": {"c": "x"}}
    assert read("") is None
    assert read(b"\xef\xbb\xbfa: 1") == {"a": 1}


def test_yes_and_no_may_be_words(read):
    assert read("yes: [yes, no, on, 1]", loader=WordLoader) == {"yes": ["yes", "no", "on", 1]}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("a: [", r"my\.yaml:1: not YAML: "),
        ("a: 1\nb: 2\na: 3", r"my\.yaml:3: the key 'a' is there twice"),
        ("a: {b: 1, b: 2}", r"my\.yaml:1: the key 'b' is there twice"),
        ("a: &x 1\nb: *x", r"my\.yaml:2: aliases"),
        ("\n!!python/object/apply:os.system ['true']", r"my\.yaml:2: could not determine a constructor"),
        ("? {a: 1}\n: 2", r"my\.yaml:1: found unhashable key"),
        ("[" * 900, "nested too deeply|not YAML"),
        ("#" * 1001, "a list has at most 1,000 bytes"),
        (b"a: 1\nb: \xff", r"my\.yaml:2: not YAML: it is not text in UTF-8"),
        ("a: \x07", r"my\.yaml: not YAML: "),
        ("a: 2026-99-99", r"my\.yaml: not YAML: "),
    ],
)
def test_mistakes_name_the_file_and_the_line(read, data, says):
    with pytest.raises(InputError, match=says) as caught:
        read(data)
    assert str(caught.value).isprintable()


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match=r"cannot read the list .*none\.yaml: No such file"):
        read_yaml(tmp_path / "none.yaml", "list", most_bytes=10)
    with pytest.raises(InputError, match="cannot read the list"):
        read_yaml(Path("a\0b"), "list", most_bytes=10)


@given(st.binary(max_size=200))
def test_any_bytes_are_data_or_one_clear_line(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "any.yaml"
    path.write_bytes(data)
    told = ""
    try:
        read_yaml(path, "list", most_bytes=1000)
    except InputError as error:
        told = str(error)
    assert not told or told.isprintable()
