from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.errors import InputError
from audiojudge_cli.weights.card import read_card

FILE: dict[str, Any] = {
    "name": "model.bin",
    "sha256": "0" * 64,
    "bytes": 3,
    "sources": [{"package": {"requirement": "toyweights==1.0", "member": "toyweights/model.bin"}}],
}
CARD: dict[str, Any] = {
    "name": "toy",
    "family": "toy",
    "title": "Toy",
    "description": "For tests.",
    "licence": "CC0-1.0",
    "weights": {
        "toy": {"title": "A toy", "licence": "CC0-1.0", "homepage": "https://example.org", "files": [FILE]},
    },
}


def write(folder: Path, card: object) -> Path:
    path = folder / "toy.yaml"
    path.write_text(yaml.safe_dump(card), encoding="utf-8")
    return path


def with_file(**fields: object) -> dict[str, Any]:
    return {**CARD, "weights": {"toy": {**CARD["weights"]["toy"], "files": [{**FILE, **fields}]}}}


def test_a_whole_card_is_read(tmp_path: Path) -> None:
    card = read_card(write(tmp_path, CARD))
    file = card.weights["toy"].files[0]
    assert (card.name, file.bytes, str(file.sources[0])) == ("toy", 3, "package toyweights==1.0")
    assert card.path == tmp_path / "toy.yaml"


@pytest.mark.parametrize(
    ("card", "field"),
    [
        ({**CARD, "extra": 1}, "extra"),
        ({**CARD, "name": "../toy"}, "name"),
        ({**CARD, "name": 3}, "name"),
        ({key: value for key, value in CARD.items() if key != "licence"}, "licence"),
        ({**CARD, "path": "elsewhere"}, "path"),
        (with_file(sha256="abc"), "weights.toy.files.0.sha256"),
        (with_file(bytes="3"), "weights.toy.files.0.bytes"),
        (with_file(name="../model.bin"), "weights.toy.files.0.name"),
        (with_file(name="a/../b"), "weights.toy.files.0.name"),
        (with_file(name="/a/b"), "weights.toy.files.0.name"),
        (with_file(name="a//b"), "weights.toy.files.0.name"),
        (with_file(name="a/"), "weights.toy.files.0.name"),
        (with_file(name="a/.b"), "weights.toy.files.0.name"),
        (with_file(sources=[]), "weights.toy.files.0.sources"),
        (with_file(sources=[{}]), "weights.toy.files.0.sources.0"),
        (with_file(sources=[{"file": "a", "hf": {"repo": "a/b", "revision": "main", "file": "c"}}]), "sources.0"),
        (with_file(sources=[{"package": {"requirement": "toyweights>=1", "member": "m"}}]), "requirement"),
        (with_file(sources=[{"package": {"requirement": "--index-url=x==1", "member": "m"}}]), "requirement"),
        (with_file(sources=[{"package": {"requirement": "a==1", "member": "../m"}}]), "member"),
        (with_file(sources=[{"package": {"requirement": "a==1", "member": "/etc/passwd"}}]), "member"),
        (with_file(sources=[{"join": [{"requirement": "a==1", "member": "m"}]}]), "join"),
        (with_file(sources=[{"hf": {"repo": "../b", "revision": "main", "file": "c"}}]), "repo"),
        (with_file(sources=[{"hf": {"repo": "a/b", "revision": "../../x", "file": "c"}}]), "revision"),
    ],
)
def test_a_card_that_does_not_fit_is_refused_by_file_and_field(tmp_path: Path, card: object, field: str) -> None:
    path = write(tmp_path, card)
    with pytest.raises(InputError) as caught:
        read_card(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert field in message.removeprefix(f"{path}: ").split(": ")[0]
    assert "\n" not in message


@pytest.mark.parametrize("text", ["[1, 2]", "a: [", "just words", "!!python/object/apply:os.getcwd []", ""])
def test_what_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "toy.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"toy\.yaml"):
        read_card(path)


def test_a_missing_card_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read the card"):
        read_card(tmp_path / "none.yaml")


@given(st.binary(max_size=300))
def test_any_bytes_give_a_card_or_a_clear_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("card") / "any.yaml"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"any\.yaml"):
        read_card(path)


def test_the_fingerprint_follows_the_files_and_nothing_else(tmp_path: Path) -> None:
    card = read_card(write(tmp_path, CARD))
    renamed = read_card(write(tmp_path, {**CARD, "title": "Another sentence"}))
    changed = read_card(write(tmp_path, with_file(sha256="1" * 64)))
    assert card.fingerprint == renamed.fingerprint != changed.fingerprint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\na: [", r"odd\.yaml:2: not YAML: "),
        ("[" * 5000, "not YAML: it is nested too deeply"),
        (b"\xff\xfe\x00", "not YAML: it is not text in UTF-8"),
        ("x" * (2 << 20), "at most 1,048,576 bytes"),
        ("name: toy", "family: this field is missing"),
    ],
)
def test_what_is_no_card_is_one_clear_line(tmp_path: Path, text: str | bytes, message: str) -> None:
    path = tmp_path / "odd.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError, match=message) as caught:
        read_card(path)
    assert "\n" not in str(caught.value)


def test_a_card_that_is_not_there_is_named_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_card(tmp_path / "none.yaml")
    assert str(caught.value) == f"cannot read the card {tmp_path / 'none.yaml'}: No such file or directory"
