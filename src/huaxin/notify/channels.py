"""The next channels: what reaches somebody who did not look. SMS and WeChat are ports; Apprise is real and
speaks to the group chats of a shop's staff (DingTalk, Feishu, WeCom and the rest)."""

import asyncio
import logging
import sys
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from huaxin.people.phone import mask

log = logging.getLogger(__name__)
_WHOLE_S = 30.0


class Unsent(Exception):
    """It did not go out. `wait_s` 0: trying again would not help; else try again after so long."""

    def __init__(self, why: str, wait_s: int = 0) -> None:
        super().__init__(why)
        self.why, self.wait_s = why, wait_s


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What a next channel carries: short, and without anything a stranger should not read."""

    person: str
    phone: str
    language: str
    template: str  # the kind of notice, for carriers that only send templates of theirs
    text: str
    url: str


class TextSender(Protocol):
    """SMS or WeChat. Adapters of real carriers keep to this."""

    name: str  # "sms" | "wechat"

    async def send(self, letter: Letter) -> None:
        """Raises Unsent."""
        ...


class StaffSender(Protocol):
    """The group chats of a shop's staff."""

    def reaches(self, shop: str) -> bool: ...

    async def send(self, shop: str, title: str, text: str) -> None:
        """Raises Unsent."""
        ...


class TerminalSender:
    """For development: prints what would go out."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def send(self, letter: Letter) -> None:
        line = f"{self.name}  {mask(letter.phone)}  {letter.text}  {letter.url}"
        print(line, file=sys.stderr, flush=True)


class AppriseSender:
    """`addresses`: Apprise URLs, each for all shops or as `shop-id=url` for one. They are secrets."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses: dict[str, list[str]] = {}
        for address in addresses:
            shop, _, url = address.partition("=") if _names_shop(address) else ("", "", address)
            self._addresses.setdefault(shop, []).append(url)
        self._ready: dict[str, Any] = {}

    def reaches(self, shop: str) -> bool:
        return bool(self._addresses.get("") or self._addresses.get(shop))

    async def send(self, shop: str, title: str, text: str) -> None:
        chosen = await asyncio.to_thread(self._chosen, shop)
        try:
            async with asyncio.timeout(_WHOLE_S):
                sent = await asyncio.to_thread(chosen.notify, title=title, body=text, body_format="text")
        except TimeoutError as wrong:
            raise Unsent("the staff's channel did not answer") from wrong
        if not sent:
            raise Unsent("the staff's channel refused")

    def _chosen(self, shop: str) -> Any:
        """Apprise with the shop's addresses. Its `notify` waits for the network: on a thread of its own."""
        found = self._ready.get(shop)
        if found is None:
            # It takes a while, most servers never need it, and it is no part of how long a channel may take.
            import apprise

            found = apprise.Apprise()
            for url in [*self._addresses.get("", []), *self._addresses.get(shop, [])]:
                if not found.add(url):
                    log.warning("an address in staff_channels is not one Apprise knows; it is left out")
            self._ready[shop] = found  # whole: another thread may ask meanwhile
        return found


def _names_shop(address: str) -> bool:
    """`shop=scheme://…`, and not an address with a `=` somewhere in it."""
    head, mark, _ = address.partition("=")
    return bool(mark) and "://" not in head
