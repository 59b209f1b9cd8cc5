"""The rules expander: deterministic, no network, the default.

A caption is taken apart (quotes, keys, time ranges, clauses), its words are looked up in the vocabulary, each clause
decides what its ambiguous words are about, and every claim becomes one question.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from audiojudge_cli.rubrics.expander import Expander
from audiojudge_cli.rubrics.grammar.claims import claims, subjects
from audiojudge_cli.rubrics.grammar.contexts import settle
from audiojudge_cli.rubrics.grammar.denial import denied
from audiojudge_cli.rubrics.grammar.layout import Layout, lay_out
from audiojudge_cli.rubrics.grammar.neighbours import related
from audiojudge_cli.rubrics.grammar.phrasing import question, relation_question
from audiojudge_cli.rubrics.grammar.pieces import Hit
from audiojudge_cli.rubrics.item import Rubric, RubricItem
from audiojudge_cli.rubrics.stems import HAN, WORD
from audiojudge_cli.rubrics.vocabulary import Sense, candidates, dimensions, longest


def load() -> Expander:
    """Return the rules expander (entry point `audiojudge.expanders`)."""
    return RulesExpander()


class RulesExpander:
    """Expands captions by vocabulary and grammar."""

    @property
    def name(self) -> str:
        """Short name, as in `--expander`."""
        return "rules"

    @property
    def fingerprint(self) -> str:
        """Hash over the code and the word lists: changes whenever a rubric could."""
        return _fingerprint()

    def expand(self, caption: str, *, subset: str | None = None, language: str | None = None) -> Rubric:
        """Return the rubric of `caption` (see `rubrics.expander`)."""
        layout = lay_out(caption)
        spoken_in = detect_language(caption)
        told_in = detect_language(layout.masked) if layout.quotes and spoken_in == "mixed" else spoken_in
        asked_in = language or ("zh" if told_in == "zh" else "en")
        _look_up(layout)
        denials = denied(layout.masked, layout.clauses)
        chosen = settle(layout, subset, denials)
        found = claims(layout, denials, chosen)
        many = sum(claim.dimension == "speaker_sex" for claim in found) > 1
        items = []
        described = subjects(found, layout)
        relations = related(found, layout) if asked_in == "zh" or told_in != "zh" else {}
        for number, claim in enumerate(found):
            basis = caption[claim.start : claim.end]
            relation = relations.get(number)
            if relation is not None:
                if relation.kind == "repeated":
                    continue
                asked = relation_question(relation, asked_in)
            else:
                words = claim.words(caption)
                asked = question(claim, words, asked_in, subject=described.get(number, ""), many=many)
            items.append(RubricItem(claim.dimension, asked, basis, claim.negated))
        items = list({item.question: item for item in reversed(items)}.values())[::-1]
        return Rubric(tuple(items), spoken_in, chosen)


def detect_language(caption: str) -> str:
    """Return `zh`, `en` or `mixed`: by the share of Chinese characters against English words."""
    if caption.isascii():
        return "en"
    han = len(HAN.findall(caption))
    latin = sum(not word.isdigit() for word in WORD.findall(caption))
    if not han:
        return "en"
    return "zh" if latin * 8 <= han else "mixed"


def detect_subset(caption: str) -> str:
    """Return `speech`, `sound`, `music` or `mix`: what a caption describes."""
    layout = lay_out(caption)
    _look_up(layout)
    return settle(layout, None, denied(layout.masked, layout.clauses))


@cache
def _by_name(senses: tuple[Sense, ...]) -> tuple[Mapping[str, str], tuple[str, ...]]:
    return MappingProxyType(dict(reversed(senses))), tuple(dict(senses))


def _look_up(layout: Layout) -> None:
    hits = longest(candidates(layout.masked, dimensions()))
    clauses = iter(layout.clauses)
    clause = next(clauses, None)
    for start, end, senses in hits:
        while clause is not None and start >= clause.end:
            clause = next(clauses, None)
        if clause is None:
            return
        if clause.start <= start and end <= clause.end and senses[0][0]:
            clause.hits.append(Hit(start, end, *_by_name(senses)))


@cache
def _fingerprint() -> str:
    digest = hashlib.sha256()
    here = Path(__file__).parent
    sources = ("*.py", "grammar/*.py", "words/*.yaml", "function/*.yaml")
    for path in sorted(path for source in sources for path in here.glob(source)):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return f"rules-{digest.hexdigest()[:16]}"
