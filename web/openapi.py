"""Builds the OpenAPI document from the `@operation` of each view, which names the types that the view uses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeVar

from django.conf import settings
from django.urls import get_resolver
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core.core_schema import DictSchema
from rest_framework.serializers import BaseSerializer

from web.drf.view import View
from web.shapes import RefusalBody

Tag = Literal[
    "flows",
    "versions",
    "runs",
    "queue",
    "chat pages",
    "actions",
    "connections",
    "variables",
    "collections",
    "api keys",
    "members",
    "account",
    "audit log",
    "session",
    "storage",
    "usage",
]
Mode = Literal["serialization", "validation"]
ViewFunction = TypeVar("ViewFunction", bound=Callable[..., Any])
Endpoint = tuple[str, str, str, Any]

DOCUMENT_PATH = "/api/v1/openapi.json"
"""Where the document itself is served; it is no part of it."""
COMPONENTS = "#/components/schemas/"
SESSION = [{"session": list[str]()}]
NOBODY = [dict[str, list[str]]()]
# A body may omit a field that has a default, and an answer always holds it: one type has two schemas.
PREFIX: dict[Mode, str] = {"serialization": "", "validation": "Given"}

HEADERS: dict[str, tuple[dict[str, str], str]] = {
    "X-Request-ID": ({"type": "string"}, "The name of this request in the server's log."),
    "X-Run": ({"type": "string", "format": "uuid"}, "The id of the run."),
    "X-Flow-Version": ({"type": "integer"}, "The number of the version that runs."),
    "Location": ({"type": "string"}, "The address of the run."),
    "Retry-After": ({"type": "integer"}, "After how many seconds another try makes sense."),
    "Link": ({"type": "string"}, "Addresses that help further, with `rel=related`."),
}
"""The headers of answers: the schema of each, and what it says."""
OTHER = "default"
"""Every status that an operation does not name. Not 4XX and 5XX: a common generator writes these as numbers."""

# One for the process: decorators fill it while the views are imported, before there is any other object.
_shapes: dict[tuple[str, Mode], Any] = {}
_undescribed: list[Callable[[], object]] = []
"""Describes one operation each to the generator, which takes 8 MB and is imported when a document is asked for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of an operation."""

    shape: Any = None
    """A TypedDict, a model, or a schema; None for no body."""
    status: int = 200
    media: str = "application/json"
    about: str = ""
    """What the answer is, in a sentence."""
    headers: tuple[str, ...] = ()
    """The headers of `HEADERS` that this answer has; all answers have X-Request-ID."""

    def describe(self) -> OpenApiResponse:
        shape = self.shape if self.shape is None or isinstance(self.shape, dict) else refer_to(self.shape)
        return OpenApiResponse(shape, description=self.about)


REFUSAL = Answer(RefusalBody, about="The request is refused, or could not be done.")


def operation(
    name: str,
    tag: Tag,
    *answers: Answer,
    body: Any = None,
    query: Sequence[OpenApiParameter] = (),
    auth: list[dict[str, list[str]]] | None = None,
) -> Callable[[ViewFunction], ViewFunction]:
    """Document a view, or a method of one. The first line of its docstring is the summary.

    `body` is a serializer, a type whose schema is the body's, or a schema by media type. `auth` replaces the usual
    alternatives, an API key or a session.
    """

    def decorate(view: ViewFunction) -> ViewFunction:
        summary = (view.__doc__ or "").split("\n", 1)[0]
        assert summary, f"{name} has no docstring"
        _undescribed.append(lambda: describe(view, summary))
        return view

    def describe(view: ViewFunction, summary: str) -> None:
        responses: dict[Any, Any] = {(answer.status, answer.media): answer.describe() for answer in answers}
        extend_schema(
            operation_id=name,
            tags=[tag],
            summary=summary,
            description=summary,
            request=_describe_body(body),
            responses={**responses, OTHER: REFUSAL.describe()},
            parameters=[*query, *_describe_headers(answers)],
            auth=auth,  # type: ignore[arg-type]  # the generator writes the list unchanged
        )(view)

    return decorate


def _describe_headers(answers: Sequence[Answer]) -> list[OpenApiParameter]:
    statuses: dict[str, list[str | int]] = {"Retry-After": [OTHER], "Link": [OTHER]}
    for answer in answers:
        for name in answer.headers:
            statuses.setdefault(name, []).append(answer.status)
    return [
        _describe_header("X-Request-ID", True),
        *(_describe_header(name, sorted(set(codes), key=str)) for name, codes in statuses.items()),
    ]


def _describe_header(name: str, statuses: Any) -> OpenApiParameter:
    schema, about = HEADERS[name]
    return OpenApiParameter(name, schema, OpenApiParameter.HEADER, response=statuses, description=about)


def _describe_body(body: Any) -> Any:
    if body is None or isinstance(body, dict):
        return body
    is_serializer = isinstance(body, type) and issubclass(body, BaseSerializer)
    return {"application/json": body if is_serializer else refer_to(body, "validation")}


def refer_to(shape: Any, mode: Mode = "serialization") -> dict[str, str]:
    """Return a reference to the type's schema, and add the schema to the document."""
    _shapes[shape.__name__, mode] = shape
    return {"$ref": f"{COMPONENTS}{PREFIX[mode]}{shape.__name__}"}


def add_plain_views(endpoints: list[Endpoint]) -> list[Endpoint]:
    """Add the views that are not DRF's (`endpoint`), each behind a DRF view. A hook of the generator."""
    from drf_spectacular.generators import EndpointEnumerator

    class PlainViews(EndpointEnumerator):
        def should_include_endpoint(self, path: str, callback: Any) -> bool:
            is_described = hasattr(callback, "methods") and not callback.is_foreign
            return is_described and path.startswith("/api/v1/") and path != DOCUMENT_PATH

        def get_allowed_methods(self, callback: Any) -> list[str]:
            return list(callback.methods)

    views = PlainViews()._get_api_endpoints(None, "")  # type: ignore[no-untyped-call]  # has no types
    return [*endpoints, *((path, regex, method, _build_stand_in(method, view)) for path, regex, method, view in views)]


def _build_stand_in(method: str, view: Any) -> Any:
    stand_in: type[View] = type(view.__name__, (View,), {method.lower(): view})
    return stand_in.as_view()


def add_shapes(result: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Add what the generator does not know: the types that operations refer to, and the server. A hook of it."""
    schemas = result["components"]["schemas"]
    for body in schemas.values():
        body.pop("description", None)  # the docstring of DRF's base class
        body["additionalProperties"] = False
    for mode in PREFIX:
        definitions = _build_definitions(mode)
        assert not schemas.keys() & definitions.keys(), schemas.keys() & definitions.keys()
        schemas.update(definitions)
    # Generators name a type by its title, and drop what uses a name that another type has.
    result["components"]["schemas"] = {name: {**schemas[name], "title": name} for name in sorted(schemas)}
    for operations in result["paths"].values():
        for described in operations.values():
            _complete_operation(described)
    return {**result, "servers": [{"url": settings.MILLRACE_PUBLIC_URL}]}


def _complete_operation(described: dict[str, Any]) -> None:
    del described["description"]  # the generator's own fallback; the summary says it
    if "requestBody" in described:
        described["requestBody"]["required"] = True


class _ShapeSchemas(GenerateJsonSchema):
    """Gives fields no title, because a title is the name of a type, and closes a mapping whose names have a pattern."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def dict_schema(self, schema: DictSchema) -> dict[str, Any]:
        described = super().dict_schema(schema)
        return {**described, "additionalProperties": False} if "patternProperties" in described else described


def _build_definitions(mode: Mode) -> dict[str, Any]:
    wanted = [(name, mode, TypeAdapter(shape)) for (name, use), shape in sorted(_shapes.items()) if use == mode]
    template = f"{COMPONENTS}{PREFIX[mode]}{{model}}"
    _, schemas = TypeAdapter.json_schemas(wanted, ref_template=template, schema_generator=_ShapeSchemas)
    return {f"{PREFIX[mode]}{name}": schema for name, schema in schemas.get("$defs", {}).items()}


@cache  # building it takes a second, and it changes with the program only
def build_document() -> dict[str, Any]:
    """Return the OpenAPI document of this server. Sync."""
    from drf_spectacular.generators import SchemaGenerator

    from web.drf import request_schema as request_schema  # the generator asks what is imported

    _ = get_resolver().url_patterns  # imports all views, and each adds its description
    while _undescribed:
        _undescribed.pop()()
    document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # has no types
    return document
