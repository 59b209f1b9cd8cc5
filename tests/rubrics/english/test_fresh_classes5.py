"""Classes of faults that readers found in prompts nobody had met: what is asked of them, and what must not be."""

from __future__ import annotations

import pytest

from audiojudge_cli.rubrics.expander import Expander
from audiojudge_cli.rubrics.rules import load


@pytest.fixture(scope="module")
def rules() -> Expander:
    return load()


def asked(rules: Expander, caption: str) -> list[str]:
    return [item.question for item in rules.expand(caption).items]


@pytest.mark.parametrize("doer", ["a kettle", "a diesel engine", "a crowd", "the printer"])
@pytest.mark.parametrize(("verb", "doing"), [("beeps", "beeping"), ("rattles", "rattling"), ("stops", "stopping")])
@pytest.mark.parametrize("joint", [", then", " and then", ", and finally"])
def test_a_verb_behind_a_connective_keeps_its_doer(
    rules: Expander, doer: str, verb: str, doing: str, joint: str
) -> None:
    questions = asked(rules, f"{doer.capitalize()} hisses{joint} {verb} quietly")
    assert f"Can you hear {doer} hissing?" in questions
    assert not any(f" {verb}" in question or f"hear {doing}" in question for question in questions)


@pytest.mark.parametrize("noun", ["footsteps", "bells", "gunshots", "children"])
def test_a_noun_behind_a_connective_stays_one(rules: Expander, noun: str) -> None:
    questions = asked(rules, f"A door creaks, then {noun}")
    assert not any(f"door {noun}" in question for question in questions)


@pytest.mark.parametrize("scene", ["a crowd cheers", "a dog barks", "a phone rings"])
def test_each_clause_of_a_mixed_sentence_is_about_what_it_tells(rules: Expander, scene: str) -> None:
    doer, verb = scene.rsplit(" ", 1)
    questions = asked(rules, f"A violin plays a slow melody while {scene}")
    assert "Can you hear a violin?" in questions
    assert any(question.startswith(f"Can you hear {doer} {verb[:-1]}") for question in questions)
    assert not any(f" {verb}" in question for question in questions)


@pytest.mark.parametrize("time", ["ten seconds", "a few seconds", "about two minutes", "a while"])
def test_a_time_is_no_happening(rules: Expander, time: str) -> None:
    questions = asked(rules, f"An engine idles and stops after {time}")
    assert not any("last" in question for question in questions)


def test_what_is_denied_until_later_is_not_denied(rules: Expander) -> None:
    assert "Is the audio free of thunder?" not in asked(rules, "Rain falls, no thunder until a dog barks")
