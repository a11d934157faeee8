"""The blocks of the simulator's answer: thinking, a search, text with its sources, a tool call. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from actions.anthropic.models import facts_of
from actions.anthropic.simulator.answer import (
    Request,
    answer_to,
    chunks_of,
    question_of,
    quote_of,
    results_of,
    text_of,
    tokens_of,
)
from actions.anthropic.simulator.sample import sample
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
    text = script.answer(body) if script.answer else _own_answer(body)
    text, stop_reason, sequence = _ended(text, body, script)
    search = _search(body)
    written = list(_text(text, body, bool(search))) if text else []
    content = [*_thinking(body, script), *search, *written, *_tool(script)]
    stop_reason = "tool_use" if script.tool and stop_reason == "end_turn" else stop_reason
    return Answer(content, stop_reason, sequence, tokens_of(text), int(bool(search)))


def _ended(text: str, body: Request, script: Script) -> tuple[str, str, str | None]:
    """Cut the text at a refusal, a stop sequence or `max_tokens`, whichever the request and the script say."""
    if script.refuse_after is not None:
        return "".join(chunks_of(text)[: script.refuse_after]), "refusal", None
    found = [(text.index(stop), stop) for stop in body.get("stop_sequences") or [] if stop in text]
    reason, sequence = script.stop_reason, "END" if script.stop_reason == "stop_sequence" else None
    if found:
        at, sequence = min(found)
        text, reason = text[:at], "stop_sequence"
    kept = _within(text, body["max_tokens"])
    return (text, reason, sequence) if kept == text else (kept, "max_tokens", None)


def _within(text: str, tokens: int) -> str:
    kept, spent = "", 0
    for chunk in chunks_of(text):
        spent += tokens_of(chunk)
        if spent > tokens:
            break
        kept += chunk
    return kept


def _thinking(body: Request, script: Script) -> list[Block]:
    asked = body.get("thinking") or {}
    facts = facts_of(body["model"])
    by_itself = facts is not None and facts.thinking not in ("off", "budget")
    if script.thinking is None and (asked.get("type") == "disabled" or not (by_itself or asked)):
        return []
    shown = asked.get("display") == "summarized"
    return [{"type": "thinking", "thinking": (script.thinking or THOUGHT) if shown else "", "signature": "c2lnbmVk"}]


def _search(body: Request) -> list[Block]:
    """A search is shown when the request offers one; what it finds is made up, and says so."""
    if not any(str(tool.get("type", "")).startswith("web_search_") for tool in body.get("tools") or []):
        return []
    query = {"query": question_of(body)}
    hit = {"type": "web_search_result", **PAGE, "encrypted_content": "c2ltdWxhdGVk", "page_age": None}
    return [
        {"type": "server_tool_use", "id": "srvtoolu_simulated", "name": "web_search", "input": query},
        {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_simulated", "content": [hit]},
    ]


def _own_answer(body: Request) -> str:
    wanted = (body.get("output_config") or {}).get("format")
    return to_json(sample(wanted["schema"])).decode() if wanted else answer_to(body)


def _text(text: str, body: Request, searched: bool) -> Iterator[Block]:
    """Yield the text in blocks: what repeats a search result that may be cited is one of its own, with its source."""
    if searched:
        source = {"type": "web_search_result_location", **PAGE, "encrypted_index": "c2lt", "cited_text": PAGE["title"]}
        yield {"type": "text", "text": text, "citations": [source]}
        return
    for index, result in enumerate(_citable(body)):
        quote = quote_of(result)
        before, found, after = text.partition(quote) if quote else (text, "", "")
        if found:
            yield from _plain(before)
            yield {"type": "text", "text": quote, "citations": [_location(index, result)]}
            text = after
    yield from _plain(text)


def _plain(text: str) -> Iterator[Block]:
    if text:
        yield {"type": "text", "text": text}


def _citable(body: Request) -> list[Block]:
    results = [result for turn in body["messages"] for result in results_of(turn["content"])]
    return [result for result in results if (result.get("citations") or {}).get("enabled")]


def _location(index: int, result: Block) -> Block:
    return {
        "type": "search_result_location",
        "source": result["source"],
        "title": result["title"],
        "cited_text": text_of(result["content"]),
        "search_result_index": index,
        "start_block_index": 0,
        "end_block_index": 1,
    }


def _tool(script: Script) -> list[Block]:
    if script.tool is None:
        return []
    name, given = script.tool
    return [{"type": "tool_use", "id": "toolu_simulated", "name": name, "input": given}]
