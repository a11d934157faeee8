"""A stored connection whose key is the canary."""

import pytest

from connections import services
from connections.models import Connection
from tests.connections.examples import ADDRESS, CANARY
from workspaces.models import Workspace


@pytest.fixture
def connection(workspace: Workspace) -> Connection:
    return services.create(workspace.pk, "Main", "anthropic", {"base_url": ADDRESS}, {"api_key": CANARY})
