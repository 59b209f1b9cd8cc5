"""How fast the HTML report of a large run is made and opened.

Usage: python benchmarks/report.py [--clips N] [--chromium PATH] [--keep FOLDER]

Makes a run folder of N generated records (default 5,000; three to eight items each, captions of 20 to 60 words) with
60 short audio files behind them, writes its report, opens that from disk in a headless Chromium and prints seconds:

* interactive: from navigation until the first rows stand and the filters listen (median and worst of five openings)
* usable: from navigation until a word typed into the search has filtered the list, as a person would see it
* search, sort, filter, open: one such step once the page stands (median of five)

Needs the packages playwright and a Chromium on this machine; fetches nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile
from playwright.sync_api import Page, expect, sync_playwright

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.reports.gather import gather
from audiojudge_cli.reports.html.page import html_report
from audiojudge_cli.results.build import Makers, judged_record
from audiojudge_cli.results.record import JudgeRef
from audiojudge_cli.results.rule import Rule
from audiojudge_cli.results.summary import Tally
from audiojudge_cli.results.verdict import answered
from audiojudge_cli.results.write import write_json
from audiojudge_cli.rubrics.dimensions import NAMES
from audiojudge_cli.rubrics.item import Rubric, RubricItem
from audiojudge_cli.text.jsonl import dump_line

RATE = 16_000
SECONDS = 2.0
SOUNDS = 60
OPENINGS = 5
WORDS = (
    *("a", "dog", "barks", "while", "heavy", "rain", "falls", "on", "the", "roof", "and", "woman", "speaks", "slowly"),
    *("piano", "music", "plays", "in", "background", "with", "deep", "voice", "of", "man", "laughing", "twice"),
)


def main() -> None:
    """Make the run, write its report, open it, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=5_000)
    parser.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("google-chrome"))
    parser.add_argument("--keep", type=Path, help="write the run here and keep it")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        run = wanted.keep or Path(scratch) / "run"
        generate(run, wanted.clips)
        started = time.perf_counter()
        page = run / "report.html"
        page.write_text(html_report(gather(run, None, clips=20_000), page), encoding="utf-8")
        print(
            f"clips {wanted.clips}, page {page.stat().st_size / 1e6:.1f} MB, written in "
            f"{time.perf_counter() - started:.1f} s"
        )
        measure(page, wanted.chromium)


def generate(run: Path, clips: int) -> None:
    """Write a finished run of random records, always the same ones."""
    dice = random.Random(0)
    run.mkdir(parents=True, exist_ok=True)
    sounds = [_sound(run / f"sound{number}.flac", number) for number in range(SOUNDS)]
    makers = Makers(JudgeRef("generated", "0"), JudgeRef("generated", "0"), Rule())
    tally = Tally(makers.judge, makers.rule)
    with (run / "records.jsonl").open("w", encoding="utf-8", newline="") as journal:
        for number in range(clips):
            path, sha = sounds[number % SOUNDS]
            words = [dice.choice(WORDS) for _ in range(dice.randint(20, 60))]
            metadata = {"model": f"v{number % 4}", "seed": number}
            subset = dice.choice(["speech", "sound", "music", "mix"])
            clip = Clip(f"clip-{number:06}", path, path.name, " ".join(words), subset, "en", metadata=metadata)
            starts = [dice.randrange(len(words) - 3) for _ in range(dice.randint(3, 8))]
            bases = [" ".join(words[at : at + 3]) for at in starts]
            items = tuple(RubricItem(dice.choice(list(NAMES)), f"Is it true that {basis}?", basis) for basis in bases)
            waveform = Waveform(np.zeros((1, int(SECONDS * RATE)), dtype=np.float32), RATE, sha)
            verdicts = [
                answered(
                    dice.random(), f"Heard {basis} at {at / 30:.1f} s.", "generated", times=((at / 40, at / 40 + 0.3),)
                )
                for basis, at in zip(bases, starts, strict=True)
            ]
            record = judged_record(clip, waveform, Rubric(items, "en", subset), verdicts, makers)
            journal.write(dump_line(record.to_dict()))
            tally.add(record)
    write_json(run / "summary.json", tally.summary())
    write_json(run / "run.json", {"state": "finished", "inputs": {"outputs": str(run.absolute())}})


def _sound(path: Path, number: int) -> tuple[Path, str]:
    noise = np.random.default_rng(number).normal(0, 0.1, int(SECONDS * RATE))
    soundfile.write(path, noise, RATE)
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


def measure(page: Path, chromium: str | None) -> None:
    """Open the page and print how long each step takes."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        interactive, usable = [], []
        for _ in range(OPENINGS):
            tab = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            started = time.perf_counter()
            tab.goto(page.as_uri(), wait_until="commit")
            tab.locator("#search").fill("clip-000123")
            expect(tab.locator("tr.row")).to_have_count(1, timeout=60_000)
            usable.append(time.perf_counter() - started)
            interactive.append(_mark(tab))
        print(f"interactive  median {statistics.median(interactive):.2f} s, worst {max(interactive):.2f} s")
        print(f"usable       median {statistics.median(usable):.2f} s, worst {max(usable):.2f} s")
        steps = {
            "search": "document.getElementById('search').value = WORD; ",
            "sort": "document.getElementById('sort').value = ORDER; ",
            "filter": "document.getElementById('dimension').selectedIndex = TURN + 1; ",
        }
        values = {
            "WORD": ["dog", "rain roof", "piano", "0042", "woman"],
            "ORDER": ["best", "id", "coverage", "duration", "worst"],
        }
        for name, code in steps.items():
            times = []
            for turn in range(OPENINGS):
                script = code.replace("TURN", str(turn))
                for word, choices in values.items():
                    script = script.replace(word, f"'{choices[turn]}'")
                event = "document.getElementById('filters').dispatchEvent(new Event('input'));"
                times.append(
                    tab.evaluate(
                        f"() => {{ const t = performance.now(); {script} {event} return performance.now() - t; }}"
                    )
                )
            print(f"{name:12} median {statistics.median(times):.0f} ms, worst {max(times):.0f} ms")
            tab.locator("button[type=reset]").click()
        opening = (
            "() => { const t = performance.now(); document.querySelectorAll('.open-button')[TURN].click(); "
            "return performance.now() - t; }"
        )
        times = [tab.evaluate(opening.replace("TURN", str(turn))) for turn in range(OPENINGS)]
        print(f"open         median {statistics.median(times):.0f} ms, worst {max(times):.0f} ms")
        browser.close()


def _mark(tab: Page) -> float:
    found = tab.evaluate("performance.getEntriesByName('audiojudge-interactive')[0].startTime")
    return float(found) / 1000


if __name__ == "__main__":
    main()
