"""How one value of one setting is read and checked. Each check returns the value as it is to be used."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

type Check = Callable[[Any], Any]

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}
SECRET_MINIMUM = 32


class Invalid(Exception):
    """The value cannot be used; the sentence says what would do."""


def convert(raw: Any, kind: Any) -> Any:
    """A value from a file, a variable or a flag as its setting's type. Raises Invalid."""
    if kind is bool:
        return raw if isinstance(raw, bool) else _convert_bool(raw)
    if kind is int:
        if isinstance(raw, bool) or not re.fullmatch(r"\s*-?\d+\s*", str(raw)):
            raise Invalid("give a whole number")
        return int(raw)
    if kind == tuple[str, ...]:
        parts = raw if isinstance(raw, list) else str(raw).split(",")
        return tuple(str(part).strip() for part in parts if str(part).strip())
    if not isinstance(raw, str):
        raise Invalid("give a text in quotes")
    if kind is Path:
        if not raw.strip() or "\0" in raw:
            raise Invalid("give the path of a folder")
        return Path(raw)
    return raw.strip()


def _convert_bool(raw: Any) -> bool:
    word = str(raw).strip().lower()
    if word in TRUE | FALSE:
        return word in TRUE
    raise Invalid("give true or false")


def between(low: int, high: int) -> Check:
    def check(value: int) -> int:
        if not low <= value <= high:
            raise Invalid(f"give a number from {low} to {high}")
        return value

    return check


def one_of(*choices: str) -> Check:
    def check(value: str) -> str:
        if value not in choices:
            raise Invalid(f"give one of {', '.join(choices)}")
        return value

    return check


def check_host(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.\-]+|[0-9A-Fa-f:.]+(%\w+)?", value):
        raise Invalid("give an address or a host name without scheme and port, like 127.0.0.1")
    return value


def check_database(value: str) -> str:
    scheme, _, rest = value.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return value
    if scheme in {"postgresql", "postgres"} and rest.partition("?")[0].partition("/")[2]:
        return "postgresql://" + rest
    raise Invalid("give sqlite:///path/to/file.db or postgresql://user@host/name")


def check_turn(value: str) -> str:
    elsewhere = r"turns?:([A-Za-z0-9.\-]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?"
    if value in ("embedded", "off") or re.fullmatch(elsewhere, value):
        return value
    raise Invalid("give embedded, off, or the relay's address like turn:turn.flowers.example:3478")


def check_ports(value: str) -> str:
    low, _, high = value.partition("-")
    if low.isdigit() and high.isdigit() and 1024 <= int(low) < int(high) <= 65_535:
        return value
    raise Invalid("give the lowest and the highest port, from 1024 on, like 49152-49999")


def check_media(value: str) -> str:
    if not value or (value.startswith("/") and "\0" not in value):
        return value
    if re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w./-]*)?", value):
        return value.rstrip("/")
    raise Invalid("give the path of a folder from / on, or s3://bucket/prefix")


def _split_origin(value: str) -> str:
    """`scheme://host[:port]` in lower case. Raises Invalid."""
    try:
        parts = urlsplit(value)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise Invalid(f"{value!r} is not a web address") from None
    plain = parts.path in {"", "/"} and not parts.query and not parts.fragment and not parts.username
    if parts.scheme not in {"http", "https"} or not parts.hostname or not plain:
        raise Invalid("give scheme and host alone, like https://flowers.example")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}"


def check_public_url(value: str) -> str:
    return _split_origin(value) if value else ""


def check_contact(value: str) -> str:
    if value and not re.fullmatch(r"mailto:[^@\s]+@[^@\s]+\.[^@\s]+|https://[^\s/]+\S*", value):
        raise Invalid("give mailto: and an address, or a page with https:")
    return value


def check_origins(value: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_split_origin(origin) for origin in value)


def check_secret(value: str) -> str:
    if len(value) < SECRET_MINIMUM:
        raise Invalid(f"give at least {SECRET_MINIMUM} characters, for example from `openssl rand -hex 32`")
    return value


def check_timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError):
        raise Invalid("give a time zone by its name, like Asia/Shanghai") from None
    return value
