"""A morning's orders shared out at once: planned in a process of its own, shown as a proposal, applied order
by order. Jobs live in memory: a proposal is worth nothing tomorrow."""

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace

from huaxin.dispatch.assign import Rider
from huaxin.dispatch.batch import Proposal, batch_task, improve, propose
from huaxin.dispatch.fleet.model import FleetAnswer
from huaxin.dispatch.model import WAITING_AT_SHOP
from huaxin.gateway.hub import Hub
from huaxin.journal.model import Rejected
from huaxin.kernel import Role, Text
from huaxin.live import channels, signals
from huaxin.live import run_commands as c
from huaxin.live import run_views as rv
from huaxin.live.dispatch import Dispatcher
from huaxin.live.planning import Planner
from huaxin.live.refused import in_both, refused
from huaxin.live.runs import RunDesk
from huaxin.live.tracking import LiveTracking
from huaxin.orders.commands import AssignCourier
from huaxin.orders.model import Order, Status
from huaxin.people.access import access_shop
from huaxin.people.model import Principal

log = logging.getLogger(__name__)

ROUND_S = 1.0
ROUNDS_LEAST, ROUNDS_MOST, ORDERS_A_ROUND = 2, 10, 30
KEPT_JOBS = 50
TELL_EVERY = 10  # orders applied
_encode = msgspec.json.Encoder().encode


class Job:
    def __init__(self, id: str, shop: str, orders: list[Order]) -> None:
        self.shop, self.orders = shop, orders
        self.view = rv.BatchView(job=id, state="planning", progress=0.0, orders=len(orders))
        self.task: asyncio.Task[None] | None = None


class Batches:
    """One per node. Raises Rejected."""

    def __init__(
        self,
        tracking: LiveTracking,
        desk: RunDesk,
        hub: Hub,
        clock: Callable[[], int],
        new_planner: Callable[[], Planner],
    ) -> None:
        self._tracking, self._desk, self._hub, self._clock = tracking, desk, hub, clock
        self._new_planner = new_planner
        self._jobs: OrderedDict[str, Job] = OrderedDict()

    def bind(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    async def stop(self) -> None:
        tasks = [job.task for job in self._jobs.values() if job.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def plan_batch(self, who: Principal, args: c.BatchArgs) -> rv.BatchView:
        """Begins planning; progress comes on the shop's channel, and by asking get_batch."""
        access_shop(who, args.shop)
        self._tracking.point_of(args.shop)
        if any(
            job.shop == args.shop and job.view.state in ("planning", "applying")
            for job in self._jobs.values()
        ):
            raise Rejected("batch.running", "This shop's orders are being shared out already.", args.shop)
        orders = self._wanted(args)
        riders = [one for one in await self._desk.riders(args.shop) if not one.in_trouble]
        if not orders:
            raise Rejected("batch.empty", "No order is waiting for a courier.", args.shop)
        if not riders:
            raise Rejected("batch.nobody", "The shop has no courier who can ride.", args.shop)
        job = Job(secrets.token_urlsafe(9), args.shop, orders)
        self._jobs[job.view.job] = job
        while len(self._jobs) > KEPT_JOBS:
            self._jobs.popitem(last=False)
        job.task = asyncio.create_task(self._plan(job, riders))
        return job.view

    async def get_batch(self, who: Principal, args: c.ShopOnly) -> rv.BatchView | None:
        """The shop's newest."""
        access_shop(who, args.shop)
        mine = [job for job in self._jobs.values() if job.shop == args.shop]
        return mine[-1].view if mine else None

    def _wanted(self, args: c.BatchArgs) -> list[Order]:
        there = {order.id: order for order in self._tracking.open_of(args.shop)}
        for one in args.orders:
            if one not in there:
                raise Rejected(
                    "order.not_found", "There is no such open order at this shop.", one, status=404
                )
        wanted = [there[one] for one in dict.fromkeys(args.orders)] if args.orders else list(there.values())
        return [
            order
            for order in wanted
            if order.courier is None and order.status in WAITING_AT_SHOP and order.status is not Status.placed
        ]

    # planning

    async def _plan(self, job: Job, riders: list[Rider]) -> None:
        planner = self._new_planner()
        try:
            proposal = await self._proposal(job, riders, planner)
            self._tell(job, **_fields(proposal), state="proposed", progress=1.0)
        except Rejected as refusal:
            self._tell(job, state="failed", sentence=in_both(self._dispatcher, refusal))
        except Exception:
            log.exception("batch %s could not be planned", job.view.job)
            self._tell(job, state="failed", sentence=_SORRY)
        finally:
            await planner.stop()

    async def _proposal(self, job: Job, riders: list[Rider], planner: Planner) -> Proposal:
        point, now = self._tracking.point_of(job.shop), self._clock()
        task = await planner.run(batch_task, point, job.orders, riders, now)
        rounds = min(ROUNDS_MOST, max(ROUNDS_LEAST, len(job.orders) // ORDERS_A_ROUND))
        best: FleetAnswer | None = None
        for n in range(rounds):
            self._tell(job, progress=(n + 0.5) / (rounds + 1))
            best = await planner.run(improve, task, ROUND_S, n + 1, best)
        assert best is not None
        return await planner.run(propose, point, job.orders, riders, task, best, now)

    def _tell(self, job: Job, **fields: Any) -> None:
        job.view = replace(job.view, **fields)
        data = _encode(signals.BatchSignal(batch=job.view))
        self._hub.signal(channels.shop_channel(job.shop), {Role.shop.value: data}, "batch")

    # applying

    async def apply_batch(self, who: Principal, wish: c.ApplyBatch) -> dict[str, Any]:
        """Assigns as proposed. Progress comes on the shop's channel; what was refused is named."""
        job = self._jobs.get(wish.job)
        if job is None:
            raise Rejected("batch.unknown", "This proposal is gone: plan again.", wish.job, status=404)
        access_shop(who, job.shop)
        if job.view.state not in ("proposed", "applied"):
            raise Rejected("batch.not_ready", "This proposal is not ready to be applied.", job.view.state)
        self._tell(job, state="applying", progress=0.0, applied=0, failed=[])
        job.task = asyncio.create_task(self._apply(job, who))
        return {"job": wish.job}

    async def _apply(self, job: Job, who: Principal) -> None:
        wishes = [(order, share.courier) for share in job.view.shares for order in share.orders]
        applied, failed = 0, list[rv.FailedAssign]()
        for n, (order, courier) in enumerate(wishes, 1):
            try:
                body = AssignCourier(order=order, courier=courier)
                await self._dispatcher.on_behalf(who, body, f"{job.view.job}:{n}")
                applied += 1
            except Rejected as refusal:
                failed.append(refused(self._dispatcher, order, refusal))
            except Exception as error:
                log.exception("%s of batch %s was not assigned", order, job.view.job)
                failed.append(refused(self._dispatcher, order, error))
            if n % TELL_EVERY == 0:
                self._tell(job, progress=n / len(wishes), applied=applied, failed=list(failed))
        self._tell(job, state="applied", progress=1.0, applied=applied, failed=failed)


_SORRY = Text(
    "没有排成，什么都没有改变，请再试一次", "It could not be planned. Nothing was changed: try again"
)


def _fields(proposal: Proposal) -> dict[str, Any]:
    return {
        "kept": proposal.kept,
        "late": proposal.late,
        "shares": [
            rv.ShareView(
                courier=one.courier, name=one.name, orders=one.orders, trips=one.trips,
                finish_at=one.finish_at,
            )
            for one in proposal.shares
        ],
        "unkept": [
            rv.UnkeptView(order=one.order, courier=one.courier, reason=one.reason) for one in proposal.unkept
        ],
    }  # fmt: skip
