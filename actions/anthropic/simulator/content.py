"""The blocks of the simulator's answer: thinking, a search, text with its sources, a tool call. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from actions.anthropic.models import get_facts
from actions.anthropic.simulator.answer import (
    Request,
    count_tokens,
    cut_chunks,
    get_question,
    get_quote,
    get_search_results,
    get_text,
    write_answer,
)
from actions.anthropic.simulator.sample import build_sample
from actions.anthropic.simulator.script import Script

Block = dict[str, Any]

THOUGHT = "The simulator does not think; it shows where a model's thinking goes."
PAGE = {"url": "https://example.com/", "title": "A page that the simulator made up"}
REFUSAL = {"type": "refusal", "category": "general_harms", "explanation": None}


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, as the API gives it without streaming."""

    content: list[Block]
    stop_reason: str
    stop_sequence: str | None
    output_tokens: int
    searches: int

    @property
    def stop_details(self) -> Block | None:
        return REFUSAL if self.stop_reason == "refusal" else None


def compose(body: Request, script: Script) -> Answer:
    """Return the answer to a request: the same for the same request."""
    text = script.answer(body) if script.answer else _write_own_answer(body)
    text, stop_reason, sequence = _cut_text(text, body, script)
    search = _build_search(body)
    text_blocks = list(_build_text(text, body, bool(search))) if text else []
    content = [*_build_thinking(body, script), *search, *text_blocks, *_build_tool_call(script)]
    stop_reason = "tool_use" if script.tool and stop_reason == "end_turn" else stop_reason
    return Answer(content, stop_reason, sequence, count_tokens(text), int(bool(search)))


def _cut_text(text: str, body: Request, script: Script) -> tuple[str, str, str | None]:
    """Cut the text at a refusal, a stop sequence or `max_tokens`, whichever the request and the script say."""
    if script.refuse_after is not None:
        return "".join(cut_chunks(text)[: script.refuse_after]), "refusal", None
    found = [(text.index(stop), stop) for stop in body.get("stop_sequences") or [] if stop in text]
    reason, sequence = script.stop_reason, "END" if script.stop_reason == "stop_sequence" else None
    if found:
        at, sequence = min(found)
        text, reason = text[:at], "stop_sequence"
    kept = _cut_tokens(text, body["max_tokens"])
    return (text, reason, sequence) if kept == text else (kept, "max_tokens", None)


def _cut_tokens(text: str, tokens: int) -> str:
    kept, tokens_spent = "", 0
    for chunk in cut_chunks(text):
        tokens_spent += count_tokens(chunk)
        if tokens_spent > tokens:
            break
        kept += chunk
    return kept


def _build_thinking(body: Request, script: Script) -> list[Block]:
    thinking = body.get("thinking") or {}
    facts = get_facts(body["model"])
    thinks_by_default = facts is not None and facts.thinking not in ("off", "budget")
    if script.thinking is None and (thinking.get("type") == "disabled" or not (thinks_by_default or thinking)):
        return []
    is_shown = thinking.get("display") == "summarized"
    return [{"type": "thinking", "thinking": (script.thinking or THOUGHT) if is_shown else "", "signature": "c2lnbmVk"}]


def _build_search(body: Request) -> list[Block]:
    """A search is shown when the request offers one; what it finds is made up, and says so."""
    if not any(str(tool.get("type", "")).startswith("web_search_") for tool in body.get("tools") or []):
        return []
    query = {"query": get_question(body)}
    hit = {"type": "web_search_result", **PAGE, "encrypted_content": "c2ltdWxhdGVk", "page_age": None}
    return [
        {"type": "server_tool_use", "id": "srvtoolu_simulated", "name": "web_search", "input": query},
        {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_simulated", "content": [hit]},
    ]


def _write_own_answer(body: Request) -> str:
    output_format = (body.get("output_config") or {}).get("format")
    return to_json(build_sample(output_format["schema"])).decode() if output_format else write_answer(body)


def _build_text(text: str, body: Request, searched: bool) -> Iterator[Block]:
    """Yield the text in blocks: what repeats a search result that may be cited is one of its own, with its source."""
    if searched:
        source = {"type": "web_search_result_location", **PAGE, "encrypted_index": "c2lt", "cited_text": PAGE["title"]}
        yield {"type": "text", "text": text, "citations": [source]}
        return
    for index, result in enumerate(_list_citable(body)):
        quote = get_quote(result)
        before, found, after = text.partition(quote) if quote else (text, "", "")
        if found:
            yield from _build_plain_text(before)
            yield {"type": "text", "text": quote, "citations": [_build_location(index, result)]}
            text = after
    yield from _build_plain_text(text)


def _build_plain_text(text: str) -> Iterator[Block]:
    if text:
        yield {"type": "text", "text": text}


def _list_citable(body: Request) -> list[Block]:
    results = [result for turn in body["messages"] for result in get_search_results(turn["content"])]
    return [result for result in results if (result.get("citations") or {}).get("enabled")]


def _build_location(index: int, result: Block) -> Block:
    return {
        "type": "search_result_location",
        "source": result["source"],
        "title": result["title"],
        "cited_text": get_text(result["content"]),
        "search_result_index": index,
        "start_block_index": 0,
        "end_block_index": 1,
    }


def _build_tool_call(script: Script) -> list[Block]:
    if script.tool is None:
        return []
    name, tool_input = script.tool
    return [{"type": "tool_use", "id": "toolu_simulated", "name": name, "input": tool_input}]
