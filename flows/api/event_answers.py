"""The forms of an answer with events, as the API's schema describes them."""

from flows.wire.ndjson import JsonLines
from flows.wire.plain_text import PlainText
from web.openapi import Answer

EVENTS = Answer(
    {"type": "string"}, media="text/event-stream", about="Each event has an id (its seq) and a RunEvent as its data."
)


LINES = Answer({"type": "string"}, media=JsonLines.media, about="Each line is a RunEvent.")


TEXT = Answer({"type": "string"}, media=PlainText.media, about="What was yielded. A run that fails is cut short.")


NO_MORE = Answer(status=204, about="The run has ended and the cursor is at its last event.")
