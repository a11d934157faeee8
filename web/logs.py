"""Writes logs as one line of JSON for each event, with the request's id and without secrets."""

import logging
import logging.config
import re
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

REDACTED = "[redacted]"
_SECRET_NAME = re.compile(r"authorization|cookie|secret|passw|api[_-]?key|token$|ciphertext|private", re.IGNORECASE)
_SECRET_TEXT = re.compile(
    r"(?:sk-|mr_live_|gAAAAA)[\w-]{8,}=*|(?<=bearer )[^\s\"\\]+|(?<=sign-in/link/)[\w-]+", re.IGNORECASE
)


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
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_get_common_processors(), processors=processors)


def scrub(value: Any) -> Any:
    """Return `value` with `[redacted]` under every name that suggests a key, a cookie or a password."""
    if isinstance(value, Mapping):
        return {name: REDACTED if _SECRET_NAME.search(str(name)) else scrub(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [scrub(item) for item in value]
    return value


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
    return _SECRET_TEXT.sub(REDACTED, line if isinstance(line, str) else line.decode())
