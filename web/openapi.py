"""The OpenAPI document: `@operation` beside each view says what it takes and answers, in the types it uses."""

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
# A body may leave out what has a default, an answer holds it: two schemas of one type.
PREFIX: dict[Mode, str] = {"serialization": "", "validation": "Given"}

_shapes: dict[tuple[str, Mode], Any] = {}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of an operation. `shape` is a TypedDict or a model, a schema, or None for no body."""

    shape: Any = None
    status: int = 200
    media: str = "application/json"
    about: str = ""

    def document(self) -> OpenApiResponse:
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
    """Document a view, or a method of one; the first line of its docstring is the summary.

    `body` is a serializer, a type whose schema is the body's, or a schema by media type.
    `auth` replaces "a key or the session".
    """
    refusals = {status: REFUSAL.document() for status in ("4XX", "5XX")}
    told: dict[Any, Any] = {(answer.status, answer.media): answer.document() for answer in answers}

    def decorate(view: ViewFunction) -> ViewFunction:
        summary = (view.__doc__ or "").split("\n", 1)[0]
        assert summary, f"{name} has no docstring"
        documented = extend_schema(
            operation_id=name,
            tags=[tag],
            summary=summary,
            description=summary,
            request=_describe_body(body),
            responses={**told, **refusals},
            parameters=list(query),
            auth=auth,  # type: ignore[arg-type]  # taken as it is: a list of requirements
        )
        return documented(view)

    return decorate


def _describe_body(body: Any) -> Any:
    if body is None or isinstance(body, dict) or (isinstance(body, type) and issubclass(body, BaseSerializer)):
        return body
    return {"application/json": refer_to(body, "validation")}


def refer_to(shape: Any, mode: Mode = "serialization") -> dict[str, str]:
    """Return the reference to the type's schema, and see to it that the document holds the schema."""
    _shapes[shape.__name__, mode] = shape
    return {"$ref": f"{COMPONENTS}{PREFIX[mode]}{shape.__name__}"}


def add_plain_views(endpoints: list[Endpoint]) -> list[Endpoint]:
    """Add the documented views that are not DRF's (`endpoint`), each behind a DRF view that stands in."""
    from drf_spectacular.generators import EndpointEnumerator

    class Plain(EndpointEnumerator):
        def should_include_endpoint(self, path: str, callback: Any) -> bool:
            return hasattr(callback, "methods") and path.startswith("/api/v1/")

        def get_allowed_methods(self, callback: Any) -> list[str]:
            return list(callback.methods)

    found = Plain()._get_api_endpoints(None, "")  # type: ignore[no-untyped-call]  # has no types
    return [*endpoints, *((path, regex, method, _build_stand_in(method, view)) for path, regex, method, view in found)]


def _build_stand_in(method: str, view: Any) -> Any:
    stand_in: type[View] = type(view.__name__, (View,), {method.lower(): view})
    return stand_in.as_view()


def add_shapes(result: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Put the schemas of the types that operations name into the document."""
    schemas = result["components"]["schemas"]
    for body in schemas.values():
        body.pop("description", None)  # of the class that every serializer extends
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
    wanted = [(name, mode, TypeAdapter(shape)) for (name, its), shape in sorted(_shapes.items()) if its == mode]
    _, found = TypeAdapter.json_schemas(wanted, ref_template=f"{COMPONENTS}{PREFIX[mode]}{{model}}")
    return {f"{PREFIX[mode]}{name}": schema for name, schema in found.get("$defs", {}).items()}
