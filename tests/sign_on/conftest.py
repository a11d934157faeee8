"""A provider for the tests of this folder, and the server's settings of it."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from actions.network.policy import NetworkPolicy
from tests.sign_on.provider import NAME, Provider, let_in, run_provider
from workspaces.models import Workspace
from workspaces.second_factor import sign_on


@pytest.fixture(scope="session")
def running_provider() -> Iterator[Provider]:
    with run_provider() as provider:
        yield provider


@pytest.fixture
def provider(running_provider: Provider, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """The provider, named in the settings, with nothing wrong."""
    running_provider.configure()
    settings.MILLRACE_OIDC = running_provider.settings
    settings.MILLRACE_NETWORK = NetworkPolicy(private=frozenset({f"127.0.0.1:{running_provider.port}"}))
    monkeypatch.setattr(sign_on, "provider_name", NAME)
    return running_provider


@pytest.fixture
def open_door(provider: Provider, settings: Settings, workspace: Workspace) -> Provider:
    """A provider whose new people become editors of the workspace."""
    settings.MILLRACE_OIDC = let_in(provider.settings, workspace="Mill", role="editor")
    return provider
