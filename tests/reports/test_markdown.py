from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.reports.markdown import MAX_CHARS, code, page, table, text

HOSTILE = st.text(alphabet="ab |`\\*_[](){}<>#!@&;:\n\r\x1b\u202e.-~$^=+/'\"1", max_size=40)


def test_markup_becomes_inert():
    assert text("1. https://e.org it's") == "1&#46; https&#58;//e.org it's"
    assert text("<img src=x onerror=alert(1)>") == "&#60;img src&#61;x onerror&#61;alert&#40;1&#41;&#62;"
    assert text("3.5 s, well-known, 一位女性") == "3.5 s, well-known, 一位女性"
    assert text("www.example.org @team #12") == "www&#46;example.org &#64;team &#35;12"


@given(HOSTILE)
def test_text_holds_nothing_that_markdown_would_read(value):
    written = text(value)
    bare = re.sub(r"&#\d+;", "", written)
    assert not set(bare) & set("\\`*_{}[]()<>#|&@\n\r\x1b\u202e~$^")
    assert (
        html.unescape(written)
        .replace("\\n", "\n")
        .replace("\\r", "\r")
        .startswith(value.split("\x1b")[0].split("\u202e")[0][:3])
        or "\\" in value
    )


@given(HOSTILE)
def test_code_never_ends_early(value):
    written = code(value)
    inner = written.removeprefix("`").removesuffix("`") if written.startswith("`") else re.sub(r"</?code>", "", written)
    assert not set(inner) & set("`|\n\r\x1b\u202e")
    if not written.startswith("`"):
        assert not set(inner) & set("<>\\")


@given(st.lists(st.lists(HOSTILE, min_size=3, max_size=3), max_size=4))
def test_tables_keep_their_columns(rows):
    lines = table(("a", "b", "c"), [[code(row[0]), text(row[1]), code(row[2])] for row in rows], right=(1,))
    assert len(lines) == len(rows) + 2
    assert {line.count("|") for line in lines} == {4}


def test_a_page_fits_a_comment():
    long = page(["x" * 99] * 5000)
    assert len(long) < MAX_CHARS + 100
    assert "more lines left out" in long
    assert page(["one", "two"]) == "one\ntwo\n"
