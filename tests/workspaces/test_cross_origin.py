"""Pages of other sites call the API: by exact origin, with the key that names it, never with cookies."""

import time
from typing import Any

import pytest
from django.test import AsyncClient, Client
from pytest_django import Settings

from flows import services as flows
from server.bodies.body_limit import BodyLimit
from web.database import close_pool_connections
from web.middleware.asgi import Message, Receive, Scope, Send
from web.middleware.early_cors import MAX_ORIGINS, WelcomedOrigins, welcomed_origins
from web.middleware.origins import normalize_origin
from workspaces import keys
from workspaces.models import ApiKey, Workspace

SHOP = "https://shop.example"
OTHER = "https://other.example"
SERVERS_ORIGIN = "https://partner.example"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def allow_one_origin(settings: Settings) -> Any:
    settings.MILLRACE_CORS_ORIGINS = [SERVERS_ORIGIN]
    welcomed_origins.clear()
    yield
    close_pool_connections()


def issue(workspace: Workspace, *origins: str, **fields: object) -> dict[str, str]:
    _, key = keys.issue_key(workspace, None, name="Page", policies=["configure"], origins=list(origins), **fields)
    return {"Authorization": f"Bearer {key}"}


def list_cors(response: Any) -> dict[str, str]:
    prefix = "access-control-"
    return {n.lower().removeprefix(prefix): v for n, v in response.headers.items() if n.lower().startswith(prefix)}


@pytest.fixture
def shop_key(workspace: Workspace) -> dict[str, str]:
    return issue(workspace, SHOP)


@pytest.mark.parametrize("origin", [SHOP, SERVERS_ORIGIN])
@pytest.mark.usefixtures("shop_key")
@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_preflight_is_answered_for_a_known_origin(origin: str, method: str) -> None:
    asked = {**PREFLIGHT, "Access-Control-Request-Method": method, "Origin": origin}
    response = await AsyncClient().options("/api/v1/flows", headers=asked)
    found = list_cors(response)
    assert response.status_code == 200
    assert found["allow-origin"] == origin
    assert method in found["allow-methods"]
    headers = set(found["allow-headers"].split(", "))
    assert {"authorization", "content-type", "idempotency-key", "last-event-id"} <= headers
    assert "allow-credentials" not in found
    assert "origin" in response.headers["Vary"].lower()


PROTOCOLS = [
    *("/v1/chat/completions", "/v1/responses", "/v1/messages", "/v1/messages/count_tokens", "/v1/models"),
    "/mcp",
]
CLIENT_HEADERS = "authorization,x-api-key,anthropic-version,content-type,x-stainless-lang,x-stainless-retry-count"


@pytest.mark.usefixtures("shop_key")
@pytest.mark.parametrize("path", PROTOCOLS)
async def test_the_clients_of_other_servers_pass_a_preflight(path: str) -> None:
    asked = {
        **PREFLIGHT,
        "Origin": SHOP,
        "Access-Control-Request-Headers": f"{CLIENT_HEADERS},x-stainless-{'a' * 99},x-evil",
    }
    response = await AsyncClient().options(path, headers=asked)
    allowed = set(list_cors(response)["allow-headers"].split(", "))
    assert response.status_code == 200
    assert set(CLIENT_HEADERS.split(",")) <= allowed
    assert not {name for name in allowed if "evil" in name or "aaa" in name}
    refused = await AsyncClient().options(path, headers={**asked, "Origin": OTHER})
    assert list_cors(refused) == {}


@pytest.mark.parametrize("path", PROTOCOLS)
@pytest.mark.parametrize("header", ["Authorization", "X-Api-Key"])
async def test_a_key_at_a_protocol_is_for_its_own_pages(path: str, header: str, shop_key: dict[str, str]) -> None:
    key = shop_key["Authorization"] if header == "Authorization" else shop_key["Authorization"].removeprefix("Bearer ")
    method = AsyncClient().get if path == "/v1/models" else AsyncClient().post
    mine = await method(path, headers={header: key, "Origin": SHOP})
    other = await method(path, headers={header: key, "Origin": OTHER})
    assert list_cors(mine)["allow-origin"] == SHOP  # a refusal, too, is read
    assert (other.status_code, list_cors(other)) == (403, {})


FOREIGN = [
    OTHER, "null", "", f"{SHOP}.evil.example", f"{SHOP}:444", f"{SHOP}/", "http://shop.example", "https://SHOP.example",
    "https://sub.shop.example", f"{SHOP}/path", f"https://user@{SHOP[8:]}", "*", f"{SHOP}, {SHOP}",
    f"{SERVERS_ORIGIN}/x",
]  # fmt: skip


@pytest.mark.parametrize("origin", FOREIGN)
async def test_another_origin_gets_nothing(origin: str, shop_key: dict[str, str]) -> None:
    preflight = await AsyncClient().options("/api/v1/flows", headers={**PREFLIGHT, "Origin": origin})
    assert (preflight.status_code, list_cors(preflight)) == (401, {})
    call = await AsyncClient().get("/api/v1/flows", headers={**shop_key, "Origin": origin})
    assert list_cors(call) == {}
    assert call.status_code == (403 if origin else 200)


@pytest.mark.parametrize("origin", [SHOP, SERVERS_ORIGIN])
async def test_a_key_is_used_from_its_own_origin_and_the_servers(origin: str, shop_key: dict[str, str]) -> None:
    response = await AsyncClient().get("/api/v1/flows", headers={**shop_key, "Origin": origin})
    found = list_cors(response)
    assert response.status_code == 200
    assert found["allow-origin"] == origin
    assert "allow-credentials" not in found
    assert {"X-Run", "Retry-After", "Location"} <= set(found["expose-headers"].split(", "))


async def test_one_key_is_not_used_from_the_origin_of_another(workspace: Workspace, shop_key: dict[str, str]) -> None:
    others = await database(issue, workspace, OTHER)
    refused = await AsyncClient().get("/api/v1/flows", headers={**others, "Origin": SHOP})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "origin_not_allowed")
    assert list_cors(refused) == {}
    plain = await database(issue, workspace)
    unread = await AsyncClient().get("/api/v1/flows", headers={**plain, "Origin": SHOP})
    assert (unread.status_code, list_cors(unread)) == (200, {})


async def test_a_refusal_can_be_read_by_a_known_page(shop_key: dict[str, str]) -> None:
    wrong = await AsyncClient().get("/api/v1/flows", headers={"Authorization": "Bearer mr_live_x", "Origin": SHOP})
    missing = await AsyncClient().get("/api/v1/nowhere", headers={**shop_key, "Origin": SHOP})
    assert [each.status_code for each in (wrong, missing)] == [401, 404]
    assert [list_cors(each)["allow-origin"] for each in (wrong, missing)] == [SHOP, SHOP]


async def never_asked(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError("the application was asked")


async def refuse_early(origin: str, path: str = "/v1/chat/completions") -> dict[bytes, bytes]:
    """Return the headers of the refusal of a body that is too large, which the database knows nothing of."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    headers = [(b"authorization", b"Bearer x"), (b"content-length", b"9" * 12), (b"origin", origin.encode())]
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers}
    await BodyLimit(never_asked)(scope, receive, send)
    return dict(sent[0]["headers"])


async def test_a_refusal_before_the_key_is_read_is_read_by_pages_that_the_server_allows() -> None:
    assert (await refuse_early(SERVERS_ORIGIN))[b"access-control-allow-origin"] == SERVERS_ORIGIN.encode()
    assert b"access-control-allow-origin" not in await refuse_early(SERVERS_ORIGIN, "/sign-in")
    for query, host in (("?a=%00", "127.0.0.1"), ("", "evil.example")):
        refused = await AsyncClient().get(f"/api/v1/flows{query}", headers={"Origin": SERVERS_ORIGIN, "Host": host})
        assert (refused.status_code, list_cors(refused)["allow-origin"]) == (400, SERVERS_ORIGIN)


async def test_a_refusal_before_the_key_is_read_is_read_by_pages_whose_preflight_was_answered(
    shop_key: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert b"access-control-allow-origin" not in await refuse_early(SHOP)
    await AsyncClient().options("/v1/chat/completions", headers={**PREFLIGHT, "Origin": SHOP})
    await AsyncClient().options("/v1/chat/completions", headers={**PREFLIGHT, "Origin": OTHER})
    assert (await refuse_early(SHOP))[b"access-control-allow-origin"] == SHOP.encode()
    assert b"access-control-allow-origin" not in await refuse_early(OTHER)
    later = time.monotonic() + 601
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert b"access-control-allow-origin" not in await refuse_early(SHOP)


def test_of_the_origins_that_were_answered_so_many_are_remembered() -> None:
    remembered = WelcomedOrigins()
    for number in range(MAX_ORIGINS + 1):
        remembered.note(f"https://{number}.example")
    assert not remembered.has("https://0.example")
    assert remembered.has("https://1.example")


async def test_an_expired_or_revoked_key_names_no_origin(workspace: Workspace) -> None:
    from datetime import timedelta

    from django.utils import timezone

    await database(issue, workspace, SHOP, expires_at=timezone.now() - timedelta(days=1))
    await database(issue, workspace, OTHER)
    await database(ApiKey.objects.filter(origins=[OTHER]).delete)
    for origin in (SHOP, OTHER):
        response = await AsyncClient().options("/api/v1/flows", headers={**PREFLIGHT, "Origin": origin})
        assert (response.status_code, list_cors(response)) == (401, {})


def test_a_session_is_not_ridden_from_an_allowed_origin(client: Client) -> None:
    client.handler.enforce_csrf_checks = True
    read = client.get("/api/v1/flows", headers={"Origin": SERVERS_ORIGIN})
    assert "allow-credentials" not in list_cors(read)
    written = client.post("/api/v1/flows", {"name": "x"}, "application/json", headers={"Origin": SERVERS_ORIGIN})
    assert (written.status_code, written.json()["error"]["code"]) == (403, "forged_request")


def test_only_the_api_is_called_from_elsewhere(workspace: Workspace) -> None:
    for path in ("/", "/docs/", "/admin/login/", "/healthz"):
        assert list_cors(Client().get(path, headers={"Origin": SERVERS_ORIGIN})) == {}


async def test_a_run_that_a_page_starts_names_itself(workspace: Workspace) -> None:
    flow = await database(flows.create_flow, workspace.pk, "Flow")
    key = await database(issue, workspace, SHOP)
    response = await AsyncClient().post(
        f"/api/v1/flows/{flow.pk}/stream", {}, content_type="application/json", headers={**key, "Origin": SHOP}
    )
    assert list_cors(response)["allow-origin"] == SHOP  # a refusal, too, is read


async def database(function: Any, *args: Any, **kwargs: Any) -> Any:
    from web.database import in_database

    return await in_database(function, *args, **kwargs)


def test_the_origins_of_a_key_are_stored_as_browsers_send_them(client: Client) -> None:
    body = {"name": "Shop", "policies": ["execute"], "origins": ["HTTPS://Shop.Example:443/", "http://localhost:3000"]}
    made = client.post("/api/v1/api-keys", body, "application/json").json()
    assert made["origins"] == ["http://localhost:3000", SHOP]
    assert client.get("/api/v1/api-keys").json()["api_keys"][0]["origins"] == made["origins"]


@pytest.mark.parametrize(
    "origin", ["*", "shop.example", f"{SHOP}/page", "https://*.example", "null", "ftp://x", "https://ü.de"]
)
def test_what_is_no_origin_is_refused_by_name(client: Client, origin: str) -> None:
    body = {"name": "Shop", "policies": ["execute"], "origins": [origin]}
    error = client.post("/api/v1/api-keys", body, "application/json").json()["error"]
    assert error["code"] == "invalid_origin"
    assert error["field"].startswith("origins")
    assert normalize_origin(origin) is None
