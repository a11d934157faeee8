"""Flows, what they ran as, their runs, and the log that is the record of each run."""

import uuid
from typing import Any

from django.db import models


def empty_graph() -> dict[str, Any]:
    """Return the graph of a flow that nobody has drawn yet. A test compares it with `flows.graph.document`."""
    return {"schema": 1, "nodes": [], "edges": [], "notes": []}


class Flow(models.Model):
    """A flow as its builders last saved it. `revision` rises with every save of the graph."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="flows")
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=500, blank=True, default="")
    graph = models.JSONField(default=empty_graph)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-updated_at",)

    def __str__(self) -> str:
        return self.name


class FlowVersion(models.Model):
    """The graph that runs of one revision executed. Written once, when the first of them starts."""

    id = models.BigAutoField(primary_key=True)
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="versions")
    revision = models.PositiveIntegerField()
    graph = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("flow", "revision"), name="one_version_per_revision")]

    def __str__(self) -> str:
        return f"{self.flow_id} revision {self.revision}"


class Worker(models.Model):
    """A server process that executes runs. `beat_at` is its last heartbeat: see `flows.runs.leases`."""

    id = models.UUIDField(primary_key=True, editable=False)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class RunStatus(models.TextChoices):
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


class Run(models.Model):
    """One execution of a flow. Its state is the fold of its events; the columns here serve lists.

    When the log has expired, `kept` is what remains of that state, and `kept_yields` of its items.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="runs")
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="runs")
    version = models.ForeignKey(FlowVersion, on_delete=models.PROTECT, related_name="runs")
    status = models.CharField(max_length=12, choices=RunStatus.choices, default=RunStatus.RUNNING)
    input = models.JSONField(default=dict)
    api_key = models.ForeignKey("workspaces.ApiKey", null=True, on_delete=models.SET_NULL, related_name="runs")
    owner = models.CharField(max_length=64, blank=True, default="", editable=False)
    """On whose behalf it goes on, `user:<id>` or `key:<id>`; empty in runs older than this column."""
    worker = models.UUIDField()
    """The process that executes it."""
    start_key = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001  # absent is not a key
    """A hash of the call's Idempotency-Key and its caller; None when the call had none, or it has expired."""
    stop_asked = models.CharField(max_length=200, blank=True, default="", editable=False)
    """Why another process asks to cancel it; empty when none does."""
    stopped_by = models.CharField(max_length=200, blank=True, default="", editable=False)
    """Who asked to cancel it, for members of the workspace; empty when nobody did, or before this column."""
    start_request = models.CharField(max_length=64, blank=True, default="", editable=False)
    """A hash of the flow and the payload that the Idempotency-Key was used for."""
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    duration_ms = models.PositiveIntegerField(null=True)
    first_item_ms = models.PositiveIntegerField(null=True)
    items = models.PositiveIntegerField(default=0)
    error_code = models.CharField(max_length=64, blank=True, default="")
    error_message = models.TextField(blank=True, default="")
    compacted_at = models.DateTimeField(null=True)
    """When its events were all in archives."""
    log_expired_at = models.DateTimeField(null=True)
    """When its log was deleted."""
    kept = models.JSONField(null=True)
    """Of an expired log: the public state that remains of it."""
    kept_yields = models.BinaryField(null=True)
    """Of an expired log: the values that the run yielded, as compressed JSON; None when they were not kept yet."""

    class Meta:
        ordering = ("-started_at",)
        indexes = [
            models.Index(fields=("flow", "-started_at"), name="runs_of_flow"),
            models.Index(fields=("status",), name="runs_by_status"),
            models.Index(fields=("finished_at",), condition=models.Q(compacted_at=None), name="runs_to_compact"),
            models.Index(fields=("finished_at",), condition=models.Q(log_expired_at=None), name="runs_to_expire"),
        ]
        # Unique in the database, so that calls at the same moment start one run.
        constraints = [models.UniqueConstraint(fields=("workspace", "start_key"), name="one_run_per_start_key")]

    def __str__(self) -> str:
        return f"{self.id} {self.status}"


class Turn(models.Model):
    """The place of a run among those of its session, where they run one at a time: see `flows.runs.turns`.

    Ids rise in the order in which the turns were asked. A turn whose run has ended counts no more.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="turn")
    key = models.CharField(max_length=64, db_index=True)
    """A hash of the flow, the caller and the session."""
    holds = models.BooleanField(default=False)
    """Whether the run is the one that goes on."""

    class Meta:
        # Unique in the database, so that of several processes only one lets a run of the session go on.
        constraints = [
            models.UniqueConstraint(fields=("key",), condition=models.Q(holds=True), name="one_run_per_session")
        ]

    def __str__(self) -> str:
        return f"{self.id} of run {self.run_id}"


class RunEvent(models.Model):
    """One event of a run, as one line of JSON: the very bytes that every reader is sent."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="events", db_index=False)
    seq = models.PositiveIntegerField()
    type = models.CharField(max_length=20)
    data = models.TextField()

    class Meta:
        # Unique in the database, so that two writers cannot both write the event of one seq.
        constraints = [models.UniqueConstraint(fields=("run", "seq"), name="one_event_per_seq")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.seq} {self.type}"


class RunArchive(models.Model):
    """The next events of a finished run after those of the archive before, up to `last_seq`, as compressed lines."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="archives", db_index=False)
    last_seq = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        # Unique in the database, so that of two processes only one archives an event.
        constraints = [models.UniqueConstraint(fields=("run", "last_seq"), name="one_archive_per_seq")]

    def __str__(self) -> str:
        return f"{self.run_id} up to {self.last_seq}"
