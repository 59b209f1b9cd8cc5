"""Run the code cells of a notebook in this process, in order, and keep what they show.

Usage: python run_notebook.py NOTEBOOK.ipynb    (in the folder of the notebook; rewrites its outputs)
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any


def shown(source: str, names: dict[str, Any]) -> list[dict[str, Any]]:
    """Run one cell; return its outputs as a notebook keeps them: the value of its last line, as text and HTML."""
    code = ast.parse(source)
    last = code.body.pop() if code.body and isinstance(code.body[-1], ast.Expr) else None
    exec(compile(code, "cell", "exec"), names)  # noqa: S102 - the notebook of this repository
    value = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None  # noqa: S307 - as above
    if value is None:
        return []
    html = getattr(value, "_repr_html_", lambda: None)()
    data = {"text/plain": _lines(repr(value)), **({"text/html": _lines(html)} if html else {})}
    return [{"output_type": "execute_result", "execution_count": None, "metadata": {}, "data": data}]


def run(notebook: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """Return the outputs of every code cell."""
    names: dict[str, Any] = {}
    return [shown("".join(cell["source"]), names) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def main() -> int:
    """Rewrite the outputs of a notebook."""
    path = Path(sys.argv[1])
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for number, (cell, outputs) in enumerate(zip(code, run(notebook), strict=True), start=1):
        for output in outputs:
            output["execution_count"] = number
        cell["outputs"], cell["execution_count"] = outputs, number
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
