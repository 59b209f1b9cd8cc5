"""How much host memory loading a checkpoint takes, beside what its weights weigh.

    python benchmarks/omni_memory.py FOLDER [--quant none|bf16|int8|int4 …]

Every measurement runs in a process of its own, because a peak can't be forgotten. Linux only: the kernel keeps the
peak of a process's resident memory (VmHWM), which counts pages of mapped files, too.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

QUANTS = ("none", "bf16", "int8", "int4")


@dataclass(frozen=True)
class Peak:
    """What one load took, in bytes.

    Attributes:
        quant: As it was asked for.
        on_disk: Tensors a judge needs, as they lie on disk.
        weights: The model's tensors in memory, packed ones as they are packed.
        before: Peak after the libraries were imported and a tiny layer was packed, before anything was loaded.
        after: Peak after loading.
        seconds: Time the load took.
    """

    quant: str
    on_disk: int
    weights: int
    before: int
    after: int
    seconds: float

    @property
    def copies(self) -> float:
        """How often the weights were held at the worst moment: 1.0 would be once."""
        return (self.after - self.before) / self.weights


def measure(folder: Path, quant: str) -> Peak:
    """Return what loading the checkpoint in `folder` took, in a process of its own."""
    command = [sys.executable, __file__, str(folder), "--quant", quant, "--here"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Peak(**json.loads(done.stdout.splitlines()[-1]))


def peak_rss() -> int:
    """Return the most resident memory this process has had, in bytes."""
    rows = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(row.split()[1]) * 1024 for row in rows if row.startswith("VmHWM:"))


def tensor_bytes(model: object) -> int:
    """Return how many bytes the parameters of a model take, packed ones as they are packed."""
    total = 0
    for parameter in model.parameters():  # type: ignore[attr-defined]
        if hasattr(parameter, "__tensor_flatten__"):
            names, _ = parameter.__tensor_flatten__()
            total += sum(getattr(parameter, name).nbytes for name in names)
            continue
        total += parameter.nbytes
        state = getattr(parameter, "quant_state", None)
        if state is not None:
            total += state.absmax.nbytes + (state.state2.absmax.nbytes if state.nested else 0)
    return total


def _measure_here(folder: Path, quant: str) -> Peak:
    import time

    import torch

    from audiojudge_cli.judges.omni.checkpoint import read_checkpoint
    from audiojudge_cli.judges.omni.library_noise import silence_libraries
    from audiojudge_cli.judges.omni.load import load_model
    from audiojudge_cli.judges.omni.quantize import PACKED, pack
    from audiojudge_cli.judges.omni.skeleton import model_class

    silence_libraries()
    checkpoint = read_checkpoint(folder)
    model_class(checkpoint.architecture)
    for kind in PACKED:
        if kind == quant:
            pack(torch.zeros(64, 64, dtype=torch.bfloat16), None, kind)
    before, start = peak_rss(), time.perf_counter()
    loaded = load_model(folder, device="cpu", quant=quant)
    # Pages of a mapped file are fetched when they are first used: use all of them.
    for parameter in loaded.model.parameters():
        if parameter.dtype in {torch.bfloat16, torch.float32} and not hasattr(parameter, "__tensor_flatten__"):
            parameter.view(-1)[::512].sum()
    seconds = time.perf_counter() - start
    return Peak(quant, checkpoint.bytes, tensor_bytes(loaded.model), before, peak_rss(), seconds)


def main() -> None:
    """Read the command line, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--quant", choices=QUANTS, nargs="*", default=list(QUANTS))
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.here:
        print(json.dumps(asdict(_measure_here(chosen.folder, chosen.quant[0]))))
        return
    print("quant   on disk   in memory   peak above start   copies   seconds")
    for quant in chosen.quant:
        found = measure(chosen.folder, quant)
        sizes = (found.on_disk, found.weights, found.after - found.before)
        disk, weights, peak = (f"{size / 1e6:.0f} MB" for size in sizes)
        print(f"{quant:<6} {disk:>8} {weights:>11} {peak:>18} {found.copies:>8.2f} {found.seconds:>9.1f}")


if __name__ == "__main__":
    main()
