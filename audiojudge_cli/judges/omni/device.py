"""`--device auto|cpu|cuda[:n]`: where the model runs, and what is said when it is not what was asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiojudge_cli.cuda import why_no_cuda
from audiojudge_cli.errors import InputError, WeightsError
from audiojudge_cli.judges.base import Urgent
from audiojudge_cli.text.terminal import safe_line

if TYPE_CHECKING:
    import torch

EXTRA = "pip install 'audiojudge-cli[omni]'"
OLDEST_TRANSFORMERS = (5, 21)
"""As in pyproject.toml. Before it the audio towers of the Omni models lie elsewhere in the module tree."""

_NATIVE_BF16 = ("avx512_bf16", "amx_bf16", "bf16")


def require_extra() -> None:
    """Check that what the extra `omni` brings is installed, and new enough.

    Raises:
        WeightsError: If not; says how to install it.
    """
    from importlib.metadata import PackageNotFoundError, version
    from importlib.util import find_spec

    missing = [name for name in ("torch", "transformers", "accelerate", "psutil") if find_spec(name) is None]
    if missing:
        raise WeightsError(f"audio language models need {' and '.join(missing)}; install: {EXTRA}")
    try:
        found = version("transformers")
    except PackageNotFoundError:  # on the path without being installed: whoever put it there knows
        return
    oldest = ".".join(map(str, OLDEST_TRANSFORMERS))
    if tuple(int(part) for part in re.findall(r"\d+", found)[:2]) < OLDEST_TRANSFORMERS:
        raise WeightsError(
            f"transformers {safe_line(found)} is installed, and audio language models need {oldest} or newer (it lays "
            f"their audio towers out in another way); install: pip install --upgrade 'transformers>={oldest},<6'"
        )


def pick_device(name: str) -> tuple[torch.device, tuple[str, ...]]:
    """Return the device, and what a person should be told about the choice, however quiet they want it.

    Args:
        name: `auto`, `cpu`, `cuda`, `cuda:1` …

    Raises:
        InputError: If there is no such device, or CUDA was asked for by name and cannot be used.
    """
    import torch

    if name == "cpu":
        return torch.device("cpu"), ()
    # A number with more digits than any machine has devices.
    if name != "auto" and not re.fullmatch(r"cuda(:\d{1,4})?", name):
        raise InputError(f"no device {name!r}; give auto, cpu, cuda or cuda:N")
    index = int(name.partition(":")[2] or 0)
    reason = why_no_cuda(index)
    if reason is None:
        return torch.device("cuda", index), ()
    if name != "auto":
        raise InputError(f"--device {name} cannot be used: {safe_line(reason)}; give --device cpu, or auto")
    told = f"no CUDA device can be used ({safe_line(reason)}): the model runs on the CPU, slow for large models"
    return torch.device("cpu"), (Urgent(told),)


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
