"""How fast the omni judge is, against the plain way to use the same model and against what the machine allows.

    python benchmarks/make_checkpoint.py qwen2_5_omni FOLDER --size bench --thinker-only
    python benchmarks/omni.py FOLDER            on the CPU: plain loop, shared prefix, bound
    python benchmarks/omni.py --device cuda     on a CUDA device: the true 7B shape in bf16, int8 and int4
    python benchmarks/omni.py --device cpu      the same with a tiny shape, only to see that it runs

The plain way is what the library's documentation shows: for each item one whole prompt through processor and model.
All times are of the wall clock, the best of several rounds in which all ways take turns.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from omni_plain import Plain

from audiojudge_cli.judges.omni.chat import Chat
from audiojudge_cli.judges.omni.packing import common_start
from audiojudge_cli.judges.omni.prompts import bundled_prompts, fill
from audiojudge_cli.judges.omni.session import Session
from audiojudge_cli.judges.omni.spellings import spellings_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from omni_bound import Work

    from audiojudge_cli.judges.omni.loaded import LoadedModel
    from audiojudge_cli.judges.omni.odds import Odds

QUESTIONS = (
    "Is a dog barking?",
    "Does a woman speak slowly?",
    "Is it raining in the background?",
    "Does a piano play in a minor key?",
    "Is the recording free of clicks?",
    "Does the voice sound happy?",
    "Is a door closed before a car drives away?",
    "Was it recorded in a large hall?",
)


def sound(seconds: float, seed: int = 0) -> NDArray[np.float32]:
    """A clip at 16 kHz: a gliding tone with noise."""
    t = np.arange(int(seconds * 16_000)) / 16_000
    noise = np.random.default_rng(seed).standard_normal(len(t))
    return (0.3 * np.sin(2 * np.pi * (200 + 50 * seed + 30 * t) * t) + 0.05 * noise).astype(np.float32)


class Task:
    """One model with the default prompts and a number of items, to be asked in both ways."""

    def __init__(self, loaded: LoadedModel, items: int) -> None:
        wording = bundled_prompts("default").wording("en")
        asked = [fill(wording.question, {"question": QUESTIONS[at % len(QUESTIONS)]}) for at in range(items)]
        chat = Chat(loaded.tokenizer)
        self.loaded = loaded
        self.spelled = spellings_of(loaded.tokenizer, wording.answers.yes, wording.answers.no)
        self.suffixes = [chat.suffix(each) for each in asked]
        self.session = Session(loaded, print)
        self.session.prefill(chat.head(wording))
        self._plain = Plain.of(loaded)
        self._before = f"<|im_start|>system\n{wording.system}<|im_end|>\n<|im_start|>user\n{wording.before_audio}"
        self._after = [f"{each}<|im_end|>\n<|im_start|>assistant\n" for each in asked]

    def shared(self, clips: list[NDArray[np.float32]]) -> list[list[Odds]]:
        """Hear every clip once, ask all items."""
        heard = self.session.hear(clips)
        return self.session.ask(heard, [self.suffixes] * len(clips), self.spelled.yes, self.spelled.no)

    def plain(self, clips: list[NDArray[np.float32]]) -> list[list[Odds]]:
        """One whole prompt per item."""
        yes, no = self.spelled.yes, self.spelled.no
        return [[self._plain.odds(clip, self._before, after, yes, no) for after in self._after] for clip in clips]

    def work(self, clip: NDArray[np.float32]) -> Work:
        """Count what one clip takes, and check that no token was read that did not have to be."""
        from omni_bound import attention_flops, counted, tower_attention_flops

        with counted(self.loaded.model) as work:
            (heard,) = self.session.hear([clip])
            self.session.ask([heard], [self.suffixes], self.spelled.yes, self.spelled.no)
        model: Any = self.loaded.model
        text = model.config.get_text_config()
        shared = common_start(self.suffixes)
        rest = [len(suffix) - shared for suffix in self.suffixes]
        read = heard.position - heard.head
        rows = {rows for (rows, inputs, outputs) in work.products if inputs == text.intermediate_size}
        if rows - {len(rest)} != {read, shared + sum(rest)}:
            msg = f"rows of {rows} tokens were run, {read} of audio and {shared + sum(rest)} of text were needed"
            raise RuntimeError(msg)
        work.other += attention_flops(text, heard.head, read, []) + attention_flops(text, heard.position, shared, rest)
        work.other += tower_attention_flops(model.model.audio_tower.config, len(clip))
        return work


def timed(run: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def on_the_cpu(folder: Path, *, items: int, seconds: float, rounds: int, threads: int) -> None:
    """Print shared prefix, plain loop and bound for one clip in float32."""
    import torch
    from omni_bound import Speeds

    from audiojudge_cli.judges.omni.load import load_model

    torch.set_num_threads(threads)
    loaded = load_model(folder, device="cpu", quant="none")
    task = Task(loaded, items)
    clip = [sound(seconds)]
    work = task.work(clip[0]) if loaded.architecture != "qwen3_omni_moe" else None
    speeds = Speeds(list(work.products)) if work else None
    shared, plain = [], []
    for _ in range(rounds):
        shared += [timed(lambda: task.shared(clip)) for _ in range(3)]
        if speeds:
            speeds.measure()
        plain.append(timed(lambda: task.plain(clip)))
    both = zip(task.shared(clip)[0], task.plain(clip)[0], strict=True)
    apart = max(abs(one.p_yes - other.p_yes) for one, other in both)
    count = sum(parameter.numel() for parameter in loaded.model.parameters())
    print(f"{loaded.architecture}, {count / 1e6:.0f} M parameters, float32, {threads} threads of {_processor()}")
    print(f"load average {os.getloadavg()[0]:.1f}, {rounds} rounds, {seconds:g} s clip, {items} items")
    print(f"plain loop     {min(plain):8.3f} s  (median {np.median(plain):.3f})")
    print(f"shared prefix  {min(shared):8.3f} s  (median {np.median(shared):.3f})")
    print(f"{min(plain) / min(shared):.2f} times as fast as the plain loop")
    if work and speeds:  # the experts of a mixture are no linear layers that could be counted
        bound = speeds.bound(work)
        best = f"{work.flops / 1e9:.0f} GFLOP, {speeds.fastest / 1e9:.0f} GFLOP/s at best"
        print(f"bound          {bound:8.3f} s  ({best}); shared prefix takes {min(shared) / bound:.2f} times as long")
    print(f"largest difference of p_yes {apart:.1e}")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", help="a checkpoint, measured in float32 on the CPU")
    parser.add_argument("--device", help="make a model there instead: cuda, cuda:1 …")
    parser.add_argument("--items", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--clips", type=int, default=16, help="clips heard together, with --device")
    chosen = parser.parse_args()
    same = {"items": chosen.items, "seconds": chosen.seconds, "rounds": chosen.rounds}
    if chosen.device:
        from omni_cuda import on_device

        size = "7b" if chosen.device.startswith("cuda") else "tiny"
        on_device(chosen.device, size, clips=chosen.clips, **same)
    elif chosen.folder is None:
        parser.error("give the folder of a checkpoint, or --device")
    else:
        on_the_cpu(chosen.folder, threads=chosen.threads, **same)


if __name__ == "__main__":
    main()
