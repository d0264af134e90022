"""Standing orders at work: made a week ahead, each once, whichever server does it and however often."""

import asyncio
import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from huaxin.journal.model import Rejected
from huaxin.kernel import Role, Text
from huaxin.live.dispatch import Dispatcher
from huaxin.live.orders import Orders
from huaxin.orders.commands import LineWish, PlaceOrder
from huaxin.orders.model import Order, Party, Promise
from huaxin.people.access import access_shop, is_shop_staff, roles_on
from huaxin.people.model import Principal
from huaxin.people.service import People
from huaxin.shops.model import at_minute, local_day
from huaxin.shops.store import ShopStore
from huaxin.standing.model import (
    DAYS_AHEAD,
    MOST_OF_ONE,
    EndStanding,
    PauseStanding,
    Standing,
    StandingArgs,
    StandingView,
    StartStanding,
    days_of,
    order_id,
)
from huaxin.standing.store import StandingStore
from huaxin.storage.port import Database, StoreError

log = logging.getLogger(__name__)

EVERY_S = 300.0
_DAY_MS = 24 * 3_600_000


class StandingRoom:
    def __init__(
        self,
        db: Database,
        orders: Orders,
        people: People,
        shops: ShopStore,
        sentence: Callable[[str, str, Any], str | None],
        clock: Callable[[], int],
    ) -> None:
        """`sentence`: what an error's code says in a language (http/sentences.py)."""
        self._kept, self._orders, self._people, self._shops = StandingStore(db), orders, people, shops
        self._sentence, self._clock = sentence, clock
        self._task: asyncio.Task[None] | None = None
        self._busy = asyncio.Lock()

    def bind(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                await self.make_due()
            except (StoreError, Rejected) as error:
                log.warning("standing orders: %s", error)
            except Exception:
                log.exception("standing orders; tried again in %s s", EVERY_S)
            await asyncio.sleep(EVERY_S)

    async def make_due(self) -> int:
        """Makes what falls on the coming days and is not there yet; how many."""
        async with self._busy:
            made = 0
            for one in await self._kept.running():
                if not one.paused:
                    made += await self._make(one)
            return made

    async def _make(self, one: Standing) -> int:
        shop = await self._shops.find(one.shop)
        if shop is None:
            return 0
        now = self._clock()
        today = local_day(shop, now)
        made, trouble = 0, None
        for day in days_of(one, today, today + timedelta(days=DAYS_AHEAD)):
            end = at_minute(shop, day, one.end)
            id = order_id(one, day)
            if end <= now or await self._orders.find(id) is not None:
                continue
            start = at_minute(shop, day, one.start) if one.start >= 0 else 0
            wish = replace(
                one.wish, order=id, promise=Promise(start=start, end=end), overbook=one.role == "shop"
            )
            try:
                await self._dispatcher.on_behalf(await self._principal(one), wish, id)
                made += 1
            except Rejected as no:
                if no.code == "order.exists":
                    continue  # another server was faster
                trouble = trouble or self._words(no, day.isoformat())
        if one.until and today.isoformat() > one.until:
            await self._kept.put(replace(one, ended=True, trouble=None))
        elif trouble != one.trouble:
            await self._kept.put(replace(one, trouble=trouble))
        return made

    def _words(self, no: Rejected, day: str) -> Text:
        zh, en = (self._sentence(no.code, lang, no.value) or str(no) for lang in ("zh-CN", "en"))
        return Text(f"{day}:{zh}", f"{day}: {en}")

    async def _principal(self, one: Standing) -> Principal:
        """Who set it up, as they are now: who has left the shop orders in its name no more."""
        person = await self._people.person(one.person)
        if person is None:
            raise Rejected("order.not_yours", "Who set this up is gone.", one.person, status=403)
        work = {job.shop: job.role for job in await self._people.employments(one.person)}
        return Principal(person=person.id, name=person.name, phone=person.phone, staff=work)

    # what people do

    async def start_standing(self, who: Principal, wish: StartStanding) -> dict[str, Any]:
        order, role = await self._mine(who, wish.order)
        shop = await self._shops.get(order.shop)
        own = [one for one in await self._kept.of_person(who.person) if not one.ended]
        if len(own) >= MOST_OF_ONE:
            raise Rejected("standing.too_many", "End an old one first.", MOST_OF_ONE, status=422)
        # The same wish twice (a double tap, a lost answer) is one standing order.
        same = f"{order.id}\n{who.person}\n{sorted(set(wish.days))}\n{wish.until}"
        id = "w-" + hashlib.blake2b(same.encode(), digest_size=12).hexdigest()
        known = await self._kept.get(id)
        if known is None or known.ended:
            zone = ZoneInfo(shop.time_zone)
            day = local_day(shop, max(order.promise.end, self._clock()))
            await self._kept.put(
                Standing(
                    id=id,
                    shop=order.shop,
                    person=who.person,
                    role=role.value,
                    wish=_again(order, role),
                    days=tuple(sorted(set(wish.days))),
                    start=_minute(order.promise.start, zone) if order.promise.start else -1,
                    end=_minute(order.promise.end, zone) or 24 * 60,
                    since=(day + timedelta(days=1)).isoformat(),
                    until=wish.until,
                    created_at=self._clock(),
                )
            )
            await self.make_due()
        return {"standing": id, "shop": order.shop}

    async def pause_standing(self, who: Principal, wish: PauseStanding) -> dict[str, Any]:
        one = await self._find(who, wish.standing)
        if one.ended:
            raise Rejected("standing.ended", "It has ended.", one.id)
        await self._kept.put(replace(one, paused=wish.on, trouble=None))
        if not wish.on:
            await self.make_due()
        return {"standing": one.id, "paused": wish.on}

    async def end_standing(self, who: Principal, wish: EndStanding) -> dict[str, Any]:
        one = await self._find(who, wish.standing)
        await self._kept.put(replace(one, ended=True, paused=False, trouble=None))
        return {"standing": one.id}

    async def list_standing(self, who: Principal, args: StandingArgs) -> list[StandingView]:
        if args.shop:
            access_shop(who, args.shop)
            found = await self._kept.of_shop(args.shop)
        else:
            if not who.person or who.guest_order:
                raise Rejected("auth.required", "Log in first.", status=401)
            found = await self._kept.of_person(who.person)
        return [await self._view(one) for one in found]

    async def _view(self, one: Standing) -> StandingView:
        shop = await self._shops.get(one.shop)
        today = local_day(shop, self._clock())
        ahead = list(days_of(one, today, today + timedelta(days=DAYS_AHEAD)))
        made = [order_id(one, day) for day in ahead if await self._orders.find(order_id(one, day))]
        missing = [day for day in ahead if order_id(one, day) not in made]
        later = days_of(one, today + timedelta(days=DAYS_AHEAD + 1), today + timedelta(days=DAYS_AHEAD + 8))
        following = next(iter(missing), None) or next(later, None)
        stands = not (one.ended or one.paused)
        names = [(line.name, line.name_en or line.name, line.quantity) for line in one.wish.priced]
        return StandingView(
            id=one.id,
            shop=one.shop,
            shop_name=shop.name,
            role=one.role,
            days=list(one.days),
            start=one.start,
            end=one.end,
            until=one.until,
            paused=one.paused,
            ended=one.ended,
            recipient=one.wish.recipient.name,
            address=one.wish.address.text,
            bouquets=Text(
                "、".join(f"{zh} × {n}" for zh, _, n in names), ", ".join(f"{en} × {n}" for _, en, n in names)
            ),
            next_day=following.isoformat() if following and stands else "",
            made=made,
            trouble=one.trouble,
        )

    async def _find(self, who: Principal, id: str) -> Standing:
        """One's own, or one of the shop one works for."""
        one = await self._kept.get(id)
        if one is None or who.guest_order or (one.person != who.person and not is_shop_staff(who, one.shop)):
            raise Rejected("standing.unknown", "There is no such standing order of yours.", id, status=404)
        return one

    async def _mine(self, who: Principal, id: str) -> tuple[Order, Role]:
        order, _ = await self._orders.access(id, who)
        roles = [] if who.guest_order else roles_on(order, who)
        for role in (Role.buyer, Role.shop):
            if role in roles:
                return order, role
        raise Rejected("order.not_yours", "This is not yours to order again.", id, status=403)

    def queries(self) -> dict[str, tuple[Any, Any, Any]]:
        return {"list_standing": (StandingArgs, list[StandingView], self.list_standing)}

    def acts(self) -> dict[str, Any]:
        return {
            "start_standing": self.start_standing,
            "pause_standing": self.pause_standing,
            "end_standing": self.end_standing,
        }


def _again(order: Order, role: Role) -> PlaceOrder:
    """What each of them is like. `priced` only says what it was called; the price is that of its day."""
    return PlaceOrder(
        order=order.id,
        shop=order.shop,
        lines=[
            LineWish(product=line.product, variant=line.variant, quantity=line.quantity)
            for line in order.lines
        ],
        recipient=order.recipient,
        address=order.address,
        card=order.card,
        note=order.note,
        surprise=order.surprise,
        when_out=cast(Any, order.when_out),  # one of the few it was placed with
        buyer_name=order.buyer.name,
        buyer=Party(name=order.buyer.name, phone=order.buyer.phone) if role is Role.shop else None,
        priced=order.lines,
    )


def _minute(at: int, zone: ZoneInfo) -> int:
    wall = datetime.fromtimestamp(at / 1000, zone)
    return wall.hour * 60 + wall.minute
