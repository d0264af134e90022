"""Web Push: encryption of a message for one browser (RFC 8291, RFC 8188) and the server's proof (RFC 8292).

Arithmetic alone comes from `cryptography`; nothing here does I/O.
"""

import os
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable
from urllib.parse import urlsplit

import jwt
from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MOST_PLAIN = 3_839  # a push service takes 4096 bytes with everything, padded
_BLOCK = 256  # padded to, so that the length of a message tells little of it
_RECORD = 4_096
_PROOF_S = 12 * 3_600
_POINT = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint


class BadSubscription(ValueError):
    """The browser's keys are not what they should be."""


def encode64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode64(text: str) -> bytes:
    """Raises BadSubscription."""
    try:
        # Strictly: other signs would be passed over here, and be kept in the database as they came.
        return b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as wrong:
        raise BadSubscription("not base64url") from wrong


def public_bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    """65 bytes, uncompressed."""
    return key.public_bytes(*_POINT)


def read_keys(p256dh: str, auth: str) -> tuple[ec.EllipticCurvePublicKey, bytes]:
    """The browser's public key and its secret. Raises BadSubscription."""
    point, secret = decode64(p256dh), decode64(auth)
    if len(secret) != 16:
        raise BadSubscription("auth is not 16 bytes")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point), secret
    except (ValueError, InvalidKey) as wrong:
        raise BadSubscription("p256dh is not a point of P-256") from wrong


def encrypt(
    plain: bytes,
    p256dh: str,
    auth: str,
    *,
    salt: bytes = b"",
    own: ec.EllipticCurvePrivateKey | None = None,
    block: int = _BLOCK,
) -> bytes:
    """The body of the request, content coding aes128gcm. `salt` and `own` are new for every message: they are
    given by tests alone. Raises BadSubscription, ValueError (too long)."""
    if len(plain) > MOST_PLAIN:
        raise ValueError(f"a push holds {MOST_PLAIN} bytes, this has {len(plain)}")
    theirs, secret = read_keys(p256dh, auth)
    own, salt = own or ec.generate_private_key(ec.SECP256R1()), salt or os.urandom(16)
    mine = public_bytes(own.public_key())
    shared = own.exchange(ec.ECDH(), theirs)
    seed = _derive(shared, secret, b"WebPush: info\0" + public_bytes(theirs) + mine, 32)
    key = _derive(seed, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(seed, salt, b"Content-Encoding: nonce\0", 12)
    # 0x02 ends the last record; zeros after it are padding.
    padded = plain + b"\x02" + b"\0" * (-(len(plain) + 1) % block if block else 0)
    head = salt + _RECORD.to_bytes(4, "big") + bytes([len(mine)]) + mine
    return head + AESGCM(key).encrypt(nonce, padded, None)


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


class Vapid:
    """The server shows who it is: a JWT signed with its key, one per push service and half a day."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, contact: str, now_s: Callable[[], int]) -> None:
        self._key, self._contact, self._now_s = key, contact, now_s
        self.public = encode64(public_bytes(key.public_key()))
        self._proofs: dict[str, tuple[int, str]] = {}

    def header(self, endpoint: str) -> str:
        """The value of Authorization for this endpoint."""
        parts = urlsplit(endpoint)
        audience = f"{parts.scheme}://{parts.netloc}"
        now = self._now_s()
        ends, proof = self._proofs.get(audience, (0, ""))
        if ends - now < _PROOF_S // 2:
            ends = now + _PROOF_S
            claims = {"aud": audience, "exp": ends, "sub": self._contact}
            proof = jwt.encode(claims, self._key, algorithm="ES256")
            if len(self._proofs) > 500:
                self._proofs.clear()
            self._proofs[audience] = (ends, proof)
        return f"vapid t={proof}, k={self.public}"
