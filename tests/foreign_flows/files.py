"""Small flows as other tools write them, made by hand after the formats of their current versions."""

import json
from typing import Any

CHAT = "@n8n/n8n-nodes-langchain"


def n8n_node(name: str, type: str, version: float = 1, **parameters: Any) -> dict[str, Any]:
    return {
        "id": f"id-{name}",
        "name": name,
        "type": type,
        "typeVersion": version,
        "position": [0, 0],
        "parameters": parameters,
    }


def n8n_link(source: str, *targets: str, kind: str = "main") -> dict[str, Any]:
    """Return the connections of a node: its first output leads to the first target, and so on."""
    return {source: {kind: [[{"node": target, "type": kind, "index": 0}] for target in targets]}}


def build_n8n() -> dict[str, Any]:
    """A chat that decides by the text, answers with a model that remembers, or calls a service and tells of it."""
    condition = {
        "options": {"version": 2},
        "combinator": "and",
        "conditions": [
            {
                "id": "1",
                "leftValue": "={{ $json.chatInput }}",
                "rightValue": "weather",
                "operator": {"type": "string", "operation": "contains"},
            }
        ],
    }
    return {
        "name": "Mill helper",
        "nodes": [
            n8n_node("When chat arrives", f"{CHAT}.chatTrigger", 1.1, public=True),
            n8n_node("Is it weather", "n8n-nodes-base.if", 2.2, conditions=condition),
            n8n_node(
                "Ask service", "n8n-nodes-base.httpRequest", 4.2, url="=https://weather.test/{{ $json.chatInput }}"
            ),
            n8n_node("Tell", "n8n-nodes-base.telegram", 1.2, text="={{ $json.summary }}", api_key="abc-secret-abc"),
            n8n_node("Helper", f"{CHAT}.agent", 1.7, options={"systemMessage": "Be brief."}),
            n8n_node("Model", f"{CHAT}.lmChatOpenAi", 1.2, model={"value": "gpt-4o"}, options={"temperature": 0.2}),
            n8n_node("Memory", f"{CHAT}.memoryBufferWindow", 1.3, contextWindowLength=10),
            n8n_node("Look around", f"{CHAT}.toolWikipedia"),
            n8n_node("About", "n8n-nodes-base.stickyNote", content="Ask about the mill."),
        ],
        "connections": {
            **n8n_link("When chat arrives", "Is it weather"),
            **n8n_link("Is it weather", "Ask service", "Helper"),
            **n8n_link("Ask service", "Tell"),
            **n8n_link("Model", "Helper", kind="ai_languageModel"),
            **n8n_link("Memory", "Helper", kind="ai_memory"),
            **n8n_link("Look around", "Helper", kind="ai_tool"),
        },
    }


def dify_node(id: str, type: str, title: str, **data: Any) -> dict[str, Any]:
    node = {"id": id, "type": "custom", "position": {"x": 0, "y": 0}, "data": {"title": title, "type": type, **data}}
    return node if "iteration_id" not in data else {**node, "parentId": data["iteration_id"]}


def dify_edge(source: str, target: str, handle: str = "source") -> dict[str, Any]:
    return {"id": f"{source}-{target}", "source": source, "sourceHandle": handle, "target": target}


def build_dify() -> dict[str, Any]:
    """A chat flow that searches, decides by a number of the user, and answers with a model or at once."""
    case = {
        "case_id": "true",
        "logical_operator": "and",
        "conditions": [{"comparison_operator": "contains", "value": "sluice", "variable_selector": ["sys", "query"]}],
    }
    prompt = [{"role": "system", "text": "Use: {{#context#}}"}, {"role": "user", "text": "Asked: {{#sys.query#}}"}]
    nodes = [
        dify_node("1", "start", "Start", variables=[{"variable": "place", "type": "text-input"}]),
        dify_node("2", "knowledge-retrieval", "Handbook", dataset_ids=["a"], query_variable_selector=["sys", "query"]),
        dify_node("3", "if-else", "Of the sluice", cases=[case]),
        dify_node(
            "4",
            "llm",
            "Answer",
            model={"name": "claude-haiku-5-5", "completion_params": {"temperature": 0.5}},
            context={"enabled": True, "variable_selector": ["2", "result"]},
            prompt_template=prompt,
            memory={"window": {"enabled": True, "size": 5}},
        ),
        dify_node("5", "answer", "Say it", answer="{{#4.text#}}"),
        dify_node("6", "code", "Count", code="def main(): pass", code_language="python3"),
        dify_node("7", "answer", "Say a number", answer="There are {{#6.number#}} in {{#1.place#}}."),
    ]
    edges = [
        dify_edge("1", "2"),
        dify_edge("2", "3"),
        dify_edge("3", "4", "true"),
        dify_edge("3", "6", "false"),
        dify_edge("4", "5"),
        dify_edge("6", "7"),
    ]
    app = {"name": "Mill guide", "description": "Tells of the mill", "mode": "advanced-chat"}
    return {"app": app, "kind": "app", "version": "0.3.0", "workflow": {"graph": {"nodes": nodes, "edges": edges}}}


def build_dify_loop() -> dict[str, Any]:
    """A workflow that calls a service for each of its inputs, and returns a value."""
    nodes = [
        dify_node("1", "start", "Start", variables=[{"variable": "pages", "type": "paragraph", "required": True}]),
        dify_node("2", "iteration", "Each page", iterator_selector=["1", "pages"], output_selector=["3", "body"]),
        dify_node("2s", "iteration-start", "", iteration_id="2"),
        dify_node(
            "3", "http-request", "Load", method="get", url="{{#2.item#}}", headers="Accept:text/html", iteration_id="2"
        ),
        dify_node("4", "end", "End", outputs=[{"variable": "pages", "value_selector": ["1", "pages"]}]),
    ]
    edges = [dify_edge("1", "2"), dify_edge("2s", "3"), dify_edge("2", "4")]
    app = {"name": "Load pages", "mode": "workflow"}
    return {"app": app, "kind": "app", "version": "0.3.0", "workflow": {"graph": {"nodes": nodes, "edges": edges}}}


def flowise_node(id: str, name: str, label: str, **inputs: Any) -> dict[str, Any]:
    data = {"id": id, "name": name, "label": label, "inputs": inputs}
    return {"id": id, "type": "customNode", "position": {"x": 0, "y": 0}, "data": data}


def build_flowise_chatflow() -> dict[str, Any]:
    """Two chains, one of which continues what the other has answered, and a part that nothing uses."""
    first = {
        "template": "Name {n} mills near {place}.",
        "promptValues": json.dumps({"place": "{{question}}", "n": "3"}),
    }
    second = {"template": "Praise: {text}", "promptValues": json.dumps({"text": "{{chain_0.data.instance}}"})}
    nodes = [
        flowise_node(
            "chain_1", "llmChain", "Praise", model="{{model_0.data.instance}}", prompt="{{prompt_1.data.instance}}"
        ),
        flowise_node(
            "chain_0", "llmChain", "Name", model="{{model_0.data.instance}}", prompt="{{prompt_0.data.instance}}"
        ),
        flowise_node("prompt_0", "promptTemplate", "Prompt", **first),
        flowise_node("prompt_1", "promptTemplate", "Prompt", **second),
        flowise_node("model_0", "chatAnthropic", "Claude", modelName="claude-haiku-5-5", temperature=0.9),
        flowise_node("tool_0", "calculator", "Calculator"),
    ]
    return {"nodes": nodes, "edges": []}


def build_flowise_agentflow() -> dict[str, Any]:
    """A chat that decides by the question, and answers with a model or with a fixed text."""
    condition = {"type": "string", "value1": "<p>{{ question }}</p>", "operation": "contains", "value2": "<p>mill</p>"}
    nodes = [
        flowise_node("start_0", "startAgentflow", "Start", startInputType="chatInput"),
        flowise_node("condition_0", "conditionAgentflow", "Of mills", conditions=[condition]),
        flowise_node(
            "llm_0",
            "llmAgentflow",
            "Answer",
            llmMessages=[{"role": "system", "content": "<p>Be brief.</p>"}],
            llmUserMessage="<p>{{ question }}</p>",
            llmEnableMemory=True,
            llmModelConfig={"modelName": "gpt-4o", "temperature": 0.3},
        ),
        flowise_node("reply_0", "directReplyAgentflow", "Refuse", directReplyMessage="<p>Ask about mills.</p>"),
        flowise_node("human_0", "humanInputAgentflow", "Approve"),
    ]
    ends = [
        ("start_0", "", "condition_0"),
        ("condition_0", "0", "llm_0"),
        ("condition_0", "1", "reply_0"),
        ("llm_0", "", "human_0"),
    ]
    edges = [
        {"source": source, "sourceHandle": f"{source}-output-{output or 'x'}", "target": target}
        for source, output, target in ends
    ]
    return {"nodes": nodes, "edges": edges}


def langflow_node(id: str, type: str, **values: Any) -> dict[str, Any]:
    template = {name: {"value": value} for name, value in values.items()} | {"code": {"value": "class X: pass"}}
    return {
        "id": id,
        "type": "genericNode",
        "position": {"x": 0, "y": 0},
        "data": {"id": id, "type": type, "node": {"display_name": type, "template": template}},
    }


def langflow_edge(source: str, output: str, target: str, field: str) -> dict[str, Any]:
    handles = {"sourceHandle": {"id": source, "name": output}, "targetHandle": {"id": target, "fieldName": field}}
    return {"source": source, "target": target, "data": handles}


def build_langflow() -> dict[str, Any]:
    """A chat whose prompt has a memory and what a store finds, and whose answer a router looks at."""
    nodes = [
        langflow_node("out-1", "ChatOutput"),
        langflow_node("in-1", "ChatInput"),
        langflow_node("prompt-1", "Prompt", template="From {found}, answer {question} with {history}."),
        langflow_node("store-1", "Chroma", collection_name="handbook", number_of_results=3),
        langflow_node("memory-1", "Memory"),
        langflow_node("model-1", "LanguageModelComponent", model_name="claude-haiku-5-5", temperature=0.1),
        langflow_node("tool-1", "CalculatorComponent"),
    ]
    edges = [
        langflow_edge("in-1", "message", "prompt-1", "question"),
        langflow_edge("in-1", "message", "store-1", "search_query"),
        langflow_edge("store-1", "dataframe", "prompt-1", "found"),
        langflow_edge("memory-1", "messages_text", "prompt-1", "history"),
        langflow_edge("prompt-1", "prompt", "model-1", "input_value"),
        langflow_edge("model-1", "text_output", "out-1", "input_value"),
    ]
    return {"name": "Mill memory", "last_tested_version": "1.7.2", "data": {"nodes": nodes, "edges": edges}}


FOREIGN_FILES = {
    "n8n": build_n8n,
    "Dify": build_dify,
    "Dify loop": build_dify_loop,
    "Flowise chatflow": build_flowise_chatflow,
    "Flowise agentflow": build_flowise_agentflow,
    "Langflow": build_langflow,
}
