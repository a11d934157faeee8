"""Chat pages, the conversations that visitors hold on them, and the turns of these."""

import uuid
from typing import ClassVar

from django.db import models

from flows.models import MAX_ADDRESS_CHARACTERS, MAX_QUESTION_CHARACTERS, Flow, Run
from web.text import MAX_NAME_CHARACTERS

MAX_TITLE_CHARACTERS = 80
MAX_COMMENT_CHARACTERS = 1_000


class Access(models.TextChoices):
    """Who may use a chat page."""

    NOBODY = "nobody"
    MEMBERS = "members"
    LINK = "link"
    PUBLIC = "public"


class Colour(models.TextChoices):
    """The colour of a page's sign. Each is a pair of tokens that can be read in both themes."""

    TEAL = "teal"
    ORANGE = "orange"
    NAVY = "navy"
    VIOLET = "violet"
    SLATE = "slate"


class ChatPage(models.Model):
    """The chat page of a flow, which answers with the version that is published to production."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    flow = models.OneToOneField(Flow, on_delete=models.CASCADE, related_name="chat_page")
    access = models.CharField(max_length=10, choices=Access.choices, default=Access.NOBODY)
    name = models.CharField(max_length=MAX_ADDRESS_CHARACTERS, unique=True)
    """In the address, `/chat/<name>`, of a page for members or for everybody. Unique on the server."""
    token = models.CharField(max_length=64, unique=True, editable=False)
    """In the address, `/chat/<token>`, of a page for whoever has the link. It cannot be guessed."""
    title = models.CharField(max_length=MAX_TITLE_CHARACTERS, blank=True, default="")
    """Empty: the name of the flow."""
    description = models.CharField(max_length=120, blank=True, default="")
    greeting = models.CharField(max_length=500, blank=True, default="")
    starters = models.JSONField(default=list)
    """Questions that a visitor may begin with."""
    notice = models.CharField(max_length=200, blank=True, default="")
    """A line below the field, such as a word of caution."""
    colour = models.CharField(max_length=10, choices=Colour.choices, default=Colour.TEAL)
    origins = models.JSONField(default=list)
    """Of the sites whose pages may show it in a frame, exactly as browsers send them; none by default."""
    limits = models.JSONField(null=True)
    """What its visitors may use together, as `KeyLimits`; None without limits."""
    logo_digest = models.CharField(max_length=16, blank=True, default="")
    """Of the picture that is its logo; empty without one."""
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(access__in=Access.values), name="chat_page_access_is_known"),
        ]

    def __str__(self) -> str:
        return self.title or self.name


class Logo(models.Model):
    """The picture of a page. It has a table of its own, so that who reads a page does not read the picture."""

    page = models.OneToOneField(ChatPage, on_delete=models.CASCADE, primary_key=True, related_name="logo")
    content = models.BinaryField()
    media_type = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"The logo of {self.page_id}"


class Conversation(models.Model):
    """What one visitor and a flow have said to each other on a page."""

    id = models.UUIDField(primary_key=True, editable=False)
    """Chosen by the page, so that a call that is repeated names the same one."""
    page = models.ForeignKey(ChatPage, on_delete=models.CASCADE, related_name="conversations", db_index=False)
    owner = models.CharField(max_length=64)
    """As of its runs: `visitor:<id>`, or `user:<id>` of a member."""
    session_id = models.CharField(max_length=200)
    """Of the next run. A turn that is answered again begins another session, with the messages before it."""
    name = models.CharField(max_length=120, blank=True, default="")
    """Given by the visitor; empty: the first question."""
    question = models.CharField(max_length=MAX_QUESTION_CHARACTERS)
    """The beginning of the first prompt."""
    updated_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=("page", "owner", "-updated_at"), name="conversations_of_visitor")]

    def __str__(self) -> str:
        return self.name or self.question


class ConversationTurn(models.Model):
    """A question and the run that answers it. Ids rise in the order of the conversation."""

    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="turns")
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="conversation_turn")
    is_replaced = models.BooleanField(default=False)
    """Whether it, or one before it, was answered again. The visitor sees it no more."""
    rating = models.SmallIntegerField(null=True)
    """What the visitor thinks of the answer: 1 good, -1 bad."""
    comment = models.CharField(max_length=MAX_COMMENT_CHARACTERS, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.run_id} of {self.conversation_id}"


class ConversationFile(models.Model):
    """A file that a visitor has added to a question. The input of the question's run names it, and does not hold it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    page = models.ForeignKey(ChatPage, on_delete=models.CASCADE, related_name="files", db_index=False)
    owner = models.CharField(max_length=64)
    """As of a conversation."""
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, null=True, related_name="files")
    """None until a question was sent with it."""
    name = models.CharField(max_length=MAX_NAME_CHARACTERS)
    media_type = models.CharField(max_length=40)
    """As its content says; see `chat_pages.file_types`."""
    size = models.PositiveIntegerField()
    """In bytes."""
    created_at = models.DateTimeField(auto_now_add=True)
    content = models.BinaryField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=("page", "owner"), name="files_of_visitor"),
            models.Index(fields=("created_at",), condition=models.Q(conversation=None), name="unsent_files"),
        ]

    def __str__(self) -> str:
        return self.name


class PendingFeedback(models.Model):
    """A change of a rating that the flows which listen were not started with yet. Ids rise in the order of changes."""

    id = models.BigAutoField(primary_key=True)
    turn = models.ForeignKey(ConversationTurn, on_delete=models.CASCADE, related_name="pending_feedback")
    rating = models.SmallIntegerField(null=True)
    """As of the turn from then on."""
    previous_rating = models.SmallIntegerField(null=True)
    remark = models.CharField(max_length=MAX_COMMENT_CHARACTERS, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.turn_id}: {self.previous_rating} to {self.rating}"
