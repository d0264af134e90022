"""A person's and a shop's own wishes about keeping quiet and keeping things: no facts of an order."""

from collections.abc import Callable
from typing import Any

from huaxin.conversation.mutes import Mutes
from huaxin.live import commands as c
from huaxin.live import views as v
from huaxin.live.orders import Orders
from huaxin.live.queries import ShopArgs
from huaxin.people.access import access_shop
from huaxin.people.model import Principal, StaffRole
from huaxin.shops.retention import Retention, RetentionStore


class Wishes:
    def __init__(
        self, orders: Orders, mutes: Mutes, retention: RetentionStore, clock: Callable[[], int]
    ) -> None:
        self._orders, self._mutes, self._retention, self._clock = orders, mutes, retention, clock

    async def mute_order(self, who: Principal, wish: c.MuteOrder) -> dict[str, Any]:
        order, _ = await self._orders.access(wish.order, who)
        await self._mutes.put(who.person, order.id, wish.on, self._clock())
        return {"order": order.id, "muted": wish.on}

    async def set_retention(self, who: Principal, wish: c.SetRetention) -> dict[str, Any]:
        access_shop(who, wish.shop, StaffRole.owner)
        kept = Retention(
            messages_days=wish.messages_days,
            media_days=wish.media_days,
            positions_days=wish.positions_days,
        )
        await self._retention.put(wish.shop, kept, self._clock())
        return {"shop": wish.shop}

    async def get_retention(self, who: Principal, args: ShopArgs) -> v.RetentionView:
        access_shop(who, args.shop)
        kept = await self._retention.get(args.shop)
        return v.RetentionView(
            messages_days=kept.messages_days,
            media_days=kept.media_days,
            positions_days=kept.positions_days,
        )
