from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.omni.generate_mode import speak
from audiojudge_cli.judges.omni.prompted_session import prompted_session
from audiojudge_cli.judges.omni.prompts import bundled_prompts, fill
from audiojudge_cli.judges.omni.session import Session
from audiojudge_cli.rubrics.item import RubricItem

ITEMS = (
    RubricItem("event", "Is a dog barking?", "dog"),
    RubricItem("event", "Is it\nraining?", "rain"),
    RubricItem("tempo", "Is the music slow?", "slow"),
)
CASE = Case(Waveform(np.full((1, 16_000), 0.1, dtype=np.float32), 16_000), ITEMS, "A dog, rain, slow music.")


class Told(Session):
    """A real model that is made to write a given text: random weights write nothing of sense."""

    text: str | None = None
    asked: Any = None

    def write(self, heard, suffix, max_new_tokens, stop):
        self.asked = list(suffix)
        return self.loaded.tokenizer.encode(self.text, add_special_tokens=False)[:max_new_tokens]


@pytest.fixture(scope="module")
def prompted(library_model):
    wording = bundled_prompts("default").wording("en")
    made = prompted_session(library_model("qwen2_audio"), wording, 0.0, print)
    return replace(made, session=Told(made.session.loaded))


@pytest.fixture(scope="module")
def heard(prompted):
    return prompted.hear([CASE.waveform.at(16_000)])[0]


def write(prompted: Any, heard: Any, text: str, floor: float = 0.0) -> list[Any]:
    prompted.session.text = text
    return speak(replace(prompted, floor=floor), heard, CASE)


def listed(*answers: str) -> str:
    rows = (f'{{"id": {n}, "answer": {word}, "evidence": "Reason {n}."}}' for n, word in enumerate(answers, 1))
    return f"[{', '.join(rows)}]"


def test_all_items_are_asked_at_once_and_the_question_stays_one_line(prompted, heard):
    write(prompted, heard, "")
    told = prompted.chat.text(prompted.session.asked)
    assert "\n1. Is a dog barking?\n2. Is it raining?\n3. Is the music slow?\n" in told
    assert prompted.session.asked == prompted.chat.suffix(
        fill(prompted.wording.generate, {"items": "1. Is a dog barking?\n2. Is it raining?\n3. Is the music slow?"})
    )


OWN = (
    bundled_prompts("default")
    .wording("en")
    .model_copy(
        update={
            "system": "One.",
            "system_generate": "All.",
            "question": "{dimension}: {question} of {caption}",
            "evidence": "Why {dimension}? {question}",
            "answer_start": "<|AUDIO|>So ",
            "item": "#{number} [{dimension}] {question}",
            "generate": "{count} questions:\n{items}",
        }
    )
)


def test_a_prompt_file_can_say_dimension_count_and_a_system_text_per_mode(library_model, prompted, heard):
    """A place inside a question stays as it is, whatever is filled in around it."""
    items = (replace(ITEMS[0], question="Is {dimension} {count}?"), *ITEMS[1:])
    case = replace(CASE, items=items)
    loaded = library_model("qwen2_audio")
    made = {alone: prompted_session(loaded, OWN, 0.0, print, one_by_one=alone) for alone in (True, False)}
    for alone, system in ((True, "One."), (False, "All.")):
        assert prompted.chat.text(made[alone].chat.head(made[alone].wording)).startswith(f"system\n{system}")
    speak(replace(made[False], session=prompted.session), heard, case)
    assert prompted.chat.text(prompted.session.asked).startswith(
        "3 questions:\n#1 [event] Is {dimension} {count}?\n#2 [event] Is it raining?\n#3 [tempo] Is the music slow?"
    )
    asked = []

    class Asked(Told):
        def ask(self, heard, suffixes, yes, no):
            asked.extend(suffixes[0])
            return super().ask(heard, suffixes, yes, no)

    replace(made[True], session=Asked(loaded)).answers([heard], [case])
    start = prompted.chat.tokenizer.encode("<|im_end|>\n<|im_start|>assistant\n<|AUDIO|>So ", add_special_tokens=False)
    assert asked == [
        [*prompted.chat.plain(f"{item.dimension}: {item.question} of {case.caption}"), *start] for item in items
    ]


@pytest.mark.parametrize("quote", ['"', "'", ""])
def test_p_yes_is_weighed_where_the_answer_stands(quote, prompted, heard):
    yes, no = f"{quote}yes{quote}", f"{quote}no{quote}"
    for place in range(3):
        words = [no] * 3
        words[place] = yes
        wrote_yes = write(prompted, heard, listed(*words))[place]
        wrote_no = write(prompted, heard, listed(*([no] * 3)))[place]
        # Up to the answer both texts are the same, so the odds are too, and one of the two contradicts them.
        assert wrote_yes.mass == wrote_no.mass > 0
        assert (wrote_yes.p_yes is None) != (wrote_no.p_yes is None)
        agreed, other = (wrote_yes, wrote_no) if wrote_no.p_yes is None else (wrote_no, wrote_yes)
        assert (agreed.p_yes >= 0.5) == (agreed is wrote_yes)
        assert agreed.evidence == f"Reason {place + 1}."
        assert "where yes has a probability of" in other.reason


def test_the_odds_are_those_of_the_text_up_to_the_answer(prompted, heard):
    text = '["no", "no", "no"]'
    parts = write(prompted, heard, text)
    tokens = prompted.session.loaded.tokenizer
    written = tokens.encode(text, add_special_tokens=False)
    spelled = [tokens.decode([number]) for number in written]
    at = next(index for index, piece in enumerate(spelled) if "no" in piece)
    lead = spelled[at].removesuffix("no")
    ids = {
        word: sorted(
            {
                encoded[0]
                for space in ("", " ")
                for case in (str.lower, str.title, str.upper)
                if len(encoded := tokens.encode(space + case(lead + word), add_special_tokens=False)) == 1
            }
        )
        for word in ("yes", "true", "no", "false")
    }
    ((odds,),) = prompted.session.ask(
        [heard], [[[*prompted.session.asked, *written[:at]]]], ids["yes"] + ids["true"], ids["no"] + ids["false"]
    )
    assert parts[0].mass == pytest.approx(odds.mass, abs=1e-4)
    if odds.p_yes < 0.5:
        assert parts[0].p_yes == pytest.approx(odds.p_yes, abs=1e-4)


def test_a_model_that_would_say_something_else_refuses_here_too(prompted, heard):
    parts = write(prompted, heard, listed('"no"', '"no"', '"yes"'), floor=1.0)
    assert [part.p_yes for part in parts] == [None] * 3
    assert all("together they have a probability of" in part.reason for part in parts)


def test_what_is_missing_is_null(prompted, heard):
    parts = write(prompted, heard, '[{"id": 1}, {"id": 2, "answer": "no"}, {"id": 3, "answer": "perhaps"}]')
    assert [part.reason for part in parts][::2] == [
        "the model's entry for this item has no answer",
        "the model's answer to this item is neither yes nor no",
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(max_size=60), st.text(max_size=8).map(lambda why: listed('"no"', f'"{why}"', "是"))))
def test_no_text_ends_a_run(text, prompted, heard):
    parts = write(prompted, heard, text.encode("utf-8", "replace").decode())
    assert len(parts) == 3
    for part in parts:
        assert (part.p_yes is None) == bool(part.reason)
