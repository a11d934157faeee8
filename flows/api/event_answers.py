"""The forms of an answer with events, as the API's schema describes them.

The forms in JSON are in `docs/rest.md` alone. Where a schema has them beside a stream, generated clients take every
answer for JSON, and what they are sent unless they ask is server-sent events.
"""

from typing import Any

from flows.api import shapes
from flows.wire.ndjson import JsonLines
from flows.wire.plain_text import PlainText
from web.openapi import Answer, refer_to

RUN = ("X-Run", "X-Flow-Version")
# Some clients split the stream and give each event, others give its text.
EVENT: dict[str, Any] = {"anyOf": [refer_to(shapes.RunEvent), {"type": "string"}]}
ABOUT = """\
A stream of events, which have an id (their seq) and a RunEvent as their data; as lines, each is a RunEvent. As text, \
what was yielded. `Accept: application/json` asks for JSON: a growing array of what is yielded, or an EventPage."""
refer_to(shapes.EventPage)  # has its schema in the document, where no answer refers to it
EVENTS = Answer(EVENT, media="text/event-stream", about=ABOUT, headers=RUN)
LINES = Answer(EVENT, media=JsonLines.media, headers=RUN)
TEXT = Answer({"type": "string"}, media=PlainText.media, headers=RUN)
NO_MORE = Answer(status=204, about="The run has ended and the cursor is at its last event.", headers=RUN)
