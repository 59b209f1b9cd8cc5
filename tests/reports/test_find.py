from __future__ import annotations

import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.reports.find import find_record, find_records

CLIPS = [
    {"id": "set/dog_1", "audio": "set/dog_1.wav"},
    {"id": "set/dog_10", "audio": "set/dog_10.wav"},
    {"id": "cat", "audio": "deep/meow.v2.flac"},
    {"id": "meow", "audio": "deep/other.flac"},
    {"id": "7f3a", "audio": "x/same.wav"},
    {"id": "7f3b", "audio": "y/same.ogg"},
    {"id": "no-suffix", "audio": "z/.hidden"},
]


@pytest.fixture
def run(make_run):
    return make_run(CLIPS)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("set/dog_1", "set/dog_1"),  # an id, though another begins so
        ("dog_1.wav", "set/dog_1"),  # a file name
        ("dog_1", "set/dog_1"),  # its stem, though another begins so
        ("dog_10", "set/dog_10"),
        ("meow.v2", "cat"),
        ("meow", "meow"),  # the id comes before the file name
        ("deep/meow.v2", "cat"),
        ("deep/m", "cat"),  # the beginning of a path
        ("x/same", "7f3a"),
        ("7f3b", "7f3b"),
        ("ca", "cat"),
        ("othe", "meow"),  # the beginning of a file name
        (".hidden", "no-suffix"),
    ],
)
def test_a_clip_is_found(run, name, wanted):
    assert [record.id for record in find_records(run, [name])[0]] == [wanted]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("catt", r"no clip 'catt' \(did you mean 'cat'\?\); ids are in summary.csv"),
        ("meoow.v2.flac", r"did you mean 'cat'"),
        ("zzzz", r"no clip 'zzzz'; ids are in summary.csv"),
        ("", r"no clip "),
    ],
)
def test_what_is_no_clip_is_told_with_names(run, name, says):
    with pytest.raises(InputError, match=says):
        find_records(run, ["set/dog_1", name])


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("7f3", ["7f3a", "7f3b"]),
        ("same", ["7f3a", "7f3b"]),
        ("set/", ["set/dog_1", "set/dog_10"]),
        ("set/dog_1", ["set/dog_1"]),
    ],
)
def test_what_fits_several_equally_well_means_them_all(run, name, wanted):
    assert [[record.id for record in each] for each in find_records(run, ["cat", name])] == [["cat"], wanted]
    if len(wanted) == 1:
        assert find_record(run, name).id == wanted[0]
        return
    with pytest.raises(InputError, match=rf"2 clips are called {name}; give an id: {wanted[0]} \(.*\), {wanted[1]} \("):
        find_record(run, name)


def test_a_long_list_is_cut(make_run):
    with pytest.raises(InputError, match=r"30 clips are called c; give an id: .*c9.* and 20 more$"):
        find_record(make_run([{"id": f"c{n}"} for n in range(30)]), "c")
