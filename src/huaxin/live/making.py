"""The florists' queue: by when each bouquet must be ready (docs/spec/bench.md, FQ)."""

from collections.abc import Callable
from math import isfinite

import msgspec

from huaxin.dispatch.model import window_of
from huaxin.live.orders import denied
from huaxin.live.queries import ShopArgs
from huaxin.live.roads import City
from huaxin.live.tracking import LiveTracking
from huaxin.orders.lifecycle import BEFORE_PICK_UP
from huaxin.orders.model import Order
from huaxin.people.access import is_shop_staff
from huaxin.people.model import Principal
from huaxin.shops.store import ShopStore

SLACK_MS = 10 * 60_000  # to take them, lock the bike and climb the stairs
UNKNOWN_RIDE_MS = 30 * 60_000  # where no road is known
MOST = 2_000


class MakingView(msgspec.Struct, frozen=True, kw_only=True):
    """Orders that are still in the shop → ms by which they must be ready."""

    ready_by: dict[str, int]


class Making:
    def __init__(
        self, shops: ShopStore, tracking: LiveTracking, city: City, clock: Callable[[], int]
    ) -> None:
        self._shops, self._tracking, self._city, self._clock = shops, tracking, city, clock

    async def get_making(self, who: Principal, args: ShopArgs) -> MakingView:
        if not is_shop_staff(who, args.shop):
            raise denied(args.shop)
        shop = await self._shops.get(args.shop)
        waiting = [one for one in self._tracking.open_of(shop.id) if one.status in BEFORE_PICK_UP][:MOST]
        rides = self._rides(shop.id, waiting)
        return MakingView(
            ready_by={order.id: ready_by(order, ride) for order, ride in zip(waiting, rides, strict=True)}
        )

    def _rides(self, shop: str, orders: list[Order]) -> list[int]:
        """Ms from the shop to each address; one look at the roads for all of them."""
        if not orders:
            return []
        here = self._tracking.shop(shop)
        if here is None or here.point is None:
            return [UNKNOWN_RIDE_MS] * len(orders)
        seconds, _ = self._city.table([here.point], [order.address.point for order in orders])
        return [round(float(s) * 1000) if isfinite(float(s)) else UNKNOWN_RIDE_MS for s in seconds[0]]


def ready_by(order: Order, ride_ms: int) -> int:
    """The promise (or the time agreed instead), less the ride, less what goes by besides riding."""
    return window_of(order)[1] - ride_ms - SLACK_MS
