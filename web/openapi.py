"""Builds the OpenAPI document from the `@operation` of each view, which names the types that the view uses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from pydantic import TypeAdapter
from rest_framework.serializers import BaseSerializer

from web.drf.view import View
from web.shapes import RefusalBody

Tag = Literal["flows", "runs", "actions", "connections", "collections", "api keys", "session"]
Mode = Literal["serialization", "validation"]
ViewFunction = TypeVar("ViewFunction", bound=Callable[..., Any])
Endpoint = tuple[str, str, str, Any]

COMPONENTS = "#/components/schemas/"
SESSION = [{"session": list[str]()}]
NOBODY = [dict[str, list[str]]()]
# A body may omit a field that has a default, and an answer always holds it: one type has two schemas.
PREFIX: dict[Mode, str] = {"serialization": "", "validation": "Given"}

# One for the process: decorators fill it while the views are imported, before there is any other object.
_shapes: dict[tuple[str, Mode], Any] = {}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of an operation."""

    shape: Any = None
    """A TypedDict, a model, or a schema; None for no body."""
    status: int = 200
    media: str = "application/json"
    about: str = ""
    """What the answer is, in a sentence."""

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
    refusals = {status: REFUSAL.describe() for status in ("4XX", "5XX")}
    responses: dict[Any, Any] = {(answer.status, answer.media): answer.describe() for answer in answers}

    def decorate(view: ViewFunction) -> ViewFunction:
        summary = (view.__doc__ or "").split("\n", 1)[0]
        assert summary, f"{name} has no docstring"
        documented = extend_schema(
            operation_id=name,
            tags=[tag],
            summary=summary,
            description=summary,
            request=_describe_body(body),
            responses={**responses, **refusals},
            parameters=list(query),
            auth=auth,  # type: ignore[arg-type]  # the generator writes the list unchanged
        )
        return documented(view)

    return decorate


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
            return hasattr(callback, "methods") and path.startswith("/api/v1/")

        def get_allowed_methods(self, callback: Any) -> list[str]:
            return list(callback.methods)

    views = PlainViews()._get_api_endpoints(None, "")  # type: ignore[no-untyped-call]  # has no types
    return [*endpoints, *((path, regex, method, _build_stand_in(method, view)) for path, regex, method, view in views)]


def _build_stand_in(method: str, view: Any) -> Any:
    stand_in: type[View] = type(view.__name__, (View,), {method.lower(): view})
    return stand_in.as_view()


def add_shapes(result: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Add the schemas of the types that operations refer to. A hook of the generator."""
    schemas = result["components"]["schemas"]
    for body in schemas.values():
        body.pop("description", None)  # the docstring of DRF's base class
        body["additionalProperties"] = False
    for mode in PREFIX:
        definitions = _build_definitions(mode)
        assert not schemas.keys() & definitions.keys(), schemas.keys() & definitions.keys()
        schemas.update(definitions)
    result["components"]["schemas"] = dict(sorted(schemas.items()))
    for operations in result["paths"].values():
        for described in operations.values():
            del described["description"]  # the generator's own fallback; the summary says it
    return result


def _build_definitions(mode: Mode) -> dict[str, Any]:
    wanted = [(name, mode, TypeAdapter(shape)) for (name, use), shape in sorted(_shapes.items()) if use == mode]
    _, schemas = TypeAdapter.json_schemas(wanted, ref_template=f"{COMPONENTS}{PREFIX[mode]}{{model}}")
    return {f"{PREFIX[mode]}{name}": schema for name, schema in schemas.get("$defs", {}).items()}
