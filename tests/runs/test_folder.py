from __future__ import annotations

import os
import subprocess
import sys

import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.runs.folder import drop_earlier, run_folder

OUR_RUN = '{\n  "schema": "audiojudge.run/1",\n  "state": "running"\n}\n'


def test_a_folder_is_made_with_its_parents(tmp_path):
    with run_folder(tmp_path / "a" / "b"):
        assert (tmp_path / "a" / "b").is_dir()


def test_a_folder_that_holds_other_things_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("x")
    with pytest.raises(InputError, match="not empty and not a run folder"), run_folder(tmp_path):
        pass
    assert (tmp_path / "thesis.txt").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("records.jsonl", '{"artist": "Fela Kuti"}\n'),
        ("run.json", '{"schema": "ran 5 km"}'),
        ("run.json", ""),
        ("summary.csv", "id\n"),
    ],
)
def test_files_of_other_programs_with_our_names_are_left_alone(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    with pytest.raises(InputError, match="not a run folder"), run_folder(tmp_path):
        pass
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(name, content)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("records.jsonl", '{"schema": "audiojudge.record/1", "id": "a"'),
        ("records.jsonl", ""),
        ("run.json", OUR_RUN),
    ],
)
def test_a_run_that_was_killed_early_goes_on(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    with run_folder(tmp_path):
        assert (tmp_path / name).read_text() == content


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
@pytest.mark.parametrize("name", ["records.jsonl", "files", "summary.csv"])
def test_links_that_lead_out_of_the_folder_are_refused(tmp_path, name):
    folder, victim = tmp_path / "run", tmp_path / "victim"
    folder.mkdir()
    victim.mkdir()
    (victim / "a.json").touch()
    (folder / "run.json").write_text(OUR_RUN)
    (folder / name).symlink_to(victim)
    with pytest.raises(InputError, match=f"{name} is a link"), run_folder(folder):
        pass
    assert (victim / "a.json").exists()


def test_hidden_files_do_not_make_a_folder_another_ones(tmp_path):
    (tmp_path / ".gitkeep").touch()
    with run_folder(tmp_path):
        pass


def test_dropping_an_earlier_run_removes_only_what_a_run_wrote(tmp_path):
    ours = ["records.jsonl", "run.json", "summary.csv", "files/a.json"]
    (tmp_path / "files").mkdir()
    for name in [*ours, "report.html", "files/notes.txt"]:
        (tmp_path / name).touch()
    (tmp_path / "run.json").write_text(OUR_RUN)
    with run_folder(tmp_path):
        drop_earlier(tmp_path)
        assert not any((tmp_path / name).exists() for name in ours)
        assert (tmp_path / "report.html").exists()
        assert (tmp_path / "files" / "notes.txt").exists()


def test_a_folder_made_for_a_run_that_never_began_goes_again(tmp_path):
    with pytest.raises(InputError, match="no judge"), run_folder(tmp_path / "new"):
        raise InputError("no judge")
    assert not (tmp_path / "new").exists()
    (tmp_path / "old").mkdir()
    with run_folder(tmp_path / "old"):
        pass
    assert (tmp_path / "old").is_dir()


def test_half_written_files_of_a_killed_run_are_swept(tmp_path):
    (tmp_path / "files").mkdir()
    (tmp_path / "run.json").write_text(OUR_RUN)
    left = [tmp_path / ".audiojudge-1.tmp", tmp_path / "files" / ".audiojudge-2.tmp"]
    for path in left:
        path.touch()
    with run_folder(tmp_path):
        assert not any(path.exists() for path in left)


def test_a_second_process_is_refused_and_a_dead_one_is_not_missed(tmp_path):
    code = (
        "import sys, pathlib\n"
        "from audiojudge_cli.runs.folder import drop_earlier, run_folder\n"
        "with run_folder(pathlib.Path(sys.argv[1])):\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    with pytest.raises(InputError, match="another audiojudge process"), run_folder(tmp_path):
        pass
    child.kill()
    child.communicate()
    with run_folder(tmp_path):
        pass


def test_a_file_in_the_way_is_one_clear_error(tmp_path):
    (tmp_path / "out").write_text("x")
    with pytest.raises(InputError, match="is a file, not a folder"), run_folder(tmp_path / "out"):
        pass
    with pytest.raises(InputError, match="cannot write to"), run_folder(tmp_path / "out" / "deeper"):
        pass


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_one_clear_error(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="cannot write to"), run_folder(tmp_path / "out"):
        pass
    tmp_path.chmod(0o700)
