from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from audiojudge_cli.errors import InputError
from audiojudge_cli.runs.preset import Preset
from audiojudge_cli.runs.preset_file import load_preset, preset_names, read_preset
from audiojudge_cli.weights.server import Server

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def preset(tmp_path):
    def write(text):
        path = tmp_path / "my.yaml"
        path.write_text(text)
        return read_preset(path)

    return write


def test_the_bundled_presets_load():
    assert preset_names() == ("ci", "default", "music", "sound", "speech")
    loaded = {name: load_preset(name) for name in preset_names()}
    assert [loaded[name].subset for name in ("speech", "sound", "music")] == ["speech", "sound", "music"]
    assert loaded["ci"].require.errors == 0


def test_the_default_preset_names_every_key_with_its_default():
    assert load_preset("default").model_copy(update={"description": ""}) == Preset()
    assert load_preset("default").model_fields_set == set(Preset.model_fields)


def test_what_only_some_judges_take(preset, tmp_path):
    assert set(Preset().judge_options.values()) == {None}
    mine = preset("quant: none\nmode: logits+evidence\nprompts: own/words.yaml\n")
    assert mine.judge_options == {
        "quant": "none",
        "mode": "logits+evidence",
        "prompts": str(tmp_path / "own" / "words.yaml"),
        "endpoint": None,
    }
    assert preset("endpoint: {model: m}\n").judge_options["endpoint"] == Server(model="m")
    assert mine.overridden({"mode": None, "quant": "int8"}).judge_options["quant"] == "int8"


def test_an_empty_preset_is_the_default(preset):
    assert preset("") == Preset()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("judg: x", r"my\.yaml: unknown key 'judg' \(did you mean 'judge'\?\)"),
        ("decision: {treshold: 1.0}", r"unknown key 'decision\.treshold' \(did you mean 'threshold'\?\)"),
        (
            "decision: {mean: 0.7}",
            r"decision: give both weights, mean and min, or neither \(null\) for the calibrated rule",
        ),
        ("decision: {mean: 0.7, min: 0.5}", r"decision: the weights mean and min must sum to 1, these sum to 1\.2"),
        ("decision: {threshold: 1.5}", r"decision\.threshold: input should be less than or equal to 1"),
        ("workers: 0", r"my\.yaml: workers: input should be greater than or equal to 1"),
        ("batch: '4'", r"batch: input should be a valid integer"),
        ("quant: int5", r"quant: input should be 'auto', 'none', 'bf16', 'int8' or 'int4'"),
        ("mode: words", r"mode: input should be 'logits', 'generate' or 'logits\+evidence'"),
        ("subset: talk", r"subset: input should be 'speech', 'sound', 'music' or 'mix'"),
        ("limits: {duration_s: .nan}", r"limits\.duration_s"),
        ("decision: null", r"decision: "),
        ("- a", "a preset is a mapping"),
        ("\na: [", r":2: not YAML: "),
        ("judge: a\njudge: b", "'judge' is there twice"),
        ("judge: &a x\nexpander: *a", "aliases"),
        ("judge: !!python/object/apply:os.system ['true']", r":1: could not determine a constructor for the tag"),
        ("? {a: 1}\n: 2", ":1: found unhashable key"),
        ("1: 2", "1: keys should be strings"),
        ("gate: [score.maen >= 1]", r"my\.yaml: gate: gate rule 'score\.maen >= 1': unknown figure 'score\.maen'"),
        ("gate: {rules: []}", r"my\.yaml: gate: there are no gate rules"),
        ("gate: {rules: [{require: count >= 1, sever: warn}]}", r"unknown key 'rules\.1\.sever' \(did you mean 'sev"),
        ("gate: {rule: [count >= 1]}", r"gate: unknown key 'rule' \(did you mean 'rules'\?\)"),
        ("gate: none.yaml", r"cannot read the rule file .*none\.yaml"),
        ("gate: 3", r"my\.yaml: gate: gate: input should be"),
        ("description: " + "x" * 70_000, "at most 65,536 bytes"),
        ("[" * 5000, "not YAML: it is nested too deeply"),
    ],
)
def test_mistakes_name_the_file_the_key_and_what_would_be_right(text, message, preset):
    with pytest.raises(InputError, match=message) as caught:
        preset(text)
    assert "\n" not in str(caught.value)


def test_a_gate_is_written_in_place_or_in_a_file_beside_the_preset(preset, tmp_path):
    (tmp_path / "rules.yaml").write_text("pass_at: 0.9\nrules: [count >= 1]\n")
    filed = preset("gate: rules.yaml").gate
    assert filed == preset("gate: {pass_at: 0.9, rules: [count >= 1]}").gate
    assert (filed.pass_at, filed.rules) == (0.9, ["count >= 1"])
    assert preset("gate: [count >= 1]").gate.rule_set().rules[0].expression.text == "count >= 1"
    assert preset("gate: null").gate is None


def test_names_that_are_not_there():
    with pytest.raises(InputError, match=r"no preset named 'speach' \(did you mean 'speech'\?\)"):
        load_preset("speach")
    with pytest.raises(InputError, match="cannot read the preset"):
        load_preset("no/such.yaml")


def test_options_of_the_command_line_go_over_the_preset():
    changed = Preset(judge="a", workers=3).overridden({"judge": "b", "workers": None, "expander": "llm"})
    assert (changed.judge, changed.workers, changed.expander) == ("b", 3, "llm")


def test_every_key_is_documented():
    table = (DOCS / "presets.md").read_text().split("| key |")[1]
    documented = set(re.findall(r"^\| `([\w.]+)` \|", table, re.MULTILINE))
    assert documented == set(_keys(Preset))


def _keys(model: type[BaseModel], prefix: str = "") -> list[str]:
    keys = []
    for name, field in model.model_fields.items():
        default = field.get_default()
        keys += _keys(type(default), f"{prefix}{name}.") if isinstance(default, BaseModel) else [prefix + name]
    return keys
