"""The clips of a run, and their items, with what people said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from audiojudge_cli.calibration.labels import Label
from audiojudge_cli.errors import InputError
from audiojudge_cli.results.record import Record, RecordItem
from audiojudge_cli.text.terminal import shown


@dataclass(frozen=True, slots=True)
class Labelled:
    """Clips of a run with their labels.

    Attributes:
        clips: Each labelled clip that has a decision, once, in the order of the run.
        unsure: Labels of people who could not tell.
        strangers: Lines that name no clip of the run.
        undecided: Clips that have a label, but failed or had no verified item.
        items: Each labelled item that was verified, with its clip, in the order of the run.
        split: Clips of which as many people said yes as no.
        strange_items: Labels of items that their clip does not have, as after another rubric.
        random: Ids of clips that were drawn at random, where lines say so.
    """

    clips: tuple[tuple[Record, bool], ...]
    unsure: int
    strangers: tuple[int, ...]
    undecided: int
    items: tuple[tuple[Record, RecordItem, bool], ...] = ()
    split: int = 0
    strange_items: int = 0
    random: frozenset[str] = frozenset()


class _Run:
    """Finds what clip of a run a label is about."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.records = {record.id: record for record in records}
        self._of_audio: dict[str, list[Record]] = {}
        for record in self.records.values():
            self._of_audio.setdefault(record.audio.path, []).append(record)

    def find(self, label: Label) -> Record | None:
        """Return the record; None without one.

        Raises:
            ValueError: If there are several.
        """
        if label.id is not None:
            return self.records.get(label.id)
        found = self._of_audio.get(label.audio or "", [])
        if label.caption is not None:
            found = [record for record in found if record.caption == label.caption]
        if len(found) > 1:
            raise ValueError(
                f"the run has {len(found)} clips of the audio {shown(label.audio or '')}; "
                "give the id of the clip, or its caption as well"
            )
        return found[0] if found else None


def join(labels: Iterable[Label], records: Iterable[Record], source: Path) -> Labelled:
    """Return the clips of a run with their labels.

    A later line of the same person about the same clip takes the place of the earlier; lines without a name must not
    contradict each other. Of several people the majority counts; as many of either kind are no label.

    Args:
        labels: As `read_labels` gives them.
        records: Of the run.
        source: The file of labels, for messages.

    Raises:
        InputError: If a label fits several clips, or two without a name contradict each other; names the lines.
    """
    run = _Run(records)
    said: dict[str, dict[Hashable, Label]] = {}
    strangers = []
    for label in labels:
        try:
            record = run.find(label)
        except ValueError as error:
            raise InputError(f"{shown(source)}:{label.line}: {error}") from error
        if record is None:
            strangers.append(label.line)
        elif label.by is not None:
            said.setdefault(record.id, {})[label.by] = label
        else:
            _keep_nameless(said.setdefault(record.id, {}), label, record, source)
    standing = {clip: [label for label in people.values() if not label.undone] for clip, people in said.items()}
    return _joined(run, standing, tuple(strangers))


def _keep_nameless(people: dict[Hashable, Label], label: Label, record: Record, source: Path) -> None:
    for earlier in people.values():
        if earlier.by is None and None not in {earlier.match, label.match} and earlier.match != label.match:
            raise InputError(
                f"{shown(source)}:{label.line}: the clip {shown(record.id)} has the other label on line "
                f"{earlier.line}; keep one of them"
            )
    people[label.line] = label  # a number is nobody's name


def _joined(run: _Run, said: Mapping[str, list[Label]], strangers: tuple[int, ...]) -> Labelled:
    clips: list[tuple[Record, bool]] = []
    items: list[tuple[Record, RecordItem, bool]] = []
    unsure = split = undecided = strange = 0
    for record in run.records.values():
        labels = said.get(record.id)
        if not labels:
            continue
        votes = [label.match for label in labels if label.match is not None]
        unsure += sum(label.match is None and not label.items for label in labels)
        match = _majority(votes)
        if match is None:
            split += bool(votes)
        elif record.decision.value is None:
            undecided += 1
        else:
            clips.append((record, match))
        found, unknown = _items_of(record, labels)
        items += [(record, item, truth) for item, truth in found]
        strange += unknown
    random = frozenset(clip for clip, labels in said.items() if any(label.drawn == "random" for label in labels))
    return Labelled(tuple(clips), unsure, strangers, undecided, tuple(items), split, strange, random)


def _items_of(record: Record, labels: Iterable[Label]) -> tuple[list[tuple[RecordItem, bool]], int]:
    votes: dict[int, list[bool]] = {}
    strange = 0
    for label in labels:
        for said in label.items:
            places = [
                place
                for place, item in enumerate(record.items)
                if item.question == said.question and said.dimension in {None, item.dimension}
            ]
            strange += not places
            for place in places:
                votes.setdefault(place, []).extend([] if said.match is None else [said.match])
    verified = [(record.items[place], _majority(each)) for place, each in sorted(votes.items())]
    return [(item, truth) for item, truth in verified if truth is not None and item.p_yes is not None], strange


def _majority(votes: Iterable[bool]) -> bool | None:
    count = Counter(votes)
    return None if count[True] == count[False] else count[True] > count[False]
