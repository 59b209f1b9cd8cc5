"""Every field of a rubric file has one type: nothing is made true, or into text, that is something else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.rubrics import files
from audiojudge_cli.rubrics.files import parse_lines, rubric_line

VALUES: list[Any] = ["no", "", "false", "0", 0, 1, -3, 0.5, True, False, None, [], ["a"], [1], {}, {"a": 1}]
ITEM_TEXTS = (*files._DIMENSION, *files._QUESTION, *files._BASIS)
LINE_TEXTS = (*files._CAPTION, "language", "subset")


def line(**changes: Any) -> dict[str, Any]:
    return {"items": [{"question": "Is a dog barking?"}], **changes}


def read(row: dict[str, Any]) -> files.FiledRubric:
    return next(parse_lines([json.dumps(row)], "f"))


@pytest.mark.parametrize("value", VALUES, ids=json.dumps)
@pytest.mark.parametrize("name", ITEM_TEXTS)
def test_texts_of_an_item(name, value):
    item = {name: value} if name in files._QUESTION else {"question": "Is a dog barking?", name: value}
    empty = value in (None, "")
    if isinstance(value, str | None) and not (empty and name in files._QUESTION):
        found = read(line(items=[item])).rubric.items[0]
        assert (value or "") in (found.question, found.basis, found.dimension, "")
    else:
        with pytest.raises(InputError, match="f:1, item 1: (no question|`" + name + "` is a text, not )"):
            read(line(items=[item]))


@pytest.mark.parametrize("value", VALUES, ids=json.dumps)
def test_negated_is_true_or_false(value):
    row = line(items=[{"question": "Is a dog barking?", "negated": value}])
    if isinstance(value, bool | None):
        assert read(row).rubric.items[0].negated is bool(value)
    else:
        with pytest.raises(InputError, match="f:1, item 1: `negated` is true or false, not "):
            read(row)


@pytest.mark.parametrize("value", VALUES, ids=json.dumps)
@pytest.mark.parametrize("name", LINE_TEXTS)
def test_texts_of_a_line(name, value):
    if isinstance(value, str | None):
        found = read(line(**{name: value}))
        assert (value or "") in (found.caption, found.rubric.language, found.rubric.subset, "")
    else:
        with pytest.raises(InputError, match=f"f:1: `{name}` is a text, not "):
            read(line(**{name: value}))


@pytest.mark.parametrize("value", VALUES, ids=json.dumps)
@pytest.mark.parametrize("name", files._ID)
def test_an_id_is_a_text_or_a_whole_number(name, value):
    if isinstance(value, str | None) or type(value) is int:
        assert read(line(**{name: value})).id == ("" if value is None else str(value))
    else:
        with pytest.raises(InputError, match=f"f:1: `{name}` is a text, not "):
            read(line(**{name: value}))


@pytest.mark.parametrize("value", VALUES, ids=json.dumps)
@pytest.mark.parametrize("name", files._ITEMS)
def test_items_are_a_list_of_objects(name, value):
    if value == []:
        assert read({name: value}).rubric.items == ()
    else:
        with pytest.raises(InputError, match=r"f:1(: (no list of items|`.*` is a list of items, not )|, item 1: )"):
            read({name: value})


@pytest.mark.parametrize("value", VALUES, ids=json.dumps)
def test_notes_are_a_list_of_texts(value):
    if value is None or (isinstance(value, list) and all(isinstance(each, str) for each in value)):
        assert read(line(notes=value)).rubric.notes == tuple(value or ())
    else:
        with pytest.raises(InputError, match="f:1: `notes` is a list of texts"):
            read(line(notes=value))


def test_every_key_that_is_written_is_tried_here():
    written = json.loads(rubric_line("i", "c", read(line(notes=["n"])).rubric))
    assert set(written) <= {*LINE_TEXTS, *files._ID, *files._ITEMS, "notes"}
    assert set(written["items"][0]) | {"negated"} <= {*ITEM_TEXTS, "negated"}
