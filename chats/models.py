"""Sessions and their messages. A session belongs to one caller in one workspace."""

from django.db import models


class ChatSession(models.Model):
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="chat_sessions")
    owner = models.CharField(max_length=60)
    """`user:<id>` or `key:<id>`."""
    session_id = models.CharField(max_length=200)
    updated_at = models.DateTimeField(auto_now=True)
    stored_bytes = models.PositiveBigIntegerField(default=0, editable=False)
    """Of its messages."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("workspace", "owner", "session_id"), name="one_session_per_owner_and_id"),
        ]

    def __str__(self) -> str:
        return self.session_id


class ChatMessage(models.Model):
    session = models.ForeignKey(ChatSession, on_delete=models.CASCADE, related_name="messages")
    position = models.PositiveBigIntegerField()
    """Rises within a session, and is never used again, also after older messages were deleted."""
    role = models.CharField(max_length=10)
    content = models.JSONField()
    """A text, or the content blocks of a model exactly as the API returned them."""
    stop_reason = models.CharField(max_length=60, blank=True, default="")
    run_id = models.UUIDField(null=True)
    """The run that saved it. It is no foreign key, because a conversation is kept longer than its runs."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("session", "position"), name="one_message_per_position"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.position}"
