"""Find what a collection knows about a text."""

from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

from actions.contract.action import Action, ActionContext, Attachment, Output
from actions.contract.errors import ActionError, Problem
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import LITERAL, CollectionRef, Text, VariableName
from actions.contract.steps import Result, Step
from actions.vectors.embedder_check import check_embedder
from actions.vectors.embedding import TextEmbedder
from actions.vectors.filters import Filter, FilterError, parse_filter
from actions.vectors.search_result import DEFAULT_TEMPLATE, SEARCH_RESULT, build_search_result
from actions.vectors.store import MAX_QUERY_CHARACTERS, MAX_RESULTS, Distance, Query, VectorStore


class SearchVectorsProperties(ActionProperties):
    collection: CollectionRef = prop("The collection to search.")
    search_text: Text = prop(
        "What is looked for, such as the user's question.",
        widget="template",
        suggests=("chat_completion_request.prompt",),
    )
    fields: list[str] = prop("Metadata that the found chunks carry. Empty carries all.", default=[], port=False)
    filter: str = prop(
        "Which chunks may be found, by their metadata.",
        default="",
        modes=LITERAL,
        widget="filter",
        verbatim=True,
        placeholder='source == "manual.pdf" and year >= $year',
    )
    filter_values: dict[str, Any] = prop("What stands behind the names with $ in the filter.", default={}, port=False)
    top: int = prop("The most chunks to find.", default=5, ge=1, le=MAX_RESULTS)
    skip: int = prop("How many of the best chunks to leave out.", default=0, ge=0, le=10_000)
    distance: Distance = prop(
        "How near two vectors are.",
        default="cosine",
        title="Distance Function",
        port=False,
        choices={"cosine": "Cosine", "euclidean": "Euclidean", "inner_product": "Inner product"},
    )
    score_limit: float | None = prop(
        "The least score of a chunk; with the Euclidean distance the greatest distance.", default=None
    )
    prompt_template: str = prop(
        "How a chunk is written into a prompt. `@[field]` stands for a field of it.",
        default=DEFAULT_TEMPLATE,
        modes=LITERAL,
        widget="text",
        verbatim=True,
        port=False,
    )
    result_variable_name: VariableName = prop(
        "Variable that holds the search result.", default="searchResult", port=False
    )


class SearchVectors(Action[SearchVectorsProperties]):
    """Search a collection for the chunks that are nearest to a text."""

    type = "vectors.search_vectors"
    family = "vectors"
    attachments = (Attachment("text_embedder", "Text embedder", TextEmbedder),)
    output = Output(SEARCH_RESULT, name="result_variable_name")
    width = 212

    async def run(self, properties: SearchVectorsProperties, context: ActionContext) -> AsyncIterator[Step]:
        text = properties.search_text.strip()[:MAX_QUERY_CHARACTERS]
        if not text:
            raise ActionError("empty_search_text", "Search Text is empty.", "Bind it to what is looked for.")
        query = _build_query(properties, text)
        store = context.services.get(VectorStore)
        embedder = context.helpers.get("text_embedder") or await store.get_embedder(properties.collection)
        await store.check(properties.collection, embedder.identity)
        vector = (await embedder.embed([text], "query"))[0]
        hits = await store.search(properties.collection, vector, embedder.identity, query)
        yield Result(build_search_result(hits, properties.prompt_template, properties.fields))

    @classmethod
    def check(cls, known: Mapping[str, Any]) -> Iterable[Problem]:
        source = known.get("filter")
        if isinstance(source, str) and source.strip():
            try:
                parse_filter(source)
            except FilterError as error:
                yield Problem("invalid_filter", f"{error}.", "filter", column=error.column)

    @classmethod
    def check_attached(cls, known: Mapping[str, Any], attached: Mapping[str, Any]) -> Iterable[Problem]:
        return check_embedder(known, attached)


def _build_query(properties: SearchVectorsProperties, text: str) -> Query:
    return Query(
        top=properties.top,
        skip=properties.skip,
        distance=properties.distance,
        score_limit=properties.score_limit,
        filter=_read_filter(properties),
        text=text,
    )


def _read_filter(properties: SearchVectorsProperties) -> Filter | None:
    if not properties.filter.strip():
        return None
    try:
        return parse_filter(properties.filter, properties.filter_values)
    except FilterError as error:
        hint = "The page of this action describes what a filter may hold."
        raise ActionError("invalid_filter", f"Filter: {error}.", hint) from None
