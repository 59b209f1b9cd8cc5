"""Rubric items: independent, verifiable yes/no questions phrased so that yes = the caption is satisfied.

The method is the dynamic rubric of AnyAudio-Judge (arXiv 2606.03116).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from audiojudge_cli.rubrics.claim import Claim


@dataclass(frozen=True, slots=True)
class RubricItem:
    """One yes/no question about a clip.

    Attributes:
        dimension: What is asked about: `speaker_sex`, `event`, `tempo` … (see `rubrics.dimensions`).
        question: Phrased so that yes = the caption is satisfied, negations already turned.
        basis: The words of the caption it rests on; a span of the caption for expanded rubrics.
        negated: Whether the caption denies something here ("no drums").
        claim: What it asserts, typed; None where only the question is known. The question renders it, so items are
            equal without it.
    """

    dimension: str
    question: str
    basis: str
    negated: bool = False
    claim: Claim | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, repr=False)
class Rubric:
    """The items of one caption.

    Attributes:
        items: In order of their basis in the caption.
        language: Language of the caption: `en`, `zh` or `mixed`.
        subset: `speech`, `sound`, `music` or `mix`, as given or detected.
        notes: What cleaning dropped and why, one sentence each.
    """

    items: tuple[RubricItem, ...]
    language: str
    subset: str
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        from audiojudge_cli.text.counted import counted
        from audiojudge_cli.text.terminal import safe_line

        asked = " | ".join(item.question for item in self.items)
        return safe_line(f"<Rubric of {counted(len(self.items), 'item')}, {self.subset}, {self.language}: {asked}>")

    def __str__(self) -> str:
        from audiojudge_cli.rubrics.display import table

        return table(self)

    def _repr_html_(self) -> str:
        from audiojudge_cli.text.markup import table

        rows = [(item.dimension, item.question, ("¬ " if item.negated else "") + item.basis) for item in self.items]
        return table(("dimension", "question", "basis"), rows)
