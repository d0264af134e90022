"""Which web pages may talk to the gateway. Programs send no Origin and are judged by their token."""

from collections.abc import Sequence
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


def is_origin_allowed(origin: str | None, host: str | None, allowed: Sequence[str]) -> bool:
    """True for no origin, the server's own (same host and port as `host`) and those in `allowed`.

    Without this check any page a person opens could use that person's cookies against the gateway.
    """
    if not origin or "*" in allowed or origin in allowed:
        return True
    try:
        page = urlsplit(origin)
        default = _DEFAULT_PORTS.get(page.scheme, 0)
        own = urlsplit(f"{page.scheme}://{host or ''}")
        same_host = page.hostname is not None and page.hostname == own.hostname
        return same_host and (page.port or default) == (own.port or default)
    except ValueError:
        return False
