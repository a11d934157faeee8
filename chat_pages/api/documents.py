"""Describes pages, conversations, turns and files as JSON, for visitors."""

from collections.abc import Mapping
from typing import Any

from chat_pages import files
from chat_pages.api.page_views import describe_look
from chat_pages.file_types import MAX_FILES, MAX_IMAGE_BYTES, MAX_PDF_BYTES, MAX_QUESTION_BYTES, MAX_TEXT_BYTES
from chat_pages.models import ChatPage, Conversation, ConversationTurn
from flows.api.documents import format_time
from flows.stored_files import list_stored_files

RATINGS = {"good": 1, "bad": -1, None: None}
RATING_NAMES = {number: name for name, number in RATINGS.items()}


def describe_open_page(page: ChatPage) -> dict[str, Any]:
    """Return the page as its visitors find it, with the files that it takes now."""
    return {**describe_look(page), "files": _describe_rules(page)}


def describe_conversation(row: Conversation) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "name": row.name,
        "question": row.question,
        "updated_at": format_time(row.updated_at),
    }


def describe_turn(turn: ConversationTurn) -> dict[str, Any]:
    """Return the turn without its answer."""
    input = turn.run.input
    stored = {str(id) for id in list_stored_files(input)}
    return {
        "run": str(turn.run_id),
        "prompt": str(input.get("prompt", "")),
        "files": [describe_file(file) for file in input.get("files", ()) if file.get("stored") in stored],
        "rating": RATING_NAMES[turn.rating],
        "comment": turn.comment,
    }


def describe_file(named: Mapping[str, Any]) -> dict[str, Any]:
    """Return a file that the input of a run names."""
    return {
        "id": named["stored"],
        "name": named["title"],
        "media_type": named["media_type"],
        "bytes": named["bytes"],
    }


def _describe_rules(page: ChatPage) -> dict[str, Any] | None:
    taken = files.read_taken(page)
    if taken == "none":
        return None
    return {
        "kinds": taken,
        "max_files": MAX_FILES,
        "max_image_bytes": MAX_IMAGE_BYTES,
        "max_pdf_bytes": MAX_PDF_BYTES,
        "max_text_bytes": MAX_TEXT_BYTES,
        "max_question_bytes": MAX_QUESTION_BYTES,
    }
