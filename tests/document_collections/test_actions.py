"""Search vectors and Save vectors, driven as the engine drives them, on the collections of a real database."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, cast

import numpy as np
import pytest

from actions.contract.action import Action, ActionContext, Services
from actions.contract.errors import ActionError
from actions.contract.records import render
from actions.contract.steps import Result, Step
from actions.vectors.save_vectors import SaveVectors
from actions.vectors.search_result import render_hit
from actions.vectors.search_vectors import SearchVectors
from actions.vectors.splitting import TextSplitter
from actions.vectors.store import Hit, VectorStore
from document_collections.models import Chunk, Collection, Document
from document_collections.store import WorkspaceStore
from tests.document_collections.embedders import LetterEmbedder
from web.database import close_pool_connections
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def closed_connections() -> Iterator[None]:
    yield
    close_pool_connections()


async def run_action(
    action: type[Action[Any]], workspace: Workspace, helpers: dict[str, Any], **properties: Any
) -> Any:
    services = Services({VectorStore: WorkspaceStore(workspace.pk)})
    context = ActionContext("run", "node", {}, helpers, services)
    parsed = action.Properties.model_validate({"collection": "Manuals", **properties})
    steps = [step async for step in cast(AsyncIterator[Step], action().run(parsed, context))]
    assert isinstance(steps[-1], Result)
    return steps[-1].value


async def save(workspace: Workspace, content: Any, **properties: Any) -> Any:
    helpers = properties.pop("helpers", {})
    return await run_action(SaveVectors, workspace, helpers, content=content, **properties)


async def search(workspace: Workspace, text: str, **properties: Any) -> Any:
    helpers = properties.pop("helpers", {})
    return await run_action(SearchVectors, workspace, helpers, search_text=text, **properties)


async def catch_refusal(call: Any) -> ActionError:
    with pytest.raises(ActionError) as caught:
        await call
    return caught.value


async def test_what_was_saved_is_found_and_renders_as_a_prompt(workspace: Workspace, collection: Collection) -> None:
    saved = await save(workspace, "Clean the filter weekly.", metadata={"year": 2020}, context="manual")
    result = await search(workspace, "How do I clean the filter?")
    assert saved["chunks"] == result["count"] == 1
    assert render(result) == "Source: manual\nClean the filter weekly."
    record = result["records"][0]
    assert (record["document"], record["metadata"], record["score"] > 0.4) == ("manual", {"year": 2020}, True)
    expected = {"source": "manual", "title": "manual", "text": "Clean the filter weekly."}
    assert result["search_results"] == [expected]


async def test_a_collection_is_found_by_its_id_and_by_its_name(workspace: Workspace, collection: Collection) -> None:
    await save(workspace, "Clean the filter weekly.")
    for reference in (str(collection.pk), "Manuals"):
        assert (await search(workspace, "filter", collection=reference))["count"] == 1
    for reference in (str(workspace.pk), "manuals"):
        assert (await catch_refusal(search(workspace, "x", collection=reference))).code == "unknown_collection"


async def test_a_context_replaces_what_it_saved_before_and_nothing_else(
    workspace: Workspace, collection: Collection
) -> None:
    await save(workspace, ["old one", "old two"], context="page")
    await save(workspace, "other", context="other")
    await save(workspace, "without a context")
    await save(workspace, "new", context="page")
    result = await search(workspace, "old new other without", top=10)
    assert sorted(record["text"] for record in result["records"]) == ["new", "other", "without a context"]


async def test_a_save_that_fails_loses_nothing(workspace: Workspace, collection: Collection) -> None:
    await save(workspace, "old", context="page")
    error = await catch_refusal(save(workspace, "new", context="page", helpers={"text_embedder": LetterEmbedder()}))
    assert error.code == "embedder_mismatch"
    assert (await search(workspace, "old"))["records"][0]["text"] == "old"
    assert await Document.objects.acount() == await Chunk.objects.acount() == 1


async def test_the_first_save_settles_the_embedder(workspace: Workspace, collection: Collection) -> None:
    await save(workspace, ["aab", "b"], helpers={"text_embedder": LetterEmbedder()})
    await collection.arefresh_from_db()
    assert (collection.embedder_kind, collection.embedder_model, collection.dimension) == ("test", "letters", 2)
    result = await search(workspace, "a", helpers={"text_embedder": LetterEmbedder()}, top=1)
    assert result["records"][0]["text"] == "aab"
    for helpers in ({}, {"text_embedder": LetterEmbedder("other")}):
        error = await catch_refusal(search(workspace, "a", helpers=helpers))
        assert (error.code, "'letters' (test)" in error.message, bool(error.hint)) == ("embedder_mismatch", True, True)


async def test_vectors_of_another_length_are_refused(workspace: Workspace, collection: Collection) -> None:
    class Longer(LetterEmbedder):
        async def embed(self, texts: list[str], purpose: Any = "document") -> Any:
            return np.ones((len(texts), 3), np.float32)

    await save(workspace, "a", helpers={"text_embedder": LetterEmbedder()})
    error = await catch_refusal(save(workspace, "a", helpers={"text_embedder": Longer()}))
    assert error.code == "embedder_mismatch"
    error = await catch_refusal(search(workspace, "a", helpers={"text_embedder": Longer()}))
    assert error.code == "embedder_mismatch"


async def test_a_splitter_that_is_attached_cuts(workspace: Workspace, collection: Collection) -> None:
    splitter = TextSplitter("markdown")
    saved = await save(workspace, "# A\none\n# B\ntwo", helpers={"text_splitter": splitter}, metadata={"kind": "x"})
    assert saved["chunks"] == 2
    result = await search(workspace, "two", top=1)
    assert result["records"][0]["metadata"] == {"kind": "x", "heading": "B"}
    assert result["search_results"][0]["title"] == "Saved by a flow, B"


async def test_a_filter_compares_values_from_a_caller(workspace: Workspace, collection: Collection) -> None:
    await save(workspace, [{"text": "mine", "metadata": {"who": "a"}}, {"text": "yours", "metadata": {"who": "b"}}])
    mine = await search(workspace, "mine yours", filter="who == $who", filter_values={"who": "a"})
    assert [record["text"] for record in mine["records"]] == ["mine"]
    attack = await search(workspace, "mine", filter="who == $who", filter_values={"who": 'a" or who != "'})
    assert attack["records"] == []
    error = await catch_refusal(search(workspace, "mine", filter="who = 1; DROP TABLE x"))
    assert (error.code, error.message) == ("invalid_filter", "Filter: '=' means nothing in a filter (column 5).")


async def test_fields_limit_what_a_record_carries(workspace: Workspace, collection: Collection) -> None:
    await save(workspace, "text", metadata={"a": 1, "b": 2})
    result = await search(workspace, "text", fields=["b"], prompt_template="@[a] @[text] @[nothing] @[metadata.b]")
    assert (result["records"][0]["metadata"], result["text"]) == ({"b": 2}, "1 text  2")


def test_what_a_document_holds_is_no_template() -> None:
    assert render_hit("@[text] @[x", Hit("@[document] {{ x }}", 1, "d", {})) == "@[document] {{ x }} @[x"


async def test_nothing_found_is_an_empty_text(workspace: Workspace, collection: Collection) -> None:
    result = await search(workspace, "anything")
    assert (render(result), result["records"], result["count"]) == ("", [], 0)


async def test_a_collection_of_another_workspace_does_not_exist(
    workspace: Workspace, other_workspace: Workspace, collection: Collection
) -> None:
    for call in (search(other_workspace, "x"), save(other_workspace, "x")):
        error = await catch_refusal(call)
        assert (error.code, error.message) == ("unknown_collection", "There is no collection 'Manuals'.")


@pytest.mark.parametrize("text", ["", "  \n"])
async def test_an_empty_search_is_refused(workspace: Workspace, collection: Collection, text: str) -> None:
    assert (await catch_refusal(search(workspace, text))).code == "empty_search_text"


CONTENTS: dict[str, tuple[Any, str]] = {
    "nothing": ("", "empty_content"),
    "null": (None, "empty_content"),
    "an empty list": ([], "empty_content"),
    "a list in a list": ([["x"]], "invalid_value"),
    "an object without a text": ([{"metadata": {}}], "invalid_value"),
    "metadata that is a text": ([{"text": "x", "metadata": "y"}], "invalid_value"),
    "metadata that is too large": ([{"text": "x", "metadata": {"y": "z" * 20_000}}], "value_too_large"),
    "too much text": ("x" * 5_000_001, "value_too_large"),
}


@pytest.mark.parametrize("case", CONTENTS)
async def test_content_that_cannot_be_saved_is_refused(workspace: Workspace, collection: Collection, case: str) -> None:
    content, code = CONTENTS[case]
    assert (await catch_refusal(save(workspace, content))).code == code
    assert not await Document.objects.aexists()


def test_a_filter_is_checked_before_a_run() -> None:
    problem = next(iter(SearchVectors.check({"filter": "year = 1"})))
    assert (problem.code, problem.property, problem.column) == ("invalid_filter", "filter", 6)
    assert list(SearchVectors.check({"filter": "year == $year"})) == []
