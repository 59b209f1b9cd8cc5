"""Keeping the libraries' own chatter off the terminal: what matters is said by this judge, in one line."""

from __future__ import annotations

import logging

# Says on import which kernels for other Python versions and GPUs it does not load; nobody can act on that.
_CHATTY = ("torchao", "torch.utils._pytree", "bitsandbytes")


def silence_libraries() -> None:
    """Let transformers, torchao and bitsandbytes report errors only, without progress bars of their own."""
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.ERROR)
    from transformers.utils import logging as reports

    reports.set_verbosity_error()
    reports.disable_progress_bar()
