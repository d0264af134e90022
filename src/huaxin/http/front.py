"""The outermost door: security headers on everything, HEAD for every GET, the gateway's HTTP transports."""

import re
from typing import Any

from huaxin.http.services import AsgiApp, Services

_GATEWAY = ("/connection/", "/emulation")
_HOST = re.compile(rb"[A-Za-z0-9.:\[\]-]{1,255}")

_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:;"
    " font-src 'self' data:; media-src 'self' blob:; worker-src 'self' blob:; manifest-src 'self';"
    " connect-src 'self'{sockets}; object-src 'none'; base-uri 'self'; form-action 'self';"
    " frame-ancestors 'none'"
)
_FIXED = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (
        b"permissions-policy",
        b"geolocation=(self), camera=(self), microphone=(self), screen-wake-lock=(self), payment=()",
    ),
]


class Front:
    """ASGI. `inner` serves pages and API, `services.connection_app` the gateway's fallbacks."""

    def __init__(self, inner: AsgiApp, services: Services) -> None:
        self._inner, self._connection, self._secure = inner, services.connection_app, services.secure
        self._origins = frozenset(services.origins)
        self._endpoints = "".join(f" {one} ws{one.removeprefix('http')}" for one in services.endpoints)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        path: str = scope["path"]
        if self._connection is not None and path.startswith(_GATEWAY):
            await self._connection(scope, receive, send)
            return
        origin = self._foreign_origin(scope, path)
        if origin and scope["method"] == "OPTIONS":
            await _allow_first(send, origin)
            return
        head = scope["method"] == "HEAD"
        if head:
            # Routes know only GET; who would read a large thing to answer looks here.
            scope = {**scope, "method": "GET", "huaxin.head": True}
        added = [*self._headers(scope, path), *(_cors(origin) if origin else ())]

        async def answer(message: Any) -> None:
            if message["type"] == "http.response.start":
                have = {name.lower() for name, _ in message.get("headers", [])}
                extra = [(name, value) for name, value in added if name not in have]
                message = {**message, "headers": [*message.get("headers", []), *extra]}
            elif head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._inner(scope, receive, answer)

    def _foreign_origin(self, scope: Any, path: str) -> bytes:
        """The page of another of this server's addresses that asks the API; empty: none."""
        if not self._origins or not path.startswith("/api/"):
            return b""
        origin: bytes = next((value for name, value in scope["headers"] if name == b"origin"), b"")
        return origin if origin.decode("latin-1") in self._origins else b""

    def _headers(self, scope: Any, path: str) -> list[tuple[bytes, bytes]]:
        host = next((value for name, value in scope["headers"] if name == b"host"), b"")
        sockets = ""
        if _HOST.fullmatch(host):
            # 'self' does not cover WebSocket in older Safari, which many phones still have.
            sockets = f" ws://{host.decode()} wss://{host.decode()}"
        sockets += self._endpoints
        # A guest's address is a secret: it must not travel on in a Referer.
        referrer = b"no-referrer" if path.startswith("/o/") else b"strict-origin-when-cross-origin"
        headers = [
            *_FIXED,
            (b"content-security-policy", _POLICY.format(sockets=sockets).encode()),
            (b"referrer-policy", referrer),
        ]
        if path.startswith("/api/uploads"):
            headers.append((b"tus-resumable", b"1.0.0"))  # on errors too
        if self._secure:
            headers.append((b"strict-transport-security", b"max-age=31536000"))
        return headers


def _cors(origin: bytes) -> list[tuple[bytes, bytes]]:
    return [
        (b"access-control-allow-origin", origin),
        (
            b"access-control-expose-headers",
            b"Location, Retry-After, Upload-Offset, Upload-Length, Upload-Expires",
        ),
        (b"vary", b"Origin"),
    ]


async def _allow_first(send: Any, origin: bytes) -> None:
    """What a browser asks before it asks. No cookies are ever needed, so none are allowed."""
    headers = [
        *_cors(origin),
        (b"access-control-allow-methods", b"GET, HEAD, POST, PATCH, DELETE"),
        (b"access-control-allow-headers", b"*, Authorization"),
        (b"access-control-max-age", b"600"),
        (b"content-length", b"0"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
