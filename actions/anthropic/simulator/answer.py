"""What the simulator writes: from the prompt, the context and the history it was given. Pure."""

import re
from typing import Any

Request = dict[str, Any]

_CONTEXT = re.compile(r"<context>\n?(.*?)\n?</context>\n*", re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_CHUNK = re.compile(r"\s*\S+(?:\s+\S{1,3}(?=\s|$))?")
_PREFACE = "Answer from this context where it helps:"


def write_answer(body: Request) -> str:
    """Return the same text for the same request: it says what it is, and shows what it was sent."""
    user_content = body["messages"][-1]["content"]
    question, context = _split_prompt(get_text(user_content))
    earlier = [get_text(turn["content"]) for turn in body["messages"][:-1] if turn["role"] == "user"]
    parts = [
        f"This is the simulator, not a model. You asked: “{_shorten(question)}”",
        _describe_context(context),
        _describe_results(user_content),
        _describe_files(user_content),
        f"Before that you asked: “{_shorten(_split_prompt(earlier[-1])[0])}”" if earlier else "",
        "A real model would now write its answer. The words arrive one by one, at the pace of a stream, so that you "
        "can watch them grow inside the node, follow them in the run panel, and stop them at any moment.",
        "Add a connection with your own API key to hear from a real one; nothing else in the flow has to change.",
    ]
    return "\n\n".join(part for part in parts if part)


def get_text(content: Any) -> str:
    """Return the text within a message's content, or within a system prompt."""
    if isinstance(content, str):
        return content
    texts = (block.get("text") for block in content or () if isinstance(block, dict))
    return "\n".join(text for text in texts if isinstance(text, str))


def get_counted_text(content: Any) -> str:
    """Return the text that is counted: also that of search results and of documents."""
    blocks = [block for block in content if isinstance(block, dict)] if isinstance(content, list) else []
    documents = [str(block["source"].get("data")) for block in blocks if block.get("type") == "document"]
    nested = [get_text(block["content"]) for block in blocks if block.get("type") == "search_result"]
    return "\n".join([get_text(content), *nested, *documents])


def get_search_results(content: Any) -> list[dict[str, Any]]:
    """Return the search results within a message's content."""
    blocks = content if isinstance(content, list) else []
    return [block for block in blocks if block["type"] == "search_result"]


def get_quote(result: dict[str, Any]) -> str:
    """Return the words of a search result that the answer repeats."""
    return _SENTENCE.split(get_text(result["content"]).strip())[0][:400]


def get_question(body: Request) -> str:
    return _shorten(_split_prompt(get_text(body["messages"][-1]["content"]))[0])


def cut_chunks(text: str) -> list[str]:
    """Cut a text as a model's stream comes: a word or two at a time, nothing lost."""
    chunks, end = [], 0
    for match in _CHUNK.finditer(text):
        chunks.append(text[end : match.end()])
        end = match.end()
    if text[end:]:
        chunks.append(text[end:])
    return chunks


def count_tokens(text: str) -> int:
    """Return a rough count, as a tokenizer of English text would give."""
    return max(1, round(len(text) / 4))


def _split_prompt(prompt: str) -> tuple[str, str]:
    """Return the question and the context within a prompt; in a template of one's own the question comes last."""
    context_match = _CONTEXT.search(prompt)
    if context_match:
        return _CONTEXT.sub("", prompt).replace(_PREFACE, "").strip(), context_match[1].strip()
    paragraphs = [part.strip() for part in prompt.split("\n\n") if part.strip()]
    return (paragraphs[-1], "\n\n".join(paragraphs[:-1])) if paragraphs else (prompt.strip(), "")


def _describe_context(context: str) -> str:
    if not context:
        return ""
    first = " ".join(_SENTENCE.split(context)[:3])
    return f"The context that came with it says: “{_shorten(first, 400)}”"


def _describe_results(content: Any) -> str:
    quotes = [f"“{get_quote(result)}”" for result in get_search_results(content)[:3]]
    return f"The search results that came with it say: {' '.join(quotes)}" if quotes else ""


def _describe_files(content: Any) -> str:
    kinds = [block["type"] for block in content] if isinstance(content, list) else []
    counts = [(kind, kinds.count(kind)) for kind in ("image", "document") if kind in kinds]
    counts_text = " and ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in counts)
    return f"With it came {counts_text}." if counts_text else ""


def _shorten(text: str, longest: int = 200) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
