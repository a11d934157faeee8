"""Chat pages, conversations and answers, as JSON. Pure: types only."""

from typing import Literal, NotRequired

from actions.contract.shapes import Json
from flows.api.shapes import RunRow
from flows.events.events import Citation
from flows.events.fold import RunStatus
from web.shapes import DateTimeText, Shape

Colour = Literal["teal", "orange", "navy", "violet", "slate"]
Access = Literal["nobody", "members", "link", "public"]


class ChatLook(Shape):
    """How a chat page looks. `starters` are questions to begin with; `notice` stands below the field.

    `logo` names the picture at `/chat/{address}/logo`; it is another one with each picture, and null without one.
    """

    title: str
    description: str
    greeting: str
    starters: list[str]
    notice: str
    colour: Colour
    logo: str | None


class ChatPageLimits(Shape):
    """Each is null for no limit of its own. Tokens count when a run has ended, by the day in UTC."""

    runs_per_minute: int | None
    runs_at_once: int | None
    tokens_per_day: int | None


class ChatPage(ChatLook):
    """The page of a flow as its editor sets it up.

    `url` is where it is; null while it is for nobody, and null for who may not edit when the link is a secret.
    `origins` are of the sites whose pages may show it in a frame. `limits` are what all its visitors may use together;
    null without any.
    """

    access: Access
    name: str
    url: str | None
    origins: list[str]
    limits: ChatPageLimits | None


class FileRules(Shape):
    """The files that a question may have: images alone, or documents too. The last limit is of all its files."""

    kinds: Literal["images", "all"]
    max_files: int
    max_image_bytes: int
    max_pdf_bytes: int
    max_text_bytes: int
    max_question_bytes: int


class VisitedPage(ChatLook):
    """A page as its visitors find it. `files` is null where its flow takes none."""

    files: FileRules | None


class OpenChatPage(VisitedPage):
    """A page of its own. `is_member` tells whether the visitor is known as a member of the workspace."""

    is_member: bool


class OpenWidget(VisitedPage):
    """A page in a frame of another site's page. `visitor` is the token for the header `X-Chat-Visitor`."""

    visitor: str


class Conversation(Shape):
    """`name` is the visitor's; an empty one leaves `question`, the first one, to stand for it."""

    id: str
    name: str
    question: str
    updated_at: DateTimeText


class ConversationList(Shape):
    conversations: list[Conversation]


class AnswerPart(Shape):
    """A text with its sources, or a value that is no text."""

    text: NotRequired[str]
    citations: NotRequired[list[Citation]]
    value: NotRequired[Json]


class AnswerError(Shape):
    code: str
    message: str
    hint: str | None


class ConversationFile(Shape):
    """A file of a question. Its type is what its content says."""

    id: str
    name: str
    media_type: str
    bytes: int


class ConversationTurn(Shape):
    """A question, and what the run has answered so far: up to its event `seq`, after which its stream goes on."""

    run: str
    prompt: str
    files: list[ConversationFile]
    status: RunStatus
    seq: int
    error: AnswerError | None
    parts: list[AnswerPart]
    rating: Literal["good", "bad"] | None
    comment: str


class TurnList(Shape):
    """The last turns of a conversation, the oldest first."""

    conversation: Conversation
    turns: list[ConversationTurn]


class Feedback(Shape):
    """What a visitor thinks of an answer. `remark` is text as the visitor wrote it, and empty without one."""

    rating: Literal["good", "bad"]
    remark: str


class RatedRun(RunRow):
    """A run whose answer a visitor has rated."""

    feedback: Feedback


class RatedRunList(Shape):
    runs: list[RatedRun]


class RunFeedback(Shape):
    feedback: Feedback | None
