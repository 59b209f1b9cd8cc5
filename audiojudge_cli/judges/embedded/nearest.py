"""Words outside the vocabulary: the sound whose words are nearest in meaning, or none.

A phrase is compared with all English phrases of its dimension's word list and, for sound events, with the names of
classes that no concept speaks for. Concepts that no class can hear take part: what lies nearest to one of them is
not heard either. Both numbers below were chosen on the word lists themselves (`benchmarks/nearest.py`).
"""

from __future__ import annotations

import hashlib
import io
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audiojudge_cli.judges.embedded.classes import Sound, class_names, table
from audiojudge_cli.probes.phrases import Array, PhraseEncoder
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.rubrics import vocabulary
from audiojudge_cli.text.atomic import write_bytes

WEIGHTS = "minilm"
LEAST = 0.65
"""Cosine from which two phrases are taken to mean the same sound."""
LEAD = 0.05
"""How much nearer than the next meaning the nearest one must be."""

# Names that stand for a property or a whole category: nearest to many phrases, right for none.
_ABSTRACT = frozenset(
    re.split(
        r";\s*",
        """Music; Musical instrument; Independent music; Background music; Angry music; Christian music; Gospel music;
        Exciting music; Happy music; Sad music; Scary music; Soundtrack music; Tender music; Theme music; Wedding
        music; Inside, large room or hall; Reverberation; Echo; Noise; Environmental noise; Static; Sidetone;
        Cacophony; Pink noise; Field recording; Silence; Harmonic; Pulse; Effects unit; Chorus effect; Roll;
        Flamenco; Mantra; Pizzicato""",
    )
)
_OTHER_SCRIPT = re.compile(r"[^\W\d_a-zA-ZÀ-ɏ]")
_ENGLISH = re.compile(r"[a-z]{3}", re.IGNORECASE)


@dataclass(frozen=True)
class Anchors:
    """Phrases whose meaning is known.

    Attributes:
        meanings: Per phrase, a concept or the display name of a class.
        vectors: Shape (phrases, size), unit length.
    """

    meanings: tuple[str, ...]
    vectors: Array

    def nearest(self, vector: Array) -> tuple[str, float, float]:
        """Return the nearest meaning, its cosine, and its lead over the next meaning."""
        likeness = self.vectors @ vector
        best = int(likeness.argmax())
        meaning = self.meanings[best]
        others = [at for at, other in enumerate(self.meanings) if other != meaning]
        return meaning, float(likeness[best]), float(likeness[best] - likeness[others].max(initial=-1.0))


def nearest_sound(models: Models, dimension: str, phrase: str) -> Sound | None:
    """Return the sound that an English phrase outside the vocabulary is taken to mean, or None.

    Args:
        models: Give the encoder; a card without its weights knows no nearest sound.
        dimension: `event`, `instrument`, `genre` or `scene`.
        phrase: A few words.
    """
    if WEIGHTS not in models.card.weights or _OTHER_SCRIPT.search(phrase) or not _ENGLISH.search(phrase):
        return None
    encoder = models.phrases
    anchors = models.once(f"anchors/{dimension}", lambda: load_anchors(encoder, dimension, _folder(models)))
    meaning, likeness, lead = anchors.nearest(encoder.encode([phrase])[0])
    classes = table().get(dimension, {}).get(meaning) or ((meaning,) if meaning in class_names() else None)
    if classes is None or likeness < LEAST or lead < LEAD:
        return None
    return Sound(phrase, classes, meaning if meaning in table().get(dimension, {}) else "", min(0.99, likeness))


def load_anchors(encoder: PhraseEncoder, dimension: str, folder: Path) -> Anchors:
    """Return the anchors of a dimension; their vectors are kept in `folder`, because encoding them takes seconds."""
    known = known_phrases(dimension)
    digest = hashlib.sha256("\n".join(phrase for phrase, _ in known).encode()).hexdigest()[:16]
    file = folder / f"{dimension}-{digest}.npy"
    meanings = tuple(meaning for _, meaning in known)
    with suppress(OSError, ValueError, EOFError):
        vectors = np.load(file, allow_pickle=False)
        if vectors.shape == (len(known), encoder.size) and vectors.dtype == np.float32:
            return Anchors(meanings, vectors)
    vectors = encoder.encode([phrase for phrase, _ in known])
    buffer = io.BytesIO()
    np.save(buffer, vectors, allow_pickle=False)
    # Where nothing can be written, they are encoded again by the next process.
    with suppress(OSError):
        write_bytes(file, buffer.getvalue())
    return Anchors(meanings, vectors)


def known_phrases(dimension: str) -> list[tuple[str, str]]:
    """Return (phrase, meaning): the word list's English phrases, for events the names of classes left over."""
    listed = [(phrase, concept) for concept, (english, _) in vocabulary.table(dimension).items() for phrase in english]
    if dimension != "event":
        return listed
    spoken_for = {name for concepts in table().values() for names in concepts.values() for name in names}
    left = [name for name in class_names() if name not in spoken_for | _ABSTRACT]
    return [*listed, *((part.strip(), name) for name in left for part in re.split(r",|\(.*", name) if part.strip())]


def _folder(models: Models) -> Path:
    return models.store.folder(models.card, WEIGHTS)
