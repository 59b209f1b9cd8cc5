"""docs/endpoint.md says what the code takes, and its card can be used."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

from audiojudge_cli.judges.endpoint import asker, judge, pace, probe
from audiojudge_cli.judges.endpoint.words import counted
from audiojudge_cli.judges.omni.prompts import bundled_prompts
from audiojudge_cli.servers.again import AGAIN, THIS_ONE
from audiojudge_cli.weights.card import read_card
from audiojudge_cli.weights.server import Price, Server

PAGE = (Path(__file__).parents[2] / "docs" / "endpoint.md").read_text(encoding="utf-8")


def test_every_key_is_told_with_its_default():
    rows = re.findall(r"^\| (`[^|]+`) \|([^|]*)\| ([^|]+) \|$", PAGE.split("| key | default |")[1], re.MULTILINE)
    told = {key: default.strip() for names, default, _ in rows for key in re.findall(r"`(\w+)`", names)}
    assert set(told) == set(Server.model_fields)
    options = judge.Options("m", bundled_prompts("default"))
    expected = {
        "top_logprobs": judge._TOP,
        "samples": options.samples,
        "max_audio_s": options.longest_s,
        "refusal_floor": options.floor,
        "concurrency": options.at_once,
        "timeout_s": judge._TIMEOUT_S,
    }
    assert {key: told[key] for key in expected} == {key: f"{value:g}" for key, value in expected.items()}
    assert f"{probe._FEWER} where the server allows no more" in PAGE
    assert {name for name in Price.model_fields if name not in PAGE} == set()


def test_the_card_can_be_read(tmp_path):
    example = PAGE.split("    name: our-server")[1].split("\n\n")[0]
    (tmp_path / "our-server.yaml").write_text(dedent("    name: our-server" + example), encoding="utf-8")
    card = read_card(tmp_path / "our-server.yaml")
    assert card.endpoint is not None
    assert (card.family, card.endpoint.concurrency) == ("endpoint", 64)


def test_the_figures_are_those_of_the_code():
    assert asker.ATTEMPTS == 5
    assert "tried again, five times in all" in PAGE
    assert f"{pace.FIRST} at first" in PAGE
    assert "ten seconds" in PAGE
    assert judge._GRACE_S == 10
    one, ten = counted(['{"answer": "yes"}']).p_yes, counted(['{"answer": "yes"}'] * 10).p_yes
    assert f"one answer gives {one:.3f} or {1 - (one or 0):.3f}, ten times yes {ten:.3f}" in PAGE
    table = PAGE.split("| what happens |")[1]
    assert {str(code) for code in AGAIN | THIS_ONE if code < 500 and str(code) not in table} == set()
