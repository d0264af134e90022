"""When a courier cannot go on: who takes which order, where they meet, and doing it with one tap."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from huaxin.conversation.commands import SendPlace
from huaxin.dispatch.handover import Leg, plan_handover
from huaxin.journal.model import Rejected
from huaxin.kernel import Point, Role
from huaxin.live import run_commands as c
from huaxin.live import run_views as rv
from huaxin.live.dispatch import Dispatcher
from huaxin.live.planning import Planner
from huaxin.live.refused import refused
from huaxin.live.roads import City
from huaxin.live.runs import RunDesk
from huaxin.live.tracking import LiveTracking
from huaxin.orders.commands import AssignCourier
from huaxin.people.access import access_shop
from huaxin.people.model import Principal

HOLDS_MS = 5 * 60_000  # a proposal older than this is made anew before it is applied


class Handovers:
    """Raises Rejected."""

    def __init__(
        self,
        tracking: LiveTracking,
        desk: RunDesk,
        planner: Planner,
        city: City,
        clock: Callable[[], int],
        zone: str,
    ) -> None:
        self._tracking, self._desk, self._planner, self._city = tracking, desk, planner, city
        self._clock, self._zone = clock, ZoneInfo(zone)
        self._shown: dict[tuple[str, str], tuple[int, str, rv.HandoverView]] = {}

    def bind(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    async def plan_handover(self, who: Principal, args: c.HandoverArgs) -> rv.HandoverView:
        access_shop(who, args.shop)
        point = self._tracking.point_of(args.shop)
        riders = await self._desk.riders(args.shop)
        trouble = self._tracking.tracker.rider(args.courier, args.shop, point)
        if not trouble.orders:
            raise Rejected("handover.empty", "This courier carries nothing.", args.courier)
        helpers = [one for one in riders if one.courier != args.courier]
        position = self._tracking.tracker.position(args.courier)
        legs = await self._planner.run(
            plan_handover, point, trouble.orders, position.point if position else None, helpers,
            self._clock(), args.movable,
        )  # fmt: skip
        view = rv.HandoverView(
            shop=args.shop, courier=args.courier, legs=[self._leg_view(leg) for leg in legs]
        )
        self._shown[args.shop, args.courier] = self._clock(), secrets.token_urlsafe(9), view
        return view

    def _leg_view(self, leg: Leg) -> rv.HandoverLeg:
        return rv.HandoverLeg(
            order=leg.order, courier=leg.courier, name=leg.name, reason=leg.reason, meet=leg.meet,
            meet_name=self._name_of(leg.meet), meet_at=leg.meet_at, eta_at=leg.eta_at, kept=leg.kept,
        )  # fmt: skip

    def _name_of(self, point: Point | None) -> str:
        found = self._city.reverse(point) if point is not None else None
        return found.name if found is not None else ""

    async def apply_handover(self, who: Principal, wish: c.ApplyHandover) -> dict[str, Any]:
        """As it was shown, else as it is now. Each order by itself: what is refused is named."""
        access_shop(who, wish.shop)
        shown = self._shown.get((wish.shop, wish.courier))
        if shown is None or self._clock() - shown[0] > HOLDS_MS:
            args = c.HandoverArgs(shop=wish.shop, courier=wish.courier, movable=wish.movable)
            await self.plan_handover(who, args)
            shown = self._shown[wish.shop, wish.courier]
        _, job, view = shown
        failed, applied = [], 0
        for leg in (one for one in view.legs if one.courier):
            try:
                await self._hand_over(who, leg, job)
                applied += 1
            except Rejected as refusal:
                failed.append(refused(self._dispatcher, leg.order, refusal))
        nobody = [one.order for one in view.legs if not one.courier]
        return {"shop": wish.shop, "applied": applied, "nobody": nobody, "failed": failed}

    async def _hand_over(self, who: Principal, leg: rv.HandoverLeg, job: str) -> None:
        if leg.meet is not None:
            # Said before the order changes hands: the one who gives it loses sight of it then, and the
            # one who takes it finds it in the order's talk.
            clock = datetime.fromtimestamp(leg.meet_at / 1000, self._zone).strftime("%H:%M")
            place = SendPlace(
                order=leg.order, point=leg.meet, name=f"交接地点 Handover · {leg.name} {clock}"[:100],
                address=leg.meet_name[:200], to=[Role.courier],
            )  # fmt: skip
            await self._dispatcher.on_behalf(who, place, f"{job}:p:{leg.order}"[:64])
        body = AssignCourier(order=leg.order, courier=leg.courier, meet=leg.meet)
        await self._dispatcher.on_behalf(who, body, f"{job}:a:{leg.order}"[:64])
