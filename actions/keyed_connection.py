"""A connection to a vendor's API that takes a key: what every vendor's kind declares, checks and tries alike. Pure."""

from typing import Annotated

from pydantic import AfterValidator, SecretStr, ValidationInfo

from actions.contract.connection import Connection, TestOutcome
from actions.contract.errors import ActionError
from actions.network.policy import NetworkPolicy, check_url

MAX_KEY_CHARACTERS = 500


def check_key(key: SecretStr) -> SecretStr:
    """Return the key if a header can carry it; raises ValueError with a sentence that does not show it."""
    characters = key.get_secret_value()
    if not characters:
        raise ValueError("The API key is empty.")
    if len(characters) > MAX_KEY_CHARACTERS:
        raise ValueError(f"The API key is longer than {MAX_KEY_CHARACTERS} characters.")
    if not all("!" <= character <= "~" for character in characters):
        raise ValueError("The API key holds a space, a line break or a letter outside ASCII. Copy it again.")
    return key


def check_base_url(url: str, info: ValidationInfo) -> str:
    """Return the address in its normal form if the policy in the context allows it; raises ValueError."""
    policy = (info.context or {}).get("network")
    return check_url(url, policy if isinstance(policy, NetworkPolicy) else NetworkPolicy())


ApiKey = Annotated[SecretStr, AfterValidator(check_key)]
"""A key that a header can carry."""

BaseUrl = Annotated[str, AfterValidator(check_base_url)]
"""An address that the server's network policy allows."""


class KeyedConnection(Connection):
    """An API key and the address of the API. A kind declares both again, with its own sentences and default."""

    api_key: ApiKey
    base_url: BaseUrl

    async def test(self) -> TestOutcome:
        """Call the API once. Never raises for what the API does: the outcome says it."""
        try:
            return await self.call_once()
        except ActionError as error:
            return TestOutcome(False, error.message, error.code, error.hint)

    async def call_once(self) -> TestOutcome:
        """Make the cheapest call that needs the key and say what it showed; raises ActionError when it fails."""
        raise NotImplementedError
