from __future__ import annotations

from pathlib import Path

import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.judges.registry import judge_names, load_judge

PLUGIN = Path(__file__).parents[1] / "plugin"


@pytest.fixture(autouse=True)
def plugin(monkeypatch):
    monkeypatch.syspath_prepend(str(PLUGIN))


@pytest.fixture
def card(tmp_path):
    def write(family):
        path = tmp_path / "my.yaml"
        path.write_text(
            f"name: my\nfamily: {family}\ntitle: t\ndescription: d\nlicence: MIT\nweights: {{}}\n", encoding="utf-8"
        )
        return str(path)

    return write


def test_installed_judges_are_known_by_name():
    assert {"embedded", "tone"} <= set(judge_names())
    assert load_judge("tone").name == "tone"


def test_a_card_is_handed_to_the_judge_of_its_family(card, monkeypatch):
    import tone_judge  # type: ignore[import-not-found]

    got: dict[str, object] = {}
    monkeypatch.setattr(tone_judge, "load", lambda **options: got.update(options) or tone_judge.ToneJudge())
    path = card("tone")
    load_judge(path, device="cpu", threads=2)
    assert got == {"card": path, "device": "cpu", "threads": 2}
    load_judge("tone")
    assert got == {"card": None, "device": "auto", "threads": None}


def test_an_option_reaches_only_a_judge_that_takes_it(monkeypatch):
    import tone_judge

    with pytest.raises(InputError, match=r"the judge 'tone' takes no 'quant' option; leave out --quant"):
        load_judge("tone", options={"quant": "int8", "mode": None})
    load_judge("tone", options={"quant": None, "mode": None, "prompts": None})
    got: dict[str, object] = {}
    monkeypatch.setattr(tone_judge, "load", lambda *, quant="auto", **rest: got.update(rest, quant=quant))
    load_judge("tone", options={"quant": "int8", "mode": None})
    assert got == {"card": None, "device": "auto", "threads": None, "quant": "int8"}


def test_a_folder_and_a_name_on_the_hub_are_models(tmp_path, monkeypatch):
    monkeypatch.setattr("audiojudge_cli.judges.registry.MODELS", "tone")
    import tone_judge

    got: dict[str, object] = {}
    monkeypatch.setattr(tone_judge, "load", lambda **options: got.update(options))
    for name in (str(tmp_path), "hf:owner/name@main"):
        load_judge(name)
        assert got["card"] == name


def test_a_card_without_a_judge_says_so(card):
    with pytest.raises(InputError, match=r"family 'orchestra', which is not installed; installed: .*tone"):
        load_judge(card("orchestra"))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("tome", r"no judge named 'tome' \(did you mean 'tone'\?\); known: .*embedded"),
        ("broken", r"the judge 'broken' of the package 'tone-judge' cannot be loaded \(ModuleNotFoundError"),
        ("no/such.yaml", "no/such.yaml"),
    ],
)
def test_mistakes(name, message):
    with pytest.raises(InputError, match=message):
        load_judge(name)
