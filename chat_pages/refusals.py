"""Why a visitor's question is not answered, in words for a visitor. Pure."""

from actions.contract.errors import DomainError

OF_THE_FLOW = frozenset({"flow_has_problems", "not_allowed", "not_published", "wrong_trigger"})
"""Codes of refusals that only an editor of the flow can put right."""
BUSY = frozenset({"limit_caller_runs", "session_busy", "session_queue_full"})
"""Codes of refusals because the visitor's own answers go on."""


OF_THE_PAGE = {
    "limit_page_runs_per_minute": "This chat has had as many questions as it takes in a minute.",
    "limit_page_runs_at_once": "This chat is answering as many questions as it can at once.",
    "limit_page_tokens_per_day": "This chat has answered as much as it may in a day.",
}
"""What is said when the visitors of a page, all together, have reached a limit of it."""


_UNITS = ((3_600, "hour"), (60, "minute"))


def tell_visitor(error: DomainError) -> DomainError:
    """Return the refusal as it is for a visitor, who knows no flow, no version and no run."""
    if error.code in OF_THE_FLOW:
        return build_unavailable()
    if error.code in BUSY:
        message, hint = "Your other answers are still being written.", "Wait for them, or stop them."
        return DomainError(error.kind, error.code, message, hint=hint, retry_after_s=error.retry_after_s)
    if error.code in OF_THE_PAGE:
        wait_s = error.retry_after_s or 1
        hint = f"Try again in {describe_wait(wait_s)}."
        return DomainError(error.kind, error.code, OF_THE_PAGE[error.code], hint=hint, retry_after_s=wait_s)
    return error


def describe_wait(seconds: int) -> str:
    """Return a time to wait, rounded up: `1 second`, `40 seconds`, `3 minutes`, `11 hours`."""
    length, unit = next((part for part in _UNITS if seconds > part[0]), (1, "second"))
    count = -(-seconds // length)
    return f"{count} {unit}{'' if count == 1 else 's'}"


def build_unavailable() -> DomainError:
    hint = "Whoever looks after this chat has to look at its flow."
    return DomainError("conflict", "chat_unavailable", "This chat cannot answer now.", hint=hint)
