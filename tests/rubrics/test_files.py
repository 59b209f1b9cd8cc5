import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.errors import InputError
from audiojudge_cli.rubrics.check import check_file
from audiojudge_cli.rubrics.files import lookup, parse_items, parse_lines, read_rubrics, rubric_line
from audiojudge_cli.rubrics.item import Rubric, RubricItem

TEXT = st.text(min_size=1).map(str.strip).filter(bool)
ITEMS = st.builds(RubricItem, st.just("event"), TEXT, TEXT, st.booleans())


@given(st.lists(ITEMS, max_size=4), TEXT, TEXT)
def test_lines_come_back_as_they_were(items: list[RubricItem], identity: str, caption: str) -> None:
    rubric = Rubric(tuple(items), "en", "sound", ("a note",))
    line = rubric_line(identity, caption, rubric)
    assert len(line.splitlines()) >= 1
    filed = next(parse_lines([line], "f"))
    assert (filed.id, filed.caption, filed.rubric) == (identity, caption, rubric)


def test_bench_fields_in_chinese() -> None:
    items = parse_items([{"维度": "说话人性别", "题目": "说话人是否为男性？", "依据": "男声"}])
    assert items == (RubricItem("speaker_sex", "说话人是否为男性？", "男声"),)


def test_bench_rows_under_rubric() -> None:
    row = {
        "uuid": "x",
        "prompt": "a dog",
        "rubric": [{"dimension": "Sound Event", "question": "Is it?", "basis": "dog"}],
    }
    filed = next(parse_lines([json.dumps(row)], "f"))
    assert (filed.id, filed.caption) == ("x", "a dog")
    assert filed.rubric.items[0].dimension == "event"


def test_unknown_dimensions_keep_their_name() -> None:
    assert parse_items([{"dimension": "Stage Presence", "question": "Is it?"}])[0].dimension == "stage_presence"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("not json", "f:1: not JSON"),
        ("[1]", "f:1: expected an object"),
        ("{}", "f:1: no list of items"),
        ('{"items": [3]}', "f:1, item 1: expected an object"),
        ('{"items": [{"basis": "x"}]}', "f:1, item 1: no question"),
        ("[" * 100_000, "f:1: not JSON"),
    ],
)
def test_errors_name_line_and_remedy(line: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        list(parse_lines([line], "f"))
    assert str(caught.value).startswith(message)


def test_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read the rubric file"):
        read_rubrics(tmp_path / "none.jsonl")


def test_lookup_by_id_and_caption() -> None:
    rubric = Rubric((), "en", "sound")
    found = lookup(parse_lines([rubric_line("1", "rain", rubric)], "f"))
    assert found["1"] is found["caption:rain"]


def test_a_question_alone_is_told_how_an_item_looks() -> None:
    with pytest.raises(InputError) as caught:
        list(parse_lines(['{"items": ["Is a dog\\u001b heard?"]}'], "r.jsonl"))
    message = str(caught.value)
    assert message.startswith("r.jsonl:1, item 1: a question alone is no item; write an object: {")
    example = json.loads(message.partition("write an object: ")[2])
    assert example["question"] == "Is a dog\x1b heard?"
    assert parse_items([example])[0].dimension == "other"


def test_bytes_that_are_not_utf_8_name_their_line(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"items": []}\n{"caption": "caf\xe9", "items": []}\n')
    with pytest.raises(InputError, match=r"r\.jsonl:2: not UTF-8 \(byte 17 of the line\); save the file as UTF-8"):
        read_rubrics(path)
    assert [(found.line, found.kind) for found in check_file(path)] == [(1, "empty"), (2, "schema")]


@given(st.binary(max_size=80) | st.from_type(dict[str, int]).map(lambda row: json.dumps({**row, "items": []}).encode()))
def test_any_line_is_a_rubric_or_one_clear_error(line: bytes) -> None:
    try:
        list(parse_lines([line, b'{"items": []}'], "f"))
    except InputError as error:
        assert str(error).startswith("f:1")  # noqa: PT017 - most lines raise, and none need to
