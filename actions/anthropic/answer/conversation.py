"""One answer, in as many calls as the API's pauses make of it. Pure: it makes the requests and keeps what came."""

from collections.abc import Iterator, Mapping
from typing import Any

from actions.anthropic.answer.response import ChatCompletionResponse, build_response, build_usage, warn_of_ending
from actions.anthropic.properties import ChatCompletionProperties
from actions.anthropic.property_check import get_warning_code
from actions.anthropic.request.build import build_body, choose_version, list_settings
from actions.anthropic.request.history import is_blank_text
from actions.anthropic.request.structured import parse_answer
from actions.anthropic.request.user_content import build_user_content
from actions.anthropic.stream.api_message import ApiMessage
from actions.chat.reducer import HistoryReducer
from actions.contract.action import Attachment
from actions.contract.steps import Usage, Warn

MAX_CONTINUATIONS = 5
HISTORY_REDUCER = Attachment("history_reducer", "History reducer", HistoryReducer)


class Conversation:
    """The requests of one chat completion, and the messages that answered them."""

    def __init__(self, properties: ChatCompletionProperties, helpers: Mapping[str, Any]) -> None:
        """Raise ActionError when a property holds what cannot be sent."""
        self._schema = properties.response_format
        self._settings = list(list_settings(dict(properties)))
        sent_settings = {setting.property: setting.value for setting in self._settings if setting.rule.sent}
        self._asked_to_cite = "citations" in sent_settings
        self._user_content = build_user_content(properties, citations=self._asked_to_cite)
        self._body = build_body(properties, sent_settings, self._user_content, helpers.get(HISTORY_REDUCER.name))
        self.api_version = choose_version(self._body, properties.connection.api_version)
        """The version of the API that the requests name."""
        self._answers: list[ApiMessage] = []
        self._left = False
        self._withheld = 0

    def get_warnings(self) -> Iterator[Warn]:
        """Yield a warning for each property that is set and not sent as set. They precede the first call."""
        for name, rule, _ in self._settings:
            if rule.note:
                yield Warn(get_warning_code(name, rule.sent), rule.note, rule.hint, name)
        if self._asked_to_cite and not self._user_content.citable:
            hint = "Bind Context to the result of Search vectors, or Files to a document."
            yield Warn("nothing_to_cite", "There is nothing that the model could cite.", hint, "citations")

    @property
    def has_call_to_make(self) -> bool:
        """Whether the API is to be called, at first or again.

        The API pauses a long turn of its own tools. It goes on when it receives its own words back, unchanged.
        """
        if not self._answers:
            return True
        if self._left or len(self._answers) > MAX_CONTINUATIONS:
            return False
        last = self._answers[-1]
        return last.stop is not None and last.stop.reason == "pause_turn" and bool(_list_taken_back(last))

    def build_request(self) -> dict[str, Any]:
        """Return the body of the next call."""
        paused = [{"role": "assistant", "content": _list_taken_back(answer)} for answer in self._answers]
        return {**self._body, "messages": [*self._body["messages"], *paused]}

    def add_answer(self, message: ApiMessage, left: bool, withheld: int) -> Usage:
        """Keep the message of a call and return what the call cost; `left` means that the flow left it by Break.

        The last `withheld` characters of its text have not been streamed.
        """
        self._answers.append(message)
        self._left, self._withheld = left, withheld
        return build_usage(message, left)

    def get_ending_warnings(self) -> Iterator[Warn]:
        """Yield a warning where the answer is not what was asked for."""
        if not self._left:
            yield from warn_of_ending(self._answers)

    async def build_response(self) -> ChatCompletionResponse:
        """Return the whole answer; raises ActionError when it should be JSON of a schema, and is not."""
        response = build_response(self._answers, self._left, self._withheld)
        response["parsed"] = await parse_answer(self._schema, response["stop_reason"], response["text"])
        return response


def _list_taken_back(answer: ApiMessage) -> list[dict[str, Any]]:
    """Return the blocks of a paused answer that the API takes back: it writes blank text, and refuses it."""
    return [block for block in answer.content if not is_blank_text(block)]
