"""Flows, their versions and where these are published, their runs, and the log that is the record of each run."""

import uuid
from typing import Any

from django.db import models

MAX_QUESTION_CHARACTERS = 120
MAX_ADDRESS_CHARACTERS = 63
MAX_MODEL_CHARACTERS = 200


def empty_graph() -> dict[str, Any]:
    """Return the graph of a flow that nobody has drawn yet. A test compares it with `flows.graph.document`."""
    return {"schema": 1, "nodes": [], "edges": [], "notes": []}


class Flow(models.Model):
    """A flow. `graph` is its draft, as its builders last saved it; `revision` rises with every save of the graph."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="flows")
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=500, blank=True, default="")
    graph = models.JSONField(default=empty_graph)
    revision = models.PositiveIntegerField(default=1)
    test_revision = models.PositiveIntegerField(null=True, editable=False)
    """The version that is published to test; None when none is. Here, because each start reads this row."""
    production_revision = models.PositiveIntegerField(null=True, editable=False)
    """The version that is published to production; None when none is."""
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-updated_at",)

    def __str__(self) -> str:
        return self.name


class FlowAddress(models.Model):
    """A name that addresses a flow: its current one, or an alias that it had before. See `flows.addresses`."""

    id = models.BigAutoField(primary_key=True)
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="addresses")
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=MAX_ADDRESS_CHARACTERS)
    is_current = models.BooleanField(null=True, default=True)
    """True or absent, so that the database lets a flow have one current name and many aliases."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("workspace", "name"), name="one_flow_per_address"),
            models.UniqueConstraint(fields=("flow", "is_current"), name="one_current_address"),
        ]

    def __str__(self) -> str:
        return self.name


class FlowVersion(models.Model):
    """The graph of one save. Its number is the `revision` that the flow had then. The graph never changes."""

    id = models.BigAutoField(primary_key=True)
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="versions")
    revision = models.PositiveIntegerField()
    graph = models.JSONField()
    name = models.CharField(max_length=120, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")
    author = models.CharField(max_length=200, blank=True, default="")
    """Who saved it, as a person or a key is called in the log; empty in versions older than this column."""
    stored_bytes = models.PositiveIntegerField(default=0)
    """Of the graph, as JSON."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("flow", "revision"), name="one_version_per_revision")]
        # Adds up what a workspace stores without reading the graphs, which lie before the number in each row.
        indexes = [models.Index(fields=("flow", "stored_bytes"), name="stored_bytes_of_versions")]

    def __str__(self) -> str:
        return f"{self.flow_id} revision {self.revision}"


class Publication(models.Model):
    """That a version was published to an environment. The last one of each environment is what callers run."""

    id = models.BigAutoField(primary_key=True)
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="publications")
    environment = models.CharField(max_length=12)
    version = models.ForeignKey(FlowVersion, on_delete=models.RESTRICT, related_name="publications")
    note = models.CharField(max_length=500, blank=True, default="")
    author = models.CharField(max_length=200, blank=True, default="")
    """Who published it, as a version's author."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=("flow", "environment", "-id"), name="publications_of_flow")]

    def __str__(self) -> str:
        return f"{self.version} in {self.environment}"


class Worker(models.Model):
    """A process that executes runs or indexes documents. `beat_at` is its last heartbeat: see `flows.runs.leases`."""

    id = models.UUIDField(primary_key=True, editable=False)
    beat_at = models.DateTimeField()
    executes_runs = models.BooleanField(default=True, db_default=True)

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
    environment = models.CharField(max_length=12, default="development")
    """In which it was started. A flow that it calls is that of this environment."""
    status = models.CharField(max_length=12, choices=RunStatus.choices, default=RunStatus.RUNNING)
    input = models.JSONField(default=dict)
    api_key = models.ForeignKey("workspaces.ApiKey", null=True, on_delete=models.SET_NULL, related_name="runs")
    owner = models.CharField(max_length=64, blank=True, default="", editable=False)
    """On whose behalf it goes on, `user:<id>` or `key:<id>`; empty in runs older than this column."""
    session_id = models.CharField(max_length=200, blank=True, default="")
    """The conversation that its input names; empty when it names none."""
    question = models.CharField(max_length=MAX_QUESTION_CHARACTERS, blank=True, default="")
    """Of a run of a conversation: the beginning of its prompt."""
    worker = models.UUIDField(null=True)
    """The process that executes it; None while it waits for a worker to take it."""
    disconnect_grace_ms = models.PositiveIntegerField(null=True, editable=False)
    """How long after its last reader has left the run is cancelled; None leaves that to the flow."""
    start_key = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001  # absent is not a key
    """A hash of the call's Idempotency-Key and its caller; None when the call had none, or it has expired."""
    stop_asked = models.CharField(max_length=200, blank=True, default="", editable=False)
    """Why another process asks to cancel it; empty when none does."""
    stopped_by = models.CharField(max_length=200, blank=True, default="", editable=False)
    """Who asked to cancel it, for members of the workspace; empty when nobody did, or before this column."""
    heard_at = models.DateTimeField(null=True, editable=False)
    """When a process that does not execute it had a reader of it; None when none had. Written once a second."""
    start_request = models.CharField(max_length=64, blank=True, default="", editable=False)
    """A hash of the flow, the payload and the environment that the Idempotency-Key was used for."""
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
    tokens = models.TextField(null=True, editable=False)  # noqa: DJ001  # absent is not none
    """What the answers of models cost, as `flows.events.model_tokens` writes it; None until the run has ended, and in
    runs older than this column."""
    counted_at = models.DateTimeField(null=True, editable=False)
    """When the run was counted in the usage of its day; None when it is not counted yet."""
    stored_bytes = models.PositiveBigIntegerField(default=0)
    """What the run stores: its input, and its events or what remains of them. Of one that goes on, its input alone."""
    kept = models.JSONField(null=True)
    """Of an expired log: the public state that remains of it."""
    kept_yields = models.BinaryField(null=True)
    """Of an expired log: the values that the run yielded, as compressed JSON; None when they were not kept yet."""

    class Meta:
        ordering = ("-started_at",)
        indexes = [
            models.Index(fields=("flow", "-started_at"), name="runs_of_flow"),
            models.Index(
                fields=("flow", "owner", "session_id", "-started_at", "question"),  # lists need no row, which is large
                condition=~models.Q(session_id=""),
                name="runs_of_session",
            ),
            models.Index(fields=("status",), name="runs_by_status"),
            models.Index(fields=("workspace", "flow", "stored_bytes"), name="stored_bytes_of_runs"),
            models.Index(fields=("finished_at",), condition=models.Q(compacted_at=None), name="runs_to_compact"),
            models.Index(fields=("finished_at",), condition=models.Q(log_expired_at=None), name="runs_to_expire"),
            models.Index(
                fields=("workspace", "finished_at"), condition=models.Q(counted_at=None), name="runs_to_count"
            ),
            models.Index(fields=("workspace", "status", "-finished_at"), name="queue_of_workspace"),
            models.Index(
                fields=("workspace", "finished_at"),
                condition=models.Q(log_expired_at=None, finished_at__isnull=False),
                name="kept_logs_of_workspace",
            ),
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


class Schedule(models.Model):
    """When the version that is published to an environment starts by itself: see `flows.schedules`.

    A flow that has had a schedule there keeps the row, so that what somebody has switched off stays off.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="schedules")
    environment = models.CharField(max_length=12)
    expression = models.CharField(max_length=100, blank=True, default="")
    """As the trigger of the published version has it; empty when that version has no schedule."""
    time_zone = models.CharField(max_length=64, blank=True, default="")
    missed = models.CharField(max_length=12, blank=True, default="")
    """The trigger's rule for missed times."""
    overlap = models.CharField(max_length=12, blank=True, default="")
    """The trigger's rule for times at which a run still goes on."""
    is_on = models.BooleanField(default=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    """The time that comes next; None while it is off, or has no times. A start moves it on, in its own transaction, so
    of several processes only one starts a run for a time."""
    last_due_at = models.DateTimeField(null=True)
    """The time for which the last run was started."""
    last_run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("flow", "environment"), name="one_schedule_per_environment")]

    def __str__(self) -> str:
        return f"{self.expression} in {self.environment}"


class ScheduleNote(models.Model):
    """Times at which a schedule has started no run, and why. Times that follow each other share a note."""

    id = models.BigAutoField(primary_key=True)
    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="notes")
    reason = models.CharField(max_length=12)
    """`missed`, `overlap` or `refused`."""
    message = models.CharField(max_length=500, blank=True, default="")
    """Why the start was refused."""
    count = models.PositiveIntegerField()
    first_due_at = models.DateTimeField()
    last_due_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.count} {self.reason}"


class SessionName(models.Model):
    """The name that a caller has given to one of its sessions with a flow."""

    id = models.BigAutoField(primary_key=True)
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="session_names")
    owner = models.CharField(max_length=64)
    """As of a run: `user:<id>` or `key:<id>`."""
    session_id = models.CharField(max_length=200)
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("flow", "owner", "session_id"), name="one_name_per_session"),
        ]

    def __str__(self) -> str:
        return self.name


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


class UsageOfDay(models.Model):
    """The finished runs of a day that a version was called for by one caller, added up: see `flows.usage`.

    It refers to no flow and no key, and outlives both. Several rows may be about the same: readers add them up.
    """

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    """In UTC, on which the runs ended."""
    flow_id = models.UUIDField()
    revision = models.PositiveIntegerField()
    environment = models.CharField(max_length=12)
    caller = models.CharField(max_length=12, blank=True, default="", db_default="")
    """The kind of the caller, as `flows.caller_kinds` names it; empty for runs without a key that were counted before
    this column, and for runs of no owner."""
    key_id = models.UUIDField(null=True)
    """The API key; None for every other kind of caller."""
    runs = models.PositiveIntegerField()
    failed = models.PositiveIntegerField()
    """Of the runs: those that failed, or were interrupted."""
    cancelled = models.PositiveIntegerField()
    first_chunks = models.BinaryField()
    """How many runs had their first chunk within each span of time, as `flows.usage.durations` writes it."""
    tokens = models.TextField()
    """As of a run, added up."""

    class Meta:
        indexes = [models.Index(fields=("workspace", "day"), name="usage_by_day")]

    def __str__(self) -> str:
        return f"{self.runs} runs of {self.flow_id} on {self.day}"


class ModelPrice(models.Model):
    """What a workspace pays for a million tokens of a model from a day on, in dollars: see `flows.usage.prices`.

    A price that is None is not known: what it would be for is left out of every cost.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+")
    model = models.CharField(max_length=MAX_MODEL_CHARACTERS)
    prompts = models.CharField(max_length=10)
    """`any`, or `long` for prompts of more than 100,000 tokens alone."""
    since = models.DateField()
    """The first day, in UTC."""
    input = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    output = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    cache_read = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    cache_write_5m = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    cache_write_1h = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    web_search = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    """For a thousand searches."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("workspace", "model", "prompts", "since"), name="one_price_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.model} from {self.since}"
