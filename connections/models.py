"""Connections: the address and the secrets that a flow needs to call a vendor. The database holds only ciphertext."""

import uuid

from django.db import models


class Connection(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="connections")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=40)
    settings = models.JSONField(default=dict)
    ciphertext = models.TextField(blank=True, default="", editable=False)
    last4 = models.JSONField(default=dict, editable=False)
    """The last four characters of each secret that is set, by its name."""
    last_test = models.JSONField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=("workspace", "name"), name="one_connection_per_name"),
        ]

    def __str__(self) -> str:
        return self.name
