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


def test_whole_models_are_told_of_only_where_they_lie(cli, tmp_path):
    commit = "0a095220c30b7b31434169c3086508ef3ea5bf0a"
    folder = tmp_path / "hub" / "models--Qwen--Qwen2-Audio-7B-Instruct" / "snapshots" / commit
    folder.mkdir(parents=True)
    (folder / "config.json").write_text('{"model_type": "qwen2_audio"}')
    (folder / "model.safetensors.index.json").write_text('{"weight_map": {}}')
    done = cli("doctor", env={"AUDIOJUDGE_CACHE": str(tmp_path / "cache"), "HF_HUB_CACHE": str(tmp_path / "hub")})
    assert done.returncode == 0
    (line,) = (line for line in done.stdout.splitlines() if "qwen" in line)
    assert line.startswith("note  weights    qwen2-audio-7b: ")
    assert "anyaudio" not in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="/proc")
def test_a_cache_that_cannot_be_written_is_bad(cli):
    done = cli("doctor", env={"AUDIOJUDGE_CACHE": "/proc/nowhere"})
    assert done.returncode == 3
    assert "set AUDIOJUDGE_CACHE" in done.stdout


def test_a_cache_that_is_a_file_is_bad(cli, tmp_path):
    (tmp_path / "cache").touch()
    done = cli("doctor", env={"AUDIOJUDGE_CACHE": str(tmp_path / "cache")})
    assert done.returncode == 3
    assert f"BAD   cache      {tmp_path / 'cache'} is no folder" in done.stdout
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read and write anything")
@pytest.mark.parametrize("mode", [0o500, 0o000])
def test_an_empty_cache_that_cannot_be_filled_is_bad(mode, cli, tmp_path):
    (tmp_path / "cache").mkdir(mode=mode)
    done = cli("doctor", env={"AUDIOJUDGE_CACHE": str(tmp_path / "cache")})
    assert done.returncode == 3
    assert "note  cache" in done.stdout
    assert "BAD   weights" in done.stdout
    assert "mistake" not in done.stderr
