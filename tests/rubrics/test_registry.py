from __future__ import annotations

from pathlib import Path

import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.rubrics.registry import expander_names, load_expander

PLUGIN = Path(__file__).parents[1] / "plugin"


@pytest.fixture(autouse=True)
def plugin(monkeypatch):
    monkeypatch.syspath_prepend(str(PLUGIN))


def test_installed_expanders_are_known_by_name():
    assert {"rules", "tones"} <= set(expander_names())
    assert load_expander("rules").expand("A dog barks.").items
    assert [item.basis for item in load_expander("tones").expand("440 Hz, loud").items] == ["440 Hz", "loud"]


@pytest.mark.parametrize(
    ("name", "message"),
    [("rule", r"no expander named 'rule' \(did you mean 'rules'\?\)"), ("broken", "'broken' cannot be loaded")],
)
def test_mistakes(name, message):
    with pytest.raises(InputError, match=message):
        load_expander(name)


def test_the_llm_expander_is_refused_with_the_way_to_use_it() -> None:
    with pytest.raises(InputError, match="--llm-endpoint and --llm-model"):
        load_expander("llm")


def test_every_expander_that_can_be_named_is_listed():
    with pytest.raises(InputError) as raised:
        load_expander("nope")
    assert str(raised.value).endswith("known: " + ", ".join(sorted({"llm", *expander_names()})))
    with pytest.raises(InputError, match="did you mean 'llm'"):
        load_expander("lllm")
