"""The list of models, in the shape of the protocol that the caller speaks."""

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from flows.protocols.anthropic_messages import listing as anthropic
from flows.protocols.client_calls import admit_model_client
from flows.protocols.error_choice import speaks_anthropic
from flows.protocols.listed_models import MAX_MODELS, ListedModel, ModelPage, get_model, list_models
from flows.protocols.openai_chat import listing as openai
from web.async_views import endpoint
from web.database import in_database
from web.requests import read_query_number

PAGE_PARAMETERS = ("limit", "after_id", "before_id")
"""By which Anthropic's clients ask for a page."""


@endpoint("GET", foreign=True)
async def show_models(request: HttpRequest) -> HttpResponseBase:
    """List the flows that the caller may run: pages as Anthropic has them, and one for OpenAI, which has no pages."""
    describe = anthropic.describe_models if speaks_anthropic(request.headers) else openai.describe_models
    page: ModelPage = await in_database(_list_models, request)
    return JsonResponse(describe(page))


@endpoint("GET", foreign=True)
async def show_model(request: HttpRequest, model: str) -> HttpResponseBase:
    """Return one flow that the caller may run."""
    found: ListedModel = await in_database(lambda: get_model(admit_model_client(request), model))
    describe = anthropic.describe_model if speaks_anthropic(request.headers) else openai.describe_model
    return JsonResponse(describe(found))


def _list_models(request: HttpRequest) -> ModelPage:
    if not speaks_anthropic(request.headers):
        return list_models(admit_model_client(request))
    caller = admit_model_client(request, PAGE_PARAMETERS)
    limit = read_query_number(request, "limit", default=MAX_MODELS, largest=MAX_MODELS)
    after, before = request.GET.get("after_id", ""), request.GET.get("before_id", "")
    return list_models(caller, limit, after=after, before=before)
