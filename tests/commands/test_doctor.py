from __future__ import annotations

import os

import pytest


def test_a_working_installation(cli, tmp_path):
    done = cli("doctor", env={"AUDIOJUDGE_CACHE": str(tmp_path / "cache")})
    assert done.returncode == 0, done.stdout
    assert "ok    audiojudge " in done.stdout
    assert "tone" in done.stdout
    assert "ci, default, music, sound, speech" in done.stdout
    assert "CPUExecutionProvider" in done.stdout
    assert f"{tmp_path / 'cache'}" in done.stdout
    assert "note  weights    embedded: 0 of" in done.stdout
    assert not (tmp_path / "cache").exists()


def test_missing_weights_are_bad_only_where_they_cannot_be_fetched(cli, tmp_path):
    done = cli("doctor", env={"AUDIOJUDGE_CACHE": str(tmp_path / "cache"), "AUDIOJUDGE_OFFLINE": "1"})
    assert done.returncode == 3
    assert "BAD   weights    embedded: 0 of" in done.stdout
    assert done.stderr.startswith("audiojudge: error: ")


@pytest.mark.skipif(os.name != "posix", reason="/proc")
def test_a_cache_that_cannot_be_written_is_bad(cli):
    done = cli("doctor", env={"AUDIOJUDGE_CACHE": "/proc/nowhere"})
    assert done.returncode == 3
    assert "set AUDIOJUDGE_CACHE" in done.stdout
