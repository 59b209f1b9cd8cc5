"""Where a caption denies something, and how far the denial reaches."""

from __future__ import annotations

import re

from audiojudge_cli.rubrics.word_class import word_class
from audiojudge_cli.rubrics.grammar.pieces import Clause

_EN = re.compile(
    r"\b(?:no|not|without|never|nobody|none|nothing|avoid(?:s|ing)?|free of|free from|don'?t|don’t|doesn'?t|doesn’t"
    r"|isn'?t|aren'?t|neither|nor|lacks?|lacking|absence of|minus|cannot|can'?t|mustn'?t|shouldn'?t|exclude|excluding"
    r"|devoid of|skip|zero|leave out|omit|rather than|instead of)\b|(?<=[a-z])-free\b",
    re.IGNORECASE,
)
_ZH = re.compile(
    r"没有|毫无|不要|不能|不得|不带|不含|不需要|禁止|避免|不许|切勿|不加|不可|未|并非|拒绝|去掉|不用|无需|不出现|不会"
    r"|没(?!精打采|关系|事|问题|必要)|别(?!扭|致|墅|具)|(?<!若)(?<!毫)无(?!奈|聊|精|力|助|比|词|论|意|辜|所|尽"
    r"|限|线|言|人机|形|声胜)"
    r"|不(?!断|同|久|错|停|止|慢|紧|住|时|远|安|屑|耐|少|由|慌|满|甘|知|禁|已|仅|绝|急|疾|经意|和谐|协和|规则"
    r"|到|羁|解|舍|列|俗|凡|敢|清|动声色)"
)
_NOT_DENYING = re.compile(
    r"not only|not just|(?:n.?t|never|not) (?:stop|help|wait|worry)|no longer than|no more than|nothing but"
    r"|not quite|特别|分别|个别|级别|忍不住|差别|区别"
)
_STOP = re.compile(
    r"\b(?:but|then|only|just|instead|except|rather|although|though)\b|但|而是|只有|只要|而(?!且)", re.IGNORECASE
)
_LISTED = re.compile(r"\b(?:or|nor)\b|或|和|以及")


def denied(masked: str, clauses: tuple[Clause, ...]) -> list[tuple[int, int]]:
    """Return the stretches of the caption under a denial, in order, each starting at its cue.

    A denial reaches to the end of its clause or to a "but"; over a list ("avoid insects, traffic or voices") it
    reaches to the list's last member.
    """
    found: list[tuple[int, int]] = []
    for number, clause in enumerate(clauses):
        if not clause.chinese and not clause.words & word_class("deny_words"):
            continue
        body = masked[clause.start : clause.end]
        cue = _cue(body, clause)
        if cue < 0:
            continue
        stop = _STOP.search(body, cue + 2)
        end = clause.end if stop is None else clause.start + stop.start()
        if stop is None:
            end = _over_list(masked, clauses, number, end)
        found.append((clause.start + cue, end))
    return found


def _cue(body: str, clause: Clause) -> int:
    """Return where the first denial of a clause stands, outside words that only look like one, or -1."""
    deny = [_EN] if clause.words & word_class("deny_words") else []
    for pattern in [*deny, _ZH] if clause.chinese else deny:
        for match in pattern.finditer(body):
            at = clause.start + match.start()
            inside = any(hit.start <= at < hit.end for hit in clause.hits if hit.senses.keys() - {"vocals", "room"})
            around = body[max(0, match.start() - 2) : match.end() + 10]
            if not inside and not _NOT_DENYING.search(around):
                return match.start()
    return -1


def _over_list(masked: str, clauses: tuple[Clause, ...], number: int, end: int) -> int:
    reach = end
    for later in clauses[number + 1 : number + 8]:
        between = masked[reach : later.start]
        body = masked[later.start : later.end]
        if later.sentence != clauses[number].sentence or later.label != clauses[number].label:
            break
        if "、" in between:
            reach = end = later.end
            continue
        if ("," not in between and "，" not in between) or len(body) > 40 or _STOP.search(body) or _EN.search(body):
            break
        reach = later.end
        if _LISTED.search(body):
            end = reach
            break
    return end
