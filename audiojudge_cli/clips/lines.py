"""Lines of a text manifest, one at a time: bounded in length, numbered, checked for their encoding."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from audiojudge_cli.clips.row import Problem
from audiojudge_cli.errors import InputError

# A row may hold a caption of megabytes; a line beyond this is not a manifest's.
MAX_LINE_BYTES = 32 << 20
_HEAD = 1 << 16
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


def check_text(head: bytes, source: str) -> None:
    """Check the first bytes of a text manifest.

    Raises:
        InputError: If it is UTF-16 or UTF-32, compressed, a spreadsheet, or has the line ends of old Macs.
    """
    if head.startswith(_WIDE) or (len(head) >= 4 and head[:4].count(0) >= 2):
        raise InputError(f"{source} is UTF-16 or UTF-32; convert it: iconv -f UTF-16 -t UTF-8 IN > OUT")
    if head.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ")):
        raise InputError(f"{source} is compressed; unpack it first, or pipe it: zcat FILE | audiojudge … -")
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise InputError(f"{source} is a spreadsheet or archive; save it as CSV")
    if b"\r" in head and b"\n" not in head and len(head) < _HEAD:
        raise InputError(f"{source} ends its lines with CR alone; convert it: tr '\\r' '\\n' < IN > OUT")


def text_lines(file: BinaryIO, source: str) -> Iterator[tuple[int, str | Problem]]:
    """Yield (line number, line with its line end) from the start of `file`.

    A byte order mark is dropped. Bytes that are not UTF-8 become lone surrogates (`surrogateescape`), so that a file
    name in another encoding still finds its file. A line that is too long is yielded as a problem and skipped.
    """
    file.seek(0)
    number = 0
    while raw := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        if len(raw) > MAX_LINE_BYTES and not raw.endswith(b"\n"):
            while raw and not raw.endswith(b"\n"):
                raw = file.readline(1 << 20)
            message = f"the line is longer than {MAX_LINE_BYTES >> 20} MiB and was skipped"
            yield number, Problem(source, number, "too-long", message)
            continue
        yield number, raw.decode("utf-8", "surrogateescape")
