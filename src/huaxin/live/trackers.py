"""Tracker apps for couriers whose phones sleep in the pocket: made, listed, revoked, and heard."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from huaxin.journal.model import Rejected
from huaxin.kernel import tidy
from huaxin.live import views as v
from huaxin.live.clock import Clock
from huaxin.live.orders import denied
from huaxin.live.pace import Pace
from huaxin.live.queries import ShopArgs
from huaxin.live.tracking import LiveTracking
from huaxin.people.access import access_shop, is_shop_staff, staff_of
from huaxin.people.model import Principal, StaffRole
from huaxin.people.service import People
from huaxin.tracking.devices.commands import CreateTracker, RevokeTracker, SetRing
from huaxin.tracking.devices.store import TrackerRow, TrackerStore, is_right, proof_of
from huaxin.tracking.views import PositionReport

MOST_EACH = 5  # of one courier at one shop
HEARD_EVERY_MS = 60_000
DAY_MS = 24 * 3_600_000
DISPATCHING = (StaffRole.owner, StaffRole.dispatcher)


class Trackers:
    def __init__(
        self, store: TrackerStore, people: People, tracking: LiveTracking, secret: str, clock: Clock
    ) -> None:
        self._store, self._people, self._tracking = store, people, tracking
        self._secret, self._clock = secret, clock
        self._pace = Pace(lambda: clock.speed)
        self._heard: dict[str, int] = {}

    # of the shop and the courier

    async def create_tracker(self, who: Principal, wish: CreateTracker) -> dict[str, Any]:
        courier = self._may(who, wish.shop, wish.courier)
        if courier not in {one.person.id for one in await self._people.staff(wish.shop)}:
            raise Rejected(
                "order.courier_unknown", "That is nobody of this shop's staff.", courier, status=422
            )
        mine = [one for one in await self._store.of_shop(wish.shop) if one.courier == courier]
        if len(mine) >= MOST_EACH:
            raise Rejected("tracker.too_many", "Revoke one of the old trackers first.", MOST_EACH)
        id, password = "t" + secrets.token_hex(4), secrets.token_urlsafe(9)
        now = self._clock()
        proof = proof_of(self._secret, id, password)
        row = TrackerRow(id, wish.shop, courier, tidy(wish.name) or "手机", proof, who.person, now)
        await self._store.add(row)
        return {"tracker": id, "password": password, "courier": courier}

    async def revoke_tracker(self, who: Principal, wish: RevokeTracker) -> dict[str, Any]:
        row = await self._store.find(wish.tracker)
        if row is None or row.shop != wish.shop:
            raise Rejected("tracker.unknown", "There is no such tracker.", wish.tracker, status=404)
        self._may(who, wish.shop, row.courier)
        await self._store.revoke(row.id, self._clock())
        return {"tracker": row.id}

    async def list_trackers(self, who: Principal, args: ShopArgs) -> list[v.TrackerView]:
        """The shop's; for a courier their own."""
        if staff_of(who, args.shop) is None:
            raise denied(args.shop)
        names = {one.person.id: one.person.name for one in await self._people.staff(args.shop)}
        everyone = is_shop_staff(who, args.shop)
        return [
            v.TrackerView(
                id=row.id, courier=row.courier, courier_name=names.get(row.courier, ""), name=row.name,
                created_at=row.created_at, last_at=max(row.last_at, self._heard.get(row.id, 0)),
            )
            for row in await self._store.of_shop(args.shop)
            if everyone or row.courier == who.person
        ]  # fmt: skip

    async def get_ring(self, who: Principal, args: ShopArgs) -> v.RingView:
        if staff_of(who, args.shop) is None:
            raise denied(args.shop)
        metres, minutes = (await self._store.rings()).get(args.shop, (500, 0))
        return v.RingView(metres=metres, minutes=minutes)

    async def set_ring(self, who: Principal, wish: SetRing) -> dict[str, Any]:
        access_shop(who, wish.shop, *DISPATCHING)
        await self._store.set_ring(wish.shop, wish.metres, wish.minutes, self._clock())
        await self.load_rings()
        return {"shop": wish.shop}

    async def load_rings(self) -> None:
        """At start, after a change, and now and then for what another node changed."""
        self._tracking.tracker.rings = await self._store.rings()

    def _may(self, who: Principal, shop: str, courier: str) -> str:
        """Owner and dispatcher for anybody, everybody else of the staff for themselves."""
        courier = courier or who.person
        role = staff_of(who, shop)
        if role is None or (role not in DISPATCHING and courier != who.person):
            raise denied(shop)
        return courier

    # of the apps

    async def report(self, id: str, password: str, fixes: Sequence[PositionReport]) -> dict[str, Any]:
        """Raises Rejected tracker.unknown (404), tracker.password (401), rate.too_fast (429)."""
        row = await self._store.find(id) if id else None
        if row is None:
            raise Rejected("tracker.unknown", "There is no such tracker.", id[:60], status=404)
        if row.revoked_at or not is_right(row, self._secret, password):
            raise Rejected("tracker.password", "The tracker's password is wrong or revoked.", id, status=401)
        self._pace.take(f"tracker:{id}")
        member = next(
            (one for one in await self._people.staff(row.shop) if one.person.id == row.courier), None
        )
        if member is None:
            raise Rejected("tracker.password", "This courier has left the shop.", id, status=401)
        await self._note(row)
        if not fixes:
            return {"accepted": 0, "refused": []}
        person = member.person
        who = Principal(person=person.id, name=person.name, phone=person.phone, staff={row.shop: member.role})
        return await self._tracking.report(row.shop, who, fixes, self._sent_at(fixes))

    def _sent_at(self, fixes: Sequence[PositionReport]) -> int:
        """These apps keep GPS time and send what they kept one by one: their clock is believed. A demo's day
        is another one; there the newest fix is now."""
        now = self._clock()
        return 0 if abs(fixes[-1].at - now) > DAY_MS and not self._clock.is_real else now

    async def _note(self, row: TrackerRow) -> None:
        now = self._clock()
        if now - self._heard.get(row.id, 0) >= HEARD_EVERY_MS:
            self._heard[row.id] = now
            await self._store.heard(row.id, now)


def tracker_acts(trackers: Trackers) -> dict[str, Callable[..., Any]]:
    return {name: getattr(trackers, name) for name in ("create_tracker", "revoke_tracker", "set_ring")}


def tracker_queries(trackers: Trackers) -> dict[str, tuple[Any, Any, Any]]:
    return {
        "list_trackers": (ShopArgs, list[v.TrackerView], trackers.list_trackers),
        "get_ring": (ShopArgs, v.RingView, trackers.get_ring),
    }
