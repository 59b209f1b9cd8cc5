from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.clips.lines import MAX_LINE_BYTES, text_lines
from audiojudge_cli.clips.row import Problem


@given(st.binary(max_size=100).filter(lambda data: not data.startswith(b"\xef\xbb\xbf")))
def test_all_bytes_come_back(data: bytes) -> None:
    lines = [text for _, text in text_lines(io.BytesIO(data), "m") if isinstance(text, str)]
    assert "".join(lines).encode("utf-8", "surrogateescape") == data
    assert [number for number, _ in text_lines(io.BytesIO(data), "m")] == list(range(1, len(lines) + 1))


def test_the_mark_goes_and_only_lines_beyond_the_limit() -> None:
    longest = b"x" * MAX_LINE_BYTES + b"\n"
    (first, mark), (_, kept), (third, skipped), (_, last) = text_lines(
        io.BytesIO(b"\xef\xbb\xbfa\n" + longest + b"x" + longest + b"b"), "m"
    )
    assert (first, mark, last) == (1, "a\n", "b")
    assert isinstance(kept, str)
    assert len(kept) == len(longest)
    assert isinstance(skipped, Problem)
    assert (skipped.line, skipped.kind) == (third, "too-long")
