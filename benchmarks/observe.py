"""What the probes hear in the clips of a labelled set, kept on disk, and what the judge reads off it for each item."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
from audiojudge_cli.judges.embedded.heads import Heads, load_heads
from audiojudge_cli.judges.embedded.judge import observe
from audiojudge_cli.judges.embedded.reading import NotHeard, Reading
from audiojudge_cli.judges.embedded.signal_features import SignalFeatures
from audiojudge_cli.lazy import lazy
from audiojudge_cli.probes.ordinary import Ordinary, load_ordinary, means, over, peaks
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.rubrics.item import RubricItem
from audiojudge_cli.rubrics.rules import load as load_rules
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store

# Cheap to compute again, large, or dependent on what is being fitted.
_NOT_KEPT = frozenset(
    {"_models", "_heads", "ordinary", "instruments", "standing", "waveform", "samples", "measured"}
    | {"_speech_spectrum", "_music_spectrum"}
)
_NOT_KEPT_MEASURED = frozenset({"_clip", "speech_samples"})


@dataclass(frozen=True)
class Observed:
    """One item as the probes saw it.

    Attributes:
        item: The rubric item.
        reading: What was measured; None when the item is unverifiable.
        negated: Whether yes means that the check fails.
        gold: The gold answer of the item (True = yes), None when unknown.
        reason: Why it is unverifiable.
    """

    item: RubricItem
    reading: Reading | None
    negated: bool
    gold: bool | None
    reason: str = ""


@dataclass(frozen=True)
class Row:
    """One labelled row: audio, caption, whether they match, and its observed items."""

    audio: str
    caption: str
    match: bool
    kind: str
    subset: str
    source: str
    chinese: bool
    gold: tuple[Observed, ...]
    own: tuple[Observed, ...]


class Kept(ClipFeatures):
    """A hearing that starts with what an earlier run heard, and keeps what it hears anew.

    Args:
        path: The audio file; decoded only when something must be heard anew.
        file: Where what was heard is kept (a pickle written by this class alone); None: nowhere.
        models: As for `ClipFeatures`.
        heads: As for `ClipFeatures`.
    """

    def __init__(self, path: Path, file: Path | None, models: Models, heads: Heads) -> None:
        self._models, self._heads, self._path, self._file = models, heads, path, file
        self._transcripts = {}
        self._known = 0
        if file is not None and file.exists():
            state: dict[str, Any] = pickle.loads(file.read_bytes())
            measured = state.pop("measured*", None)
            self.__dict__.update(state)
            if measured is not None:
                vars(self.measured).update(measured)
        self._known = self._size()

    @lazy
    def waveform(self) -> Any:  # noqa: ANN401 - an attribute there, decoded on demand here
        """The decoded clip."""
        return decode(self._path)

    def using(self, ordinary: Ordinary, heads: Heads) -> None:
        """Judge by other statistics and heads from now on."""
        self.ordinary, self._heads = ordinary, heads
        for name in ("standing", "instruments"):
            with suppress(KeyError):
                del self.__dict__[name]

    def keep(self) -> None:
        """Write down what was heard since the last time."""
        if self._file is None or self._size() == self._known:
            return
        state = {name: value for name, value in vars(self).items() if name not in _NOT_KEPT | _OWN}
        if "measured" in vars(self):
            kept = {name: value for name, value in vars(self.measured).items() if name not in _NOT_KEPT_MEASURED}
            state["measured*"] = kept
        self._file.parent.mkdir(parents=True, exist_ok=True)
        partly = self._file.with_suffix(".part")
        partly.write_bytes(pickle.dumps(state))
        partly.replace(self._file)
        self._known = self._size()

    def _size(self) -> int:
        """Return how many facts are known."""
        measured = vars(self).get("measured")
        facts = len(vars(self).keys() - _NOT_KEPT - _OWN) + len(self._transcripts)
        return facts + (len(vars(measured).keys() - _NOT_KEPT_MEASURED) if isinstance(measured, SignalFeatures) else 0)


_OWN = frozenset({"_path", "_file", "_known"})


@dataclass(frozen=True)
class LabelledSet:
    """A folder with manifest.jsonl, and its clips as heard.

    Attributes:
        name: Of the folder.
        entries: Rows of the manifest.
        hearings: By audio.
    """

    name: str
    entries: Sequence[Mapping[str, Any]]
    hearings: Mapping[str, Kept]

    def rows(self, ordinary: Ordinary, heads: Heads, *, own: bool = True) -> list[Row]:
        """Return the rows with gold items observed, and own items too where asked for."""
        expander = load_rules()
        found = []
        for hearing in self.hearings.values():
            hearing.using(ordinary, heads)
        for entry in self.entries:
            hearing = self.hearings[entry["audio"]]
            items = expander.expand(entry["caption"], subset=entry["subset"]).items if own else ()
            found.append(_row(hearing, entry, items))
            hearing.keep()
        return found


def open_set(folder: Path, cache: Path | None) -> LabelledSet:
    """Return a labelled set; what its clips sound like is kept in a folder of that name under `cache`."""
    lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    models, heads = Models(Store(), find_card("embedded"), "cpu"), load_heads()

    def kept(audio: str) -> Kept:
        file = None if cache is None else cache / folder.name / f"{audio.replace('/', '__')}.pkl"
        return Kept(folder / audio, file, models, heads)

    return LabelledSet(folder.name, entries, {entry["audio"]: kept(entry["audio"]) for entry in entries})


def ordinary_over(sets: Iterable[LabelledSet]) -> Ordinary:
    """Return the statistics of ordinary clips over some sets, of music tags over those with music; labels play no part.

    Music plays where its sound class is likelier there than not.
    """
    clips = list(_all(sets))
    musical = [h.tags.logits.mean(axis=0) for h in clips if h.events.logits[:, h.events.index("Music")].max() > 0.0]
    return over([peaks(h.events, h.between_speech) for h in clips], [means(h.events) for h in clips], musical)


def _all(sets: Iterable[LabelledSet]) -> Iterator[Kept]:
    for one in sets:
        yield from one.hearings.values()


def _row(hearing: Kept, entry: Mapping[str, Any], own: Sequence[RubricItem]) -> Row:
    gold = [
        (RubricItem(it["dimension"], it["question"], it["basis"]), {"yes": True, "no": False}.get(it["answer"]))
        for it in entry["rubric"]
    ]
    see = partial(_observed, hearing)
    return Row(
        audio=entry["audio"],
        caption=entry["caption"],
        match=entry["label"] == "yes",
        kind=entry["type"],
        subset=entry["subset"],
        source=entry["source"],
        chinese=any("\u4e00" <= char <= "\u9fff" for char in entry["caption"].split("“")[0].split('"')[0]),
        gold=tuple(see(item, answer) for item, answer in gold),
        own=tuple(see(item, None) for item in own),
    )


def _observed(hearing: Kept, item: RubricItem, gold: bool | None) -> Observed:
    reading = observe(hearing, item)
    if isinstance(reading, NotHeard):
        return Observed(item, None, False, gold, reading.reason)
    return Observed(item, reading, reading.negated, gold)


def rows_of(folder: Path, cache: Path | None) -> list[Row]:
    """Return the observed rows of one set, with this installation's statistics and heads."""
    return open_set(folder, cache).rows(load_ordinary(), load_heads())
