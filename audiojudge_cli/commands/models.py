"""`audiojudge models`: which weights the judges need, where they lie, and whether they are whole."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiojudge_cli.commands import complete
from audiojudge_cli.commands.help import HelpCommand, HelpGroup

if TYPE_CHECKING:
    from audiojudge_cli.weights.card import Card
    from audiojudge_cli.weights.store import FileStatus


class Layout(StrEnum):
    """How a table is printed."""

    TEXT = "text"
    JSONL = "jsonl"


CardNames = Annotated[
    list[str] | None,
    typer.Argument(metavar="[CARD]...", autocompletion=complete.cards, help="Name of a card, or path of a YAML file."),
]

models = typer.Typer(no_args_is_help=True, cls=HelpGroup, help="Weights of the judges: list, fetch, verify, find.")


def register(app: typer.Typer) -> None:
    """Add `audiojudge models` to the command tree."""
    app.add_typer(models, name="models")


@models.command("list", cls=HelpCommand)
def list_models(
    cards: CardNames = None,
    layout: Annotated[Layout, typer.Option("--format", help="Table, or one JSON object a file.")] = Layout.TEXT,
) -> None:
    """List cards, their weights with licence and size, and what is in the cache."""
    from audiojudge_cli.weights.store import Store

    store = Store()
    for card in _cards(cards):
        states = store.status(card)
        if layout is Layout.JSONL:
            _print_jsonl(card, states)
            _print_model_jsonl(card)
        else:
            _print_table(card, states)
            _print_model(card, notes=cards is not None)
    if layout is Layout.TEXT:
        typer.echo(f"cache: {store.root}")


@models.command(cls=HelpCommand)
def pull(cards: CardNames = None) -> None:
    """Fetch and verify all weights of the given cards (`embedded` when none is given); then work offline."""
    from audiojudge_cli.weights.store import Store

    store = Store()
    for card in _cards(cards or ["embedded"]):
        for folder in store.pull(card):
            typer.echo(folder)
        if card.model is not None:
            from audiojudge_cli.judges.omni.checkpoint import read_checkpoint
            from audiojudge_cli.judges.omni.locate import fetch_model

            typer.echo(read_checkpoint(fetch_model(card)).folder)


@models.command(cls=HelpCommand)
def verify(cards: CardNames = None) -> None:
    """Hash every file again.

    Exit code 3 when one is damaged. Weights that were never fetched are no fault, unless their card is named.
    """
    from audiojudge_cli.errors import WeightsError
    from audiojudge_cli.weights.store import Store

    store = Store()
    faulty = []
    for card in _cards(cards or ["embedded"]):
        for status in store.verify(card):
            absent = status.state == "missing"
            typer.echo(f"{'not fetched' if absent else status.state}  {status.path}")
            if status.state != "ready" and (cards or not absent):
                faulty.append(card.name)
        faulty += _verify_model(card)
    if faulty:
        names = " ".join(dict.fromkeys(faulty))
        raise WeightsError(f"{len(faulty)} files are missing or damaged; run `audiojudge models pull {names}`")


@models.command(cls=HelpCommand)
def path(
    card: Annotated[str, typer.Argument(help="Name of a card, or path of a YAML file.")] = "embedded",
    weights: Annotated[str | None, typer.Argument(help="One of its weights; all when left out.")] = None,
) -> None:
    """Print the folders the weights lie in, or would lie in; fetches nothing."""
    from audiojudge_cli.weights.catalog import find_card
    from audiojudge_cli.weights.store import Store

    store, found = Store(), find_card(card)
    for name in [weights] if weights else found.weights:
        typer.echo(store.folder(found, name))
    if found.model is not None and weights is None:
        from audiojudge_cli.judges.omni.locate import place_of

        typer.echo(place_of(found))


@models.command("convert-head", cls=HelpCommand)
def convert_head(
    source: Annotated[Path, typer.Argument(metavar="IN.pt", help="Head of a reward model, as torch.save wrote it.")],
    target: Annotated[Path, typer.Argument(metavar="OUT.safetensors", help="Must not be there yet.")],
) -> None:
    """Convert the head of a reward model to safetensors, without unpickling it: nothing in the file is run.

    Exit code 0: written; 2: the file is anything else than one linear layer.
    """
    from audiojudge_cli.text.terminal import shown
    from audiojudge_cli.weights.reward_head import convert_head as convert

    size = convert(source, target)
    typer.echo(f"{shown(target)}: a head for hidden states of {size} numbers")


def _cards(names: list[str] | None) -> list[Card]:
    from audiojudge_cli.weights.catalog import card_names, find_card

    return [find_card(name) for name in names or card_names()]


def _print_table(card: Card, states: tuple[FileStatus, ...]) -> None:
    from audiojudge_cli.text.terminal import safe_line

    typer.echo(f"{card.name} ({card.family}): {safe_line(card.title)}")
    for name, weights in card.weights.items():
        own = [status for status in states if status.weights == name]
        size = sum(status.bytes for status in own) / 1e6
        state = _worst(own)
        title, licence = safe_line(weights.title), safe_line(weights.licence)
        typer.echo(f"  {name:<16} {state:<10} {size:>7.1f} MB  {licence:<12} {title}")


def _print_model(card: Card, *, notes: bool) -> None:
    if card.endpoint is not None:
        from audiojudge_cli.text.hidden import hidden
        from audiojudge_cli.text.terminal import safe_line

        server = card.endpoint
        where = hidden(server.base_url) if server.base_url else "at --base-url"
        typer.echo(f"  {'server':<16} {safe_line(server.model or 'by --model')}, {safe_line(where)}; nothing to fetch")
    if card.model is None:
        return
    from audiojudge_cli.judges.omni.model_status import model_status
    from audiojudge_cli.text.terminal import safe_line

    status = model_status(card)
    size = f"{status.bytes / 1e6:>7.1f} MB" if status.bytes else f"{'':>10}"
    typer.echo(f"  {'model':<16} {status.state:<10} {size}  {safe_line(card.licence):<12} {card.model.source}")
    if card.model.memory_gib:
        needs = ", ".join(f"{quant} {size:g}" for quant, size in card.model.memory_gib.items())
        typer.echo(f"  {'':<16} GiB of memory by --quant: {needs}; hears {card.model.max_audio_s:g} s at once")
    for note in (card.model.licence_note, card.model.note) if notes else ():
        if note:
            typer.echo(f"  {'':<16} {safe_line(note)}")


def _print_model_jsonl(card: Card) -> None:
    if card.model is None:
        return
    from audiojudge_cli.judges.omni.model_status import model_status
    from audiojudge_cli.text.jsonl import dump_line

    status = model_status(card)
    line = dump_line(
        {
            "card": card.name,
            "weights": "model",
            "file": card.model.source,
            "state": status.state,
            "bytes": status.bytes,
            "licence": card.licence,
            "path": "" if status.folder is None else str(status.folder),
        }
    )
    typer.echo(line.rstrip("\n"))


def _verify_model(card: Card) -> list[str]:
    """Print where the card's model stands, hashed anew; return the card's name if it is not as it should be."""
    if card.model is None:
        return []
    from audiojudge_cli.judges.omni.model_status import model_status

    status = model_status(card, hashing=True)
    typer.echo(f"{status.state}  {status.folder or card.model.source}{f'  {status.fault}' if status.fault else ''}")
    return [card.name] if status.state in {"missing", "damaged"} else []


def _worst(states: list[FileStatus]) -> str:
    """Return the one state that says most about several files: damaged before missing before the rest."""
    found = {status.state for status in states}
    return next(state for state in ("damaged", "missing", "unverified", "ready") if state in found)


def _print_jsonl(card: Card, states: tuple[FileStatus, ...]) -> None:
    from audiojudge_cli.text.jsonl import dump_line

    for status in states:
        line = dump_line(
            {
                "card": card.name,
                "weights": status.weights,
                "file": status.file,
                "state": status.state,
                "bytes": status.bytes,
                "licence": card.weights[status.weights].licence,
                "path": str(status.path),
            }
        )
        typer.echo(line.rstrip("\n"))
