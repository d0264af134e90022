"""A stem is out: what is made of it is sold out, and every order not made yet gets one and the same proposal.

The jobs live in memory; what was proposed stands in the orders, and proposing again skips those.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from huaxin.catalogue.commands import ReportStockOut, StemBack
from huaxin.catalogue.store import CatalogueStore
from huaxin.gateway.hub import Hub
from huaxin.journal.model import Rejected
from huaxin.kernel import Role, tidy
from huaxin.live import catalogue_views as cv
from huaxin.live import channels, signals
from huaxin.live.dispatch import Dispatcher
from huaxin.live.queries import ShopArgs
from huaxin.live.refused import refused
from huaxin.live.run_views import FailedAssign
from huaxin.live.tracking import LiveTracking
from huaxin.orders.commands import ProposeSubstitute
from huaxin.orders.lifecycle import UNMADE, unsettled
from huaxin.orders.model import Order
from huaxin.people.access import access_shop
from huaxin.people.model import Principal

log = logging.getLogger(__name__)

AT_ONCE = 25  # proposals in the journal's queue: enough for its commits to be shared, and others pass between
TELL_EVERY = 25
MOST_JOBS = 100
_encode = msgspec.json.Encoder().encode


class StemArgs(msgspec.Struct, frozen=True, kw_only=True):
    shop: str
    stem: Annotated[str, Meta(min_length=1, max_length=40)]


class StockRoom:
    """One per node. Raises Rejected."""

    def __init__(
        self,
        store: CatalogueStore,
        tracking: LiveTracking,
        hub: Hub,
        check_picture: Callable[[str], Awaitable[None]],
        clock: Callable[[], int],
    ) -> None:
        self._store, self._tracking, self._hub, self._clock = store, tracking, hub, clock
        self._check_picture = check_picture
        self._jobs: dict[str, cv.StockOutView] = {}  # shop → its newest
        self._tasks: set[asyncio.Task[None]] = set()

    def bind(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # asked

    async def list_stems(self, who: Principal, args: ShopArgs) -> list[cv.StemView]:
        """All stems of the recipes, those that are out first."""
        access_shop(who, args.shop)
        out = await self._store.stems_out(args.shop)
        counts: dict[str, tuple[str, int]] = dict.fromkeys(out, ("", 0))
        for product in await self._store.products(args.shop, available_only=False):
            for stem in product.recipe:
                name_en, count = counts.get(stem.name, ("", 0))
                counts[stem.name] = (name_en or stem.name_en, count + 1)
        views = [
            cv.StemView(name=name, name_en=name_en, products=count, out_since=out.get(name, 0))
            for name, (name_en, count) in counts.items()
        ]
        return sorted(views, key=lambda one: (not one.out_since, -one.products, one.name))

    async def find_stem(self, who: Principal, args: StemArgs) -> cv.StemNeed:
        """What a missing stem concerns: bouquets, and orders not made yet, the most urgent first."""
        access_shop(who, args.shop)
        products = await self._store.products(args.shop, available_only=False)
        orders = [
            cv.NeedingOrder(
                order=order.id, number=order.number, promise_end=order.promise.end,
                when_out=order.when_out, count=_count(order, args.stem), state=_state(order),
            )
            for order in self._needing(args.shop, args.stem)
        ]  # fmt: skip
        names = [one.name for one in products if one.lacks(frozenset({args.stem}))]
        return cv.StemNeed(stem=args.stem, products=names, orders=orders)

    async def get_stock_out(self, who: Principal, args: ShopArgs) -> cv.StockOutView | None:
        """How far the shop's newest proposing is."""
        access_shop(who, args.shop)
        return self._jobs.get(args.shop)

    def _needing(self, shop: str, stem: str) -> list[Order]:
        found = [
            order for order in self._tracking.open_of(shop) if order.status in UNMADE and _count(order, stem)
        ]
        return sorted(found, key=lambda order: (order.promise.end, order.number))

    # wished

    async def report_stock_out(self, who: Principal, wish: ReportStockOut) -> dict[str, Any]:
        """Begins proposing when `name` says what instead; progress comes on the shop's channel."""
        access_shop(who, wish.shop)
        name = tidy(wish.name)
        orders: list[Order] = []
        if name:
            running = self._jobs.get(wish.shop)
            if running is not None and running.state == "proposing":
                raise Rejected("stock.running", "A substitute is being proposed already.", running.stem)
            if not wish.picture:
                raise Rejected("stock.picture", "Add a picture of what comes instead.", "", status=422)
            await self._check_picture(wish.picture)
            orders = [one for one in self._needing(wish.shop, wish.stem) if _state(one) == "free"]
        await self._store.set_stem(wish.shop, wish.stem, self._clock())
        if not name:
            return {"shop": wish.shop, "job": "", "orders": 0}
        job = cv.StockOutView(
            job=secrets.token_urlsafe(9), stem=wish.stem, name=name, state="proposing", orders=len(orders)
        )
        self._jobs.pop(wish.shop, None)
        self._jobs[wish.shop] = job
        while len(self._jobs) > MOST_JOBS:
            self._jobs.pop(next(iter(self._jobs)))
        task = asyncio.create_task(self._propose(who, wish, job, orders))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return {"shop": wish.shop, "job": job.job, "orders": len(orders)}

    async def stem_back(self, who: Principal, wish: StemBack) -> dict[str, Any]:
        """What is proposed already stays as it is: the buyers have read it."""
        access_shop(who, wish.shop)
        await self._store.set_stem(wish.shop, wish.stem, 0)
        return {"shop": wish.shop}

    async def _propose(
        self, who: Principal, wish: ReportStockOut, job: cv.StockOutView, orders: list[Order]
    ) -> None:
        failed: list[FailedAssign] = []
        room, done = asyncio.Semaphore(AT_ONCE), 0

        async def one(order: Order) -> None:
            nonlocal done
            async with room:
                refused = await self._propose_one(who, wish, job.job, order)
            failed.extend([refused] if refused is not None else [])
            done += 1
            if done % TELL_EVERY == 0:
                self._tell(wish.shop, replace(job, proposed=done - len(failed), failed=list(failed)))

        await asyncio.gather(*(one(order) for order in orders))
        agreed = self._count_agreed(orders, wish.stem)
        ended = replace(job, state="proposed", proposed=done - len(failed), failed=failed, agreed=agreed)
        self._tell(wish.shop, ended)

    def _count_agreed(self, orders: Iterable[Order], stem: str) -> int:
        there = self._tracking.open_orders
        return sum(1 for one in orders if one.id in there and not _count(there[one.id], stem))

    async def _propose_one(
        self, who: Principal, wish: ReportStockOut, job: str, order: Order
    ) -> FailedAssign | None:
        body = ProposeSubstitute(
            order=order.id, stem=wish.stem, name=wish.name, name_en=wish.name_en, picture=wish.picture,
            difference=wish.difference, words=wish.words, minutes=wish.minutes,
        )  # fmt: skip
        try:
            await self._dispatcher.on_behalf(who, body, f"{job}:{order.id}"[:64])
        except Rejected as refusal:
            return refused(self._dispatcher, order.id, refusal)
        except Exception as error:
            log.exception("no substitute was proposed on %s", order.id)
            return refused(self._dispatcher, order.id, error)
        return None

    def _tell(self, shop: str, job: cv.StockOutView) -> None:
        self._jobs[shop] = job
        data = _encode(signals.StockOutSignal(stock_out=job))
        self._hub.signal(channels.shop_channel(shop), {Role.shop.value: data}, "stock_out")

    def acts(self) -> dict[str, Callable[..., Any]]:
        return {"report_stock_out": self.report_stock_out, "stem_back": self.stem_back}

    def queries(self) -> dict[str, tuple[Any, Any, Any]]:
        return {
            "list_stems": (ShopArgs, list[cv.StemView], self.list_stems),
            "find_stem": (StemArgs, cv.StemNeed, self.find_stem),
            "get_stock_out": (ShopArgs, cv.StockOutView | None, self.get_stock_out),
        }


def _count(order: Order, stem: str) -> int:
    return sum(one.count * line.quantity for line in order.lines for one in line.recipe if one.name == stem)


def _state(order: Order) -> str:
    open_ = unsettled(order)
    return "free" if open_ is None else "asked" if open_.status == "asked" else "answered"
