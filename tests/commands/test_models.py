from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from audiojudge_cli.commands.models import register
from audiojudge_cli.errors import InputError, WeightsError

PAYLOAD = b"some weights"


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A card whose one file lies beside it, and an empty cache."""
    monkeypatch.setenv("AUDIOJUDGE_CACHE", str(tmp_path / "cache"))
    (tmp_path / "mine.bin").write_bytes(PAYLOAD)
    path = tmp_path / "toy.yaml"
    path.write_text(
        f"""
name: toy
family: toy
title: "A toy \\e[31mred"
description: For tests.
licence: CC0-1.0
weights:
  small:
    title: A few bytes
    licence: CC0-1.0
    homepage: https://example.org
    files:
      - name: model.bin
        sha256: {hashlib.sha256(PAYLOAD).hexdigest()}
        bytes: {len(PAYLOAD)}
        sources:
          - file: mine.bin
""",
        encoding="utf-8",
    )
    return path


def call(*arguments: object) -> Result:
    app = typer.Typer()
    register(app)
    return CliRunner().invoke(app, ["models", *map(str, arguments)])


def states(card: Path) -> list[str]:
    lines = call("list", card, "--format", "jsonl").stdout.splitlines()
    return [json.loads(line)["state"] for line in lines]


def test_pull_then_verify_then_offline(card: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert states(card) == ["missing"]
    pulled = call("pull", card)
    folder = Path(pulled.stdout.strip())
    assert pulled.exit_code == 0
    assert (folder / "model.bin").read_bytes() == PAYLOAD
    assert states(card) == ["ready"]
    assert call("verify", card).stdout == f"ready  {folder / 'model.bin'}\n"
    monkeypatch.setenv("AUDIOJUDGE_OFFLINE", "1")
    assert call("pull", card).exit_code == 0


def test_verify_fails_on_damage_and_names_the_way_out(card: Path) -> None:
    folder = Path(call("pull", card).stdout.strip())
    (folder / "model.bin").write_bytes(PAYLOAD[::-1])
    result = call("verify", card)
    assert result.stdout.startswith("damaged  ")
    assert isinstance(result.exception, WeightsError)
    assert "audiojudge models pull toy" in str(result.exception)
    assert call("pull", card).exit_code == 0
    assert states(card) == ["ready"]


def test_what_was_never_fetched_is_a_fault_only_where_it_was_asked_for(
    card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = call("verify", card)
    assert named.stdout.startswith("not fetched  ")
    assert isinstance(named.exception, WeightsError)
    # The tests' cache is empty, so nothing of the default card was fetched into it.
    unnamed = call("verify")
    assert unnamed.exit_code == 0
    assert {line.split("  ")[0] for line in unnamed.stdout.splitlines()} == {"not fetched"}


def test_the_table_shows_licence_and_size_and_hides_control_characters(card: Path) -> None:
    shown = call("list", card).stdout
    assert "toy (toy): A toy \\x1b[31mred" in shown
    assert "small" in shown
    assert "CC0-1.0" in shown
    assert "missing" in shown


def test_path_fetches_nothing(card: Path) -> None:
    folder = Path(call("path", card, "small").stdout.strip())
    assert folder.parent.name == "weights"
    assert not folder.exists()


def test_the_bundled_cards_are_listed() -> None:
    assert "embedded (embedded): " in call("list").stdout


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A card whose model is on the hub, and nobody may ask there."""
    monkeypatch.setenv("AUDIOJUDGE_OFFLINE", "1")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    path = tmp_path / "big.yaml"
    path.write_text(
        """
name: big
family: omni
title: A model
description: For tests.
licence: CC0-1.0
model:
  repo: owner/big
  revision: main
  architecture: qwen2_audio
  max_audio_s: 30
  memory_gib: {bf16: 17, int4: 8}
  note: "Of unknown \\e[31morigin."
""",
        encoding="utf-8",
    )
    return path


def test_a_model_is_listed_with_its_need_and_its_notes(model: Path) -> None:
    shown = call("list", model).stdout
    assert "missing" in shown
    assert "hf:owner/big@main" in shown
    assert "bf16 17, int4 8" in shown
    assert r"\x1b[31morigin" in shown
    (line,) = call("list", model, "--format", "jsonl").stdout.splitlines()
    assert json.loads(line)["file"] == "hf:owner/big@main"
    assert "unknown" not in call("list").stdout


def test_a_model_that_cannot_be_fetched_or_is_missing_fails(model: Path, tmp_path: Path) -> None:
    pulled = call("pull", model)
    assert isinstance(pulled.exception, WeightsError)
    assert "AUDIOJUDGE_OFFLINE is set" in str(pulled.exception)
    verified = call("verify", model)
    assert verified.stdout.startswith("missing  hf:owner/big@main")
    assert isinstance(verified.exception, WeightsError)
    assert call("path", model).stdout.strip() == str(tmp_path / "hub" / "models--owner--big")


@pytest.mark.parametrize("command", ["list", "pull", "verify", "path"])
def test_an_unknown_card_is_refused(command: str) -> None:
    result = call(command, "nosuchcard")
    assert isinstance(result.exception, InputError)
    assert "nosuchcard" in str(result.exception)
