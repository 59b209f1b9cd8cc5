"""What a judge is: waveforms with their items in, verdicts out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, get_args, runtime_checkable

from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.errors import InputError
from audiojudge_cli.results.verdict import Verdict
from audiojudge_cli.rubrics.item import RubricItem
from audiojudge_cli.rubrics.writer import Writer


@dataclass(frozen=True, slots=True)
class Case:
    """One clip as a judge gets it.

    Attributes:
        waveform: The decoded audio.
        items: The items to answer.
        caption: The whole caption, for judges that read it; never an instruction.
        language: Language of the caption (`en`, `zh`, `mixed`).
    """

    waveform: Waveform
    items: tuple[RubricItem, ...]
    caption: str = ""
    language: str = "en"


class Judge(Protocol):
    """Answers rubric items about clips.

    An answer never depends on the other cases of the call, on their order or number, or on earlier calls.
    """

    @property
    def name(self) -> str:
        """Short name, as in `--judge`."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever an answer could (weights, quantization, prompt, calibration, code)."""
        ...

    @property
    def device(self) -> str:
        """Where it runs, for `run.json`: `cpu`, `cuda:0` and so on."""
        ...

    def judge(self, cases: Sequence[Case]) -> list[list[Verdict]]:
        """Return one verdict per item, in order, for every case.

        Raises:
            ClipError: If one case cannot be judged; the caller then judges the cases one by one.
        """
        ...

    def describe(self) -> Mapping[str, str]:
        """Return what `run.json` records: card, versions, weights and their SHA-256."""
        ...


class Urgent(str):
    """A remark that is told even with `--quiet`: what was asked for is not what is done."""

    __slots__ = ()


@runtime_checkable
class Remarking(Protocol):
    """A judge with something to tell the person at the terminal (a quantization picked, memory run short)."""

    def remark_to(self, tell: Callable[[str], None]) -> None:
        """Tell everything so far, and from now on whatever comes up; one plain line each, none twice.

        A remark that is `Urgent` is told to the quiet as well.
        """
        ...


@runtime_checkable
class Concurrent(Protocol):
    """A judge whose `judge` may be called from several threads at once; any other is called from one."""

    @property
    def concurrent(self) -> int:
        """Most threads that should call it at once, at least 1; each uses one core."""
        ...


def concurrency(judge: Judge) -> int:
    """Return how many threads may call `judge` at once: 1 unless it says otherwise (`Concurrent`)."""
    return max(1, judge.concurrent) if isinstance(judge, Concurrent) else 1


@runtime_checkable
class Remote(Protocol):
    """A judge whose work is done elsewhere: its threads wait, so that `workers: auto` takes all that it allows.

    It can come to its end before the clips do (a budget that is used up, a server that is gone): `judge` then raises
    `waits.StoppedError`, and `ended` says why.
    """

    remote: bool

    @property
    def ended(self) -> str | None:
        """Why it answers no more, in half a sentence; None while it does."""
        ...

    @property
    def spent(self) -> Mapping[str, float]:
        """What the run has spent so far: `requests`, `prompt_tokens`, `completion_tokens`, and `cost` where known."""
        ...


def is_remote(judge: Judge) -> bool:
    """Return whether a judge only waits (`Remote`)."""
    return bool(getattr(judge, "remote", False))


def ended(judge: Judge) -> str | None:
    """Return why a judge answers no more; None for one that does, and for all that compute here."""
    return judge.ended if isinstance(judge, Remote) else None


def spent(judge: Judge) -> Mapping[str, float]:
    """Return what a judge has spent; nothing for those that compute here."""
    return judge.spent if isinstance(judge, Remote) else {}


Scope = Literal["item", "caption", "case"]


@runtime_checkable
class Scoped(Protocol):
    """A judge that says what an answer depends on besides the audio, so that `--cache` can share more of them.

    Judges that say nothing are taken to read everything: `case`.
    """

    @property
    def scope(self) -> Scope:
        """`item`: the item alone; `caption`: also caption and language; `case`: also the other items of the clip."""
        ...


def scope_of(judge: Judge) -> Scope:
    """Return the scope of a judge; `case`, which is always right, for one that names none."""
    scope = judge.scope if isinstance(judge, Scoped) else "case"
    return scope if scope in get_args(Scope) else "case"


@runtime_checkable
class Writing(Protocol):
    """A judge whose model can write text too, for the llm expander."""

    @property
    def writer(self) -> Writer:
        """The writer; safe to use on other threads while the judge is judging."""
        ...


def writer_of(judge: Judge) -> Writer:
    """Return the judge's model as a writer.

    Raises:
        InputError: If its model cannot write.
    """
    if isinstance(judge, Writing):
        return judge.writer
    raise InputError(
        "the llm expander needs a model: give --llm-model, with --llm-endpoint or a local folder "
        f"(the judge {judge.name} cannot write)"
    )
