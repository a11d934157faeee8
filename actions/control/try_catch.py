"""Run a path, and another when something in it fails."""

from collections.abc import Iterator

from actions.contract.action import NEXT, Action, ActionContext, Branch
from actions.contract.errors import ActionError
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import VariableName
from actions.contract.records import Record, RecordField, RecordType
from actions.contract.steps import RunBranch, Step

ERROR = RecordType(
    "error",
    "Error",
    (
        RecordField("message", "text", "What went wrong, in a sentence."),
        RecordField("code", "text", "The same for programs, such as upstream_overloaded."),
        RecordField("hint", "text", "What to do about it; empty when nothing is known."),
        RecordField("node", "text", "The id of the node that failed."),
        RecordField("fault", "text", "Who can put it right: caller, flow, connection, vendor or server."),
        RecordField("retryable", "boolean", "Whether the same may succeed when it is tried again."),
        RecordField("retry_after_s", "integer", "After how many seconds, where the vendor says so; null otherwise."),
    ),
)


class Error(Record):
    record_type = ERROR
    renders_as = "message"


class TryCatchProperties(ActionProperties):
    error_variable_name: VariableName = prop("Variable that holds the error in Catch.", default="error", port=False)


class TryCatch(Action[TryCatchProperties]):
    """Run a path; when something in it fails, run another with the error."""

    type = "control.try_catch"
    title = "Try / Catch"
    family = "control"
    branches = (Branch("try", "Try"), Branch("catch", "Catch", "error_variable_name", ERROR), NEXT)
    width = 196

    def run(self, properties: TryCatchProperties, context: ActionContext) -> Iterator[Step]:
        error: ActionError | None = None
        try:
            yield RunBranch("try")
        except ActionError as raised:
            error = raised
        if error is not None:
            yield RunBranch("catch", build_error_record(error))


def build_error_record(error: ActionError) -> Error:
    return Error(
        message=error.message,
        code=error.code,
        hint=error.hint or "",
        node=error.node or "",
        fault=error.fault,
        retryable=error.is_retryable,
        retry_after_s=error.retry_after_s,
    )
