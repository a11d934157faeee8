"""Why a visitor's question is not answered, in words for a visitor. Pure."""

from actions.contract.errors import DomainError

OF_THE_FLOW = frozenset({"flow_has_problems", "not_allowed", "not_published", "wrong_trigger"})
"""Codes of refusals that only an editor of the flow can put right."""
BUSY = frozenset({"limit_caller_runs", "session_busy", "session_queue_full"})
"""Codes of refusals because the visitor's own answers go on."""


def tell_visitor(error: DomainError) -> DomainError:
    """Return the refusal as it is for a visitor, who knows no flow, no version and no run."""
    if error.code in OF_THE_FLOW:
        return build_unavailable()
    if error.code in BUSY:
        message, hint = "Your other answers are still being written.", "Wait for them, or stop them."
        return DomainError(error.kind, error.code, message, hint=hint, retry_after_s=error.retry_after_s)
    return error


def build_unavailable() -> DomainError:
    hint = "Whoever looks after this chat has to look at its flow."
    return DomainError("conflict", "chat_unavailable", "This chat cannot answer now.", hint=hint)


def build_too_many_questions(retry_after_s: int) -> DomainError:
    message = "There were more questions than this chat takes in a minute."
    return DomainError(
        "too_many", "too_many_questions", message, hint="Wait a minute, then go on.", retry_after_s=retry_after_s
    )
