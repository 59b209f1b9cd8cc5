from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audiojudge_cli.judges.omni.answer_parser import one_line, parse_answers

STRICT = '[{"id": 1, "answer": "yes", "evidence": "A dog barks."}, {"id": 2, "answer": "no", "evidence": "No rain."}]'
WORDS = {"yes": True, "no": False, "true": True, "false": False, "是": True, "否": False}


def answers(text: str, count: int = 2) -> list[bool | None]:
    return [said.yes for said in parse_answers(text, count)]


@pytest.mark.parametrize(
    "text",
    [
        STRICT,
        f"```json\n{STRICT}\n```",
        f"```\n{STRICT}",
        f"Here are the answers:\n{STRICT}\nI hope that helps.",
        STRICT[:-1],
        STRICT[:-1] + ",",
        STRICT[:-1] + ",]",
        STRICT.replace("}", ",}"),
        STRICT.replace('"', "'"),
        STRICT.replace('"', "'").replace("A dog", "The man's dog"),
        STRICT.replace('"yes"', "true").replace('"no"', "False"),
        STRICT.replace('"yes"', "yes").replace('"no"', "否"),
        STRICT.replace("yes", "是").replace('"no"', '"否。"').replace(", ", "，").replace('"', "“", 0),
        STRICT.replace("yes", "Yes.").replace("no", "NO"),
        STRICT.replace('"id": 1', '"id": "1"'),
        STRICT.replace('"id": 1', '"id": 0').replace('"id": 2', '"id": 1'),
        STRICT.replace('"id": 1, ', "").replace('"id": 2, ', ""),
        '{"answers": ' + STRICT + "}",
        '["yes", "no"]',
        STRICT.replace("{", '{"p": 0.9, "extra": [1, {"a": null}], '),
    ],
)
def test_what_can_be_meant_in_one_way_only(text):
    assert answers(text) == [True, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [None, None]),
        ("yes, no", [None, None]),
        (STRICT + STRICT, [None, None]),
        (f"```\n{STRICT}\n```\n```\n{STRICT}\n```", [None, None]),
        (STRICT.replace("}, {", "} {"), [None, None]),
        (STRICT.replace('"answer": "yes"', '"answer": "yes", "answer": "no"'), [None, None]),
        (STRICT.replace('"id": 2', '"id": 1'), [None, None]),
        (STRICT.replace('"id": 2', '"id": 3'), [None, None]),
        (STRICT.replace('"id": 2', '"id": 1.5'), [None, None]),
        (STRICT.replace('"id": 2, ', ""), [None, None]),
        (STRICT.replace('"no"', '"maybe"'), [True, None]),
        (STRICT.replace('"no"', "null"), [True, None]),
        (STRICT.replace('"answer": "no"', '"reply": "no"'), [True, None]),
        (STRICT[: STRICT.index("No rain")], [True, None]),
        (STRICT[:40], [None, None]),
        ('["yes"]', [None, None]),
        ("[" * 5000, [None, None]),
        ('{"a": ' + STRICT + ', "b": []}', [None, None]),
    ],
)
def test_what_is_open_is_null_and_says_why(text, expected):
    said = parse_answers(text, 2)
    assert [each.yes for each in said] == expected
    assert all(bool(each.reason) == (each.yes is None) for each in said)


# Any numbers, and (seldom by chance) those that count.
NUMBERED = st.lists(st.integers(-1, 5), max_size=6) | st.integers(1, 5).flatmap(
    lambda count: st.sampled_from([0, 1]).flatmap(lambda first: st.permutations(range(first, first + count)))
)


@given(NUMBERED, st.integers(1, 5), st.booleans())
def test_answers_count_only_when_numbered_from_0_or_from_1_without_a_gap(ids, count, whole):
    """Every number's answer is its own, so that one on the wrong item would be seen."""
    text = json.dumps([{"id": number, "answer": "yes", "evidence": f"of {number}"} for number in ids])
    said = parse_answers(text if whole else text[:-1] + (', {"id": 9' if ids else ""), count)
    for first in (0, 1):
        if sorted(ids) == list(range(first, first + count)):
            assert [each.evidence for each in said] == [f"of {first + number}" for number in range(count)]
            return
        if not whole and ids and len(ids) < count and ids == list(range(first, first + len(ids))):
            assert [each.evidence for each in said if each.yes] == [f"of {number}" for number in ids]
            assert [each.yes for each in said] == [True] * len(ids) + [None] * (count - len(ids))
            return
    assert [each.yes for each in said] == [None] * count
    assert all(f"numbered 1 to {count}" in each.reason for each in said)


def test_words_of_a_prompt_set_count_too():
    assert [said.yes for said in parse_answers('["Ja", "nein"]', 2, yes=["ja"], no=["Nein"])] == [True, False]


def test_the_evidence_is_one_line():
    (said,) = parse_answers('[{"id": 1, "answer": "yes", "evidence": "A dog\\n\\u0007 barks.  "}]', 1)
    assert said.evidence == "A dog barks."
    assert len(one_line("word " * 200)) <= 302
    assert one_line("word " * 200).endswith("word …")


ENTRY = st.tuples(st.sampled_from(sorted(WORDS)), st.text(max_size=20))


@given(st.lists(ENTRY, min_size=1, max_size=6), st.sampled_from([None, 2]), st.booleans())
def test_strict_json_is_read_as_the_library_reads_it(entries, indent, ascii_only):
    rows = [{"id": n, "answer": word, "evidence": why} for n, (word, why) in enumerate(entries, start=1)]
    text = json.dumps(rows, indent=indent, ensure_ascii=ascii_only)
    said = parse_answers(text, len(rows))
    if "```" not in text:
        assert [each.yes for each in said] == [WORDS[word] for word, _ in entries]
        assert [each.evidence for each in said] == [one_line(why) for _, why in entries]
        for each, (word, _) in zip(said, entries, strict=True):
            assert each.start is not None
            assert text[each.start :].startswith(json.dumps(word, ensure_ascii=ascii_only)[1:-1])


PIECES = [
    "[",
    "]",
    "{",
    "}",
    '"',
    "'",
    ",",
    ":",
    "\\",
    '"id"',
    '"answer"',
    "1",
    "yes",
    "no",
    "是",
    "```",
    "\n",
    "“",
    "”",
]


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=60).map("".join)), st.integers(0, 4))
@example('["\\ud800"]', 1)
@example("[1e999999]", 1)
@example('[{"id": 1e999, "answer": "yes"}]', 1)
def test_no_text_is_too_odd(text, count):
    said = parse_answers(text, count)
    assert len(said) == count
    for each in said:
        assert (each.yes is None) == bool(each.reason)
        assert (each.start is None) == (each.yes is None)


@given(st.integers(0, len(STRICT)))
def test_a_torn_answer_keeps_what_was_complete(length):
    said = parse_answers(STRICT[:length], 2)
    complete = STRICT[:length].count("}")
    assert [each.yes for each in said] == [True, False][:complete] + [None] * (2 - complete)
