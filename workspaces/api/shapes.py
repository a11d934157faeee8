"""The JSON of people, workspaces and API keys. Pure: types only."""

from datetime import datetime
from typing import Literal

from web.shapes import Named, Shape

Role = Literal["viewer", "editor", "admin"]
Policy = Literal["execute", "configure"]


class Membership(Named):
    """A workspace, and what the signed-in person may do there."""

    role: Role


class Me(Shape):
    """`setup_faults` tells an admin in sentences what is wrong with the server's settings; for others it is empty."""

    user: Named
    workspace: Membership
    workspaces: list[Membership]
    demo: bool
    setup_faults: list[str]


class ApiKey(Shape):
    """`flows` are those that the key may call, null for all of the workspace; `origins` those of pages that use it."""

    id: str
    name: str
    prefix: str
    last4: str
    policies: list[Policy]
    flows: list[str] | None
    origins: list[str]
    expires_at: datetime | None
    last_used_at: datetime | None
    created_at: datetime
    created_by: str | None


class NewApiKey(ApiKey):
    """The answer to making a key: the only time that the key itself is shown."""

    key: str


class ApiKeyList(Shape):
    api_keys: list[ApiKey]
