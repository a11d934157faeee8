"""Writes logs as one line of JSON for each event, with the request's id and without secrets."""

import logging
import logging.config
import re
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

REDACTED = "[redacted]"
_SECRET_NAME = re.compile(
    r"authorization|cookie|secret|passw|api[_-]?key|token$|ticket|ciphertext|private", re.IGNORECASE
)
_SECRET_TEXT = re.compile(
    r"(?:sk-|mr_live_|gAAAAA)[\w-]{8,}=*"
    r"|(?<=bearer )[^\s\"\\\\]+|(?<=basic )[A-Za-z0-9+/]{8,}=*"
    r"|(?<=sign-in/link/)[^\s\"\\\\]+|(?<=/chat/k_)[\w-]+"
    r"|(?<=millrace_visitor=)[^\s;\"\\\\]+|(?<=sessionid=)[^\s;\"\\\\]+|(?<=csrftoken=)[^\s;\"\\\\]+",
    re.IGNORECASE,
)
_FIELD = re.compile(r"(?<![^=&;\s\"])([^=&;\s\"]*+)=(?=([^&;#\s\"\\]*))")
"""What may be a parameter of an address: its name, behind what else stands there, and its value."""
_SECRET_PARAMETER_NAME = re.compile(r"key|token|ticket|secret|passw|signature|auth|session|cookie", re.IGNORECASE)
_CREDENTIALS = re.compile(r"(://)[^/\s\"\\\\@]+(?=@)")
"""A user name and a password in an address, between `://` and `@`."""
_SOCKET_LINES = '"WebSocket %s"'
"""What uvicorn's lines about the opening of a socket have in common. They contain the query."""


hidden_texts: ContextVar[tuple[str, ...]] = ContextVar("hidden_texts", default=())
"""What no line may contain that is written in this context, such as the secrets of a run."""


def configure(settings: dict[str, Any]) -> None:
    """Configure logging from Django's `LOGGING`; loggers of `logging` and of structlog write the same lines."""
    logging.config.dictConfig(settings)
    structlog.configure(
        processors=[*_get_common_processors(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def build_json_formatter() -> logging.Formatter:
    remove_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    processors: list[Processor] = [remove_meta, structlog.processors.format_exc_info, _render]
    foreign: list[Processor] = [*_get_common_processors(), structlog.stdlib.ExtraAdder(), _drop_objects]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=foreign, processors=processors)


class OnlyFaults(logging.Filter):
    """Keeps the records about an exception. Statuses of answers are in the access lines, and need no second line."""

    def filter(self, record: logging.LogRecord) -> bool:
        return bool(record.exc_info)


class NoAccessLines(logging.Filter):
    """Drops what uvicorn writes about sockets that open: the server's own access lines say it without the query."""

    def filter(self, record: logging.LogRecord) -> bool:
        return _SOCKET_LINES not in str(record.msg)


def scrub(value: Any) -> Any:
    """Return `value` with `[redacted]` under every name that suggests a key, a cookie or a password."""
    if isinstance(value, Mapping):
        return {name: REDACTED if _SECRET_NAME.search(str(name)) else scrub(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [scrub(item) for item in value]
    return value


def _drop_objects(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Drop the extra fields that Django and uvicorn add for handlers of their own."""
    for field in ("request", "response", "status_code", "color_message"):
        event.pop(field, None)
    return event


def _get_common_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


_to_json = structlog.processors.JSONRenderer()


def _render(logger: WrappedLogger, name: str, event: EventDict) -> str:
    line = _to_json(logger, name, scrub(event))
    return redact(line if isinstance(line, str) else line.decode())


def redact(text: str) -> str:
    """Return `text` with `[redacted]` in place of what looks like a key, a sign-in link, a cookie or a password.

    The same for each of `hidden_texts`.
    """
    for hidden in hidden_texts.get():
        text = text.replace(hidden, REDACTED)
    text = _SECRET_TEXT.sub(REDACTED, text)
    return _CREDENTIALS.sub(rf"\1{REDACTED}", _redact_parameters(text))


def _redact_parameters(text: str) -> str:
    """Hide the value of each parameter of an address whose name suggests a secret. Looks at each character once."""
    parts, end = [], 0
    for match in _FIELD.finditer(text):
        is_later = text[match.start() - 1 : match.start()] in ("&", ";")
        name = match[1] if is_later else match[1].partition("?")[2]
        if match.start() >= end and match[2] and _SECRET_PARAMETER_NAME.search(name):
            parts += [text[end : match.end()], REDACTED]
            end = match.end(2)
    return "".join((*parts, text[end:]))
