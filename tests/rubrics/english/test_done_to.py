"""What somebody does to a thing is no state of what is heard."""

from __future__ import annotations

import pytest

from audiojudge_cli.rubrics.expander import Expander

DOERS = ["A person", "Someone", "A machine", "A worker"]
DONE = ["cleans a window", "lowers a bucket", "dries the dishes", "clears a path", "warms a pan"]


@pytest.mark.parametrize("doer", DOERS)
@pytest.mark.parametrize("done", DONE)
def test_no_state_is_asked_of_what_is_done(rules: Expander, doer: str, done: str) -> None:
    items = rules.expand(f"{doer} {done} while a dog barks").items
    assert any("dog" in item.question for item in items)
    dimensions = {item.dimension for item in items}
    assert not dimensions & {"noise", "pitch", "emotion", "room", "clarity", "timbre", "recording", "mood"}
