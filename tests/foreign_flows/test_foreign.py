"""What the flows of other tools become: cards in order, streaming answers, and nothing lost in silence."""

import json
from typing import Any

import pytest
import yaml

from flows.exchange.read_file import ReadFile, read_file
from tests.foreign_flows import files
from tests.foreign_flows.drafts import get_properties, list_lines, list_open_problems, list_outcomes, read
from tests.foreign_flows.recent_files import RECENT_FILES


def test_n8n_chat_with_a_condition_a_call_and_an_agent() -> None:
    found = read(files.build_n8n())
    assert (found.tool, found.file.flows[0].name) == ("n8n", "Mill helper")
    assert list_lines(found) == {
        "completion_trigger:continue > if",
        "if:then > request",
        "request:continue > log",
        "if:else > get_history",
        "get_history:continue > streaming_chat_completion",
        "streaming_chat_completion:for_each_message > yield_return",
        "streaming_chat_completion:continue > save_history",
    }
    condition = get_properties(found, "Is it weather")["condition"]
    assert condition == {"expression": 'chatCompletionRequest.prompt.contains("weather")'}
    assert get_properties(found, "Ask service")["url"] == "https://weather.test/{{ chatCompletionRequest.prompt }}"
    model = get_properties(found, "Helper")
    assert (model["system_prompt"], model["temperature"]) == ("Be brief.", 0.2)
    assert list_outcomes(found)["Helper"] == "changed"  # its tools, and the model of another vendor
    assert [note.text.split("\n")[0] for note in found.file.flows[0].graph.notes] == [
        "Ask about the mill.",
        "Look around",
    ]


def test_what_has_no_counterpart_is_a_disabled_card_that_holds_the_original_without_its_secrets() -> None:
    found = read(files.build_n8n())
    card = get_properties(found, "Tell")
    assert card["disabled"] is True
    assert "n8n-nodes-base.telegram" in card["description"]
    assert "abc-secret-abc" not in json.dumps(found.file.to_json())
    assert list_outcomes(found)["Tell"] == "left"


def test_dify_chat_flow_with_a_search_and_two_answers() -> None:
    found = read_file(yaml.safe_dump(files.build_dify(), allow_unicode=True))
    assert (found.tool, found.version) == ("Dify", "0.3.0")
    assert list_lines(found) == {
        "completion_trigger:continue > search_vectors",
        "search_vectors:continue > if",
        "if:then > get_history",
        "get_history:continue > streaming_chat_completion",
        "streaming_chat_completion:for_each_message > yield_return",
        "streaming_chat_completion:continue > save_history",
        "if:else > log",
        "log:continue > yield_return",
    }
    model = get_properties(found, "Answer")
    assert (model["model_id"], model["user_prompt"]) == (
        "claude-haiku-5-5",
        "Asked: {{ chatCompletionRequest.prompt }}",
    )
    assert model["system_prompt"] == "Use: {{ Handbook }}"
    text = get_properties(found, "Say a number")["value"]
    assert text == "There are {{ Count.number }} in {{ chatCompletionRequest.context.place }}."
    assert [each for each in list_open_problems(found) if "Count" in each]  # so nobody takes it for a working flow


def test_dify_iteration_becomes_a_loop_over_its_nodes() -> None:
    found = read_file(yaml.safe_dump(files.build_dify_loop()))
    assert list_lines(found) == {
        "trigger:continue > for_each",
        "for_each:for_each_item > request",
        "for_each:continue > return",
    }
    assert get_properties(found, "Load")["url"] == "{{ item }}"
    assert list_open_problems(found) == []


def test_flowise_chains_follow_each_other_by_what_their_prompts_name() -> None:
    found = read(files.build_flowise_chatflow())
    assert list_lines(found) == {
        "completion_trigger:continue > chat_completion",
        "chat_completion:continue > streaming_chat_completion",
        "streaming_chat_completion:for_each_message > yield_return",
    }
    first, second = get_properties(found, "Name"), get_properties(found, "Praise")
    assert first["user_prompt"] == "Name 3 mills near {{ chatCompletionRequest.prompt }}."
    assert second["user_prompt"] == f"Praise: {{{{ {first['result_variable_name']}.text }}}}"
    assert list_outcomes(found)["Calculator"] == "left"
    assert list_open_problems(found) == []


def test_flowise_agentflow_decides_and_answers() -> None:
    found = read(files.build_flowise_agentflow())
    assert {"if:then > get_history", "if:else > yield_return", "completion_trigger:continue > if"} <= list_lines(found)
    assert get_properties(found, "Answer")["system_prompt"] == "Be brief."
    assert list_outcomes(found)["Approve"] == "left"
    assert list_open_problems(found) == []


def test_a_flowise_node_named_after_a_part_of_the_reader_is_left() -> None:
    value = {"nodes": [files.flowise_node("a", "startAgentflow", "Start")], "edges": []}
    value["nodes"].append(files.flowise_node("b", "modelAgentflow", "Odd"))
    assert list_outcomes(read(value))["Odd"] == "left"


def test_langflow_prompt_takes_what_its_lines_bring() -> None:
    found = read(files.build_langflow())
    model = get_properties(found, "LanguageModelComponent")
    prompt = "From {{ searchResult }}, answer {{ chatCompletionRequest.prompt }} with {history}."
    assert (found.version, model["user_prompt"]) == ("1.7.2", prompt)
    assert "streaming_chat_completion:for_each_message > yield_return" in list_lines(found)
    assert "history" in model  # the memory is the history of the model
    assert list_outcomes(found)["CalculatorComponent"] == "left"


ALL_FILES = {**files.FOREIGN_FILES, **RECENT_FILES}


@pytest.mark.parametrize("build", ALL_FILES.values(), ids=ALL_FILES)
def test_every_step_is_in_the_report_and_every_left_one_in_the_flow(build: Any) -> None:
    value = build()
    found = read(value)
    graph = found.file.flows[0].graph
    kept = json.dumps([node.properties for node in graph.nodes]) + json.dumps([note.text for note in graph.notes])
    for line in found.report:
        if line.outcome == "left":
            assert json.dumps(line.kind)[1:-1] in kept, line
    nodes = value.get("nodes") or value.get("data", value.get("workflow", {}).get("graph", {})).get("nodes")
    assert len(nodes) <= len(found.report) + len(graph.notes)


def test_steps_side_by_side_run_one_after_another_and_circles_are_cut() -> None:
    nodes = [files.n8n_node("Start", "n8n-nodes-base.webhook", 2)]
    nodes += [files.n8n_node(name, "n8n-nodes-base.wait", 1.1, amount=1) for name in "abc"]
    connections = {
        "Start": {"main": [[{"node": "a"}, {"node": "b"}]]},
        **files.n8n_link("a", "c"),
        **files.n8n_link("c", "a"),
    }
    found = read({"nodes": nodes, "connections": connections})
    lines = [(edge.source, edge.target) for edge in found.file.flows[0].graph.edges]
    assert len(lines) == 3  # Start > a > c > b
    assert list_open_problems(found) == []
    notes = {line.title: line.note for line in found.report}
    assert "ran beside" in notes["Start"] and "way back" in notes["c"]


def build_n8n_diamond(second: dict[str, Any]) -> dict[str, Any]:
    """Return a webhook that two steps follow, both of which lead to one Set and to an answer with all that it gives."""
    rows = [{"name": "some count", "value": "2"}, {"name": "place", "value": "={{ $json.body.place }}"}]
    nodes = [
        files.n8n_node("Hook", "n8n-nodes-base.webhook", 2),
        files.n8n_node("First", "n8n-nodes-base.wait", 1.1, amount=1),
        second,
        files.n8n_node("Join", "n8n-nodes-base.merge", 3),
        files.n8n_node("Keep", "n8n-nodes-base.set", 3.4, assignments={"assignments": rows}),
        files.n8n_node("Answer", "n8n-nodes-base.respondToWebhook", 1.1, respondWith="allIncomingItems"),
    ]
    both = {"main": [[{"node": "First"}, {"node": "Second"}]]}
    links = {
        name: target
        for pair in (("First", "Join"), ("Second", "Join"), ("Join", "Keep"), ("Keep", "Answer"))
        for name, target in files.n8n_link(*pair).items()
    }
    return {"nodes": nodes, "connections": {"Hook": both, **links}}


def list_titled_lines(found: ReadFile) -> set[str]:
    graph = found.file.flows[0].graph
    titles = {node.id: node.properties.get("title") for node in graph.nodes}
    return {f"{titles[edge.source]} > {titles[edge.target]}" for edge in graph.edges}


def test_steps_side_by_side_that_join_run_one_after_another_before_they_join() -> None:
    found = read(build_n8n_diamond(files.n8n_node("Second", "n8n-nodes-base.wait", amount=1)))
    assert list_titled_lines(found) == {"Hook > First", "First > Second", "Second > Keep", "Keep > Answer"}


def test_a_step_that_joins_by_one_of_its_branches_alone_is_not_put_before_the_join() -> None:
    conditions = files.build_n8n()["nodes"][1]["parameters"]["conditions"]
    second = files.n8n_node("Second", "n8n-nodes-base.if", 2.2, conditions=conditions)
    found = read(build_n8n_diamond(second))
    assert {"Hook > First", "First > Keep"} <= list_titled_lines(found)
    assert "not connected here" in {line.title: line.note for line in found.report}["Hook"]


def test_a_way_around_a_step_is_not_needed_where_each_step_follows_the_other() -> None:
    value = build_n8n_diamond(files.n8n_node("Second", "n8n-nodes-base.wait", amount=1))
    value["connections"]["Hook"] = {"main": [[{"node": "Keep"}, {"node": "First"}]]}
    assert {"Hook > First", "First > Keep", "Keep > Answer"} <= list_titled_lines(read(value))


def test_n8n_answer_of_all_that_a_step_sets() -> None:
    value = build_n8n_diamond(files.n8n_node("Second", "n8n-nodes-base.wait", amount=1))
    found = read(value)
    assert get_properties(found, "Answer")["value"] == '{{ {"some count": some_count, "place": place} }}'
    assert list_open_problems(found) == []
    value["nodes"][4]["parameters"]["includeOtherFields"] = True
    assert list_outcomes(read(value))["Answer"] == "left"


def test_a_flow_with_more_steps_than_a_graph_holds_is_refused() -> None:
    nodes = [files.n8n_node(str(number), "n8n-nodes-base.wait", 1.1, amount=1) for number in range(501)]
    with pytest.raises(Exception, match="501 cards"):
        read({"nodes": nodes, "connections": {}})
