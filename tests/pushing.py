"""A push service on this machine, and browsers that can read what it was given.

The service is a real HTTP server. It checks what a real one checks (headers, the server's proof) and keeps
the bytes; a browser decrypts them with its own private key, by RFC 8291, written here a second time.
"""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from huaxin.notify.push import decode64, encode64, public_bytes


class Browser:
    """One installation's subscription: what PushManager.subscribe gives, and the key that never leaves it."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = os.urandom(16)

    @property
    def subscription(self) -> dict[str, str]:
        point = public_bytes(self.key.public_key())
        return {"endpoint": self.endpoint, "p256dh": encode64(point), "auth": encode64(self.secret)}

    def read(self, body: bytes) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(decrypt(body, self.key, self.secret))
        return found


def decrypt(body: bytes, key: ec.EllipticCurvePrivateKey, secret: bytes) -> bytes:
    salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
    point, sealed = body[21 : 21 + length], body[21 + length :]
    assert (size, length) == (4096, 65)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    both = b"WebPush: info\x00" + public_bytes(key.public_key()) + point
    seed = _hkdf(key.exchange(ec.ECDH(), theirs), secret, both, 32)
    content = AESGCM(_hkdf(seed, salt, b"Content-Encoding: aes128gcm\x00", 16))
    plain = content.decrypt(_hkdf(seed, salt, b"Content-Encoding: nonce\x00", 12), sealed, None)
    plain = plain.rstrip(b"\x00")
    assert plain[-1] == 2
    return plain[:-1]


def _hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


@dataclass
class Arrived:
    """One push as it came over the network."""

    name: str  # last part of the endpoint
    headers: dict[str, str]
    body: bytes
    claims: dict[str, Any]


@dataclass
class PushService:
    origin: str = ""
    arrived: list[Arrived] = field(default_factory=list)
    # endpoint name → answers to give next: (status, headers); empty: 201
    answers: dict[str, list[tuple[int, dict[str, str]]]] = field(default_factory=dict)

    def browser(self, name: str) -> Browser:
        return Browser(f"{self.origin}/send/{name}")

    def of(self, name: str) -> list[Arrived]:
        return [one for one in self.arrived if one.name == name]

    def told(self, name: str, browser: Browser) -> list[dict[str, Any]]:
        return [browser.read(one.body) for one in self.of(name)]

    async def take(self, request: web.Request) -> web.Response:
        name, body = request.match_info["name"], await request.read()
        claims = self._check(dict(request.headers), body)
        queued = self.answers.get(name)
        status, headers = queued.pop(0) if queued else (201, {})
        if status < 300:
            self.arrived.append(Arrived(name, dict(request.headers), body, claims))
        return web.Response(status=status, headers=headers)

    def _check(self, headers: dict[str, str], body: bytes) -> dict[str, Any]:
        scheme, _, rest = headers["Authorization"].partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert scheme == "vapid"
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode64(parts["k"]))
        claims: dict[str, Any] = jwt.decode(parts["t"], key, algorithms=["ES256"], audience=self.origin)
        assert claims["sub"].startswith(("mailto:", "https:"))
        assert headers["Content-Encoding"] == "aes128gcm"
        assert int(headers["TTL"]) >= 0
        assert headers["Urgency"] in ("very-low", "low", "normal", "high")
        assert len(headers["Topic"]) <= 32
        assert len(body) <= 4096
        return claims


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    service = PushService()
    app = web.Application()
    app.router.add_post("/send/{name}", service.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    service.origin = f"http://{host}:{port}"
    try:
        yield service
    finally:
        await runner.cleanup()
