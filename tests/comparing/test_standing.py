"""Win rates and agreement are those of the pairs, whatever their order and sides."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from audiojudge_cli.comparing.pairs_file import Bout
from audiojudge_cli.comparing.standing import Standing

bouts = st.builds(
    Bout,
    a=st.sampled_from(["x", "y"]),
    b=st.sampled_from(["y", "z"]),
    preferred=st.sampled_from(["a", "b", "tie", "unverifiable", "error"]),
    prompt=st.sampled_from("pqr"),
    subset=st.sampled_from(["speech", "unknown"]),
    human=st.sampled_from(["", "a", "b", "tie"]),
)
TURNED = {"a": "b", "b": "a"}


def turned(bout: Bout) -> Bout:
    swapped = {name: TURNED.get(getattr(bout, name), getattr(bout, name)) for name in ("preferred", "human")}
    return Bout(bout.b, bout.a, swapped["preferred"], bout.prompt, bout.subset, swapped["human"])


def told(found: list[Bout]) -> Standing:
    standing = Standing("xyz")
    for bout in found:
        standing.add(bout)
    return standing


@settings(max_examples=40, deadline=None)
@given(st.lists(bouts, max_size=12))
def test_every_pair_is_counted_once_on_either_side(found: list[Bout]) -> None:
    data = told(found).to_dict(ranked=False)
    other = told([turned(bout) for bout in found]).to_dict(ranked=False)
    for name in ("systems", "subsets", "agreement", "prompts"):
        assert data[name] == other[name]
    decided = [bout for bout in found if bout.preferred in {"a", "b", "tie"} and bout.a != bout.b]
    assert sum(one["wins"] for one in data["systems"].values()) == sum(bout.preferred != "tie" for bout in decided)
    assert sum(one["ties"] for one in data["systems"].values()) == 2 * sum(bout.preferred == "tie" for bout in decided)
    for one in data["systems"].values():
        rate = one["win_rate"]
        assert (rate["value"] is None) == (one["pairs"] == 0)
        if rate["low"] is not None:
            assert 0 <= rate["low"] <= rate["value"] <= rate["high"] <= 1
            assert rate["low"] < rate["high"], "a few that agree are not sure"


def test_agreement_counts_a_tie_as_half() -> None:
    found = [Bout("x", "y", one, str(at), "speech", "a") for at, one in enumerate(["a", "b", "tie", "error"])]
    agreed = told(found).to_dict(ranked=False)["agreement"]
    assert (agreed["right"], agreed["wrong"], agreed["tied"], agreed["undecided"]) == (1, 1, 1, 1)
    assert agreed["accuracy"]["value"] == 0.5
