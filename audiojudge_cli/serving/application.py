"""The application: paths, what they take and give, and the description of all that."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from audiojudge_cli import __version__
from audiojudge_cli.serving import schemas
from audiojudge_cli.serving.docs_page import page
from audiojudge_cli.serving.metrics import MEDIA_TYPE, Metrics
from audiojudge_cli.serving.middleware import REFUSE
from audiojudge_cli.serving.problems import MEDIA_TYPE as PROBLEM_TYPE
from audiojudge_cli.serving.problems import ProblemError, of_error
from audiojudge_cli.serving.request_body import read_form
from audiojudge_cli.serving.schemas import Form, checked
from audiojudge_cli.text.jsonl import dumps

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from audiojudge_cli.serving.handlers import Handlers

_JSON = "application/json"


@dataclass(slots=True)
class ServerState:
    """A server between its start and its end.

    Attributes:
        handlers: What answers; None while the judge is being loaded.
        stopping: Whether it is to end.
        about: What `/healthz` tells besides.
    """

    handlers: Handlers | None = None
    stopping: bool = False
    about: dict[str, Any] = field(default_factory=dict)


def application(state: ServerState, metrics: Metrics, most_bytes: int) -> FastAPI:
    """Return the application behind the guard (`serving.middleware`).

    Args:
        state: Has the handlers once there is one.
        metrics: Shown.
        most_bytes: Largest body.
    """
    app = FastAPI(
        title="audiojudge",
        version=__version__,
        description="Judges generated audio against its captions; docs/serve.md.",
        docs_url=None,
        redoc_url=None,
    )
    app.add_exception_handler(ProblemError, _answer)
    app.add_exception_handler(HTTPException, _answer)
    shared = _Shared(app, state, most_bytes)
    shared.post("/v1/score", schemas.ScoreAsk, "Judge one clip: its record", ("audio",), lambda one: one.score)
    shared.post(
        *("/v1/compare", schemas.CompareAsk, "Which of two clips is better", ("audio_a", "audio_b")),
        lambda one: one.compare,
    )
    shared.post("/v1/rate", schemas.RateAsk, "Rate one clip on a scale", ("audio",), lambda one: one.rate)
    shared.post("/v1/expand", schemas.ExpandAsk, "The rubric of a caption", (), lambda one: one.expand)
    _about_itself(app, state, metrics)
    return app


def _about_itself(app: FastAPI, state: ServerState, metrics: Metrics) -> None:
    @app.get("/healthz", summary="Whether requests are answered: 200 once the judge is loaded, 503 before.")
    async def healthz() -> Response:
        now = "stopping" if state.stopping else "loading" if state.handlers is None else "ready"
        status = 200 if now == "ready" else 503
        return Response(dumps({"status": now, **state.about}), status, media_type=_JSON)

    @app.get("/metrics", summary="Figures for Prometheus.")
    async def figures() -> Response:
        metrics.ready.set(state.handlers is not None)
        return Response(metrics.text(), media_type=MEDIA_TYPE)

    @app.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
        return Response(page(app.openapi()), media_type="text/html", headers=policy)


@dataclass(frozen=True, slots=True)
class _Shared:
    app: FastAPI
    state: ServerState
    most_bytes: int

    def post(
        self,
        path: str,
        model: type[BaseModel],
        summary: str,
        files: tuple[str, ...],
        method: Callable[[Handlers], Callable[[Any, Form], Awaitable[dict[str, Any]]]],
    ) -> None:
        """Add a path that asks for work."""

        async def answer(request: Request) -> Response:
            try:
                handlers = self.state.handlers
                assert handlers is not None  # noqa: S101 - the guard lets nobody in before
                form = await read_form(request, self.most_bytes)
                ask = checked(model, form.fields)  # type: ignore[type-var]
                told = await method(handlers)(ask, form)
                return Response(dumps(told), media_type=_JSON)
            except Exception as error:
                raise of_error(error) from error

        self.app.add_api_route(
            path,
            answer,
            methods=["POST"],
            summary=summary,
            operation_id=path.rpartition("/")[2],
            responses=_responses(),
            openapi_extra={"requestBody": _body(model, files)},
        )
        _describe(self.app, model)


def _responses() -> dict[int | str, dict[str, Any]]:
    told = {
        400: "the body cannot be read",
        401: "no token, or a wrong one",
        403: "a path outside of the allowed folder",
        413: "the body or the file is too large",
        422: "a field does not fit, or the clip cannot be judged",
        429: "too many requests wait; come again after Retry-After",
        500: "the judge stumbled over this clip",
        503: "the judge is being loaded, or its weights are missing",
    }
    return {code: {"description": text, "content": {PROBLEM_TYPE: {}}} for code, text in told.items()}


def _body(model: type[BaseModel], files: tuple[str, ...]) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{model.__name__}"}
    content: dict[str, Any] = {_JSON: {"schema": reference}}
    binary = {name: {"type": "string", "contentMediaType": "application/octet-stream"} for name in files}
    form = {"allOf": [reference, {"type": "object", "properties": binary}]} if files else reference
    return {"required": True, "content": {**content, "multipart/form-data": {"schema": form}}}


def _describe(app: FastAPI, model: type[BaseModel]) -> None:
    """Have the fields of a body among the schemas, of which FastAPI knows nothing: it reads no body here."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        api = plain()
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        api.setdefault("components", {}).setdefault("schemas", {})[model.__name__] = schema
        return api

    app.openapi = described  # type: ignore[method-assign]


class _Refusal(Response):
    """An answer with a problem, by the guard, which knows how much of the body was read."""

    def __init__(self, problem: ProblemError) -> None:
        super().__init__(status_code=problem.status)
        self._problem = problem

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        await scope[REFUSE](self._problem, send=send)


async def _answer(_request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException):
        headers = dict(error.headers or {})
        kind, detail = {
            404: ("no-such-path", "there is no such path; GET /docs lists those that there are"),
            405: ("method", f"this path is asked with {headers.get('Allow') or 'another method'}; GET /docs says how"),
        }.get(error.status_code, ("request", str(error.detail)))
        return _Refusal(ProblemError(error.status_code, kind, detail, headers))
    return _Refusal(of_error(error))
