"""The verified cache of weights: fetched once, hashed once, then offline.

Layout: `<root>/<weights>-<8 hex of their fingerprint>/<file>`, so that a card which changes its weights never
meets old files, and a person can find them. Root: `AUDIOJUDGE_CACHE`, else the platform's cache folder.
`AUDIOJUDGE_OFFLINE=1` never touches the network.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.text.terminal import shown
from audiojudge_cli.weights.card import Card, WeightFile, Weights
from audiojudge_cli.weights.checks import is_verified, mark_verified, sha256_of
from audiojudge_cli.weights.progress import Progress
from audiojudge_cli.weights.sources import Fetcher, SourceError

State = Literal["ready", "unverified", "missing", "damaged"]


def cache_root() -> Path:
    """Return the folder weights are kept in, whether it exists or not."""
    if explicit := os.environ.get("AUDIOJUDGE_CACHE"):
        return Path(explicit).expanduser() / "weights"
    from platformdirs import user_cache_path

    return user_cache_path("audiojudge", appauthor=False) / "weights"


def fetching_is_off() -> bool:
    """Return whether `AUDIOJUDGE_OFFLINE` forbids the network."""
    return os.environ.get("AUDIOJUDGE_OFFLINE", "").strip().lower() not in {"", "0", "no", "false", "off"}


@dataclass(frozen=True, slots=True)
class FileStatus:
    """Where one file stands.

    Attributes:
        weights: Name of the weights on the card.
        file: Name of the file.
        path: Where it lies or would lie.
        state: `ready` (verified), `unverified` (there, not hashed yet), `missing` or `damaged` (wrong size or
            hash).
        bytes: Its size as the card says.
    """

    weights: str
    file: str
    path: Path
    state: State
    bytes: int


class Store:
    """Weights on this machine.

    Safe to share between threads and between processes: fetching holds a lock per weights, and a file appears
    complete and verified or not at all.
    """

    def __init__(self, root: Path | None = None) -> None:
        self.root = cache_root() if root is None else root

    def folder(self, card: Card, weights: str) -> Path:
        """Return where the files of `weights` lie or would lie; fetches nothing.

        Raises:
            WeightsError: If the card has no weights of that name.
        """
        return self.root / f"{weights}-{self._weights(card, weights).fingerprint[:8]}"

    def path(self, card: Card, weights: str, file: str | None = None) -> Path:
        """Return the folder of `weights`, or one of its files, all verified; fetches what is missing.

        Raises:
            WeightsError: If a file is missing or damaged and no source delivers it; says what to do.
        """
        folder = self.folder(card, weights)
        wanted = self._weights(card, weights)
        if file is not None and file not in {entry.name for entry in wanted.files}:
            raise WeightsError(f"card {card.name!r}: weights {weights!r} have no file {file!r}")
        if not all(is_verified(folder / entry.name, entry) for entry in wanted.files):
            self._complete(card, weights, wanted, folder)
        return folder if file is None else folder / file

    def pull(self, card: Card) -> tuple[Path, ...]:
        """Fetch and verify everything on the card; return the folders.

        Raises:
            WeightsError: As for `path`, at the first weights that fail.
        """
        return tuple(self.path(card, weights) for weights in card.weights)

    def status(self, card: Card) -> tuple[FileStatus, ...]:
        """Return where every file of the card stands, without hashing and without the network."""
        return self._states(card, hashing=False)

    def verify(self, card: Card) -> tuple[FileStatus, ...]:
        """Hash every file of the card anew; return where each stands. Fetches nothing."""
        return self._states(card, hashing=True)

    def _weights(self, card: Card, weights: str) -> Weights:
        if weights not in card.weights:
            known = ", ".join(card.weights) or "none"
            raise WeightsError(f"card {card.name!r} has no weights {weights!r}; it has: {known}")
        return card.weights[weights]

    def _states(self, card: Card, *, hashing: bool) -> tuple[FileStatus, ...]:
        return tuple(
            FileStatus(name, entry.name, path, _state(path, entry, hashing=hashing), entry.bytes)
            for name, weights in card.weights.items()
            for entry in weights.files
            for path in (self.folder(card, name) / entry.name,)
        )

    def _complete(self, card: Card, name: str, weights: Weights, folder: Path) -> None:
        from filelock import FileLock

        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WeightsError(
                f"the cache folder {folder} cannot be made ({error.strerror}); "
                "set AUDIOJUDGE_CACHE to a folder that can be written"
            ) from error
        with ExitStack() as stack:
            if os.access(folder, os.W_OK):
                stack.enter_context(FileLock(folder.with_name(f".{folder.name}.lock")))
            missing = [entry for entry in weights.files if _state(folder / entry.name, entry, hashing=True) != "ready"]
            if missing:
                _fetch(card, name, missing, folder)


def _state(path: Path, entry: WeightFile, *, hashing: bool) -> State:
    """Return where a file stands; with `hashing`, one found whole is marked, to be hashed only once."""
    try:
        if not path.is_file():
            return "missing"
        if not hashing and is_verified(path, entry):
            return "ready"
        if path.stat().st_size != entry.bytes:
            return "damaged"
        if not hashing:
            return "unverified"
        if sha256_of(path) != entry.sha256:
            return "damaged"
    except OSError as error:
        raise WeightsError(
            f"cannot read {shown(path)}: {error.strerror}; repair that or set AUDIOJUDGE_CACHE to another folder"
        ) from error
    mark_verified(path, entry)
    return "ready"


def _fetch(card: Card, name: str, files: Sequence[WeightFile], folder: Path) -> None:
    work = folder.with_name(f".{folder.name}.part")
    try:
        # Left over from a killed run; the lock says nobody is using it.
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        offline = fetching_is_off()
        with Progress(name, sum(entry.bytes for entry in files), silent=offline) as progress:
            fetcher = Fetcher(work, offline, progress.advance)
            for entry in files:
                _place(card, name, entry, folder, fetcher)
    except OSError as error:
        raise WeightsError(f"weights {name!r} cannot be written to {folder}: {error}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _place(card: Card, name: str, entry: WeightFile, folder: Path, fetcher: Fetcher) -> None:
    final = folder / entry.name
    said = []
    for source in entry.sources:
        part = fetcher.work / entry.name
        part.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        try:
            fetcher.fetch(entry, source, card.path.parent, part)
        except SourceError as error:
            said.append(f"{source}: {error}")
            continue
        found = sha256_of(part)
        if found == entry.sha256:
            _flush(part)
            final.parent.mkdir(parents=True, exist_ok=True)
            part.replace(final)
            mark_verified(final, entry)
            return
        said.append(f"{source}: SHA-256 {found} is not the card's")
    if fetching_is_off():
        remedy = f"AUDIOJUDGE_OFFLINE is set: unset it and run `audiojudge models pull {card.name}`"
    else:
        remedy = f"run `audiojudge models pull {card.name}` with a connection"
    state = "is damaged" if final.exists() else "is missing"
    raise WeightsError(
        f"weights {name!r} of card {card.name!r}: {entry.name} {state} and no source delivered it "
        f"({'; '.join(said)}); {remedy}, or put the file with SHA-256 {entry.sha256} at {final}"
    )


def _flush(path: Path) -> None:
    """Make the bytes durable before the name points at them."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
