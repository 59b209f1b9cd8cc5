"""Files on the Hugging Face hub: first its local cache, then the network.

Environment, as for the hub's own client: `HF_HUB_CACHE`, `HF_HOME`, `HF_ENDPOINT`, `HF_TOKEN`,
`HF_HUB_OFFLINE`.
"""

from __future__ import annotations

import os
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import IO, cast

from audiojudge_cli.weights.card import HubFile

ENDPOINT = "https://huggingface.co"
TIMEOUT_S = 60


class HubError(Exception):
    """The hub, or the way to it, did not deliver."""


def switched_off() -> bool:
    """Return whether `HF_HUB_OFFLINE` forbids the network."""
    return os.environ.get("HF_HUB_OFFLINE", "").strip().upper() in {"1", "ON", "YES", "TRUE"}


def cache_folder() -> Path:
    """Return the folder the hub's own client keeps its downloads in."""
    if explicit := os.environ.get("HF_HUB_CACHE"):
        return Path(explicit).expanduser()
    home = os.environ.get("HF_HOME")
    if home is None:
        home = str(Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")) / "huggingface")
    return Path(home).expanduser() / "hub"


def cached_file(wanted: HubFile) -> Path | None:
    """Return the file if the hub's client has it already, else None."""
    repository = cache_folder() / f"models--{wanted.repo.replace('/', '--')}"
    commit = wanted.revision
    reference = repository / "refs" / wanted.revision
    if reference.is_file():
        commit = reference.read_text(encoding="utf-8").strip()
    path = repository / "snapshots" / commit / wanted.file
    return path if path.is_file() else None


def download(wanted: HubFile) -> IO[bytes]:
    """Open the file on the hub for reading.

    Raises:
        HubError: If the network is switched off, the endpoint is not http(s), or the hub refuses.
    """
    if switched_off():
        raise HubError("not in the hub's local cache, and HF_HUB_OFFLINE is set")
    endpoint = os.environ.get("HF_ENDPOINT", ENDPOINT).rstrip("/")
    if not endpoint.startswith(("https://", "http://")):
        raise HubError(f"HF_ENDPOINT must start with https:// or http://, got {endpoint!r}")
    revision, file = urllib.parse.quote(wanted.revision, safe=""), urllib.parse.quote(wanted.file)
    request = urllib.request.Request(f"{endpoint}/{wanted.repo}/resolve/{revision}/{file}")  # noqa: S310 - http(s) alone
    if token := os.environ.get("HF_TOKEN"):
        # Unredirected: the hub sends large files on to other hosts, which must not see the token.
        request.add_unredirected_header("Authorization", f"Bearer {token}")
    try:
        return cast("IO[bytes]", urllib.request.urlopen(request, timeout=TIMEOUT_S))  # noqa: S310 - http(s) alone
    except urllib.error.HTTPError as error:
        with error:
            raise HubError(f"the hub answered {error.code} {error.reason}") from error
    except (OSError, ValueError) as error:
        raise HubError(f"the hub cannot be reached: {error}") from error
