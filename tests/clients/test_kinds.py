"""What a flow yields beside text, as the clients of each protocol show it."""

from typing import Any

from anthropic import AsyncAnthropic
from openai import AsyncOpenAI

from tests.clients.node_chat import create_chat, read_all
from tests.faults.rig import Server, get_site
from tests.faults.upstream import ScriptedPrompt

FLOW = "kinds"
"""The address of the flow that yields one of each kind, in the order of the golden run of this name."""
THINKING = ["Hm.", " So.", "Done."]
ASKED: Any = [{"role": "user", "content": "Hello"}]


async def test_chat_completions_have_the_thinking(server: Server) -> None:
    texts, thoughts = [], []
    async with AsyncOpenAI(base_url=f"{server.url}/v1", api_key=get_site().key, max_retries=0) as client:
        async for chunk in await client.chat.completions.create(model=FLOW, messages=ASKED, stream=True):
            delta: Any = chunk.choices[0].delta
            texts += [delta.content] if delta.content else []
            thoughts += [text] if (text := getattr(delta, "reasoning_content", None)) else []
        whole = await client.chat.completions.create(model=FLOW, messages=ASKED)
    assert (texts, thoughts) == (["A mill."], THINKING)
    message: Any = whole.choices[0].message
    assert (message.content, message.reasoning_content) == ("A mill.", "".join(THINKING))


async def test_responses_have_the_thinking_and_the_source(server: Server) -> None:
    async with (
        AsyncOpenAI(base_url=f"{server.url}/v1", api_key=get_site().key, max_retries=0) as client,
        client.responses.stream(model=FLOW, input="Hello") as stream,
    ):
        thoughts = [event.delta async for event in stream if event.type == "response.reasoning_text.delta"]
        final = await stream.get_final_response()
    assert thoughts == THINKING
    assert [item.type for item in final.output] == ["reasoning", "message", "reasoning"]
    said: Any = final.output[1]
    assert final.output_text == "A mill."
    assert [each.url for each in said.content[0].annotations] == ["https://e.test"]


async def test_messages_have_the_thinking_and_the_source(server: Server) -> None:
    async with (
        AsyncAnthropic(base_url=server.url, api_key=get_site().key, max_retries=0) as client,
        client.messages.stream(model=FLOW, max_tokens=9, messages=ASKED) as stream,
    ):
        thoughts = [event.thinking async for event in stream if event.type == "thinking"]
        final = await stream.get_final_message()
    assert thoughts == THINKING
    assert [block.type for block in final.content] == ["thinking", "text", "thinking"]
    said: Any = final.content[1]
    assert (said.text, [each.url for each in said.citations]) == ("A mill.", ["https://e.test"])


async def test_a_chat_of_the_ai_sdk_has_all_of_them(server: Server) -> None:
    _, end = await read_all("ai", server, ScriptedPrompt(), id=create_chat(), flow=FLOW)
    assert (end["status"], end["error"]) == ("ready", None)
    shown = ["step-start", "reasoning", "dynamic-tool", "text", "source-url", "data-yield", "reasoning"]
    assert end["parts"] == shown
