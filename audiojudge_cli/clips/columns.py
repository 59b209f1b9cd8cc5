"""Which column means what: the field names that are recognised, and those a user can name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from audiojudge_cli.errors import InputError
from audiojudge_cli.text.terminal import safe_line, shorten

# In order of precedence: where a row has several, the first counts and the others become metadata.
RECOGNISED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "audio": (
            *("audio", "audio_path", "audio_filepath", "audio_file", "file_name", "filename"),
            *("file_path", "filepath", "file", "path", "wav_path", "wav"),
        ),
        "caption": ("caption", "prompt", "instruction", "description", "text"),
        "transcript": ("transcript", "transcription", "sentence", "target_text", "text"),
        "id": ("id", "clip_id", "uuid", "key"),
        "subset": ("subset",),
        "language": ("language", "lang"),
        "rubric": ("rubric", "rubric_items", "items"),
    }
)
# `text` is a caption in most manifests; in a NeMo row, which has this column, it is what is spoken.
_NEMO = "audio_filepath"
_CACHED_SHAPES = 256


class Columns:
    """Maps the columns of a row to their roles, the keys of `RECOGNISED`.

    Names match whatever their case. Fields that are named overrule the recognised names. Without a name `text` is a
    transcript in rows with a column `audio_filepath` (NeMo manifests) and a caption in all others.

    Args:
        audio_field: Column of the audio path.
        caption_field: Column of the caption.
        transcript_field: Column of the words to be spoken.
        reference_field: Column of the reference clip's path; without a name there is none.
        without: Roles that no column has, whatever their names.
    """

    def __init__(
        self,
        audio_field: str | None = None,
        caption_field: str | None = None,
        transcript_field: str | None = None,
        reference_field: str | None = None,
        *,
        without: Collection[str] = (),
    ) -> None:
        named = {
            "audio": audio_field,
            "caption": caption_field,
            "transcript": transcript_field,
            "reference": reference_field,
        }
        self._named = {role: name for role, name in named.items() if name is not None}
        self._without = frozenset(without)
        self._cache: dict[tuple[str, ...], dict[str, str]] = {}

    @property
    def named(self) -> Mapping[str, str]:
        """The columns that the user named, by role."""
        return self._named

    def roles(self, names: tuple[str, ...]) -> Mapping[str, str]:
        """Return role → column for a row with columns `names`; roles without a column are missing."""
        found = self._cache.get(names)
        if found is None:
            if len(self._cache) >= _CACHED_SHAPES:
                self._cache.clear()
            found = self._cache[names] = self._resolve(names)
        return found

    def require(self, names: Sequence[str], where: str) -> None:
        """Check the columns of a header, or of the first row of a form without one.

        Raises:
            InputError: If a named field is not among them, if caption and transcript are one column, or if there is
                neither audio, id, caption nor transcript.
        """
        folded = {name.strip().casefold() for name in names}
        for role, name in self._named.items():
            if name not in names and name.strip().casefold() not in folded:
                raise InputError(
                    f"{where} has no column {_quoted([name])} (--{role}-field); its columns are {_quoted(names)}"
                )
        roles = self.roles(tuple(names))
        if "caption" in roles and roles["caption"] == roles.get("transcript"):
            raise InputError(
                f"--caption-field and --transcript-field both name {_quoted([roles['caption']])}; "
                "a column holds either what describes the clip or the words to be spoken"
            )
        if not roles.keys() & {"audio", "caption", "transcript", "id"}:
            raise InputError(
                f"{where} has no column for audio or caption; its columns are {_quoted(names)}. Name them with "
                "--audio-field and --caption-field or --transcript-field, or give the file a header"
            )

    def _resolve(self, names: tuple[str, ...]) -> dict[str, str]:
        folded: dict[str, str] = {}
        for name in names:
            folded.setdefault(name.strip().casefold(), name)
        roles: dict[str, str] = {}
        for role, name in self._named.items():
            column = name if name in names else folded.get(name.strip().casefold())
            if column is not None:
                roles[role] = column
        taken = set(roles.values())
        for role, candidates in RECOGNISED.items():
            if role in self._named or role in self._without:
                continue
            free = (folded[name] for name in candidates if name in folded and folded[name] not in taken)
            if role in {"caption", "transcript"}:
                wanted = "transcript" if _NEMO in folded else "caption"
                free = (column for column in free if column != folded.get("text") or role == wanted)
            column = next(free, None)
            if column is not None:
                roles[role] = column
        return roles


def _quoted(names: Sequence[str]) -> str:
    text = ", ".join(repr(shorten(safe_line(name), 40)) for name in names[:30])
    return f"{text} … ({len(names)} in all)" if len(names) > 30 else text or "none"
