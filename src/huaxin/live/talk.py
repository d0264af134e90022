"""Questions and small commands around messages that make no event."""

from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from huaxin.conversation.quick import QuickReplies, Reply
from huaxin.journal.model import Rejected
from huaxin.kernel import Role
from huaxin.live import commands as c
from huaxin.live import views as v
from huaxin.live.orders import Orders
from huaxin.live.render import render
from huaxin.live.sharing import Sharing
from huaxin.live.targets import Targets
from huaxin.people.access import access_shop, is_shop_staff, staff_of
from huaxin.people.model import Principal
from huaxin.shops.store import ShopStore

_MOST = 50


class EventsArgs(msgspec.Struct, frozen=True, kw_only=True):
    order: str
    seqs: Annotated[list[Annotated[int, Meta(ge=1, le=2**53)]], Meta(max_length=_MOST)]


class QuickRepliesArgs(msgspec.Struct, frozen=True, kw_only=True):
    """`order`: as who one is on that order; without it, as who one is at the shop. `role`: those of another
    role, for the shop's staff, who edit them."""

    shop: str
    order: str = ""
    role: Role | None = None


class TalkDesk:
    def __init__(
        self,
        orders: Orders,
        targets: Targets,
        quick: QuickReplies,
        shops: ShopStore,
        clock: Callable[[], int],
    ) -> None:
        self._orders, self._targets, self._quick = orders, targets, quick
        self._shops, self._clock = shops, clock

    async def get_events(self, who: Principal, args: EventsArgs) -> list[v.EventView]:
        """Single events, as pins and answers point to them. What one may not see is left out."""
        order, role = await self._orders.access(args.order, who)
        found = []
        for seq in sorted(set(args.seqs)):
            record = await self._targets.record(order.shop, order.id, seq)
            data = render(record, order, role, self._clock()) if record is not None else None
            if data is not None:
                found.append(msgspec.json.decode(data, type=v.EventView))
        return found

    async def get_quick_replies(self, who: Principal, args: QuickRepliesArgs) -> list[v.QuickReply]:
        shop = await self._shops.get(args.shop)
        return _views(await self._quick.get(shop.id, await self._role(who, args)))

    async def _role(self, who: Principal, args: QuickRepliesArgs) -> Role:
        if args.role is not None:
            access_shop(who, args.shop)
            return args.role
        if args.order:
            order, role = await self._orders.access(args.order, who)
            if order.shop == args.shop:
                return role
        if who.guest_order:
            return Role(who.guest_role)
        if is_shop_staff(who, args.shop):
            return Role.shop
        return Role.courier if staff_of(who, args.shop) is not None else Role.buyer

    async def set_quick_replies(self, who: Principal, wish: c.SetQuickReplies) -> dict[str, Any]:
        access_shop(who, wish.shop)
        if wish.role is Role.system:
            raise Rejected("quick.role", "The system needs no quick replies.", wish.role.value, status=422)
        replies = [Reply(key=one.key, text=one.text) for one in wish.replies]
        kept = await self._quick.set(wish.shop, wish.role, replies, self._clock())
        return {"shop": wish.shop, "role": wish.role, "replies": _views(kept)}


def _views(replies: list[Reply]) -> list[v.QuickReply]:
    return [v.QuickReply(key=one.key, text=one.text) for one in replies]


def talk_queries(talk: TalkDesk) -> dict[str, tuple[Any, Any, Any]]:
    """For the dispatcher: name → (arguments, answer, who answers)."""
    return {
        "get_events": (EventsArgs, list[v.EventView], talk.get_events),
        "get_quick_replies": (QuickRepliesArgs, list[v.QuickReply], talk.get_quick_replies),
    }


def talk_acts(talk: TalkDesk, sharing: Sharing) -> dict[str, Any]:
    return {"report_live_position": sharing.report, "set_quick_replies": talk.set_quick_replies}
