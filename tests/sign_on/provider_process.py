"""An OpenID Connect provider in a process of its own: discovery, sign-in page, codes with PKCE, signed tokens, keys.

`python -m tests.sign_on.provider_process PORT`. It signs with joserfc, so that another library than the one which
checks has written the tokens. `POST /control` sets who signs in, and what the provider does wrong.
"""

import base64
import hashlib
import html
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

CLIENT_ID = "millrace"
CLIENT_SECRET = "a secret of the client"


class State:
    """What the provider knows; one for the process."""

    def __init__(self) -> None:
        self.keys: dict[str, RSAKey | ECKey] = {
            "RS256": RSAKey.generate_key(2048, {"kid": "a"}),
            "ES256": ECKey.generate_key("P-256", {"kid": "b"}),
        }
        self.stranger = RSAKey.generate_key(2048, {"kid": "a"})
        self.codes: dict[str, dict[str, str]] = {}
        self.people: dict[str, dict[str, Any]] = {}
        self.faults: dict[str, Any] = {}
        self.token_calls: list[dict[str, str]] = []


state = State()


class Handler(BaseHTTPRequestHandler):
    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{cast(Any, self.server).server_port}/realm"

    def do_GET(self) -> None:
        path, query = self._split()
        if path == "/realm/.well-known/openid-configuration":
            self._answer(*self._describe())
        elif path == "/realm/keys":
            keys = KeySet(list(state.keys.values()))
            listed = [{**key, "use": "sig"} for key in keys.as_dict(private=False)["keys"]]
            self._answer(200, state.faults.get("keys", {"keys": listed}))
        elif path == "/realm/authorize":
            self._authorize(query)
        elif path == "/realm/userinfo":
            self._answer(200, state.faults.get("userinfo", {"sub": "ada-1"}))
        else:
            self._answer(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        path, _ = self._split()
        if path == "/control":
            vars(state).update(json.loads(body))
            self._answer(200, {"calls": state.token_calls})
        elif path == "/realm/token":
            self._answer(*self._exchange(dict(parse_qsl(body))))

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def _split(self) -> tuple[str, dict[str, str]]:
        parts = urlsplit(self.path)
        return parts.path, dict(parse_qsl(parts.query))

    def _describe(self) -> tuple[int, Any]:
        if status := state.faults.get("discovery_status"):
            return status, {}
        return 200, {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            **state.faults.get("discovery", {}),
        }

    def _authorize(self, query: dict[str, str]) -> None:
        if query["client_id"] != CLIENT_ID or query["response_type"] != "code" or "nonce" not in query:
            self._answer(400, {"error": "invalid_request"})
        elif "login" in query:
            code = secrets.token_urlsafe(16)
            state.codes[code] = query
            back = {"code": code, "state": query["state"]}
            self.send_response(302)
            self.send_header("Location", f"{query['redirect_uri']}?{urlencode(back)}")
            self.end_headers()
        else:
            self._show_people()

    def _show_people(self) -> None:
        links = [
            f'<p><a href="{html.escape(self.path)}&amp;login={name}">Continue as {name}</a>' for name in state.people
        ]
        self._send(200, "text/html", f"<title>The provider</title>{''.join(links)}".encode())

    def _exchange(self, form: dict[str, str]) -> tuple[int, Any]:
        state.token_calls.append(form)
        asked = state.codes.pop(form.get("code", ""), None)
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if (
            asked is None
            or form["client_secret"] != CLIENT_SECRET
            or form["redirect_uri"] != asked["redirect_uri"]
            or asked["code_challenge_method"] != "S256"
            or base64.urlsafe_b64encode(challenge).decode().rstrip("=") != asked["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": self._sign(asked)}

    def _sign(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= state.people[asked["login"]] | state.faults.get("claims", {})
        claims = {name: value for name, value in claims.items() if value is not None}
        algorithm = state.faults.get("algorithm", "RS256")
        if algorithm == "none":
            head, body = ({"alg": "none"}, claims)
            parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (head, body))
            return ".".join([*parts, ""])
        if algorithm == "HS256":
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(CLIENT_SECRET.ljust(32)))
        key = state.stranger if state.faults.get("stranger") else state.keys[algorithm]
        # Not `jwt.encode`, which writes no half of a surrogate pair.
        return jws.serialize_compact({"alg": algorithm, "kid": key.kid}, json.dumps(claims), key, [algorithm])

    def _answer(self, status: int, body: Any) -> None:
        self._send(status, "application/json", json.dumps(body).encode())

    def _send(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(port: int) -> None:
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
