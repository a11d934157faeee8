"""Exports that the tools' own makers publish come in as the editor brings them: checked, imported, opened."""

from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from connections import services as connections
from document_collections import services as collections
from tests.foreign_flows import real_exports
from tests.foreign_flows.real_exports import RealExport
from tests.json_api import send_json
from workspaces.models import User, Workspace

pytestmark = pytest.mark.django_db

API = "/api/v1/flows"


@pytest.fixture
def member(client: Client, alice: User, workspace: Workspace) -> Client:
    """A signed-in member of a workspace that has one connection and one collection."""
    connections.create(workspace.pk, "Main", "anthropic", {}, {"api_key": "sk-ant-of-a-test"})
    collections.create(workspace.pk, "Manuals", "", None)
    client.force_login(alice)
    return client


def check(member: Client, content: str) -> dict[str, Any]:
    response = send_json(member, "POST", f"{API}/import/check", {"content": content})
    assert response.status_code == 200, response.content
    review: dict[str, Any] = response.json()
    return review


def bring_in(member: Client, content: str, review: dict[str, Any]) -> dict[str, Any]:
    """Import the file with what the dialog has chosen already; return the draft as the editor opens it."""
    choices = {each["id"]: each["suggested"] for each in review["placeholders"] if each["suggested"]}
    imported = send_json(member, "POST", f"{API}/import", {"content": content, "choices": choices})
    assert imported.status_code == 201, imported.content
    opened = member.get(f"{API}/{imported.json()['flows'][0]['id']}")
    assert opened.status_code == 200, opened.content
    draft: dict[str, Any] = opened.json()
    return draft


def count_actions(draft: dict[str, Any]) -> Counter[str]:
    return Counter(node["action"] for node in draft["graph"]["nodes"])


def list_lines(draft: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return each line as the title of its source, the port and the title of its target."""
    titles = {node["id"]: node["properties"].get("title") for node in draft["graph"]["nodes"]}
    edges = draft["graph"]["edges"]
    return sorted((titles[edge["source"]], edge["source_port"], titles[edge["target"]]) for edge in edges)


def list_outcomes(review: dict[str, Any]) -> dict[str, str]:
    return {line["title"]: line["outcome"] for line in review["report"]}


def get_node(draft: dict[str, Any], title: str) -> dict[str, Any]:
    properties: dict[str, Any] = next(
        node["properties"] for node in draft["graph"]["nodes"] if node["properties"].get("title") == title
    )
    return properties


def test_n8n_calls_that_ran_side_by_side_run_one_after_another_and_the_last_fields_are_the_answer(
    member: Client,
) -> None:
    content = real_exports.N8N_CALLS.read()
    review = check(member, content)
    assert (review["tool"], review["flows"][0]["name"], review["flows"][0]["problem_count"]) == (
        "n8n",
        "HTTP Request",
        0,
    )
    assert Counter(list_outcomes(review).values()) == {"mapped": 5, "changed": 2}
    draft = bring_in(member, content, review)
    calls = [f"Mock {name} events" for name in ("public received", "repository", "organization")]
    names = ["Webhook", *calls, "Select statusCode", "Respond to Webhook"]
    assert list_lines(draft) == sorted((source, "continue", target) for source, target in pairwise(names))
    assert count_actions(draft) == {
        "http.trigger": 1,
        "http.request": 3,
        "data.declare_variables": 1,
        "control.yield_return": 1,
    }
    assert get_node(draft, "Respond to Webhook")["value"] == '{{ {"statusCode": statusCode} }}'
    assert get_node(draft, calls[0])["url"] == "http://mockapi:8080/users/clair.bahringer/received_events/public"


def test_flowise_retrieval_chain_searches_remembers_and_streams(member: Client) -> None:
    content = real_exports.FLOWISE_CHATFLOW.read()
    review = check(member, content)
    assert (review["tool"], review["flows"][0]["problem_count"]) == ("Flowise", 1)  # its model is chosen anew
    assert Counter(list_outcomes(review).values()) == {"mapped": 5, "changed": 1, "left": 3}
    assert {(each["type"], each["name"]) for each in review["placeholders"]} == {
        ("connection", "Model"),
        ("collection", "Faiss"),
    }
    draft = bring_in(member, content, review)
    assert count_actions(draft) == {
        "chat.completion_trigger": 1,
        "chat.get_history": 1,
        "vectors.search_vectors": 1,
        "anthropic.streaming_chat_completion": 1,
        "chat.save_history": 1,
        "control.yield_return": 1,
    }
    left = [note["text"] for note in draft["graph"]["notes"]]
    assert len(left) == 4
    for title in ("Recursive Character Text Splitter", "Text File", "Document Store"):
        assert any(text.startswith(title) for text in left)


def test_flowise_structured_output_keeps_its_fields(member: Client) -> None:
    content = real_exports.FLOWISE_AGENTFLOW.read()
    review = check(member, content)
    assert set(list_outcomes(review).values()) == {"mapped"}
    draft = bring_in(member, content, review)
    model = get_node(draft, "Strutured Output")
    assert (model["response_format"]["type"], draft["graph"]["notes"]) == ("object", [])
    assert len(draft["graph"]["nodes"]) == 3


def test_langflow_chatbot_has_its_memory_and_a_note_for_what_is_left(member: Client) -> None:
    content = real_exports.LANGFLOW_MEMORY.read()
    review = check(member, content)
    assert (review["tool"], review["version"]) == ("Langflow", "1.10.1rc3")
    assert list_outcomes(review) == {
        "Chat Input": "mapped",
        "Memory Base": "left",
        "Agent": "changed",
        "Chat Output": "mapped",
    }
    draft = bring_in(member, content, review)
    assert count_actions(draft) == {
        "chat.completion_trigger": 1,
        "chat.get_history": 1,
        "anthropic.streaming_chat_completion": 1,
        "chat.save_history": 1,
        "control.yield_return": 1,
    }
    assert any(note["text"].startswith("Memory Base") for note in draft["graph"]["notes"])


def test_dify_models_that_answered_at_the_same_time_answer_one_after_another(member: Client) -> None:
    content = real_exports.DIFY_TWO_MODELS.read()
    review = check(member, content)
    assert (review["tool"], review["version"]) == ("Dify", "0.3.1")
    assert review["flows"][0]["description"].endswith("All chunks should be send before Answer Node started.")
    assert list_outcomes(review) == {"Start": "changed", "LLM 1": "changed", "LLM 2": "changed", "Answer": "mapped"}
    draft = bring_in(member, content, review)
    assert count_actions(draft) == {
        "chat.completion_trigger": 1,
        "chat.get_history": 2,
        "anthropic.chat_completion": 2,
        "chat.save_history": 2,
        "control.yield_return": 1,
    }
    assert get_node(draft, "LLM 2")["system_prompt"] == "Always speak Chinese."
    assert get_node(draft, "Answer")["value"] == "{{ response_2.text }}{{ response.text }}"


def test_a_package_that_is_not_the_one_that_was_read_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(real_exports, "CACHE", tmp_path)
    (tmp_path / real_exports.FLOWISE.file).write_bytes(b"another file")
    with pytest.raises(AssertionError, match=r"is not the flowise-3\.1\.3\.tgz"):
        RealExport(real_exports.FLOWISE, "package/package.json").read()
