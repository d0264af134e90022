"""Short-lived credentials as coturn checks them with `use-auth-secret` (the TURN REST scheme). Pure."""

import base64
import hashlib
import hmac

import msgspec

GOOD_FOR_S = 600


class Credentials(msgspec.Struct, frozen=True):
    username: str
    password: str
    expires_at: int  # unix seconds


def make_credentials(secret: str, user: str, now_s: int, good_for_s: int = GOOD_FOR_S) -> Credentials:
    """`user` is shown in the relay's log: no name and no number. The relay asks the time of day alone."""
    expires_at = now_s + good_for_s
    username = f"{expires_at}:{user}"
    digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return Credentials(username, base64.b64encode(digest).decode(), expires_at)


def derive_secret(secret: str) -> str:
    """The relay's own secret from the server's: who reads the one does not have the other."""
    return hmac.new(secret.encode(), b"turn", hashlib.sha256).hexdigest()


def unnamed(person: str) -> str:
    """What stands for a person in the relay's log."""
    return hashlib.sha256(person.encode()).hexdigest()[:12]
