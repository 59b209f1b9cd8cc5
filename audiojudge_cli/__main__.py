"""Where `audiojudge` and `python -m audiojudge_cli` begin."""

from __future__ import annotations

import os
import signal
import sys


def main() -> int:
    """Run the command line; return the exit code.

    While its modules are read nobody can answer Ctrl-C yet, so that it ends the process at once, without a traceback.
    """
    ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if ours:
        signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    from audiojudge_cli.app import main as run

    if ours:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    return run()


if __name__ == "__main__":
    sys.exit(main())
