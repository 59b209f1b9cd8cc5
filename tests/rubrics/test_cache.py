import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from audiojudge_cli.errors import InputError, NotJudgedError
from audiojudge_cli.rubrics.cache import CachedExpander
from audiojudge_cli.rubrics.expander import Expander
from audiojudge_cli.rubrics.item import Rubric
from audiojudge_cli.rubrics.rules import load


class Counting:
    """The rules expander, counting its work; a version makes its fingerprint its own."""

    def __init__(self, version: str = "1") -> None:
        self.calls = 0
        self.version = version
        self._rules = load()

    @property
    def name(self) -> str:
        return "counting"

    @property
    def fingerprint(self) -> str:
        return self.version

    def expand(self, caption: str, *, subset: str | None = None, language: str | None = None) -> Rubric:
        self.calls += 1
        return self._rules.expand(caption, subset=subset, language=language)


def test_a_second_run_expands_nothing(tmp_path: Path) -> None:
    captions = ["a dog barks, no music", "一位女性说：“你好”", "slow piano\x00\ud800"]
    first = CachedExpander(Counting(), tmp_path / "deep" / "cache.sqlite")
    before = [first.expand(caption) for caption in captions]
    counting = Counting()
    again = CachedExpander(counting, first.path)
    assert [again.expand(caption) for caption in captions] == before
    assert counting.calls == 0


def test_fingerprint_subset_and_language_are_part_of_the_key(tmp_path: Path) -> None:
    counting = Counting()
    cached = CachedExpander(counting, tmp_path / "cache")
    cached.expand("slow")
    cached.expand("slow", subset="music")
    cached.expand("slow", language="zh")
    newer = Counting("2")
    CachedExpander(newer, cached.path).expand("slow")
    assert (counting.calls, newer.calls) == (3, 1)


def test_damaged_entries_are_expanded_anew(tmp_path: Path) -> None:
    cached = CachedExpander(Counting(), tmp_path / "cache")
    good = cached.expand("rain")
    database = sqlite3.connect(cached.path)
    database.execute("UPDATE rubrics SET rubric = 'oops'")
    database.commit()
    database.close()
    assert cached.expand("rain") == good


def test_many_threads_share_one_file(tmp_path: Path) -> None:
    path = tmp_path / "cache"

    def work(number: int) -> Rubric:
        expander: Expander = CachedExpander(Counting(), path)
        return expander.expand(f"a dog barks {number % 5} times")

    with ThreadPoolExecutor(8) as pool:
        assert len(list(pool.map(work, range(40)))) == 40


def test_a_file_that_is_no_cache_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, only text, long enough to be read as a header" * 20)
    with pytest.raises(InputError, match=r"notes\.txt: cannot use it as the rubric cache"):
        CachedExpander(Counting(), path)


def test_two_processes_that_expand_at_once_agree(tmp_path: Path) -> None:
    class Other(Counting):
        """Meanwhile, another process stores what its model wrote."""

        def expand(self, caption: str, *, subset: str | None = None, language: str | None = None) -> Rubric:
            theirs.append(CachedExpander(Counting(), tmp_path / "cache").expand(caption))
            return Rubric((), "en", "sound")

    theirs: list[Rubric] = []
    assert [CachedExpander(Other(), tmp_path / "cache").expand("rain")] == theirs


def test_a_cache_that_is_lost_on_the_way_is_named(tmp_path: Path) -> None:
    cached = CachedExpander(Counting(), tmp_path / "cache")
    for path in tmp_path.glob("cache*"):
        path.write_bytes(b"x" * 5000)
    with pytest.raises(NotJudgedError, match="cannot use it as the rubric cache"):
        cached.expand("rain")
