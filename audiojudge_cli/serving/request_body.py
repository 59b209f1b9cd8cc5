"""The body of a request, read as far as limits allow: JSON, or a form with files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiojudge_cli.serving.problems import ProblemError
from audiojudge_cli.serving.schemas import Form, Sent, fields_of_form
from audiojudge_cli.text.jsonl import loads

if TYPE_CHECKING:
    from starlette.requests import Request

# Fields of a form; no request has so many, and each costs time to read.
_MOST_FIELDS, _MOST_FILES = 200, 4
_LONGEST_NAME = 4096


async def read_form(request: Request, most_bytes: int) -> Form:
    """Return what a request holds.

    Args:
        request: Its stream ends with a `ProblemError` where it is too large.
        most_bytes: Of one field.

    Raises:
        ProblemError: 415, 400 or 422 if it cannot be read.
    """
    from starlette.concurrency import run_in_threadpool

    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _multipart(request, most_bytes)
    if kind == "application/json" or kind.endswith("+json"):
        body = await request.body()
        return await run_in_threadpool(_json, body)
    raise ProblemError(415, "content-type", "send application/json or multipart/form-data")


def _json(body: bytes) -> Form:
    try:
        fields = loads(body)
    except (ValueError, UnicodeDecodeError) as error:
        raise ProblemError(400, "request", f"the body is not JSON ({error})") from None
    if not isinstance(fields, dict):
        raise ProblemError(422, "request", "the body is no JSON object")
    return Form(fields, {})


async def _multipart(request: Request, most_bytes: int) -> Form:
    from python_multipart.exceptions import FormParserError
    from starlette.datastructures import UploadFile
    from starlette.exceptions import HTTPException

    files: dict[str, Sent] = {}
    texts: list[tuple[str, str]] = []
    try:
        async with request.form(max_files=_MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=most_bytes) as form:
            for name, value in form.multi_items():
                if not isinstance(value, UploadFile):
                    texts.append((name, value))
                    continue
                if name in files:
                    raise ProblemError(422, "request", f"{name} is there twice")
                files[name] = Sent(await value.read(), (value.filename or name)[:_LONGEST_NAME])
    except HTTPException as error:
        raise ProblemError(400, "request", f"the form cannot be read: {error.detail}") from None
    except FormParserError as error:  # from versions of Starlette that leave some of them as they are
        raise ProblemError(400, "request", f"the form cannot be read: {error}") from None
    return Form(fields_of_form(texts), files)
