"""The figures a table of a run can show."""

from __future__ import annotations

from enum import StrEnum


class Value(StrEnum):
    """The figure in the cells, all from 0 to 1.

    The first three belong to clips: the mean alignment score, the share of clips that match, the mean share of items
    that were verified. The others belong to items: the mean p_yes, and the share answered yes of those verified.
    """

    SCORE = "score"
    MATCH = "match"
    COVERAGE = "coverage"
    P_YES = "p_yes"
    YES = "yes"

    @property
    def of_items(self) -> bool:
        """Whether the figure belongs to items and not to clips."""
        return self in {Value.P_YES, Value.YES}
