"""The way to the identity provider: only to addresses that the server's rule allows, and small answers back."""

from typing import Any

from django.conf import settings
from requests import PreparedRequest, RequestException, Response, Session
from requests.adapters import HTTPAdapter

from actions.network.policy import NetworkPolicy, check_url
from actions.network.socket_pool import load_system_trust

MAX_ANSWER_BYTES = 1024 * 1024


class RefusedAddress(RequestException):
    """The server's rule does not allow this address."""


class LargeAnswer(RequestException):
    """The answer is larger than any of a provider."""


class JudgedAdapter(HTTPAdapter):
    """Sends where the policy allows, trusts the system's certificates, and reads an answer to a limit."""

    def __init__(self, policy: NetworkPolicy) -> None:
        self._policy = policy
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options, ssl_context=load_system_trust())

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        try:
            check_url((request.url or "").partition("?")[0], self._policy)
        except ValueError as error:
            raise RefusedAddress(str(error), request=request) from None
        timeout_s = settings.SOCIALACCOUNT_REQUESTS_TIMEOUT
        response = super().send(request, **{**options, "stream": True, "timeout": timeout_s})
        response._content = _read_all(response)  # what `Response.content` returns
        return response


def build_session(policy: NetworkPolicy) -> Session:
    """Return a session of `requests`. Its errors are those of that library, RequestException."""
    session = Session()
    session.trust_env = False  # neither a proxy nor a password of this machine's user
    session.max_redirects = 0
    for scheme in ("https://", "http://"):
        session.mount(scheme, JudgedAdapter(policy))
    return session


def _read_all(response: Response) -> bytes:
    content = bytearray()
    for piece in response.iter_content(64 * 1024):
        content += piece
        if len(content) > MAX_ANSWER_BYTES:
            response.close()
            raise LargeAnswer(f"The answer has more than {MAX_ANSWER_BYTES} bytes.")
    return bytes(content)
