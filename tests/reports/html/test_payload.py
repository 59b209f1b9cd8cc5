from __future__ import annotations

import base64
import json

import pytest

from audiojudge_cli.reports.gather import gather
from audiojudge_cli.reports.html.page import html_report
from audiojudge_cli.reports.html.payload import Limits, clip_data
from audiojudge_cli.reports.html.sources import AudioFinder

ROWS = [{"id": "b", "answers": [0.6, None]}, {"id": "a", "answers": [0.2]}, {"id": "c", "answers": [0.9]}]


@pytest.fixture
def data(sounding_run, tmp_path):
    run = gather(sounding_run(ROWS), None, clips=10)
    return lambda limits: clip_data(run, AudioFinder(run.folder, run.info, None), tmp_path / "r.html", limits)


def test_audio_is_embedded_worst_first_up_to_the_cap(data, tmp_path):
    size = (tmp_path / "outputs" / "a.wav").stat().st_size
    clips, blobs = data(Limits(embed_bytes=2 * size))
    assert [(clip["id"], clip.get("embedded")) for clip in clips] == [("a", True), ("b", True), ("c", None)]
    assert blobs.audio_bytes == 2 * size
    assert base64.b64decode(blobs.audio[clips[0]["key"]]) == (tmp_path / "outputs" / "a.wav").read_bytes()
    assert clips[2]["link"] == "outputs/c.wav"


def test_a_changed_file_is_linked_but_not_embedded(data, tmp_path):
    (tmp_path / "outputs" / "a.wav").write_bytes(b"something else")
    clips, _ = data(Limits())
    assert (clips[0]["id"], clips[0].get("embedded"), clips[0]["link"]) == ("a", None, "outputs/a.wav")


def test_pictures_go_to_the_worst(data):
    clips, blobs = data(Limits(pictures=1))
    assert [clip.get("picture") for clip in clips] == [True, None, None]
    assert len(blobs.pictures) == 1


def test_the_same_audio_is_embedded_once(make_run, sounding_run, tmp_path):
    rows = [{"id": "a", "audio": "same.wav", "answers": [0.2]}, {"id": "b", "audio": "other.wav", "answers": [0.9]}]
    folder = sounding_run(rows)
    lines = [json.loads(line) for line in (folder / "records.jsonl").read_text().splitlines()]
    lines[1]["audio"] = lines[0]["audio"]
    (folder / "records.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    run = gather(folder, None, clips=10)
    clips, blobs = clip_data(run, AudioFinder(folder, run.info, None), tmp_path / "r.html", Limits())
    assert len(clips) == 2
    assert all(clip["embedded"] and clip["picture"] for clip in clips)
    assert len(blobs.audio) == len(blobs.pictures) == 1


def test_data_goes_through_html_unchanged(sounding_run, tmp_path):
    hostile = "</script><!-- <script> & \u2028 \ud800 \0 ]]>"
    rows = [
        {
            "id": "x",
            "caption": hostile,
            "transcript": hostile,
            "answers": [0.5],
            "metadata": {hostile: [hostile, None, 1.5]},
        }
    ]
    run = gather(sounding_run(rows), None, clips=10)
    text = html_report(run, tmp_path / "r.html")
    block = text.split('<script type="application/json" id="data">')[1].split("</script>")[0]
    assert not set(block) & set("<>&\u2028\ud800\0")
    clip = json.loads(block)["clips"][0]
    assert clip["transcript"] == hostile
    assert clip["caption"] == hostile
    assert {name: json.loads(value) for name, value in clip["metadata"].items()} == {hostile: [hostile, None, 1.5]}
    text.encode("utf-8")
