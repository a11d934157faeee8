"""Small flows with the nodes that current versions of the tools write: choices, JSON answers, state, tools that search.

They are made by hand after the formats of Flowise 3.1, Langflow 1.10, Dify (DSL 0.5) and n8n 1.123.
"""

import json
from typing import Any

from tests.foreign_flows.files import (
    CHAT,
    dify_edge,
    dify_node,
    flowise_node,
    langflow_edge,
    langflow_node,
    n8n_link,
    n8n_node,
)

COUNT_SCHEMA = {"type": "object", "properties": {"count": {"type": "integer"}}, "required": ["count"]}


def build_n8n_desk() -> dict[str, Any]:
    """A chat that a classifier leads to an agent that has a store as a tool, to a vendor's node, or to a service."""
    categories = [{"category": "Grain", "description": "What is milled"}, {"category": "Visit"}]
    messages = [{"type": "text", "role": "system", "content": "Say when."}, {"type": "text", "content": "=Now"}]
    parser = {"schemaType": "manual", "inputSchema": json.dumps(COUNT_SCHEMA)}
    nodes = [
        n8n_node("Chat", f"{CHAT}.chatTrigger", 1.4),
        n8n_node(
            "Which",
            f"{CHAT}.textClassifier",
            1.1,
            inputText="={{ $json.chatInput }}",
            categories={"categories": categories},
            options={"fallback": "other"},
        ),
        n8n_node("Model", f"{CHAT}.lmChatGoogleGemini", 1, modelName="gem", options={"maxOutputTokens": 300}),
        n8n_node("Miller", f"{CHAT}.agent", 3.1, promptType="define", text="={{ $('Chat').item.json.chatInput }}"),
        n8n_node(
            "Store", f"{CHAT}.vectorStoreQdrant", 1.3, mode="retrieve-as-tool", topK=6, coll={"value": "handbook"}
        ),
        n8n_node("Embeddings", f"{CHAT}.embeddingsOpenAi", 1.2),
        n8n_node("Fields", f"{CHAT}.outputParserStructured", 1.3, **parser),
        n8n_node(
            "Keep", "n8n-nodes-base.set", 3.4, assignments={"assignments": [_assign("={{ $json.output.count }}")]}
        ),
        n8n_node(
            "Guide", f"{CHAT}.openAi", 2, modelId={"value": "gpt-5"}, responses={"values": messages}, options=_format()
        ),
        n8n_node(
            "Ask",
            "n8n-nodes-base.httpRequest",
            4.3,
            url="={{ $env.MILL_URL }}",
            jsonHeaders='={"X-Mill": "{{ $vars.MILL }}"}',
        ),
    ]
    connections = {
        **n8n_link("Chat", "Which"),
        **n8n_link("Which", "Miller", "Guide", "Ask"),
        **n8n_link("Miller", "Keep"),
        **n8n_link("Model", "Miller", kind="ai_languageModel"),
        **n8n_link("Store", "Miller", kind="ai_tool"),
        **n8n_link("Embeddings", "Store", kind="ai_embedding"),
        **n8n_link("Fields", "Miller", kind="ai_outputParser"),
    }
    return {"name": "Mill desk", "nodes": nodes, "connections": connections}


def _assign(value: str) -> dict[str, Any]:
    return {"id": "1", "name": "number", "type": "number", "value": value}


def _format() -> dict[str, Any]:
    format = {"type": "json_schema", "name": "count", "schema": json.dumps(COUNT_SCHEMA)}
    return {"textFormat": {"textOptions": [format]}, "instructions": "Be kind.", "maxTokens": 80}


def build_n8n_extractor() -> dict[str, Any]:
    """A webhook whose text gives fields, and then a feeling with a way for each."""
    rows = [
        {"name": "city", "description": "Where"},
        {"name": "sacks", "type": "number", "description": "How many"},
    ]
    nodes = [
        n8n_node("Hook", "n8n-nodes-base.webhook", 2.1),
        n8n_node(
            "Find", f"{CHAT}.informationExtractor", 1.2, text="={{ $json.body.text }}", attributes={"attributes": rows}
        ),
        n8n_node("Feel", f"{CHAT}.sentimentAnalysis", 1.1, inputText="={{ $('Hook').item.json.body.text }}"),
        n8n_node("Good", "n8n-nodes-base.respondToWebhook", 1.5, responseBody="={{ $('Find').item.json.output.city }}"),
    ]
    connections = {
        **n8n_link("Hook", "Find"),
        **n8n_link("Find", "Feel"),
        **n8n_link("Feel", "Good"),
    }
    return {"name": "Mill mail", "nodes": nodes, "connections": connections}


def _dify_model(**settings: Any) -> dict[str, Any]:
    return {"name": "claude-haiku-5-5", "mode": "chat", "completion_params": settings}


def build_dify_desk() -> dict[str, Any]:
    """A chat that classifies, extracts, asks an agent with a key of the environment, and counts in its conversation."""
    variables = [
        {"id": "1", "name": "asked", "value": 0, "value_type": "number", "selector": ["conversation", "asked"]},
        {"id": "2", "name": "notes", "value": [], "value_type": "array[string]", "selector": ["conversation", "notes"]},
    ]
    edges = [
        dify_edge("1", "1a"),
        dify_edge("1a", "2"),
        dify_edge("2", "3", "c1"),
        dify_edge("3", "4"),
        dify_edge("4", "4a"),
        dify_edge("2", "5", "c2"),
        dify_edge("5", "6"),
        dify_edge("6", "6a"),
    ]
    nodes = [*_build_asking_nodes(), *_build_looking_nodes()]
    workflow = {"conversation_variables": variables, "graph": {"nodes": nodes, "edges": edges}}
    return {
        "app": {"name": "Mill desk", "mode": "advanced-chat"},
        "kind": "app",
        "version": "0.5.0",
        "workflow": workflow,
    }


def _build_asking_nodes() -> list[dict[str, Any]]:
    """Count, classify, extract and ask."""
    items = [
        {"variable_selector": ["conversation", "asked"], "operation": "+=", "input_type": "constant", "value": 1},
        {
            "variable_selector": ["conversation", "notes"],
            "operation": "append",
            "input_type": "variable",
            "value": ["sys", "query"],
        },
    ]
    parameters = [
        {"name": "sacks", "type": "number", "description": "How many", "required": True},
        {"name": "places", "type": "array[string]", "description": "Where"},
        {"name": "grain", "type": "select", "options": ["rye", "oat"], "description": ""},
    ]
    agent = {
        "model": {"type": "constant", "value": {"model": "gpt-5", "completion_params": {"temperature": 0.4}}},
        "instruction": {"type": "constant", "value": "Ask politely."},
        "query": {"type": "constant", "value": "{{#3.places#}}"},
        "tools": {"type": "constant", "value": [{"provider_name": "time"}]},
    }
    return [
        dify_node("1", "start", "Start", variables=[]),
        dify_node("1a", "assigner", "Count", version="2", items=items),
        dify_node(
            "2",
            "question-classifier",
            "Which",
            model=_dify_model(),
            query_variable_selector=["sys", "query"],
            classes=[{"id": "c1", "name": "Orders"}, {"id": "c2", "name": "Visits"}],
            instruction="Orders first.",
        ),
        dify_node(
            "3",
            "parameter-extractor",
            "Find",
            model=_dify_model(temperature=0.1),
            query=["sys", "query"],
            parameters=parameters,
        ),
        dify_node("4", "agent", "Agent", agent_parameters=agent),
        dify_node("4a", "answer", "Say", answer="{{#4.text#}} for {{#conversation.asked#}}"),
    ]


def _build_looking_nodes() -> list[dict[str, Any]]:
    """Call, and look at files."""
    return [
        dify_node(
            "5", "http-request", "Call", method="get", url="https://mill.test", headers="X-Key:{{#env.mill_key#}}"
        ),
        dify_node(
            "6",
            "llm",
            "Look",
            model=_dify_model(),
            prompt_template=[{"role": "system", "text": "Look."}],
            memory={
                "window": {"enabled": False, "size": 3},
                "query_prompt_template": "{{#sys.query#}}\n\n{{#sys.files#}}",
            },
            vision={"enabled": True, "configs": {"variable_selector": ["sys", "files"]}},
            structured_output_enabled=True,
            structured_output={"schema": COUNT_SCHEMA},
        ),
        dify_node("6a", "answer", "Tell", answer="{{#6.structured_output.count#}} by {{#2.class_name#}}"),
    ]


def build_dify_hook() -> dict[str, Any]:
    """A workflow that a webhook begins, or a time."""
    nodes = [
        dify_node("0", "trigger-schedule", "Each morning", mode="visual", frequency="daily"),
        dify_node(
            "1", "trigger-webhook", "Hook", method="post", body=[{"name": "wish", "type": "string", "required": True}]
        ),
        dify_node(
            "2", "llm", "Answer", model=_dify_model(), prompt_template=[{"role": "user", "text": "{{#1.wish#}}"}]
        ),
        dify_node("3", "end", "End", outputs=[{"variable": "text", "value_selector": ["2", "text"]}]),
    ]
    edges = [dify_edge("0", "2"), dify_edge("1", "2"), dify_edge("2", "3")]
    workflow = {"graph": {"nodes": nodes, "edges": edges}}
    return {"app": {"name": "Mill hook", "mode": "workflow"}, "kind": "app", "version": "0.5.0", "workflow": workflow}


def build_flowise_team() -> dict[str, Any]:
    """A form whose answer is JSON that sets a state; an agent's condition then chooses what follows."""
    rows = [
        {"key": "next", "type": "enum", "enumValues": "MILL, BAKE", "description": "Who works"},
        {"key": "parts", "type": "jsonArray", "jsonSchema": '{"name": {"type": "string"}}', "description": "Of it"},
    ]
    nodes = [
        flowise_node(
            "start_0",
            "startAgentflow",
            "Start",
            startInputType="formInput",
            formInputTypes=[{"type": "string", "name": "wish"}],
            startState=[{"key": "next", "value": ""}],
        ),
        flowise_node(
            "llm_0",
            "llmAgentflow",
            "Plan",
            llmMessages=[{"role": "system", "content": "<p>Plan {{ $vars.TONE }}</p>"}],
            llmUserMessage="<p>{{ question }}</p>",
            llmStructuredOutput=rows,
            llmUpdateState=[{"key": "next", "value": "<p>{{ output.next }}</p>"}],
            llmModelConfig={"modelName": "gem", "maxOutputTokens": "200"},
        ),
        flowise_node(
            "which_0",
            "conditionAgentAgentflow",
            "Which",
            conditionAgentInstructions="<p>Look at the plan</p>",
            conditionAgentInput="<p>{{ llm_0.output.next }} of {{ $flow.state.next }}</p>",
            conditionAgentScenarios=[{"scenario": "Mill it"}, {"scenario": "Bake it"}],
            conditionAgentModelConfig={"modelName": "claude-haiku-5-5", "temperature": 0.9},
        ),
        flowise_node("reply_0", "directReplyAgentflow", "Mill", directReplyMessage="<p>{{ llm_0 }}</p>"),
        flowise_node("loop_0", "loopAgentflow", "Again", loopBackToNode="llm_0-Plan", maxLoopCount=5),
        flowise_node("human_0", "humanInputAgentflow", "Approve"),
    ]
    ends = [
        ("start_0", "x", "llm_0"),
        ("llm_0", "x", "which_0"),
        ("which_0", "0", "reply_0"),
        ("which_0", "1", "human_0"),
        ("human_0", "0", "reply_0"),
        ("human_0", "1", "loop_0"),
    ]
    edges = [
        {"source": source, "sourceHandle": f"{source}-output-{output}", "target": target}
        for source, output, target in ends
    ]
    return {"nodes": nodes, "edges": edges}


def build_flowise_engine() -> dict[str, Any]:
    """A query engine, whose model and embeddings hang on its store."""
    store = {"model": "{{model_0.data.instance}}", "embeddings": "{{emb_0.data.instance}}", "topK": "4"}
    nodes = [
        flowise_node("engine_0", "queryEngine", "Engine", vectorStoreRetriever="{{store_0.data.instance}}"),
        flowise_node("store_0", "pineconeLlamaIndex", "Papers", **store),
        flowise_node("model_0", "chatAnthropic_LlamaIndex", "Model", modelName="claude-haiku-5-5", temperature=0.2),
        flowise_node("emb_0", "openAIEmbedding_LlamaIndex", "Embedding"),
    ]
    return {"nodes": nodes, "edges": []}


def build_flowise_tools() -> dict[str, Any]:
    """An agent whose only tool searches a store."""
    nodes = [
        flowise_node(
            "agent_0",
            "toolAgent",
            "Agent",
            tools=["{{tool_0.data.instance}}"],
            model="{{model_0.data.instance}}",
            systemMessage="Help.",
        ),
        flowise_node("tool_0", "retrieverTool", "Search", retriever="{{store_0.data.instance}}"),
        flowise_node("store_0", "faiss", "Faiss", topK=""),
        flowise_node("model_0", "chatAnthropic", "Claude", modelName="claude-haiku-5-5"),
    ]
    return {"nodes": nodes, "edges": []}


def build_langflow_knowledge() -> dict[str, Any]:
    """A chat whose prompt has what a knowledge base finds, by way of a parser."""
    nodes = [
        langflow_node("in-1", "ChatInput"),
        langflow_node("know-1", "Knowledge", mode="Retrieve", knowledge_base="handbook", top_k=5),
        langflow_node("parse-1", "parser", mode="Parser", pattern="Text: {content}"),
        langflow_node("prompt-1", "Prompt", template="From {found} to {question}"),
        langflow_node("agent-1", "Agent", model=[{"name": "claude-haiku-5-5", "provider": "Anthropic"}], n_messages=10),
        langflow_node("out-1", "ChatOutput"),
    ]
    edges = [
        langflow_edge("in-1", "message", "know-1", "search_query"),
        langflow_edge("know-1", "retrieve_data", "parse-1", "input_data"),
        langflow_edge("parse-1", "parsed_text", "prompt-1", "found"),
        langflow_edge("in-1", "message", "prompt-1", "question"),
        langflow_edge("prompt-1", "prompt", "agent-1", "input_value"),
        langflow_edge("agent-1", "response", "out-1", "input_value"),
    ]
    return {"name": "Mill book", "last_tested_version": "1.10.1", "data": {"nodes": nodes, "edges": edges}}


def build_langflow_extractor() -> dict[str, Any]:
    """A flow without an input, whose model gives fields, which a parser puts into a text."""
    rows = [
        {"name": "city", "type": "str", "description": "Where", "multiple": "False"},
        {"name": "grains", "type": "str", "description": "", "multiple": "True"},
    ]
    nodes = [
        langflow_node("text-1", "TextInput", input_value="A mill in Ulm grinds rye."),
        langflow_node("fields-1", "StructuredOutput", output_schema=rows, system_prompt="Extract."),
        langflow_node("parse-1", "ParserComponent", mode="Parser", pattern="In {city}: {grains}"),
        langflow_node("agent-1", "Agent", n_messages=10),
        langflow_node("out-1", "ChatOutput"),
    ]
    edges = [
        langflow_edge("text-1", "text", "fields-1", "input_value"),
        langflow_edge("fields-1", "dataframe_output", "parse-1", "input_data"),
        langflow_edge("parse-1", "parsed_text", "agent-1", "input_value"),
        langflow_edge("agent-1", "response", "out-1", "input_value"),
    ]
    return {"name": "Mill fields", "last_tested_version": "1.10.1", "data": {"nodes": nodes, "edges": edges}}


RECENT_FILES = {
    "n8n desk": build_n8n_desk,
    "n8n extractor": build_n8n_extractor,
    "Dify desk": build_dify_desk,
    "Dify hook": build_dify_hook,
    "Flowise team": build_flowise_team,
    "Flowise engine": build_flowise_engine,
    "Flowise tools": build_flowise_tools,
    "Langflow knowledge": build_langflow_knowledge,
    "Langflow extractor": build_langflow_extractor,
}
