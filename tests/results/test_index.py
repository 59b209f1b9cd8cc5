from __future__ import annotations

import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.results.index import JournalIndex, RecordReader, read_records
from audiojudge_cli.text.jsonl import dump_line


@pytest.fixture
def journal(tmp_path):
    path = tmp_path / "records.jsonl"

    def write(*lines):
        path.write_bytes(
            b"".join(line if isinstance(line, bytes) else dump_line(line.to_dict()).encode() for line in lines)
        )
        return path

    return write


def test_the_latest_line_of_a_clip_counts(journal, make_record):
    path = journal(make_record(clip_id="a"), make_record(clip_id="b"), make_record([0.1], clip_id="a"))
    index = JournalIndex(path)
    assert len(index) == 2
    assert index.lines == 3
    offset = index.offset("a")
    assert offset is not None
    with RecordReader(path) as reader:
        assert reader.record_at(offset).score == 0.1
    assert index.offset("c") is None


def test_records_come_in_the_order_in_which_clips_first_appear(journal, make_record, tmp_path):
    journal(make_record(clip_id="b"), make_record(clip_id="a"), make_record([0.1], clip_id="b"))
    assert [(record.id, record.score) for record in read_records(tmp_path)] == [("b", 0.1), ("a", 0.65)]


def test_a_torn_last_line_is_no_record(journal, make_record):
    whole, torn = make_record(clip_id="a"), dump_line(make_record(clip_id="b").to_dict()).encode()
    for cut in (1, 40, len(torn) - 1):
        index = JournalIndex(journal(whole, torn[:cut]))
        assert len(index) == 1
        assert index.damaged == []


def test_damaged_lines_are_counted_with_their_number(journal, make_record, tmp_path):
    path = journal(make_record(clip_id="a"), b'{"schema": "x"}\n', b"\0\0\n", b"[1]\n", make_record(clip_id="b"))
    index = JournalIndex(path)
    assert (len(index), index.damaged) == (2, [2, 3, 4])
    with pytest.raises(InputError, match=r"records\.jsonl:2"):
        list(read_records(tmp_path))


def test_odd_ids_are_found(journal, make_record):
    ids = ['quo"te', "back\\slash", "新しい", "\udcff", "a" * 120]
    index = JournalIndex(journal(*[make_record(clip_id=clip_id) for clip_id in ids]))
    assert all(index.offset(clip_id) is not None for clip_id in ids)


def test_no_journal_is_an_empty_one_for_a_run_and_an_error_for_a_reader(tmp_path):
    assert len(JournalIndex(tmp_path / "records.jsonl")) == 0
    with pytest.raises(InputError, match="not a run folder"):
        list(read_records(tmp_path))
