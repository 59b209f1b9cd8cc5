from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
import yaml

from audiojudge_cli.errors import InputError, WeightsError
from audiojudge_cli.judges.omni.locate import find_model, locate, place_of
from audiojudge_cli.judges.omni.model_status import model_status
from audiojudge_cli.weights.card import read_card

COMMIT = "d" * 40
MODEL = {"architecture": "qwen2_audio", "max_audio_s": 30}


@pytest.fixture(autouse=True)
def offline(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("AUDIOJUDGE_OFFLINE", "1")
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)


def card(folder: Path, model: dict[str, object], **other: object):
    path = folder / "mine.yaml"
    content = {"name": "mine", "family": "omni", "title": "t", "description": "d", "licence": "CC0-1.0", "model": model}
    path.write_text(yaml.safe_dump({**content, **other}), encoding="utf-8")
    return path


@pytest.fixture
def hub(checkpoint, tmp_path):
    """A hub cache as the hub's client lays it out: blobs by hash, a snapshot of links, a branch."""
    home = tmp_path / "hub" / "models--owner--toy"
    snapshot = home / "snapshots" / COMMIT
    for folder in (snapshot, home / "blobs", home / "refs"):
        folder.mkdir(parents=True)
    for path in checkpoint("qwen2_audio").iterdir():
        blob = home / "blobs" / hashlib.sha256(path.read_bytes()).hexdigest()
        shutil.copy(path, blob)
        (snapshot / path.name).symlink_to(Path("..", "..", "blobs", blob.name))
    (home / "refs" / "main").write_text(COMMIT, encoding="utf-8")
    return snapshot


def test_a_folder_is_a_model(checkpoint, tmp_path, monkeypatch):
    folder = Path(shutil.copytree(checkpoint("qwen2_audio"), tmp_path / "my-model"))
    assert (locate(str(folder)).name, locate(str(folder)).folder) == ("my-model", folder)
    monkeypatch.chdir(folder)
    assert locate(".").name == "my-model"


@pytest.mark.parametrize("asked", ["hf:owner/toy", "hf:owner/toy@main", f"hf:owner/toy@{COMMIT}"])
def test_the_hub_s_cache_is_enough(hub, asked):
    found = locate(asked)
    assert found.folder == hub
    assert found.name == (asked if "@" in asked else "hf:owner/toy@main")


@pytest.mark.parametrize("asked", ["hf:", "hf:toy", "hf:../x/y", "hf:a/b@c d", "hf:a/b@../c", "hf:a/b\x1b[2J"])
def test_a_name_that_cannot_be_on_the_hub(asked):
    with pytest.raises(InputError, match="write hf:owner/name@revision") as caught:
        locate(asked)
    assert "\x1b" not in str(caught.value)


def test_not_in_the_cache_and_not_allowed_to_ask(hub):
    with pytest.raises(WeightsError, match=r"hf:owner/toy@v2 is not .* AUDIOJUDGE_OFFLINE is set"):
        locate("hf:owner/toy@v2")


def test_a_card_names_a_folder_beside_it_or_a_repository(hub, checkpoint, tmp_path):
    shutil.copytree(checkpoint("qwen2_audio"), tmp_path / "here")
    found = locate(str(card(tmp_path, {**MODEL, "folder": "here"})))
    assert (found.name, found.folder) == ("mine", tmp_path / "here")
    assert found.card is not None
    assert found.card.model is not None
    assert found.card.model.max_audio_s == 30
    assert locate(str(card(tmp_path, {**MODEL, "repo": "owner/toy", "revision": "main"}))).folder == hub


def test_a_card_that_is_not_for_this_judge(tmp_path):
    with pytest.raises(InputError, match="the card names no model"):
        locate("embedded")
    with pytest.raises(InputError, match=r"model\.architecture: 'llama' is not supported; supported: qwen2_audio"):
        locate(str(card(tmp_path, {**MODEL, "architecture": "llama", "folder": "here"})))


def test_finding_fetches_nothing(hub, tmp_path):
    there = read_card(card(tmp_path, {**MODEL, "repo": "owner/toy", "revision": "main"}))
    assert (find_model(there), place_of(there)) == (hub, hub)
    elsewhere = read_card(card(tmp_path, {**MODEL, "repo": "owner/other", "revision": "main"}))
    assert find_model(elsewhere) is None
    assert place_of(elsewhere) == tmp_path / "hub" / "models--owner--other"
    nowhere = read_card(card(tmp_path, {**MODEL, "folder": "nowhere"}))
    assert find_model(nowhere) is None
    with pytest.raises(WeightsError, match=r"there is no folder .*nowhere, where the card mine looks .*; put a"):
        locate(str(tmp_path / "mine.yaml"))


def test_where_a_model_stands(hub, tmp_path):
    known = read_card(card(tmp_path, {**MODEL, "repo": "owner/toy", "revision": "main"}))
    assert model_status(known).state == "unverified"
    assert model_status(known, hashing=True).state == "ready"
    shard = max(hub.glob("*.safetensors")).resolve()
    raw = bytearray(shard.read_bytes())
    raw[-1] ^= 1
    shard.write_bytes(raw)
    assert model_status(known).state == "unverified"
    damaged = model_status(known, hashing=True)
    assert damaged.state == "damaged"
    assert "is not what the hub hashed" in damaged.fault
    shard.write_bytes(raw[:-1])
    assert "truncated" in model_status(known).fault
    unknown = read_card(card(tmp_path, {**MODEL, "repo": "owner/other", "revision": "main"}))
    assert model_status(unknown, hashing=True).state == "missing"


def test_a_folder_of_one_s_own_has_no_known_hash(checkpoint, tmp_path):
    shutil.copytree(checkpoint("qwen2_audio"), tmp_path / "here")
    own = read_card(card(tmp_path, {**MODEL, "folder": "here"}))
    assert model_status(own, hashing=True).state == "unverified"
