"""Hands encrypted messages to push services: bounded in number and time, never on the way of a command."""

import asyncio
import hashlib
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

import httpcore
import msgspec

from huaxin.notify.guard import GuardedNetwork, NotAllowed, check_endpoint
from huaxin.notify.model import Subscription, Urgency
from huaxin.notify.push import BadSubscription, Vapid, encode64, encrypt
from huaxin.notify.words import Payload, urgency_header

_TIMEOUTS = {"connect": 5.0, "read": 10.0, "write": 10.0, "pool": 30.0}
_WHOLE_S = 20.0
_AT_ONCE = 8
MOST_WAIT_S = 3_600
_encode = msgspec.json.Encoder().encode


class Outcome(StrEnum):
    sent = "sent"
    gone = "gone"  # the browser has let go of it: the subscription is to be forgotten
    later = "later"  # try again after `wait_s`
    refused = "refused"  # trying again would not help


class Answer(msgspec.Struct, frozen=True):
    outcome: Outcome
    wait_s: int = 0
    why: str = ""


class PushSender:
    """`send` never raises. `private` allows endpoints in this network: for tests."""

    def __init__(self, vapid: Vapid, *, private: bool = False) -> None:
        self._vapid, self._private = vapid, private
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._pool = httpcore.AsyncConnectionPool(
            max_connections=_AT_ONCE,
            max_keepalive_connections=_AT_ONCE,
            keepalive_expiry=60.0,
            network_backend=GuardedNetwork(private=private),
        )

    async def send(
        self, to: Subscription, payload: Payload, *, ttl_s: int, urgency: Urgency, topic: str
    ) -> Answer:
        """One message for one browser. `topic` groups: a newer one replaces an undelivered older one."""
        try:
            endpoint = check_endpoint(to.endpoint, private=self._private)
            body = encrypt(_encode(payload), to.p256dh, to.auth)
        except (NotAllowed, BadSubscription) as wrong:
            return Answer(Outcome.gone, why=str(wrong))
        except ValueError as wrong:
            return Answer(Outcome.refused, why=str(wrong))
        headers: dict[bytes | str, bytes | str] = {
            "Authorization": self._vapid.header(endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "Content-Length": str(len(body)),
            "TTL": str(max(0, ttl_s)),
            "Urgency": urgency_header(urgency),
            "Topic": topic_of(topic),
        }
        async with self._places:
            return await self._post(endpoint, headers, body)

    async def _post(self, endpoint: str, headers: Mapping[bytes | str, bytes | str], body: bytes) -> Answer:
        try:
            async with asyncio.timeout(_WHOLE_S):
                extensions = {"timeout": _TIMEOUTS}
                request = self._pool.stream(
                    "POST", endpoint, headers=headers, content=body, extensions=extensions
                )
                async with request as response:
                    return read_answer(response.status, dict(response.headers))
        except NotAllowed as wrong:
            return Answer(Outcome.gone, why=str(wrong))
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as wrong:
            return Answer(Outcome.later, why=f"{type(wrong).__name__} {wrong}".strip())
        except (TimeoutError, httpcore.UnsupportedProtocol, OSError) as wrong:
            return Answer(Outcome.later, why=f"{type(wrong).__name__} {wrong}".strip())

    async def close(self) -> None:
        await self._pool.aclose()


def topic_of(name: str) -> str:
    """RFC 8030 §5.4: at most 32 signs of base64url, and nothing a push service could read."""
    return encode64(hashlib.sha256(name.encode()).digest())[:32]


def read_answer(status: int, headers: dict[bytes, bytes]) -> Answer:
    """What a push service's status means (RFC 8030, RFC 8292)."""
    if 200 <= status < 300:
        return Answer(Outcome.sent)
    if status in (404, 410):
        return Answer(Outcome.gone, why=f"status {status}")
    if status in (408, 425, 429) or status >= 500:
        return Answer(Outcome.later, _retry_after(headers), f"status {status}")
    return Answer(Outcome.refused, why=f"status {status}")


def _retry_after(headers: dict[bytes, bytes]) -> int:
    """Seconds, as number or date; 0 when nothing usable was said."""
    for name, value in headers.items():
        if name.lower() == b"retry-after":
            text = value.decode("latin-1").strip()
            if text.isascii() and text.isdigit() and len(text) < 10:
                return min(int(text), MOST_WAIT_S)
            try:
                date = parsedate_to_datetime(text)
            except ValueError:
                return 0
            date = date if date.tzinfo else date.replace(tzinfo=UTC)
            left = date - datetime.fromtimestamp(time.time(), UTC)
            return max(0, min(int(left.total_seconds()), MOST_WAIT_S))
    return 0
