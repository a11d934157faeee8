"""A stored connection with a canary for a key: whatever shows the canary has leaked it."""

import pytest

from connections import services
from connections.models import Connection
from workspaces.models import Workspace

CANARY = "sk-ant-canary-7Qm3vX9cJ2-end4"
ADDRESS = "https://gateway.example.com"


@pytest.fixture
def connection(workspace: Workspace) -> Connection:
    return services.create(workspace.pk, "Main", "anthropic", {"base_url": ADDRESS}, {"api_key": CANARY})
