"""What differs between environments and is no part of a flow: connections to vendors, and variables.

The database holds only ciphertext of their secrets.
"""

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
    stand_ins = models.JSONField(default=dict, editable=False)
    """By environment: the id of the connection of the same kind that is used there in place of this one."""
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=("workspace", "name"), name="one_connection_per_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Variable(models.Model):
    """A named text of the workspace, which expressions read as `env.NAME`, with a value of its own per environment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="variables")
    name = models.CharField(max_length=64)
    is_secret = models.BooleanField(default=False)
    values = models.JSONField(default=dict)
    """By environment: the value, where it is set. Empty for a secret."""
    ciphertext = models.TextField(blank=True, default="", editable=False)
    set_in = models.JSONField(default=list, editable=False)
    """The environments in which the value is set."""
    change_number = models.PositiveIntegerField(default=0, editable=False)
    """Rises with each change, so that a process knows whether the values that it keeps are still true."""
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=("workspace", "name"), name="one_variable_per_name"),
        ]

    def __str__(self) -> str:
        return self.name
