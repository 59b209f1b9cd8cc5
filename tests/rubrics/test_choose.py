from __future__ import annotations

from pathlib import Path

import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.rubrics.cache import CachedExpander
from audiojudge_cli.rubrics.choose import choose_expander, default_cache
from audiojudge_cli.rubrics.llm import LlmExpander


class Scribe:
    """A loaded model that can write, such as a judge."""

    name = "scribe"
    fingerprint = "s1"

    def write(self, messages: object, schema: object) -> str:
        return '{"items": [{"dimension": "event", "question": "Is a dog heard?", "basis": "dog", "negated": false}]}'


def test_a_loaded_model_writes_when_none_is_named() -> None:
    made = choose_expander("llm", cache="never", writer=Scribe)
    assert isinstance(made, LlmExpander)
    assert made.expand("a dog").items[0].question == "Is a dog heard?"
    named = choose_expander("llm", endpoint="http://localhost:1", model="m", cache="never", writer=Scribe)
    assert named.fingerprint != made.fingerprint


def test_what_a_model_wrote_is_kept_and_rules_are_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOJUDGE_CACHE", str(tmp_path / "cache"))
    made = choose_expander("llm", writer=Scribe)
    assert isinstance(made, CachedExpander)
    assert made.path == default_cache() == tmp_path / "cache" / "rubrics.sqlite"
    assert choose_expander("rules").name == "rules"
    assert not isinstance(choose_expander("rules"), CachedExpander)
    assert isinstance(choose_expander("rules", cache=str(tmp_path / "own")), CachedExpander)


def test_without_a_variable_the_cache_lies_in_the_users_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUDIOJUDGE_CACHE", raising=False)
    assert default_cache().parts[-2:] == ("audiojudge", "rubrics.sqlite")


def test_a_model_for_an_expander_without_one_is_a_mistake() -> None:
    with pytest.raises(InputError, match="'rules' writes without a model"):
        choose_expander("rules", model="m")
