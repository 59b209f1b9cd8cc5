"""`--device auto|cpu|cuda[:n]`: where the model runs, and what is said when it is not what was asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiojudge_cli.errors import InputError, WeightsError

if TYPE_CHECKING:
    import torch

EXTRA = "pip install 'audiojudge-cli[omni]'"
_NATIVE_BF16 = ("avx512_bf16", "amx_bf16", "bf16")


def require_extra() -> None:
    """Check that torch and transformers are installed.

    Raises:
        WeightsError: If not; says how to install them.
    """
    from importlib.util import find_spec

    missing = [name for name in ("torch", "transformers", "accelerate") if find_spec(name) is None]
    if missing:
        raise WeightsError(f"audio language models need {' and '.join(missing)}; install: {EXTRA}")


def pick_device(name: str) -> tuple[torch.device, tuple[str, ...]]:
    """Return the device, and what a person should be told about the choice.

    Args:
        name: `auto`, `cpu`, `cuda`, `cuda:1` …

    Raises:
        InputError: If there is no such device.
    """
    import torch

    if name == "cpu":
        return torch.device("cpu"), ()
    if name != "auto" and not re.fullmatch(r"cuda(:\d+)?", name):
        raise InputError(f"no device {name!r}; give auto, cpu, cuda or cuda:N")
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if not count:
        asked = "no CUDA device found" if name == "auto" else f"{name} was asked for, but no CUDA device is found"
        return torch.device("cpu"), (f"{asked}: the model runs on the CPU, which is slow for large models",)
    index = int(name.partition(":")[2] or 0)
    if index >= count:
        raise InputError(f"there is no device {name}; the CUDA devices here are cuda:0 to cuda:{count - 1}")
    return torch.device("cuda", index), ()


def native_bf16(device: torch.device) -> bool:
    """Return whether bfloat16 arithmetic is at least as fast as float32 there."""
    import torch

    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:  # noqa: PTH123
            flags = next((line for line in file if line.startswith(("flags", "Features"))), "")
    except OSError:
        return False
    return any(f" {flag} " in f"{flags.strip()} " for flag in _NATIVE_BF16)
