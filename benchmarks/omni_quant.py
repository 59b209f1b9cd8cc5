"""What each quantization costs on the CPU: time to load, time per clip, and how far p_yes moves.

    python benchmarks/make_checkpoint.py qwen2_5_omni FOLDER --size bench --thinker-only
    python benchmarks/omni_quant.py FOLDER [--quant none bf16 int8 int4] [--rounds 5] [--threads 2]

Times are of the wall clock, the best of several rounds in which all quantizations take turns. With random weights,
the distance of p_yes says how much of the answer rests on the last digits, not how a trained model fares.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

import numpy as np
from omni import Task, sound, timed

QUANTS = ("none", "bf16", "int8", "int4")


def main() -> None:
    """Read the command line, measure and print."""
    import torch

    from audiojudge_cli.judges.omni.load import load_model

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--quant", choices=QUANTS, nargs="*", default=list(QUANTS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    tasks, loading = {}, {}
    for quant in chosen.quant:
        begun = time.perf_counter()
        tasks[quant] = Task(load_model(chosen.folder, device="cpu", quant=quant), 8)
        loading[quant] = time.perf_counter() - begun
    clips = [[sound(10.0, seed)] for seed in range(3)]
    answers = {name: [odds.p_yes for clip in clips for odds in task.shared(clip)[0]] for name, task in tasks.items()}
    best = dict.fromkeys(tasks, float("inf"))
    for _ in range(chosen.rounds):
        for name, task in tasks.items():
            best[name] = min(best[name], timed(lambda task=task: task.shared(clips[0])))  # type: ignore[misc]
    first = np.array(answers[chosen.quant[0]])
    print(f"load average {os.getloadavg()[0]:.1f}, {chosen.threads} threads, 10 s clip, 8 items")
    print(f"quant   load     clip   |p_yes - {chosen.quant[0]}| mean, largest")
    for name in tasks:
        apart = np.abs(np.array(answers[name]) - first)
        print(f"{name:<6} {loading[name]:5.1f} s {best[name]:6.3f} s   {apart.mean():.4f}, {apart.max():.4f}")


if __name__ == "__main__":
    main()
