"""`python -m audiojudge_cli` is `audiojudge`."""

from __future__ import annotations

import sys

from audiojudge_cli.app import main

if __name__ == "__main__":
    sys.exit(main())
