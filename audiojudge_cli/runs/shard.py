"""`--shard i/n`: which part of a run this process judges, by the clip's id alone."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Self

from audiojudge_cli.errors import InputError

MAX_SHARDS = 65_535
_FORM = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class Shard:
    """One of several parts of a run.

    Attributes:
        index: 1 to `count`.
        count: Number of parts.
    """

    index: int
    count: int

    def __str__(self) -> str:
        """Return `index/count`, as on the command line."""
        return f"{self.index}/{self.count}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the shard that `i/n` names.

        Raises:
            InputError: If it is written otherwise, or i does not lie in 1 to n.
        """
        found = _FORM.fullmatch(text.strip())
        index, count = map(int, found.groups()) if found else (0, 0)
        if not 1 <= index <= count <= MAX_SHARDS:
            raise InputError(f"--shard is i/n with i from 1 to n (1/4, 2/4, 3/4, 4/4 for four parts), not {text!r}")
        return cls(index, count)

    def holds(self, clip_id: str) -> bool:
        """Return whether a clip belongs here; other clips and their order play no part."""
        return stable_hash("shard", clip_id) % self.count == self.index - 1


def stable_hash(purpose: str, clip_id: str) -> int:
    """Return 64 bits of an id that are the same on every machine, and of no use for another purpose."""
    text = f"{purpose}\0{clip_id}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")
