"""The connection to a web service: its address, and how a call proves who it is from."""

import base64
from typing import Literal

import httpx2
from pydantic import SecretStr, ValidationInfo, field_validator

from actions.contract.connection import Connection, TestOutcome, setting
from actions.contract.errors import ActionError
from actions.contract.sizes import MEGABYTE
from actions.http.client import fetch
from actions.http.headers import is_framing_header
from actions.keyed_connection import BaseUrl

MAX_SECRET_CHARACTERS = 4_000
MAX_HEADER_NAME_CHARACTERS = 100


class HttpConnection(Connection):
    kind = "http"
    title = "HTTP"
    description = "A web service that takes a token, a password or a key in a header."

    secret: SecretStr = setting("The token, the password or the key.", title="Secret")
    base_url: BaseUrl = setting(
        "Where the service is. A changed address clears the secret, so that it is never sent to another host.",
        title="Base URL",
    )
    authentication: Literal["bearer", "basic", "header"] = setting(
        "How the secret is sent.",
        default="bearer",
        choices={"bearer": "Bearer token", "basic": "User name and password", "header": "A header of its own"},
    )
    user: str = setting(
        "The user name, or the name of the header. Not used with a bearer token.",
        title="User or header name",
        default="",
    )

    @field_validator("secret")
    @classmethod
    def _is_sendable(cls, secret: SecretStr) -> SecretStr:
        characters = secret.get_secret_value()
        if not characters or len(characters) > MAX_SECRET_CHARACTERS:
            raise ValueError(f"The secret must have 1 to {MAX_SECRET_CHARACTERS:,} characters.")
        if not all(" " <= character <= "~" for character in characters):
            raise ValueError("The secret holds a line break or a letter outside ASCII. Copy it again.")
        return secret

    @field_validator("user")
    @classmethod
    def _is_a_name(cls, user: str, info: ValidationInfo) -> str:
        how = info.data.get("authentication")
        if how == "header" and not (user.isascii() and user.replace("-", "").replace("_", "").isalnum()):
            raise ValueError("The name of the header takes letters, digits, - and _.")
        if how == "header" and len(user) > MAX_HEADER_NAME_CHARACTERS:
            raise ValueError(f"The name of the header is longer than {MAX_HEADER_NAME_CHARACTERS} characters.")
        if how == "header" and is_framing_header(user):
            raise ValueError("The call itself sets this header. Give the one that holds the secret.")
        if how == "basic" and (not user or ":" in user or not user.isprintable()):
            raise ValueError("The user name is empty or holds a colon.")
        return user

    def build_headers(self) -> dict[str, str]:
        """Return the header that proves who calls. It goes to the host of `base_url` alone."""
        secret = self.secret.get_secret_value()
        if self.authentication == "basic":
            pair = base64.b64encode(f"{self.user}:{secret}".encode()).decode()
            return {"Authorization": f"Basic {pair}"}
        return {self.user: secret} if self.authentication == "header" else {"Authorization": f"Bearer {secret}"}

    async def test(self) -> TestOutcome:
        """Call the base URL with GET. Never raises for what the service does: the outcome says it."""
        request = httpx2.Request("GET", self.base_url, headers=self.build_headers())
        try:
            answer = await fetch(request, self.network, timeout_s=10, most_bytes=MEGABYTE)
        except ActionError as error:
            return TestOutcome(False, error.message, error.code, error.hint)
        if answer.status_code in (401, 403):
            message = f"The service refused the secret with status {answer.status_code}."
            return TestOutcome(False, message, "connection_refused", "Enter a current one.")
        return TestOutcome(True, f"The service answered with status {answer.status_code}.")
