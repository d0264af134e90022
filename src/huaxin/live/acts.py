"""Commands that make no event: marks, typing, positions, links, language."""

from collections.abc import Callable
from typing import Any

import msgspec

from huaxin.conversation.house import is_blocked_by_any
from huaxin.conversation.marks import Marks
from huaxin.gateway.hub import Hub
from huaxin.journal.journal import Journal
from huaxin.journal.model import Rejected
from huaxin.kernel import Role
from huaxin.live import channels, signals
from huaxin.live import commands as c
from huaxin.live import views as v
from huaxin.live.orders import Orders, denied
from huaxin.live.tracking import LiveTracking
from huaxin.orders.model import Order
from huaxin.orders.recipient.contact import closed_now, hides_gift, may_link
from huaxin.people.access import roles_on, staff_of
from huaxin.people.model import Principal
from huaxin.people.service import People
from huaxin.tracking.positions import MAX_BATCH

_encode = msgspec.json.Encoder().encode


class Acts:
    def __init__(
        self,
        people: People,
        journal: Journal,
        orders: Orders,
        marks: Marks,
        hub: Hub,
        tracking: LiveTracking,
        clock: Callable[[], int],
    ) -> None:
        self._people, self._journal, self._orders = people, journal, orders
        self._marks, self._hub, self._tracking, self._clock = marks, hub, tracking, clock
        self.public_url: Callable[[], str] = lambda: ""

    async def mark(self, who: Principal, wish: c.MarkOrder) -> dict[str, Any]:
        order, role = await self._orders.access(wish.order, who)
        head = await self._journal.head(order.shop)
        received, read = min(wish.received, head.seq), min(wish.read, head.seq)
        await self._raise_marks(order, role, who.person, received, read)
        return {"order": order.id}

    async def raise_received(self, order: str, person: str, role: str, received: int) -> None:
        """A device has it although no screen was open: a push was shown."""
        found = await self._orders.find(order)
        if found is not None:
            head = await self._journal.head(found.shop)
            await self._raise_marks(found, Role(role), person, min(received, head.seq), 0)

    async def _raise_marks(self, order: Order, role: Role, person: str, received: int, read: int) -> None:
        moved = await self._marks.set(order.id, person, role.value, received, read)
        if moved is None:
            return
        view = v.MarksView(person=moved.person, role=moved.role, received=moved.received, read=moved.read)
        data = _encode(signals.MarksSignal(order=order.id, marks=view))
        key = f"marks:{order.id}:{person}"
        self._tell_members(order, role, data, key)
        # Their other devices, whatever they look at: what was read here is no longer new there.
        self._hub.signal(channels.me_channel(person), {"me": data}, key)

    async def type(self, who: Principal, wish: c.Typing) -> dict[str, Any]:
        order, role = await self._orders.access(wish.order, who)
        name = who.name
        if role is Role.shop:  # a recipient must not read yet which shop it is
            name = "" if hides_gift(order) else order.shop_name
        if role is Role.buyer:
            name = order.buyer.name
        elif role is Role.recipient:
            name = order.recipient.name
        signal = signals.TypingSignal(order=order.id, person=who.person, role=role.value, name=name)
        # Whoever blocked them hears nothing of them, not even that they write.
        if not is_blocked_by_any(order, role.value, who.person):
            self._tell_members(order, role, _encode(signal), f"typing:{order.id}:{who.person}")
        return {"order": order.id}

    def _tell_members(self, order: Order, speaker: Role, data: bytes, key: str) -> None:
        """A signal to everyone on the order; a recipient learns nothing of the buyer."""
        views = {"buyer": data, "shop": data, "courier": data}
        if speaker is not Role.buyer:
            views["recipient"] = data
        self._hub.signal(channels.order_channel(order.id), views, key)
        self._hub.signal(channels.shop_channel(order.shop), {"shop": data}, key)
        if order.courier is not None and not order.privacy_closed:
            run = channels.run_channel(order.shop, order.courier.person)
            self._hub.signal(run, {"courier": data}, key)

    async def report_positions(self, who: Principal, wish: c.ReportPositions) -> dict[str, Any]:
        if staff_of(who, wish.shop) is None:
            raise denied(wish.shop)
        if len(wish.positions) > MAX_BATCH:
            raise Rejected(
                "position.batch",
                "Send at most 10,000 positions at once, and the others after them.",
                len(wish.positions),
                status=422,
            )
        return await self._tracking.report(wish.shop, who, wish.positions, wish.sent_at)

    async def create_guest_link(self, who: Principal, wish: c.CreateGuestLink) -> dict[str, Any]:
        order, _ = await self._orders.access(wish.order, who)
        roles = {Role.buyer, Role.shop} & set(roles_on(order, who))
        if not roles or who.guest_order:
            raise denied("create_guest_link")
        if Role.shop not in roles and wish.role != Role.recipient.value:
            raise Rejected("guest.role", "You can make a link for the recipient.", wish.role, status=422)
        maker = Role.buyer if Role.buyer in roles else Role.shop
        if wish.role == Role.recipient.value and not may_link(order, maker):
            raise closed_now(order)
        link = await self._people.create_guest_link(order.id, wish.role, who.person, wish.hours)
        return {"url": f"{self.public_url()}/o/{link.token}", "expires_at": link.expires_at}

    async def revoke_guest_link(self, who: Principal, wish: c.RevokeGuestLink) -> dict[str, Any]:
        """By the shop any, by the buyer those of the recipient. Raises Rejected guest.no_link (404)."""
        order, role = await self._orders.access(wish.order, who)
        if role not in (Role.buyer, Role.shop) or who.guest_order:
            raise denied("revoke_guest_link")
        known = await self._people.guests.open_links(order.id)
        if role is Role.buyer:
            known = [one for one in known if one.role == Role.recipient]
        found = [one.id for one in known if wish.link in ("", one.id)]
        if wish.link and not found:
            raise Rejected("guest.no_link", "This link has ended already.", wish.link, status=404)
        for link in found:
            await self._people.revoke_guest_links(order.id, link)
        return {"order": order.id, "ended": len(found)}

    async def set_language(self, who: Principal, wish: c.SetLanguage) -> dict[str, Any]:
        await self._people.set_language(who, wish.language)
        return {"language": wish.language}

    async def set_name(self, who: Principal, wish: c.SetName) -> dict[str, Any]:
        if who.guest_order:
            raise denied("set_name")
        return {"name": await self._people.set_name(who.person, wish.name)}
