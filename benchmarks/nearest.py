"""How often the nearest known phrase means the right sound, on the word lists themselves.

Usage: python benchmarks/nearest.py

Every English phrase of the word lists is left out in turn, with every other phrase whose words it contains: the
vocabulary would have found those in it, and nobody would have guessed. The rest is searched for its nearest meaning.
Printed per threshold, as shares of the phrases whose concept has a class: `right` (the same concept or first class),
`kin` (a class among those of its concept) and `wrong`; `false` counts guesses for concepts that no class can hear.
"""

from __future__ import annotations

import numpy as np

from audiojudge_cli.judges.embedded.classes import table
from audiojudge_cli.judges.embedded.nearest import LEAD, known_phrases, load_anchors
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.rubrics.stems import words
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store


def guesses(models: Models, dimension: str) -> list[tuple[str, str, float, float]]:
    """Return, per phrase of the word list: its meaning, the nearest meaning of the rest, its cosine, its lead."""
    known = known_phrases(dimension)
    listed = table().get(dimension, {})
    vectors = load_anchors(models.phrases, dimension, models.store.folder(models.card, "minilm")).vectors
    stems = [frozenset(word.stem for word in words(phrase)) for phrase, _ in known]
    meanings = np.array([meaning for _, meaning in known])
    names = {meaning for meaning in meanings if meaning[:1].isupper()}
    found = []
    for at, (_, truth) in enumerate(known):
        if truth in names and truth not in listed:
            continue
        likeness = vectors @ vectors[at]
        likeness[[other for other, inside in enumerate(stems) if inside <= stems[at]]] = -1.0
        best = int(likeness.argmax())
        lead = likeness[best] - likeness[meanings != meanings[best]].max()
        found.append((truth, str(meanings[best]), float(likeness[best]), float(lead)))
    return found


def figures(dimension: str, found: list[tuple[str, str, float, float]], least: float, lead: float) -> str:
    """Return one line of figures for a threshold."""
    listed = table().get(dimension, {})
    counts = {"right": 0, "kin": 0, "wrong": 0, "false": 0}
    for truth, guess, likeness, ahead in found:
        classes = listed.get(guess) or ((guess,) if guess[:1].isupper() else ())
        if not classes or likeness < least or ahead < lead:
            continue
        wanted = listed.get(truth)
        if wanted is None:
            counts["false"] += 1
        elif guess == truth or classes[0] == wanted[0]:
            counts["right"] += 1
        else:
            counts["kin" if classes[0] in wanted else "wrong"] += 1
    heard = sum(truth in listed for truth, *_ in found)
    shares = "  ".join(f"{name} {counts[name] / heard:.3f}" for name in ("right", "kin", "wrong"))
    given = counts["right"] + counts["kin"] + counts["wrong"]
    precision = (counts["right"] + counts["kin"]) / max(1, given)
    false = f"{counts['false']}/{len(found) - heard}"
    return f"{least:.2f}  lead {lead:.2f}  {shares}  precision {precision:.3f}  false {false}"


def main() -> None:
    """Print the figures of every dimension."""
    models = Models(Store(), find_card("embedded"), "cpu")
    for dimension in ("event", "instrument", "genre", "scene"):
        found = guesses(models, dimension)
        print(f"{dimension} ({len(found)} phrases)")
        for lead in (0.0, LEAD):
            for least in (0.0, 0.5, 0.6, 0.65, 0.7, 0.8):
                print("  " + figures(dimension, found, least, lead))


if __name__ == "__main__":
    main()
