"""Whether torch can use a CUDA device, and if not, why."""

from __future__ import annotations

import warnings


def why_no_cuda(index: int = 0) -> str | None:
    """Return why torch cannot use a CUDA device, in one line; None when it can. Needs torch.

    A driver that answers is not enough (the device may be of a generation that torch has no code for, or be held by
    another process), so a number is computed there.

    Args:
        index: Number of the device, from 0.
    """
    import torch

    try:
        with warnings.catch_warnings():
            # The warnings of a driver that is too old say what the error says.
            warnings.simplefilter("ignore")
            torch.cuda.init()  # type: ignore[no-untyped-call]
            if index >= torch.cuda.device_count():
                return f"the CUDA devices here are cuda:0 to cuda:{torch.cuda.device_count() - 1}"
            torch.ones(1, device=f"cuda:{index}").add_(1).item()
    except (RuntimeError, AssertionError, torch.cuda.DeferredCudaCallError) as error:
        # The first line says it; what follows is advice on debugging kernels.
        said = str(error).strip().partition("\n")[0]
        built = "" if torch.version.cuda or getattr(torch.version, "hip", None) else f" (torch {torch.__version__})"
        return " ".join(f"{said or type(error).__name__}{built}".split())[:300]
    return None
