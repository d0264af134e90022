"""Where unguessable things come from. Passed in, so that tests and the simulator are deterministic."""

import secrets
from typing import Protocol


class Chance(Protocol):
    def code(self) -> str:
        """Six decimal digits."""
        ...

    def token(self) -> str:
        """A secret: at least 256 bits, safe in an address."""
        ...

    def name(self) -> str:
        """An id nobody else has: at least 96 bits, letters, digits, - and _."""
        ...


class SecretChance:
    """The operating system's randomness: the only one fit for a real server."""

    def code(self) -> str:
        return f"{secrets.randbelow(1_000_000):06d}"

    def token(self) -> str:
        return secrets.token_urlsafe(32)

    def name(self) -> str:
        return secrets.token_urlsafe(12)
