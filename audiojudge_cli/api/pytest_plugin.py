"""The fixture `audiojudge` for the tests of other projects (entry point `pytest11`; docs/python.md).

Read whenever pytest starts, so that it imports nothing but pytest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from audiojudge_cli.api.asserting import Audiojudge


@pytest.fixture(scope="session")
def audiojudge_options() -> dict[str, Any]:
    """Options of `audiojudge_cli.score` for every clip of a session; define your own to change them."""
    return {}


@pytest.fixture(scope="session")
def audiojudge(audiojudge_options: dict[str, Any]) -> Audiojudge:
    """Judge clips: `audiojudge.assert_matches("dog.wav", "A dog barks.")`; the judge is loaded once per session."""
    from audiojudge_cli.api.asserting import Audiojudge

    return Audiojudge(audiojudge_options)
