"""Who may listen to what. The gateway asks; people/access.py answers."""

from collections.abc import Mapping

import msgspec

from huaxin.gateway.ports import Grant, Identity, Refused
from huaxin.journal.model import Rejected
from huaxin.kernel import Role
from huaxin.live.calm import CALM
from huaxin.live.channels import ChannelName, parse_channel
from huaxin.live.orders import Orders
from huaxin.people.access import is_shop_staff, staff_of
from huaxin.people.model import Principal
from huaxin.people.service import People

UNAUTHORIZED, UNKNOWN_CHANNEL, PERMISSION_DENIED, TOKEN_EXPIRED = 101, 102, 103, 109


class GatewayPolicy:
    """gateway.ports.Policy."""

    def __init__(self, people: People, orders: Orders) -> None:
        self._people, self._orders = people, orders

    async def connect(self, token: str, data: bytes | None, headers: Mapping[str, str]) -> Identity:
        return await self._identify(token)

    async def refresh(self, token: str) -> Identity:
        return await self._identify(token)

    async def _identify(self, token: str) -> Identity:
        try:
            principal = await self._people.authenticate(token)
        except Rejected as refusal:
            expired = refusal.code.endswith("expired")
            raise Refused(TOKEN_EXPIRED if expired else UNAUTHORIZED, refusal.sentence) from refusal
        if not principal.person:
            raise Refused(UNAUTHORIZED, "Log in first.")
        info = msgspec.json.encode({"name": principal.name})
        return Identity(
            user=principal.person,
            device=principal.device,
            expire_at=principal.expires_at,
            info=info,
            claims=principal,
        )

    async def subscribe(self, who: Identity, channel: str, token: str, data: bytes | None) -> Grant:
        name = parse_channel(channel)
        if name is None:
            raise Refused(UNKNOWN_CHANNEL, "unknown channel")
        principal: Principal = who.claims
        if name.kind == "me":
            return self._me(principal, name)
        if name.kind == "shop":
            if not is_shop_staff(principal, name.key):
                raise Refused(PERMISSION_DENIED, "permission denied")
            return Grant(view=Role.shop.value, recoverable=True, history=True, presence=True)
        if name.kind == "run":
            return self._run(principal, name)
        return await self._order(principal, name, data)

    def _me(self, who: Principal, name: ChannelName) -> Grant:
        if name.key != who.person:
            raise Refused(PERMISSION_DENIED, "permission denied")
        return Grant(view="me")

    def _run(self, who: Principal, name: ChannelName) -> Grant:
        own = name.courier == who.person and staff_of(who, name.key) is not None
        if not own:
            raise Refused(PERMISSION_DENIED, "permission denied")
        return Grant(view=Role.courier.value, recoverable=True, history=True, presence=True)

    async def _order(self, who: Principal, name: ChannelName, data: bytes | None) -> Grant:
        try:
            _, role = await self._orders.access(name.key, who)
        except Rejected as refusal:
            raise Refused(PERMISSION_DENIED, "permission denied") from refusal
        if name.kind == "track":
            return Grant(view=role.value + (CALM if _wants_calm(data) else ""))
        # Presence names everyone who is there: more than a recipient may know of the sender.
        return Grant(view=role.value, recoverable=True, history=True, presence=role is not Role.recipient)


class _TrackWish(msgspec.Struct, frozen=True):
    calm: bool = False


def _wants_calm(data: bytes | None) -> bool:
    try:
        return bool(data) and msgspec.json.decode(data or b"{}", type=_TrackWish).calm
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False
