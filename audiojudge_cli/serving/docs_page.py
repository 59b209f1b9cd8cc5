"""The page at `/docs`: what the OpenAPI description says, as plain HTML that needs no other server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "code{background:#f2f2f2;padding:0 .2em}table{border-collapse:collapse;width:100%}"
    "td,th{text-align:left;vertical-align:top;border-bottom:1px solid #ddd;padding:.3em .6em .3em 0}"
)


def page(api: Mapping[str, Any]) -> str:
    """Return the page.

    Args:
        api: The OpenAPI description.
    """
    info = api["info"]
    return "".join(
        (
            f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(info['title'])}</title>",
            f"<style>{_STYLE}</style><h1>{escape(info['title'])} {escape(info['version'])}</h1>",
            f"<p>{escape(info['description'])} The same as <a href=openapi.json>openapi.json</a>.</p>",
            *(
                part
                for path, methods in api["paths"].items()
                for method, operation in methods.items()
                for part in _operation(api, method, path, operation)
            ),
            "</html>",
        )
    )


def _operation(api: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h2><code>{escape(method.upper())} {escape(path)}</code></h2><p>{escape(operation.get('summary', ''))}</p>"
    content = operation.get("requestBody", {}).get("content", {})
    if content:
        yield f"<p>Body: {' or '.join(f'<code>{escape(kind)}</code>' for kind in content)}</p>"
        first = next(iter(content.values()))["schema"]
        yield from _fields(api["components"]["schemas"][first["$ref"].rpartition("/")[2]])
    yield "<p>Answers: " + ", ".join(
        f"<code>{escape(code)}</code> {escape(answer['description'])}"
        for code, answer in operation["responses"].items()
    )
    yield "</p>"


def _fields(schema: Mapping[str, Any]) -> Iterator[str]:
    yield "<table><tr><th>field<th>type<th>default<th>meaning"
    for name, field in schema["properties"].items():
        default = "required" if name in schema.get("required", ()) else str(field.get("default") or "")
        cells = (f"<code>{escape(name)}</code>", escape(_kind(field)), escape(default), escape(_meaning(field)))
        yield "<tr>" + "".join(f"<td>{cell}" for cell in cells)
    yield "</table>"


def _kind(field: Mapping[str, Any]) -> str:
    if "anyOf" in field:
        return " or ".join(_kind(one) for one in field["anyOf"] if one.get("type") != "null")
    if "enum" in field:
        return ", ".join(map(str, field["enum"]))
    inner = field.get("items")
    return f"list of {_kind(inner)}" if inner else str(field.get("type", "any"))


def _meaning(field: Mapping[str, Any]) -> str:
    told = [field, *field.get("anyOf", ())]
    return next((one["description"] for one in told if "description" in one), "")
