"""Signed addresses of media: for one person on one device, one order, one role, and a while.

An address says who it was given to; whether they may still see the medium is asked again when it is used.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

import msgspec

HOUR_MS = 3_600_000
LONGEST = 600  # signs of a token
_encode = msgspec.msgpack.Encoder().encode


class Pass(msgspec.Struct, frozen=True, array_like=True):
    media: str
    order: str
    role: str
    person: str
    device: str
    guest: bool
    expires_at: int  # ms since 1970


_decode = msgspec.msgpack.Decoder(Pass).decode


def expiry(now: int) -> int:
    """Between one and two hours from now, the same within an hour: a screen that asks again gets the same
    address and finds the picture in its cache."""
    return (now // HOUR_MS + 2) * HOUR_MS


def seal(secret: str, one: Pass) -> str:
    packed = _encode(one)
    return _text(packed) + "." + _text(_sign(secret, packed))


def open_seal(secret: str, token: str, now: int) -> Pass | None:
    """None: not one of ours, changed, or run out."""
    body, dot, signature = token.partition(".")
    if not dot or len(token) > LONGEST or not token.isascii():
        return None
    try:
        packed = urlsafe_b64decode(body + "=" * (-len(body) % 4))
        said = urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    except ValueError:
        return None
    if not hmac.compare_digest(said, _sign(secret, packed)):
        return None
    try:
        found = _decode(packed)
    except msgspec.MsgspecError:
        return None
    return found if found.expires_at > now else None


def _sign(secret: str, packed: bytes) -> bytes:
    return hmac.digest(secret.encode(), b"media\x1f" + packed, "sha256")[:18]


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
