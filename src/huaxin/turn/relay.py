"""Where the relay is, as the settings say, and what a device in a call gets of it."""

import time
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from huaxin.kernel import Text
from huaxin.live.call_views import CallServers, IceServer
from huaxin.turn.credentials import GOOD_FOR_S, make_credentials, unnamed

OFF = Text(
    "通话中继已关闭:在同一网络内可以通话,跨网络可能接不通。",
    "The relay is off: calls work within one network, and may not between networks.",
)
NOT_INSTALLED = Text(
    "服务器没有安装通话中继(coturn):同一网络内可以通话,跨网络可能接不通。",
    "The relay (coturn) is not installed on the server: calls work within one network, and may not between "
    "networks.",
)
NOT_STARTED = Text(
    "通话中继没有运行:同一网络内可以通话,跨网络可能接不通。",
    "The relay is not running: calls work within one network, and may not between networks.",
)


NO_SECRET = Text(
    "没有设置通话中继的密钥(turn_secret):同一网络内可以通话,跨网络可能接不通。",
    "The relay's secret (turn_secret) is not set: calls work within one network, and may not between "
    "networks.",
)


class Address(NamedTuple):
    scheme: str  # turn | turns
    host: str
    port: int


def parse_address(value: str) -> Address | None:
    """turn:host:port, turns:host:port; None: not one."""
    scheme, _, rest = value.partition(":")
    if scheme not in ("turn", "turns"):
        return None
    try:
        parts = urlsplit(f"//{rest}")
        port = parts.port or (5349 if scheme == "turns" else 3478)
    except ValueError:
        return None
    if not parts.hostname or parts.path or parts.query or parts.username:
        return None
    return Address(scheme, parts.hostname, port)


class Relay:
    """What is known of the relay now. `at` None: there is none, `words` say why."""

    def __init__(self, secret: str, now_s: Callable[[], int] = lambda: int(time.time())) -> None:
        self._secret, self._now_s = secret, now_s
        self.at: Address | None = None
        self.words: Text = NOT_STARTED

    def servers_for(self, person: str) -> CallServers:
        """With credentials of this person's own, for ten minutes."""
        if self.at is None:
            expires_at = self._now_s() + GOOD_FOR_S
            return CallServers(ice_servers=[], expires_at=expires_at * 1000, relay=False, words=self.words)
        made = make_credentials(self._secret, unnamed(person), self._now_s())
        scheme, host, port = self.at
        host = f"[{host}]" if ":" in host else host
        urls = [f"{scheme}:{host}:{port}?transport=tcp"]
        if scheme == "turn":
            urls = [f"turn:{host}:{port}?transport=udp", *urls]
        relay = IceServer(urls=urls, username=made.username, credential=made.password)
        stun = [IceServer(urls=[f"stun:{host}:{port}"])] if scheme == "turn" else []
        return CallServers(ice_servers=[*stun, relay], expires_at=made.expires_at * 1000, relay=True)
