"""The bare relay: the least work that a Django server with the same SDK can do. No flow, no log, no sign-in."""

import gc
import json
import os
from collections.abc import AsyncIterator

import anthropic
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import path

settings.configure(
    ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="bench", DEBUG=False, LOGGING_CONFIG=None
)

client = anthropic.AsyncAnthropic(api_key="bench", base_url=os.environ["UPSTREAM"], max_retries=0)


async def stream_relay(request: HttpRequest) -> StreamingHttpResponse:
    asked = json.loads(request.body)
    texts = relay_texts(asked["prompt"], asked["chunks"])
    return StreamingHttpResponse(texts, headers={"Content-Type": "text/event-stream"})


async def relay_texts(prompt: str, chunks: int) -> AsyncIterator[bytes]:
    stream = await client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=chunks,
        messages=[{"role": "user", "content": prompt}],
        stream=True,
    )
    async with stream:
        async for event in stream:
            if event.type == "content_block_delta" and event.delta.type == "text_delta":
                yield b"data: %b\n\n" % json.dumps({"text": event.delta.text}).encode()


urlpatterns = [path("stream", stream_relay)]
application = get_asgi_application()
gc.collect()
gc.freeze()
