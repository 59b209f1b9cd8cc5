"""Nothing but our own words reaches standard error, however damaged an MP3 file is."""

from __future__ import annotations

import contextlib
import io
import os
import random
import threading

import numpy as np
import pytest
import soundfile

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.decoder_noise import without_decoder_noise
from audiojudge_cli.errors import ClipError

RATE = 44_100


def damaged(seed: int) -> bytes:
    """Return an MP3 file with bytes overwritten, inserted or cut out, or with a header of noise before it."""
    chance = random.Random(seed)
    out = io.BytesIO()
    soundfile.write(out, 0.5 * np.sin(np.arange(RATE) / 9.0), RATE, format="MP3")
    data = bytearray(out.getvalue())
    for _ in range(chance.choice([1, 5, 50])):
        at, size = chance.randrange(len(data)), chance.choice([1, 4, 100])
        data[at : at + chance.choice([0, size])] = chance.randbytes(chance.choice([0, size]))
    if seed % 4 == 0:
        return b"ID3\x04\0\0\0\0\x01\x00" + chance.randbytes(128) + bytes(data)
    return bytes(data[: len(data) // 2] if seed % 4 == 1 else data)


def test_no_damage_makes_it_talk(tmp_path, capfd):
    before = os.fstat(2)
    for seed in range(60):
        path = tmp_path / f"{seed}.mp3"
        path.write_bytes(damaged(seed))
        with contextlib.suppress(ClipError):
            decode(path)
    told = capfd.readouterr()
    assert (told.out, told.err) == ("", "")
    after = os.fstat(2)
    assert (before.st_dev, before.st_ino) == (after.st_dev, after.st_ino)


def test_the_files_do_talk_by_themselves(tmp_path, capfd):
    """Else the test above could not fail."""
    for seed in range(10):
        (tmp_path / "x.mp3").write_bytes(damaged(seed))
        with contextlib.suppress(soundfile.LibsndfileError):
            soundfile.read(tmp_path / "x.mp3")
    assert "Note: " in capfd.readouterr().err


def test_what_others_say_meanwhile_is_kept(capfd):
    def one(number: int) -> None:
        with without_decoder_noise(b"ID3\x04"):
            os.write(2, f"line {number}\nNote: Trying to resync...\n".encode())
            os.write(2, b"\n[src/libmpg123/id3.c:parse_new_id3():1030] error: bad\n")

    threads = [threading.Thread(target=one, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(capfd.readouterr().err.splitlines()) == sorted(f"line {number}" for number in range(20))


@pytest.mark.parametrize("head", [b"RIFF", b"OggS", b"fLaC", b"", b"\xff"])
def test_other_files_are_left_alone(head):
    inode = os.fstat(2).st_ino
    with without_decoder_noise(head):
        assert os.fstat(2).st_ino == inode


def test_without_standard_error(tmp_path):
    (tmp_path / "x.mp3").write_bytes(damaged(2))
    kept = os.dup(2)
    os.close(2)
    try:
        decode(tmp_path / "x.mp3")
    finally:
        os.dup2(kept, 2)
        os.close(kept)
