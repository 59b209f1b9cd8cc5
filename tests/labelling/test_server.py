"""The server: what it gives to whom, and that nothing else can be had from it or written through it."""

from __future__ import annotations

import io
import json
from contextlib import suppress

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiojudge_cli.clips.opened import sha256_of
from audiojudge_cli.errors import InputError


def test_clips_come_one_by_one_and_labels_are_written(sounding, serve, written):
    client = serve(sounding())
    seen, told = [], client.next()
    while "place" in told:
        seen.append(told["id"])
        answers = [None, "no"] if told["place"] else [None, None]
        status, told = client.post(
            "label", {"place": told["place"], "label": "no", "items": answers, "note": " quiet \n"}
        )
        assert status == 200
    assert len(set(seen)) == 12
    assert told["progress"] == {"mine": 12, "random": 3, "anybody": 12, "left": 0}
    lines = written()
    assert [line["id"] for line in lines] == seen
    assert lines[1] == {
        "id": seen[1],
        "label": "no",
        "by": "ann",
        "drawn": "chosen",
        "audio": f"{seen[1]}.wav",
        "caption": f"Caption {seen[1][4:]}.",
        "items": [{"dimension": "event", "question": "Is thing 1 heard?", "label": "no"}],
        "note": "quiet",
        "at": lines[1]["at"],
    }
    assert "items" not in lines[0]


def test_nothing_of_what_the_judge_answered_is_given(sounding, serve):
    client = serve(sounding([{"id": "a", "answers": [0.1234], "evidence": "Heard a secret."}]))
    for told in (client.get("next")[2], client.get("clip/0")[2], client.get()[2]):
        assert b"0.1234" not in told
        assert b"secret" not in told


def test_it_goes_on_where_it_was_and_takes_back(sounding, serve, written):
    run = sounding()
    client = serve(run)
    first = client.next()
    second = client.post("label", {"place": first["place"], "label": "yes"})[1]
    client.end()
    again = serve(run)
    assert again.next()["id"] == second["id"]
    assert again.next()["progress"]["mine"] == 1
    status, back = again.post("undo", {})
    assert (status, back["id"], back["said"]["label"]) == (200, first["id"], None)
    assert written()[-1]["undone"] is True
    assert again.post("undo", {})[1]["id"] == first["id"]  # nothing left to take back
    assert len(written()) == 2
    again.post("label", {"place": first["place"], "label": "no"})
    assert again.post("label", {"place": first["place"], "label": "yes"})[0] == 200
    assert json.loads(again.get(f"clip/{first['place']}")[2])["said"]["label"] == "yes"


def test_several_people_share_the_chosen_clips_and_all_hear_the_random_ones(sounding, serve):
    run = sounding()
    ann, bob = serve(run, by="ann"), serve(run, by="bob")
    told = ann.next()
    while "place" in told:
        told = ann.post("label", {"place": told["place"], "label": "yes"})[1]
    drawn, told = [], bob.next()
    assert told["progress"]["anybody"] == 12
    while "place" in told:
        drawn.append(told["drawn"])
        told = bob.post("label", {"place": told["place"], "label": "no"})[1]
    assert drawn == ["random"] * 3


def test_audio_that_is_gone_or_another_is_told_and_the_next_clip_comes(sounding, serve, tmp_path):
    client = serve(sounding())
    first = client.next()
    gone = tmp_path / "outputs" / first["path"]
    gone.unlink()
    told = client.next()
    assert told["id"] != first["id"]
    assert told["missing"]["count"] == 1
    assert "was not found" in told["missing"]["first"][0]
    assert json.loads(client.get("clip/0")[2])["silent"]
    assert client.get("audio/0")[0] == 404
    other = tmp_path / "outputs" / told["path"]
    soundfile.write(other, np.zeros(10), 8000)
    told = client.next()
    assert "another file than the one that was judged" in "".join(told["missing"]["first"])
    assert client.get("audio/1")[0] == 404


def test_a_run_without_any_audio_is_refused(sounding, serve, tmp_path):
    run = sounding()
    for path in (tmp_path / "outputs").iterdir():
        path.unlink()
    with pytest.raises(InputError, match=r"no audio to label: .*--audio"):
        serve(run)


@pytest.mark.parametrize(
    ("how", "kind", "rate", "channels"),
    [
        ({}, "audio/wav", 8000, 1),
        ({"format": "FLAC"}, "audio/flac", 8000, 1),
        ({"format": "OGG", "rate": 48000}, "audio/ogg", 48000, 1),
        ({"format": "AIFF", "subtype": "PCM_24"}, "audio/wav", 8000, 1),
        ({"format": "CAF", "channels": 2}, "audio/wav", 8000, 2),
        ({"subtype": "ULAW"}, "audio/wav", 8000, 1),
        ({"rate": 192_000}, "audio/wav", 48_000, 1),
        ({"rate": 4000}, "audio/wav", 48_000, 1),
        ({"channels": 6}, "audio/wav", 8000, 1),
    ],
)
def test_what_browsers_may_not_play_is_decoded(sounding, serve, how, kind, rate, channels):
    client = serve(sounding([{"id": "a"}], files={"a": how}))
    status, headers, body = client.get("audio/0")
    assert (status, headers["Content-Type"]) == (200, kind)
    data, heard = soundfile.read(io.BytesIO(body), always_2d=True)
    assert (heard, data.shape[1]) == (rate, channels)
    assert len(data) == pytest.approx(rate / 4, rel=0.02)
    assert 0.4 < np.abs(data).max() < 0.6
    # Asked for again as WAV, it is the same sound.
    again, _ = soundfile.read(io.BytesIO(client.get("wav/0")[2]), always_2d=True)
    assert again.shape == data.shape


@pytest.mark.parametrize(("peak", "heard"), [(8.0, 1.0), (0.25, 0.25)])
def test_what_is_over_full_scale_is_turned_down_as_a_whole_and_no_number_is_silence(
    sounding, serve, tmp_path, peak, heard
):
    import hashlib

    run = sounding([{"id": "a"}])
    path = tmp_path / "outputs" / "a.wav"
    wave = (peak * np.sin(np.arange(40_000) / 7)).astype(np.float32)
    wave[100] = np.nan
    soundfile.write(path, wave, 8000, subtype="FLOAT")
    line = json.loads((run / "records.jsonl").read_text())
    line["audio"]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (run / "records.jsonl").write_text(json.dumps(line) + "\n")
    data, _ = soundfile.read(io.BytesIO(serve(run).get("audio/0")[2]))
    wave[100] = 0
    assert np.abs(data).max() == pytest.approx(heard, abs=0.001)
    assert data == pytest.approx(wave * heard / peak, abs=0.001)


def test_audio_inside_parquet(make_run, serve, tmp_path):
    import hashlib

    import pyarrow as pa
    from pyarrow import parquet

    from audiojudge_cli.clips.pairing import find_clips

    out = io.BytesIO()
    soundfile.write(out, np.sin(np.arange(2000)), 8000, format="FLAC")
    audio = pa.array([{"bytes": out.getvalue(), "path": "x.flac"}])
    parquet.write_table(pa.table({"audio": audio, "text": ["A tone."]}), tmp_path / "set.parquet")
    run = make_run([{"id": "a"}], info={"inputs": {"outputs": str(tmp_path / "set.parquet"), "captions": None}})
    line = json.loads((run / "records.jsonl").read_text())
    [clip] = find_clips(tmp_path / "set.parquet").clips
    line["audio"] |= {"path": clip.audio_name, "sha256": hashlib.sha256(out.getvalue()).hexdigest()}
    (run / "records.jsonl").write_text(json.dumps(line) + "\n")
    status, headers, body = serve(run).get("audio/0")
    assert (status, headers["Content-Type"], body) == (200, "audio/flac", out.getvalue())


@pytest.fixture
def client(sounding, serve):
    return serve(sounding())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(first=st.none() | st.integers(0, 5000), last=st.none() | st.integers(0, 5000))
def test_a_range_is_that_part_of_the_whole(client, first, last):
    whole = client.get("audio/0")[2]
    told = f"bytes={'' if first is None else first}-{'' if last is None else last}"
    status, headers, body = client.get("audio/0", Range=told)
    if first is None:
        wanted = whole if last is None else whole[-last:] if last else b""
    else:
        wanted = whole[first : None if last is None else last + 1]
    assert (status, body) in {(206, wanted), (200, wanted)} if wanted else status == 416
    assert (status == 200) == (first is None and last is None)
    if status == 206:
        start = len(whole) - len(body) if first is None else first
        assert headers["Content-Range"] == f"bytes {start}-{start + len(body) - 1}/{len(whole)}"


@pytest.mark.parametrize("told", ["", "bytes=", "bytes=0-1,4-5", "items=0-1", "bytes=-", "bytes=a-b", "bytes=0--1"])
def test_ranges_that_are_none_give_the_whole(client, told):
    status, _, body = client.get("audio/0", Range=told)
    assert (status, body) == (200, client.get("audio/0")[2])


@pytest.mark.parametrize(
    "path",
    [
        *["audio/../../run/records.jsonl", "audio/%2e%2e/%2e%2e/run.json", "audio//etc/passwd", "../records.jsonl"],
        *["audio/-1", "audio/12", "audio/999999999999", "audio/1.0", "audio/", "audio/0/", "clip/12", "clip/x"],
        *["records.jsonl", "labels.jsonl", "label", "undo", "wav/0x0", "next/", "audio/٣"],
    ],
)
def test_no_path_gives_anything_else(client, path):
    status, headers, body = client.raw("GET", client.path + path.encode("latin-1", "ignore").decode("latin-1"))
    assert status in {400, 404}
    assert headers["Content-Type"] == "application/json"
    assert set(json.loads(body)) == {"error"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(token=st.text(st.characters(min_codepoint=33, max_codepoint=126, blacklist_characters="?#"), max_size=50))
def test_without_the_token_there_is_nothing(client, token):
    for path in (f"/{token}/", f"/{token}/audio/0", f"/{token}"):
        if not path.startswith(client.path):
            status, _, body = client.raw("GET", path)
            assert status == 404
            assert set(json.loads(body)) == {"error"}


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "[::1]:1", "a:b:1"])
def test_other_names_of_this_machine_are_refused(client, host):
    assert client.get(Host=host)[0] == 403
    assert client.get("audio/0", Host=host)[0] == 403


@pytest.mark.parametrize("host", ["localhost", "localhost:9999", "127.0.0.1"])
def test_a_tunnel_may_end_at_another_port(client, host):
    assert client.get(Host=host)[0] == 200
    assert client.post("undo", {}, Host=host, Origin=f"http://{host}")[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "https://127.0.0.1"},
        {"Content_Type": "text/plain"},
        {"Content_Type": "application/x-www-form-urlencoded"},
        {"Content_Length": "999999999"},
        {"Content_Length": "-1"},
        {"Content_Length": "x"},
    ],
)
def test_labels_are_taken_from_the_page_alone(client, headers, written):
    status, told = client.post("label", {"place": 0, "label": "yes"}, **headers)
    assert status in {403, 413, 415}
    assert set(told) == {"error"}
    assert written() == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "label"]), inner, max_size=2),
    max_leaves=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    said=st.fixed_dictionaries(
        {}, optional={"place": JSON, "label": JSON | st.just("yes"), "items": JSON, "note": JSON | st.just("x" * 2001)}
    )
)
def test_what_is_no_label_is_never_written(client, tmp_path, said):
    before = (tmp_path / "labels.jsonl").read_bytes()
    status, _ = client.post("label", said)
    place, items, note = said.get("place"), said.get("items") or [None, None], said.get("note") or ""
    fits = type(place) is int and 0 <= place < 12 and said.get("label") == "yes"
    fits = fits and items == [None, None] and isinstance(note, str) and len(note) <= 2000
    assert status == (200 if fits else 400)
    assert ((tmp_path / "labels.jsonl").read_bytes() == before) == (not fits)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
def test_other_methods_are_refused(client, method):
    status, headers, _ = client.raw(method, client.path)
    assert status == 501
    assert "Access-Control-Allow-Origin" not in headers


def test_every_answer_keeps_to_itself(client):
    for path in ("", "next", "audio/0", "nothing"):
        headers = client.get(path)[1]
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in headers
    policy = client.get()[1]["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_label_that_cannot_be_written_is_told(client, monkeypatch):
    import os

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    status, told = client.post("label", {"place": 0, "label": "yes"})
    monkeypatch.undo()
    assert (status, told) == (500, {"error": "No space left on device"})
    assert client.next()["progress"]["mine"] == 0


def test_a_run_that_was_judged_anew_meanwhile_is_not_labelled(sounding, serve, written):
    run = sounding()
    client = serve(run)
    lines = (run / "records.jsonl").read_text().splitlines(keepends=True)
    (run / "records.jsonl").write_text("".join(reversed(lines)))
    replies = [client.post("label", {"place": place, "label": "yes"}) for place in range(12)]
    assert {status for status, _ in replies} <= {200, 500}
    # Where the same bytes still hold the same clip its label is right; nowhere is one given to another clip.
    right = [reply["error"] for status, reply in replies if status == 500]
    assert right
    assert all("has changed; start `audiojudge label` again" in message for message in right)
    assert len(written()) == 12 - len(right)


def test_a_port_can_be_taken_again_at_once(sounding, serve):
    run = sounding()
    client = serve(run)
    port = int(client.host.split(":")[1])
    assert client.get()[0] == 200
    client.end()
    assert serve(run, port=port).get()[0] == 200


def test_a_file_is_read_once_and_again_when_it_has_changed(sounding, serve, tmp_path, monkeypatch):
    read = []

    def digest(source, **how):
        read.append(source)
        return sha256_of(source, **how)

    monkeypatch.setattr("audiojudge_cli.labelling.sounds.sha256_of", digest)
    client = serve(sounding([{"id": "a"}]))
    for path in ("next", "clip/0", "audio/0", "audio/0", "wav/0"):
        assert client.get(path)[0] == 200
    assert len(read) == 1
    with (tmp_path / "outputs" / "a.wav").open("ab") as file:
        file.write(b"more")
    assert json.loads(client.get("clip/0")[2])["silent"]


def test_a_taken_port_is_refused(sounding, serve):
    run = sounding()
    with suppress(ValueError):
        port = int(serve(run).host.split(":")[1])
    with pytest.raises(InputError, match=f"cannot listen on port {port}.*--port"):
        serve(run, port=port)


@pytest.mark.parametrize("by", ["", " ", "a\nb", "x" * 101, "\x1b[31m"])
def test_names_that_are_none(sounding, serve, by):
    with pytest.raises(InputError, match="--by"):
        serve(sounding(), by=by)


@pytest.mark.parametrize(
    ("given", "told"),
    [([{"answers": [None]}, {"error": "not-found"}], "no clip with a decision"), ([], "no clip with a decision")],
)
def test_runs_that_labels_teach_nothing(make_run, serve, given, told):
    with pytest.raises(InputError, match=told):
        serve(make_run(given))


def test_a_run_that_only_measures(make_run, serve):
    with pytest.raises(InputError, match="decides about no captions"):
        serve(make_run([{}], judged=False))
