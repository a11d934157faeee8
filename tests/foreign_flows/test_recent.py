"""Nodes of the tools' current versions: choices, answers that are JSON, state, and tools that search."""

import json
from typing import Any

import pytest
import yaml

from actions.anthropic.request.structured import build_output_format
from flows.exchange.read_file import ReadFile, read_file
from tests.foreign_flows import files, recent_files
from tests.foreign_flows.drafts import get_properties, list_lines, list_open_problems, list_outcomes, read

MODEL = "anthropic.chat_completion"
STREAMING = "anthropic.streaming_chat_completion"


def list_properties(found: ReadFile, title: str, action: str) -> dict[str, Any]:
    """Return the properties of the card with the title that is of the action: a choice has two cards of one title."""
    nodes = found.file.flows[0].graph.nodes
    return next(node.properties for node in nodes if node.properties.get("title") == title and node.action == action)


def get_notes(found: ReadFile) -> dict[str, str]:
    return {line.title: line.note for line in found.report}


def test_n8n_classifier_is_a_model_that_chooses_and_a_switch() -> None:
    found = read(recent_files.build_n8n_desk())
    model = list_properties(found, "Which", MODEL)
    assert model["user_prompt"] == "{{ chatCompletionRequest.prompt }}"
    assert model["system_prompt"].endswith("- Grain: What is milled\n- Visit")
    assert model["response_format"]["properties"]["choice"]["enum"] == ["Grain", "Visit"]
    switch = list_properties(found, "Which", "control.switch")
    assert switch["value"] == {"expression": f"{model['result_variable_name']}.parsed.choice"}
    assert switch["cases"] == ["Grain", "Visit"]
    lines = list_lines(found)
    assert {"switch:case_1 > search_vectors", "switch:case_2 > streaming_chat_completion"} <= lines
    assert "switch:default > request" in lines


def test_n8n_store_that_is_a_tool_is_searched_and_its_embeddings_are_not_left() -> None:
    found = read(recent_files.build_n8n_desk())
    assert get_properties(found, "Search handbook")["top"] == 6
    outcomes, notes = list_outcomes(found), get_notes(found)
    assert (outcomes["Store"], notes["Store"]) == ("mapped", "Part of 'Miller'.")
    assert (outcomes["Embeddings"], notes["Embeddings"]) == ("mapped", "A collection has its own embeddings.")
    assert "tools are left" not in notes["Miller"]
    assert get_properties(found, "Miller")["max_completion_tokens"] == 300


def test_n8n_output_parser_gives_the_schema_and_what_reads_it_reads_the_json() -> None:
    found = read(recent_files.build_n8n_desk())
    model = get_properties(found, "Miller")
    assert model["response_format"] == recent_files.COUNT_SCHEMA
    assert get_properties(found, "Keep")["variables"] == {
        "number": f"{{{{ {model['result_variable_name']}.parsed.count }}}}"
    }


def test_n8n_openai_node_of_version_two_keeps_its_messages_and_its_format() -> None:
    model = get_properties(read(recent_files.build_n8n_desk()), "Guide")
    assert (model["user_prompt"], model["system_prompt"]) == ("Now", "Be kind.\n\nSay when.")
    assert (model["response_format"], model["max_completion_tokens"]) == (recent_files.COUNT_SCHEMA, 80)


def test_n8n_environment_and_json_headers() -> None:
    call = get_properties(read(recent_files.build_n8n_desk()), "Ask")
    assert (call["url"], call["headers"]) == ("{{ env.MILL_URL }}", {"X-Mill": "{{ env.MILL }}"})


def test_n8n_extractor_has_a_schema_and_a_sentiment_has_a_way_for_each() -> None:
    found = read(recent_files.build_n8n_extractor())
    model = get_properties(found, "Find")
    fields = model["response_format"]["properties"]
    assert {name: field["type"] for name, field in fields.items()} == {"city": "string", "sacks": "number"}
    assert get_properties(found, "Good")["value"] == f"{{{{ {model['result_variable_name']}.parsed.city }}}}"
    assert list_properties(found, "Feel", "control.switch")["cases"] == ["Positive", "Neutral", "Negative"]
    assert list_open_problems(found) == []


def read_dify_desk() -> ReadFile:
    return read_file(yaml.safe_dump(recent_files.build_dify_desk()))


def test_dify_classifier_extractor_and_agent() -> None:
    found = read_dify_desk()
    assert {"switch:case_1 > chat_completion", "switch:case_2 > request"} <= list_lines(found)
    assert list_properties(found, "Which", MODEL)["system_prompt"] == "Orders first."
    fields = list_properties(found, "Find", MODEL)["response_format"]["properties"]
    assert fields["places"] == {"type": "array", "items": {"type": "string"}, "description": "Where"}
    assert fields["grain"]["enum"] == ["rye", "oat"]
    agent = list_properties(found, "Agent", MODEL)
    assert (agent["system_prompt"], agent["temperature"]) == ("Ask politely.", 0.4)
    assert agent["user_prompt"] == "{{ response.parsed.places }}"
    assert "without its tools" in get_notes(found)["Agent"]


def test_dify_conversation_variables_begin_with_the_run_and_are_changed_in_it() -> None:
    found = read_dify_desk()
    nodes = found.file.flows[0].graph.nodes
    declared = next(node.properties["variables"] for node in nodes if node.action == "data.declare_variables")
    assert declared == {"asked": 0, "notes": []}
    values = {node.properties["name"]: node.properties["value"] for node in nodes if node.action == "data.set_variable"}
    assert values["asked"] == {"expression": "asked + 1"}
    assert values["notes"] == {"expression": "notes + [chatCompletionRequest.prompt]"}
    assert get_properties(found, "Say")["value"].endswith(" for {{ asked }}")


def test_dify_environment_files_and_structured_output() -> None:
    found = read_dify_desk()
    assert get_properties(found, "Call")["headers"] == {"X-Key": "{{ env.mill_key }}"}
    model = list_properties(found, "Look", MODEL)
    assert (model["user_prompt"], model["files"]) == (
        "{{ chatCompletionRequest.prompt }}",
        {"expression": "chatCompletionRequest.files"},
    )
    assert model["response_format"] == recent_files.COUNT_SCHEMA
    history = next(node.properties for node in found.file.flows[0].graph.nodes if node.action == "chat.get_history")
    assert history["limit"] == 100  # its window is off, so its size says nothing
    value = get_properties(found, "Tell")["value"]
    assert value == f"{{{{ {model['result_variable_name']}.parsed.count }}}} by {{{{ choice.parsed.choice }}}}"
    assert [each for each in list_open_problems(found) if "mill_key" not in each] == []


def test_dify_webhook_begins_a_workflow_before_a_schedule() -> None:
    found = read_file(yaml.safe_dump(recent_files.build_dify_hook()))
    assert list_lines(found) == {"trigger:continue > chat_completion", "chat_completion:continue > return"}
    assert get_properties(found, "Hook")["body_schema"]["required"] == ["wish"]
    assert get_properties(found, "Answer")["user_prompt"] == "{{ request.wish }}"
    assert list_outcomes(found)["Each morning"] == "left"
    assert list_open_problems(found) == []


def test_flowise_structured_output_sets_the_state_and_a_condition_agent_chooses() -> None:
    found = read(recent_files.build_flowise_team())
    plan = list_properties(found, "Plan", MODEL)
    assert (plan["user_prompt"], plan["system_prompt"]) == ("{{ request }}", "Plan {{ env.TONE }}")
    fields = plan["response_format"]["properties"]
    assert fields["next"]["enum"] == ["MILL", "BAKE"]
    assert list(fields["parts"]["items"]["properties"]) == ["name"]
    assert plan["max_completion_tokens"] == 200
    nodes = found.file.flows[0].graph.nodes
    state = next(node.properties for node in nodes if node.action == "data.set_variable")
    assert state == {"name": "next", "value": "{{ response.parsed.next }}"}
    which = list_properties(found, "Which", MODEL)
    assert which["user_prompt"] == "{{ response.parsed.next }} of {{ next }}"
    assert list_properties(found, "Which", "control.switch")["cases"] == ["Mill it", "Bake it"]
    assert get_properties(found, "Mill")["value"] == "{{ response.text }}"


def test_a_step_that_is_left_stays_left_in_the_report_when_its_lines_change() -> None:
    found = read(recent_files.build_flowise_team())
    outcomes, notes = list_outcomes(found), get_notes(found)
    assert (outcomes["Approve"], outcomes["Again"]) == ("left", "left")
    assert "While or a For each" in notes["Again"]
    assert "here it runs after it" in notes["Approve"]


def test_flowise_query_engine_and_a_tool_that_searches() -> None:
    found = read(recent_files.build_flowise_engine())
    model = get_properties(found, "Engine")
    assert (model["model_id"], model["temperature"]) == ("claude-haiku-5-5", 0.2)
    assert get_properties(found, "Search Papers")["top"] == 4
    assert list_outcomes(found)["Embedding"] == "mapped"
    assert list_open_problems(found) == []
    found = read(recent_files.build_flowise_tools())
    assert "search_vectors:continue > streaming_chat_completion" in list_lines(found)
    assert get_notes(found)["Search"] == "Part of 'Agent'."
    assert "It searches each time" in get_notes(found)["Agent"]


def test_langflow_knowledge_is_searched_and_its_parser_hands_it_on() -> None:
    found = read(recent_files.build_langflow_knowledge())
    assert get_properties(found, "Search handbook")["top"] == 5
    model = get_properties(found, "Agent")
    assert model["user_prompt"] == "From {{ searchResult }} to {{ chatCompletionRequest.prompt }}"
    assert model["model_id"] == "claude-haiku-5-5"
    assert "without its pattern" in get_notes(found)["parser"]
    assert list_open_problems(found) == []


def test_langflow_fields_fill_the_pattern_of_a_parser_and_a_flow_without_input_is_a_chat() -> None:
    found = read(recent_files.build_langflow_extractor())
    model = get_properties(found, "StructuredOutput")
    assert model["user_prompt"] == "A mill in Ulm grinds rye."
    assert model["response_format"]["properties"]["grains"]["type"] == "array"
    variable = model["result_variable_name"]
    agent = get_properties(found, "Agent")
    assert agent["user_prompt"] == f"In {{{{ {variable}.parsed.city }}}}: {{{{ {variable}.parsed.grains }}}}"
    assert "history" in agent
    assert "no session" not in get_notes(found)["Agent"]
    assert list_open_problems(found) == []


@pytest.mark.parametrize("build", recent_files.RECENT_FILES.values(), ids=recent_files.RECENT_FILES)
def test_every_schema_is_one_that_the_model_takes(build: Any) -> None:
    nodes = read(build()).file.flows[0].graph.nodes
    for node in nodes:
        schema = node.properties.get("response_format")
        if isinstance(schema, dict):
            build_output_format(schema)


def test_more_ways_than_a_switch_has_are_left_with_their_lines() -> None:
    rows = [{"category": f"c{number}"} for number in range(21)]
    nodes = [
        files.n8n_node("Chat", f"{files.CHAT}.chatTrigger"),
        files.n8n_node("Which", f"{files.CHAT}.textClassifier", categories={"categories": rows}),
        files.n8n_node("Then", "n8n-nodes-base.wait", 1.1, amount=1),
    ]
    found = read(
        {"nodes": nodes, "connections": {**files.n8n_link("Chat", "Which"), **files.n8n_link("Which", "Then")}}
    )
    assert list_outcomes(found)["Which"] == "left"
    assert "21 ways" in get_notes(found)["Which"]
    assert "switch:case_1 > wait" in list_lines(found)


def test_an_example_gives_its_schema_and_a_list_gives_none() -> None:
    def read_parser(example: Any) -> ReadFile:
        nodes = [
            files.n8n_node("Chat", f"{files.CHAT}.chatTrigger"),
            files.n8n_node("Chain", f"{files.CHAT}.chainLlm", 1.7),
            files.n8n_node("Form", f"{files.CHAT}.outputParserStructured", 1.3, jsonSchemaExample=json.dumps(example)),
        ]
        parts = files.n8n_link("Form", "Chain", kind="ai_outputParser")
        return read({"nodes": nodes, "connections": {**files.n8n_link("Chat", "Chain"), **parts}})

    schema = get_properties(read_parser({"a": 1, "b": ["x"], "c": {"d": True}}), "Chain")["response_format"]
    assert schema["required"] == ["a", "b", "c"]
    assert schema["properties"]["c"]["properties"] == {"d": {"type": "boolean"}}
    found = read_parser([1])
    assert "response_format" not in get_properties(found, "Chain")
    assert "Give Response Format" in get_notes(found)["Chain"]


def test_a_collection_named_by_an_expression_is_no_template_in_a_title() -> None:
    nodes = [
        files.n8n_node("Chat", f"{files.CHAT}.chatTrigger"),
        files.n8n_node("Find", f"{files.CHAT}.vectorStoreQdrant", 1.3, mode="load", coll={"value": "=c_{{ $now }}"}),
    ]
    found = read({"nodes": nodes, "connections": files.n8n_link("Chat", "Find")})
    assert [each for each in list_open_problems(found) if "Title" in each] == []


def test_what_stands_behind_the_end_of_a_file_is_said() -> None:
    with pytest.raises(Exception, match="goes on behind its end, line 1") as refused:
        read_file(json.dumps(files.build_n8n()) + "}")
    assert "Delete what follows" in refused.value.hint  # type: ignore[attr-defined]
