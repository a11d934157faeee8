"""A small server of embeddings in a thread, for tests whose client is another process. It counts letters."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


class EmbeddingsServer:
    def __init__(self) -> None:
        self.status = 200
        self.asked: list[tuple[str, list[str]]] = []
        self._answers = threading.Event()
        self._answers.set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.asked.append((self.headers["Authorization"], body["input"]))
                outer._answers.wait()
                self._answer(json.dumps({"data": outer.rows(body["input"])}).encode())

            def _answer(self, content: bytes) -> None:
                self.send_response(outer.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                with suppress(ConnectionError):  # the client has left
                    self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self._server.server_port}"

    def rows(self, texts: list[str]) -> list[dict[str, Any]]:
        return [{"index": at, "embedding": [text.count("a"), text.count("b")]} for at, text in enumerate(texts)]

    @contextmanager
    def hold_answers(self) -> Iterator[None]:
        """Answer no call until the block is left."""
        self._answers.clear()
        try:
            yield
        finally:
            self._answers.set()

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
