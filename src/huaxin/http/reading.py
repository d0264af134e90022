"""What a request says: who asks, from where, and a typed body. Answers are JSON."""

import re
from typing import Any

import msgspec
from litestar import Request, Response

from huaxin.http.services import Services
from huaxin.journal.model import Rejected
from huaxin.people.model import ANONYMOUS, Principal

AnyRequest = Request[Any, Any, Any]
MOST_BYTES = 1_000_000
_KEY = re.compile(r"[A-Za-z0-9_.:-]{8,64}")


async def read_body[T](request: AnyRequest, kind: type[T]) -> T:
    """Raises msgspec's errors (400, 422) and Litestar's for a body that is too large (413)."""
    return read_json(await request.body() or b"{}", kind)


def read_json[T](data: bytes | str, kind: type[T]) -> T:
    """Raises msgspec's errors, also for what is nested deeper than anybody means it, or is no UTF-8."""
    try:
        return msgspec.json.decode(data, type=kind)
    except RecursionError as deep:
        raise msgspec.DecodeError("nested too deep") from deep
    except UnicodeDecodeError as wrong:
        raise msgspec.DecodeError("a text that is not UTF-8") from wrong


async def find_principal(request: AnyRequest, services: Services) -> Principal:
    """The one who asks; ANONYMOUS without a token. Raises Rejected auth.* for a token that is no good."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if not token.strip():
        return ANONYMOUS
    if scheme.lower() != "bearer":
        raise Rejected("auth.invalid", "Send the access token as 'Authorization: Bearer …'.", status=401)
    principal = await services.people.authenticate(token.strip())
    request.scope["huaxin_principal"] = principal  # type: ignore[typeddict-unknown-key]  # ASGI leaves the scope open to us
    return principal


async def need_principal(request: AnyRequest, services: Services) -> Principal:
    """Raises Rejected auth.required (401) without a token."""
    principal = await find_principal(request, services)
    if not principal.person:
        raise Rejected("auth.required", "Please log in first.", status=401)
    return principal


def path_part(request: AnyRequest, name: str) -> str:
    """A variable part of the address, "" when this address has none."""
    return str(request.path_params.get(name, ""))


def read_key(request: AnyRequest) -> str:
    """The Idempotency-Key. Raises Rejected request.no_key or request.bad_key (422)."""
    key = request.headers.get("idempotency-key", "").strip().strip('"')
    if not key:
        raise Rejected("request.no_key", "A command needs an Idempotency-Key header.", status=422)
    if not _KEY.fullmatch(key):
        raise Rejected(
            "request.bad_key", "The Idempotency-Key must be 8–64 plain signs.", key[:80], status=422
        )
    return key


def read_device_at(request: AnyRequest) -> int:
    """Ms by the device's clock; 0 when it does not say or cannot be true."""
    said = request.headers.get("x-device-at", "").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 15 else 0


def address_of(request: AnyRequest, services: Services) -> str:
    """Where the request came from. The last forwarded address is the one our own proxy saw itself.

    A peer on this machine is a proxy (Caddy in front) or somebody who needs no disguise: believed.
    """
    peer = request.client.host if request.client else ""
    if services.trust_proxy or peer in ("127.0.0.1", "::1"):
        forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded
    return peer


def installation_of(request: AnyRequest) -> str:
    """The client-made id of the installation (X-Device), for limits before anybody has logged in."""
    return request.headers.get("x-device", "")[:64]


def answer(value: Any, status: int = 200) -> Response[bytes]:
    return Response(
        msgspec.json.encode(value),
        status_code=status,
        media_type="application/json",
        headers={"cache-control": "no-store"},
    )
