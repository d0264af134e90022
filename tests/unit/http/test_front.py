"""NW-14: the pages of one address of the server may ask another; nobody else's may."""

from types import SimpleNamespace
from typing import Any

import pytest

from huaxin.http.front import Front

OWN, OTHER = "https://two.flowers.example", "https://evil.example"


async def inner(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"{}"})


async def ask(method: str, path: str, origin: str = "", *, endpoints: tuple[str, ...] = (OWN,)) -> Any:
    """(status, headers) of one request."""
    services = SimpleNamespace(connection_app=None, secure=False, endpoints=endpoints, origins=endpoints)
    headers = [(b"host", b"flowers.example")] + ([(b"origin", origin.encode())] if origin else [])
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": headers}
    await Front(inner, services)(scope, None, send)  # type: ignore[arg-type]
    return sent[0]["status"], dict(sent[0]["headers"])


async def test_a_page_of_another_own_address_may_ask() -> None:
    status, headers = await ask("OPTIONS", "/api/commands/say", OWN)
    assert status == 204
    assert headers[b"access-control-allow-origin"] == OWN.encode()
    assert b"Authorization" in headers[b"access-control-allow-headers"]
    status, headers = await ask("POST", "/api/commands/say", OWN)
    assert (status, headers[b"access-control-allow-origin"]) == (200, OWN.encode())


@pytest.mark.parametrize("origin", [OTHER, "null", ""])
async def test_a_strangers_page_may_not(origin: str) -> None:
    for method in ("OPTIONS", "POST"):
        _, headers = await ask(method, "/api/commands/say", origin)
        assert b"access-control-allow-origin" not in headers


async def test_pages_may_reach_the_other_addresses() -> None:
    _, headers = await ask("GET", "/buyer/")
    policy = headers[b"content-security-policy"].decode()
    assert f" {OWN} wss://two.flowers.example;" in policy
    _, headers = await ask("GET", "/buyer/", endpoints=())
    assert "two.flowers" not in headers[b"content-security-policy"].decode()
