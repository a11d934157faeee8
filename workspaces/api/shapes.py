"""The JSON of people, workspaces, API keys and the audit log. Types only."""

from datetime import datetime
from typing import Literal

from web.shapes import Named, Shape
from workspaces.audit.record import Deed
from workspaces.environments import Environment

Role = Literal["viewer", "editor", "admin"]
Policy = Literal["execute", "configure"]


class Membership(Named):
    """A workspace, and what the signed-in person may do there."""

    role: Role


class SignInState(Shape):
    """How somebody can sign in. `provider` names who else can say who it is, null when nobody can.

    With `needs_code` a sign-in has begun in this browser, and the code of the second factor ends it.
    """

    provider: str | None
    needs_code: bool


class FactorRule(Shape):
    """Whether the server offers a second factor, the workspace requires one, and this session lacks it."""

    is_offered: bool
    is_required: bool
    is_missing: bool


class Me(Shape):
    """`setup_faults` tells an admin in sentences what is wrong with the server's settings, or that storage runs out."""

    user: Named
    workspace: Membership
    second_factor: FactorRule
    workspaces: list[Membership]
    demo: bool
    setup_faults: list[str]


class OldSecret(Shape):
    """The secret that a key had before it was rotated, while it works."""

    prefix: str
    last4: str
    works_until: datetime
    last_used_at: datetime | None


class ApiKey(Shape):
    """`flows` are those that the key may call, null for all of the workspace; `origins` those of pages that use it.

    A call that names none of the `environments` goes to the first. `last_used_at` is of the current secret, which was
    made at `rotated_at` when it is not the first. `old_secret` is null when none works. A limit that is null is none.
    """

    id: str
    name: str
    prefix: str
    last4: str
    policies: list[Policy]
    flows: list[str] | None
    environments: list[Environment]
    origins: list[str]
    runs_per_minute: int | None
    runs_at_once: int | None
    tokens_per_day: int | None
    expires_at: datetime | None
    last_used_at: datetime | None
    rotated_at: datetime | None
    old_secret: OldSecret | None
    created_at: datetime
    created_by: str | None


class NewApiKey(ApiKey):
    """The answer to making a key, or to rotating one: the only time that the key itself is shown."""

    key: str


class ApiKeyList(Shape):
    api_keys: list[ApiKey]


class StoredPart(Shape):
    """What the runs of a flow, the documents of a collection, or all conversations store; these have no `id`."""

    kind: Literal["flow", "collection", "conversations"]
    id: str | None
    name: str
    bytes: int


class StorageUse(Shape):
    """How many bytes a workspace stores, how many it may, and what holds most, the largest part first."""

    used_bytes: int
    allowed_bytes: int
    largest: list[StoredPart]


class Retention(Shape):
    """How long logs are kept, and of how many runs: the workspace's own choice, null where it has none.

    The server's bounds are null where it keeps logs for ever, or of any number of runs.
    """

    days: int | None
    runs: int | None
    server_days: int | None
    server_runs: int | None


class Member(Named):
    """A person of the workspace. `address` is the mail address of the account, empty where it has none."""

    username: str
    address: str
    role: Role
    has_second_factor: bool
    last_seen_at: datetime | None


class MemberList(Shape):
    members: list[Member]


class Link(Shape):
    """A link that works once. It is shown in this answer alone."""

    url: str


class Invitation(Shape):
    """An invitation that can still be used. Without an `address` any account may use it."""

    id: str
    role: Role
    address: str
    created_at: datetime
    created_by: str | None
    expires_at: datetime


class NewInvitation(Invitation):
    """The answer to inviting: the only time that the link itself is shown."""

    url: str


class InvitationList(Shape):
    invitations: list[Invitation]


class OpenedInvitation(Shape):
    """What a link invites to. `person` is who is signed in, null when nobody is."""

    workspace: str
    role: Role
    address: str
    invited_by: str | None
    expires_at: datetime
    person: str | None


class BrowserSession(Shape):
    """A browser in which the person is signed in."""

    id: str
    browser: str
    began_at: datetime
    last_seen_at: datetime
    is_current: bool


class SecondFactor(Shape):
    """The own second factor: since when there is one, null for none, and how many recovery codes are not used yet."""

    since: datetime | None
    codes_left: int


class LinkedProvider(Shape):
    """Who else can say who the person is, and whether this account is known there."""

    name: str
    is_linked: bool


class Account(Shape):
    """The signed-in person's own account. What the server does not offer is null."""

    id: str
    name: str
    username: str
    address: str
    has_password: bool
    second_factor: SecondFactor | None
    provider: LinkedProvider | None
    sessions: list[BrowserSession]


class AuditActor(Shape):
    """Who did something; `id` is null for the server itself."""

    kind: Literal["person", "key", "server"]
    id: str | None
    name: str


class AuditEntry(Shape):
    """Who did what, when, and to what. Names are those of that moment."""

    id: str
    at: datetime
    deed: Deed
    actor: AuditActor
    subject_id: str
    subject_name: str
    detail: str


class AuditPage(Shape):
    """Entries of the audit log, the newest first. `next` is the cursor of the next page, null on the last one."""

    entries: list[AuditEntry]
    next: str | None
