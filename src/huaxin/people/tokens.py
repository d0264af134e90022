"""Access tokens (JWT) and refresh chains: made and read here, nowhere else. Pure but for the clock given.

A refresh token is `device.generation.proof` with proof = HMAC(secret, device, generation, salt). Because the
proof of any generation can be checked again, an old token that turns up late is known to be a real one that
was stolen or copied, while a guess is just a guess and harms nobody. Nothing of a token is stored: salt and
generation alone make none without the secret, which is not in the database.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

import jwt
import msgspec

from huaxin.journal.model import Rejected

ACCESS_S = 600
ISSUER = "huaxin"
SHORTEST_SECRET = 32


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    person: str
    device: str
    expires_at: int  # unix seconds
    guest_order: str = ""
    guest_role: str = ""


class Refresh(msgspec.Struct, frozen=True, kw_only=True):
    device: str
    generation: int
    proof: str


def check_secret(secret: str) -> str:
    """Raises ValueError when the secret is too short to sign with."""
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"secret: needs at least {SHORTEST_SECRET} signs, has {len(secret)}")
    return secret


def digest(secret: str, *parts: str) -> str:
    """Keyed hash of the parts, safe in an address; what a leaked database alone cannot be searched with."""
    mixed = hmac.new(secret.encode(), "\x1f".join(parts).encode(), hashlib.sha256)
    return urlsafe_b64encode(mixed.digest()).rstrip(b"=").decode()


def make_access(secret: str, claims: Claims, now_s: int) -> str:
    body = {"iss": ISSUER, "sub": claims.person, "dev": claims.device, "iat": now_s, "exp": claims.expires_at}
    if claims.guest_order:
        body["gst"] = f"{claims.guest_order}:{claims.guest_role}"
    return jwt.encode(body, secret, algorithm="HS256")


class _Body(msgspec.Struct, frozen=True):
    iss: str
    sub: str
    dev: str
    exp: int
    gst: str = ""


# Every token we make begins with these very signs, and no other beginning is accepted: a token cannot choose
# how it is checked, and ten thousand reconnects after a restart cost a tenth of a general JWT parser.
_HEADER = jwt.encode({}, "x" * SHORTEST_SECRET, algorithm="HS256").partition(".")[0] + "."
_read_body = msgspec.json.Decoder(_Body).decode


def read_access(secret: str, token: str, now_s: int) -> Claims:
    """Raises Rejected `auth.invalid` or `auth.expired` (401)."""
    body = _checked_body(secret, token)
    if body is None or body.iss != ISSUER:
        raise Rejected("auth.invalid", "This login is not valid. Please log in again.", status=401)
    if body.exp <= now_s:
        raise Rejected("auth.expired", "This login has run out; it is being renewed.", status=401)
    order, _, role = body.gst.rpartition(":")
    return Claims(person=body.sub, device=body.dev, expires_at=body.exp, guest_order=order, guest_role=role)


def _checked_body(secret: str, token: str) -> _Body | None:
    """None unless the token is one of ours, signed with our secret."""
    if not token.isascii() or not token.startswith(_HEADER):
        return None
    signed, _, signature = token.rpartition(".")
    expected = hmac.digest(secret.encode(), signed.encode(), "sha256")
    if not hmac.compare_digest(urlsafe_b64encode(expected).rstrip(b"="), signature.encode()):
        return None
    packed = signed[len(_HEADER) :]
    try:
        return _read_body(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    except (ValueError, msgspec.MsgspecError):
        return None


def make_refresh(secret: str, device: str, generation: int, salt: str) -> str:
    return f"{device}.{generation}.{_proof(secret, device, generation, salt)}"


def split_refresh(token: str) -> Refresh | None:
    """Its parts, or None when it cannot be a refresh token at all."""
    parts = token.split(".")
    if len(parts) != 3 or not parts[0].isprintable():  # no database takes every sign
        return None
    if not parts[1].isascii() or not parts[1].isdigit() or len(parts[1]) > 12:
        return None
    return Refresh(device=parts[0], generation=int(parts[1]), proof=parts[2])


def is_genuine(secret: str, refresh: Refresh, salt: str) -> bool:
    expected = _proof(secret, refresh.device, refresh.generation, salt)
    return hmac.compare_digest(expected.encode(), refresh.proof.encode())


def _proof(secret: str, device: str, generation: int, salt: str) -> str:
    return digest(secret, "refresh", device, str(generation), salt)
