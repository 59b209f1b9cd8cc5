import json
from pathlib import Path

import pytest

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.signals.drums import DRUM_CUES
from audiojudge_cli.signals.key import KEY_FACTS
from audiojudge_cli.signals.parameters import SCHEMA, default_path, load_parameters, parameters
from audiojudge_cli.signals.reverb import ROOM_FACTS
from audiojudge_cli.signals.tempo import PULSE_FACTS


def written(path: Path, weights: object, schema: str = SCHEMA) -> Path:
    path.write_text(json.dumps({"schema": schema, "models": {"drums": {"weights": weights}}}), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("model", "facts"),
    [("tempo", PULSE_FACTS), ("key", KEY_FACTS), ("drums", DRUM_CUES), ("reverb", ROOM_FACTS)],
)
def test_the_installed_file_weighs_every_fact(model: str, facts: tuple[str, ...]) -> None:
    weights = parameters().weights(model, facts)
    assert all(weights[fact] != 0.0 for fact in facts)


def test_every_model_says_how_it_was_fitted() -> None:
    models = json.loads(default_path().read_text(encoding="utf-8"))["models"]
    assert all(entry["fitted"] for entry in models.values())


def test_the_digest_follows_the_file(tmp_path: Path) -> None:
    first = load_parameters(written(tmp_path / "one.json", {"kicks": 1.0}))
    second = load_parameters(written(tmp_path / "two.json", {"kicks": 1.5}))
    assert first.digest == load_parameters(tmp_path / "one.json").digest != second.digest
    assert parameters().digest == load_parameters(default_path()).digest


def test_other_facts_than_expected_are_an_error(tmp_path: Path) -> None:
    found = load_parameters(written(tmp_path / "one.json", {"kicks": 1.0}))
    with pytest.raises(WeightsError, match=r"one\.json: model 'drums' weighs .*Reinstall"):
        found.weights("drums", DRUM_CUES)
    with pytest.raises(WeightsError, match="model 'tempo'"):
        found.weights("tempo", PULSE_FACTS)


def test_a_missing_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"none\.json holds no parameters of signals.*Reinstall"):
        load_parameters(tmp_path / "none.json")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "x", "models": {"a": 1}}', "\xff"])
def test_a_damaged_file_is_a_clear_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(WeightsError, match=r"bad\.json"):
        load_parameters(path)


def test_another_schema_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="expected 'audiojudge"):
        load_parameters(written(tmp_path / "new.json", {}, "audiojudge.signals/2"))
