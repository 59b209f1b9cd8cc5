from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.clips import json_rows as module
from audiojudge_cli.clips.columns import Columns
from audiojudge_cli.clips.json_rows import is_document, json_rows
from audiojudge_cli.clips.manifest import open_manifest, read_manifest
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.errors import InputError


def read(text: str | bytes, **fields: str) -> list[Row | Problem]:
    data = text.encode() if isinstance(text, str) else text
    named = (fields.get(f"{role}_field") for role in ("audio", "caption", "transcript", "reference"))
    return list(json_rows(io.BytesIO(data), "map.json", Columns(*named)))


def told(rows: list[Row | Problem]) -> list[tuple[int | None, str | None, str | None]]:
    assert all(isinstance(row, Row) for row in rows), rows
    return [(row.line, row.audio, row.caption) for row in rows if isinstance(row, Row)]


def test_a_map_from_files_to_captions():
    assert told(read('{"dog.wav": "A dog barks",\n\n "car.wav": "A car passes"}')) == [
        (1, "dog.wav", "A dog barks"),
        (3, "car.wav", "A car passes"),
    ]


def test_names_without_suffix_lists_of_captions_and_objects():
    rows = read('{"dog": ["A dog barks", "Barking"],\n"car": {"text": "A car passes", "model": "v2"},\n"rain": null}')
    assert told(rows) == [
        (1, "dog", "A dog barks"),
        (1, "dog", "Barking"),
        (2, "car", "A car passes"),
        (3, "rain", None),
    ]
    assert isinstance(rows[2], Row)
    assert rows[2].metadata == {"model": "v2"}


def test_an_object_that_names_its_audio_has_its_id_for_a_key():
    (row,) = read('{"7": {"path": "a.wav", "caption": "A dog"}}')
    assert isinstance(row, Row)
    assert (row.id, row.audio, row.caption) == ("7", "a.wav", "A dog")


def test_a_list_of_objects_and_one_object_on_lines_of_its_own():
    rows = [{"audio": "a.wav", "caption": "A dog", "take": 1}, {"audio": "b.wav", "caption": "A cat", "take": 2}]
    listed = read(json.dumps(rows, indent=2))
    assert told(listed) == [(2, "a.wav", "A dog"), (7, "b.wav", "A cat")]
    (alone,) = read(json.dumps(rows[0], indent=2))
    assert isinstance(alone, Row)
    assert (alone.audio, alone.caption, alone.metadata) == ("a.wav", "A dog", {"take": 1})


def test_a_row_with_a_rubric_is_no_document_of_rows():
    row = {"audio": "a.wav", "caption": "A dog", "items": [{"question": "Can you hear a dog?"}]}
    (found,) = read(json.dumps(row, indent=1))
    assert isinstance(found, Row)
    assert found.rubric == ({"question": "Can you hear a dog?"},)
    assert not is_document(io.BytesIO(json.dumps(row).encode()), "a.json", likely=True)


def test_named_fields_count():
    (row,) = read('[{"clip": "a.wav", "style": "calm"}]', audio_field="clip", caption_field="style")
    assert isinstance(row, Row)
    assert (row.audio, row.caption) == ("a.wav", "calm")
    (row,) = read('{"a.wav": "What is said"}', transcript_field="caption")
    assert isinstance(row, Row)
    assert (row.caption, row.transcript) == (None, "What is said")
    with pytest.raises(InputError, match="no column 'tone'"):
        read('[{"audio": "a.wav"}]', caption_field="tone")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a.wav": "x",\n"a.wav": "y"}', r"map\.json:2: 'a\.wav' is there twice, on line 1 too"),
        ('{"a.wav": "x"\n"b.wav": "y"}', r"map\.json:2: not valid JSON: Expecting ',' delimiter"),
        ('{"a.wav": "x"}\n{"b.wav": "y"}', r"map\.json:2: .*Extra data.*one object per line"),
        ('{"a.wav": "x",\n}', r"map\.json:2: not valid JSON"),
        ('{"version": 1, "data": [{"audio": "a.wav"}]}', r"""under 'data': jq -c '\.\["data"\]\[\]'"""),
        ("[" * 100_000, "nested too deeply|not valid JSON"),
        ('{"a.wav": ' + "[" * 500 + "]" * 500 + "}", "nested too deeply"),
        ("[" + "9" * 5000 + "]", "not valid JSON"),
    ],
)
def test_a_document_that_cannot_be_understood_is_refused_with_place_and_remedy(text, message):
    with pytest.raises(InputError, match=message) as error:
        read(text)
    assert len(str(error.value)) < 300


@pytest.mark.parametrize("value", ["3", "true", "[[]]", "[1]", "1e999"])
def test_what_is_no_caption_is_a_problem_of_its_key(value):
    found, fine = read(f'{{"a.wav": {value},\n"b.wav": "A dog"}}')
    assert isinstance(found, Problem)
    assert (found.kind, found.line) == ("caption", 1)
    assert "'a.wav'" in found.message
    assert isinstance(fine, Row)


def test_what_is_no_object_is_a_problem_of_its_line():
    fine, found = read('[{"audio": "a.wav"},\n"b.wav"]')
    assert isinstance(fine, Row)
    assert isinstance(found, Problem)
    assert (found.kind, found.line) == ("not-an-object", 2)


@pytest.mark.parametrize("value", ['"A dog"', "3"])
def test_a_key_of_a_megabyte_is_no_more_than_a_file_that_is_not_there(tmp_path, value):
    (tmp_path / "map.json").write_text(f'{{"{"k" * (1 << 20)}.wav": {value}}}')
    (row,) = read_manifest(tmp_path / "map.json")
    if isinstance(row, Problem):
        assert len(row.message) < 200
    else:
        assert row.caption == "A dog"


def test_a_document_that_is_too_large_is_refused_with_the_command(monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 10)
    with pytest.raises(InputError, match=r"jq -c"):
        read('{"dog.wav": "A dog barks"}')


FORMS = {
    '{"dog.wav": "A dog"}': "json",
    '{"dog": "A dog"}': "json",
    '{"dog": "A dog",\n"cat": "A cat"}': "json",
    '{\n"audio": "a.wav"\n}': "json",
    '[{"audio": "a.wav"}]': "json",
    '[\n{"audio": "a.wav"}]': "json",
    '{"audio": "a.wav"}': "jsonl",
    '{"audio": "a.wav"}\n{"audio": "b.wav"}': "jsonl",
    '{"clip": "a.wav", "style": "calm"}': "jsonl",
    '{"dog.wav": "A dog"}\n{"cat.wav": "A cat"}': "jsonl",
    '{"audio": "a.wa\n{"audio": "b.wav"}': "jsonl",
}


@pytest.mark.parametrize(("text", "form"), FORMS.items())
@pytest.mark.parametrize("name", ["map.jsonl", "map"])
def test_the_form_is_known_by_its_first_lines(tmp_path, text, form, name):
    for begin in ("", "\ufeff", "\n \n"):
        (tmp_path / name).write_text(begin + text, encoding="utf-8")
        assert open_manifest(tmp_path / name).form == form


def test_a_file_called_json_with_a_broken_first_line_is_a_document(tmp_path):
    (tmp_path / "map.json").write_text('{"dog.wav": "A dog"\n"cat.wav": "A cat"}')
    with pytest.raises(InputError, match=r"map\.json:2: not valid JSON: Expecting ','"):
        list(read_manifest(tmp_path / "map.json"))


CAPTIONS = st.text(st.characters(codec="utf-8"), max_size=8)


@given(st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=6).map("{}.wav".format), CAPTIONS, min_size=1))
def test_any_map_gives_every_file_its_own_caption(captions):
    for indent in (None, 1):
        rows = read(json.dumps(captions, indent=indent))
        assert {row.audio: row.caption for row in rows if isinstance(row, Row)} == captions


def test_a_file_without_captions_is_a_problem_and_never_silently_left_out():
    first, second = read('{"a.wav": [], "b.wav": "A cat"}')
    assert isinstance(first, Problem)
    assert "caption of 'a.wav' is a list" in first.message
    assert isinstance(second, Row)
