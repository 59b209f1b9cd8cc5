from __future__ import annotations

from audiojudge_cli.results.worst import Worst


def test_the_lowest_come_first_with_their_failed_items(make_record):
    worst = Worst(clips=2, items=1)
    for clip_id, answers in {"a": [0.9, 0.3], "b": [0.1, 0.2], "c": [0.9], "d": [0.6, 0.0], "e": [None]}.items():
        worst.add(make_record(answers, clip_id=clip_id))
    kept = worst.clips()
    assert [clip.id for clip in kept] == ["b", "d"]
    assert [item.p_yes for item in kept[0].items] == [0.1]


def test_of_equals_the_first_are_kept(make_record):
    worst = Worst(clips=2)
    for clip_id in "abc":
        worst.add(make_record([0.1], clip_id=clip_id))
    assert [clip.id for clip in worst.clips()] == ["a", "b"]


def test_clips_without_a_failed_item_are_not_worst(make_record):
    worst = Worst()
    worst.add(make_record([1.0, 0.5]))
    assert worst.clips() == []
