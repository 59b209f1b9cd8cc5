"""From what a person names on the command line to clips: folders, manifests, sidecars, standard input."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from audiojudge_cli.clips.locate import AsWritten, InFolder
from audiojudge_cli.clips.manifest import MANIFEST_SUFFIXES, PARQUET_SUFFIXES, Manifest, open_manifest
from audiojudge_cli.clips.paired import Pairing, Rows
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.clips.sidecars import sidecar_rows
from audiojudge_cli.clips.walk import AUDIO_SUFFIXES, SIDECAR_SUFFIX, Found, is_audio_name, walk
from audiojudge_cli.errors import InputError
from audiojudge_cli.text.nearest import nearest
from audiojudge_cli.text.terminal import safe_line, shown

Opener = Callable[[Path | str], Manifest]

# Looked for in a folder that is given without captions, in this order.
FOLDER_MANIFESTS = (
    *("metadata.jsonl", "metadata.csv", "metadata.parquet"),
    *("captions.jsonl", "captions.csv", "captions.tsv"),
    *("manifest.jsonl", "manifest.json", "manifest.csv"),
    *("captions.json", "map.json"),
)

# Names that a misspelt one is compared with: at a few microseconds each, no more than the blink of an eye.
_MOST_BESIDE = 2000


@dataclass(frozen=True, slots=True)
class Fields:
    """Field names that the user gave, or None."""

    audio: str | None = None
    caption: str | None = None
    transcript: str | None = None
    reference: str | None = None


SHARDS = "data"
"""Where datasets of the Hugging Face hub have their Parquet files."""


@dataclass(frozen=True, slots=True)
class Given:
    """Words for every clip alike, given on the command line instead of by captions of their own.

    Attributes:
        caption: What each clip should be, or None.
        transcript: The words to be spoken, or None.
    """

    caption: str | None = None
    transcript: str | None = None


def find_clips(
    outputs: Path | str | None,
    captions: Path | str | None = None,
    *,
    audio_field: str | None = None,
    caption_field: str | None = None,
    transcript_field: str | None = None,
    reference_field: str | None = None,
    given: Given | None = None,
    stdin: BinaryIO | None = None,
    opener: Opener | None = None,
    captioned: bool = True,
) -> Pairing:
    """Pair audio with captions.

    With both, the audio is looked for in `outputs` only. With one, a manifest's rows carry their own paths
    (absolute, or relative to its folder, else to the current one), and a folder holds a manifest such as
    `metadata.jsonl`, or sidecar texts.

    Args:
        outputs: Folder of audio, one audio file, a manifest, or `-`.
        captions: Manifest, folder of texts, or `-` for standard input.
        audio_field: Column of the audio path, instead of the recognised names.
        caption_field: Column of the caption, instead of the recognised names.
        transcript_field: Column of the words to be spoken, instead of the recognised names.
        reference_field: Column of a reference clip; a path like those of audio in a manifest given alone.
        given: Words for the audio file, or for every file of the folder, that `outputs` names; `captions` is then None.
        stdin: Replaces standard input.
        opener: Opens manifests, instead of `open_manifest`.
        captioned: Whether captions are what it is about. Without that, rows need none, and of a folder that is given
            alone every audio file is a clip: with the columns of its manifest where that names it.

    Raises:
        InputError: If something cannot be read, nothing pairs at all, or no row has a caption, transcript or rubric
            where captions are wanted.
    """
    fields = Fields(audio_field, caption_field, transcript_field, reference_field)
    opener = opener or partial(open_manifest, stdin=stdin)
    if given is not None:
        return _alike(outputs, captions, given)
    if outputs is not None and (str(outputs) == "-" or _is_manifest(Path(outputs))):
        if captions is not None:
            name = "standard input" if str(outputs) == "-" else shown(outputs)
            around = str(captions) != "-" and (Path(captions).is_dir() or is_audio_name(str(captions)))
            swapped = f"; the other way round it fits: {shown(captions)} --captions {name}" if around else ""
            raise InputError(f"{name} is a manifest itself: give it alone, or a folder with --captions{swapped}")
        outputs, captions = None, outputs
    if outputs is None:
        if captions is None:
            raise InputError(
                "nothing to read: name an audio file with --caption, a folder of audio with --captions, a manifest, or "
                "- for standard input"
            )
        if str(captions) == "-" or not Path(captions).is_dir():
            manifest = opener(captions)
            refuse_plain(manifest, fields)
            pairing = Pairing(_rows(manifest, fields), AsWritten(manifest.base), base=manifest.base)
            return checked(pairing, manifest.name, captioned=captioned)
        outputs, captions = captions, None
    return _in_folder(Path(outputs), captions, fields, opener, captioned=captioned)


def is_one_file(outputs: Path | str | None, *, worded: bool = False) -> bool:
    """Return whether `outputs` names one audio file.

    Args:
        outputs: As for `find_clips`.
        worded: Whether its words are given too; it is then audio whatever its suffix, if that is none of a manifest.
    """
    if outputs is None or str(outputs) == "-":
        return False
    path = Path(outputs)
    is_audio = path.suffix.lower() not in MANIFEST_SUFFIXES if worded else is_audio_name(path.name)
    return is_audio and path.is_file()


def _alike(outputs: Path | str | None, captions: Path | str | None, given: Given) -> Pairing:
    """Return every audio file that `outputs` names with the same words."""
    option = "--transcript" if given.caption is None else "--caption"
    if captions is not None:
        raise InputError(f"{option} and --captions both say what the clips should be; give one of the two")
    if outputs is None or str(outputs) == "-":
        raise InputError(f"{option} is for audio files: name one, or a folder of them")
    path = Path(outputs)
    refuse_missing(path)
    single = not path.is_dir()
    if single and not is_one_file(path, worded=True):
        raise InputError(
            f"{option} is for audio files, and {shown(path)} is a manifest; leave {option} out, or name the audio"
        )
    folder = path.parent if single else path
    found = Found(audio=[path.name]) if single else walk(folder)
    refuse_silent(folder, found)
    rows = _nobodys(folder, found.audio, given)
    pairing = Pairing(rows, InFolder(folder, found.audio, listed_only=single), found.audio, notes=found.skipped)
    return checked(pairing, option, shown(path))


def refuse_missing(path: Path) -> None:
    """Refuse a path where nothing is.

    Raises:
        InputError: If so, with the name of its folder that is nearest, or what the shell left of a pattern.
    """
    if path.exists():
        return
    if any(sign in path.name for sign in "*?["):
        raise InputError(
            f"no such file or folder: {shown(path)}; patterns are not taken, name the folder: {shown(path.parent)}"
        )
    try:
        beside = [entry.name for entry in islice(path.parent.iterdir(), _MOST_BESIDE)]
    except (OSError, ValueError):
        beside = []
    raise InputError(f"no such file or folder: {shown(path)}{safe_line(nearest(path.name, beside))}")


def refuse_no_captions(captions: Path | str) -> None:
    """Refuse what cannot hold captions: a caption itself, an audio file, a path where nothing is.

    Raises:
        InputError: If it is one of these.
    """
    text, path = str(captions), Path(captions)
    if text == "-":
        return
    try:
        missing = not path.exists()
    except (OSError, ValueError):  # longer than any name, or with a NUL byte
        missing = True
    if missing and (any(map(str.isspace, text)) or not path.suffix):
        raise InputError(
            f"--captions names a file, and there is no {shown(path)!r}; a caption itself goes to --caption"
        )
    if missing:
        refuse_missing(path)
    if path.is_file() and is_audio_name(path.name):
        raise InputError(f"{shown(path)} is audio: name audio first, and with --captions what holds the captions")


def refuse_silent(folder: Path, found: Found) -> None:
    """Refuse a folder without audio files.

    Raises:
        InputError: If it is one, with what it holds instead.
    """
    if not found.audio:
        known = ", ".join(sorted(AUDIO_SUFFIXES)[:8])
        texts = f"; it holds texts: name the folder of the audio, and this one with --captions {shown(folder)}"
        raise InputError(f"{shown(folder)} holds no audio files ({known} …){texts if found.texts else ''}")


def _is_manifest(path: Path) -> bool:
    return path.exists() and not path.is_dir() and not is_audio_name(path.name)


def shards_of(folder: Path) -> list[Path]:
    """Return the Parquet files of a folder, or else of its folder `data`, by name."""
    for place in (folder, folder / SHARDS):
        if place.is_dir():
            found = [each for suffix in PARQUET_SUFFIXES for each in place.glob(f"[!.]*{suffix}") if each.is_file()]
            if found:
                return sorted(found)
    return []


def _in_shards(folder: Path, shards: Sequence[Path], fields: Fields, opener: Opener, *, captioned: bool) -> Pairing:
    """Return the rows of all shards, with the audio inside them."""
    each = [_rows(opener(shard), fields) for shard in shards]
    pairing = Pairing(lambda: chain.from_iterable(rows() for rows in each), AsWritten(shards[0].parent))
    return checked(pairing, shown(folder), captioned=captioned)


def _in_folder(path: Path, captions: Path | str | None, fields: Fields, opener: Opener, *, captioned: bool) -> Pairing:
    refuse_missing(path)
    single = not path.is_dir()
    folder = path.parent if single else path
    if captions is not None:
        refuse_no_captions(captions)
    if single and captions is not None and (only := _only_caption(captions, fields, opener)) is not None:
        return _alike(path, None, Given(only))
    found = Found(audio=[path.name], texts=_beside(path)) if single else walk(folder)
    if not found.audio and captions is None and (shards := shards_of(folder)):
        return _in_shards(folder, shards, fields, opener, captioned=captioned)
    refuse_silent(folder, found)
    every_file = captions is None and not captioned
    if captions is None and not single:
        captions = inner_manifest(folder)
    bare = every_file and captions is None
    rows, bases = (_nobodys(folder, found.audio), ()) if bare else _captions(folder, captions, found, fields, opener)
    base = bases[0] if bases else folder
    locator = InFolder(folder, found.audio, bases, ids=fields.audio is None, listed_only=single)
    keep_missing = captions is not None and not single
    pairing = Pairing(rows, locator, found.audio, keep_missing=keep_missing, notes=found.skipped, base=base)
    if every_file and pairing.report.unused:
        rows = _chained(rows, _nobodys(folder, list(pairing.unused_audio())))
        pairing = Pairing(rows, locator, found.audio, keep_missing=keep_missing, notes=found.skipped, base=base)
    # Of standard input, or of Python's memory: `-` is no name.
    told = "the captions" if str(captions) == "-" else shown(path if captions is None else captions)
    return checked(pairing, told, shown(path), captioned=captioned)


def _nobodys(folder: Path, names: Sequence[str], given: Given | None = None) -> Rows:
    """Return rows that name audio files, and the words that are given for all of them."""
    source, said = shown(folder), given or Given()
    return lambda: (Row(source, None, name, said.caption, transcript=said.transcript) for name in names)


def _chained(first: Rows, second: Rows) -> Rows:
    return lambda: chain(first(), second())


def _captions(
    folder: Path, captions: Path | str | None, found: Found, fields: Fields, opener: Opener
) -> tuple[Rows, Sequence[Path]]:
    """Return where the captions come from, and the folders that their audio paths may start from."""
    if captions is None:
        return partial(sidecar_rows, folder, found.texts), ()
    if str(captions) != "-" and Path(captions).is_dir():
        texts = Path(captions)
        inner = inner_manifest(texts)
        if inner is None:
            return partial(sidecar_rows, texts, walk(texts).texts), ()
        captions = inner
    manifest = opener(captions)
    refuse_plain(manifest, fields)
    return _rows(manifest, fields), (manifest.base, Path())


def _only_caption(captions: Path | str, fields: Fields, opener: Opener) -> str | None:
    """Return the caption of a text that holds one; None for any other manifest, and for standard input."""
    if str(captions) == "-" or not Path(captions).is_file():
        return None
    manifest = opener(captions)
    if manifest.form != "text" or fields != Fields():
        return None
    rows = list(islice(manifest.rows(), 2))
    return rows[0].caption if len(rows) == 1 and isinstance(rows[0], Row) else None


def refuse_plain(manifest: Manifest, fields: Fields) -> None:
    """Refuse a text of captions without file names.

    The order of files is that of their names, and 10.wav comes before 2.wav: pairing by order would judge clips by the
    captions of others, and nobody would notice.

    Raises:
        InputError: If it is one.
    """
    if manifest.form == "text" and fields == Fields():
        raise InputError(
            f"{manifest.name} does not say which file each line belongs to, and their order is not taken for it; write "
            "a table with a header (audio,caption), or a .txt file beside each audio file, or give one caption with "
            "--caption"
        )


def inner_manifest(folder: Path) -> Path | None:
    """Return the manifest that a folder holds; None without one."""
    return next((folder / name for name in FOLDER_MANIFESTS if (folder / name).is_file()), None)


def _beside(audio: Path) -> list[str]:
    names = (audio.with_suffix(SIDECAR_SUFFIX).name, audio.name + SIDECAR_SUFFIX)
    return [name for name in names if (audio.parent / name).is_file()]


def _rows(manifest: Manifest, fields: Fields) -> Rows:
    first = manifest.path.stat()

    def rows() -> Iterator[Row | Problem]:
        now = manifest.path.stat()
        if (now.st_size, now.st_mtime_ns) != (first.st_size, first.st_mtime_ns):
            raise InputError(f"{manifest.name} changed while it was used; run the command again")
        return manifest.rows(
            audio_field=fields.audio,
            caption_field=fields.caption,
            transcript_field=fields.transcript,
            reference_field=fields.reference,
        )

    return rows


def checked(
    pairing: Pairing,
    captions: str,
    folder: str | None = None,
    *,
    captioned: bool = True,
    remedy: str = "give the folder of the audio and the rows with --captions",
) -> Pairing:
    """Return `pairing` if there is anything to judge in it.

    Args:
        pairing: What was paired.
        captions: Name of the manifest for messages.
        folder: Name of the folder of audio for messages, or None when the rows carry paths.
        captioned: Whether there must be captions.
        remedy: For rows that carry paths, none of which is there.

    Raises:
        InputError: If there are no rows, no captions, or no audio at all; with an example from both sides.
    """
    report = pairing.report
    if not report.rows and not captioned:
        raise InputError(f"{captions} holds no rows; name a folder of audio or a manifest with paths of audio files")
    if not report.rows:
        has_none = "has no caption" if is_audio_name(captions) else "holds no captions"
        raise InputError(
            f"{captions} {has_none}; give the caption itself with --caption, or name a manifest or a folder of "
            ".txt files with --captions"
        )
    if not report.clips:
        raise InputError(f"no row of {captions} can be used: {report.problem_examples[0]}")
    if captioned and not pairing.captioned:
        raise InputError(
            f"no row of {captions} has a caption or a transcript; name its column with --caption-field or "
            "--transcript-field"
        )
    if not report.paired:
        where = f"in {folder}" if folder else "where the rows say"
        unused = f"; the folder holds {shown(report.unused_examples[0])}" if report.unused_examples else ""
        remedy = "check --audio-field" if folder else remedy
        raise InputError(
            f"not one audio file that {captions} names is {where} "
            f"({report.missing_examples[0].message}{unused}); {remedy}"
        )
    return pairing
