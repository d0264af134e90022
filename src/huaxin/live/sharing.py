"""Live positions of people who share them for a while. Signals: the latest counts, none is kept.

That somebody shares, for whom and how long, is a fact of the journal (live_shared, live_stopped); this
holds only where they are. A share ends at its time, when it is stopped or recalled, when whoever shares is
no longer on the order in that role, and with the order.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from huaxin.conversation.commands import StopLive
from huaxin.gateway.hub import Hub
from huaxin.journal.journal import Journal
from huaxin.journal.model import Record, Rejected
from huaxin.kernel import AUDIENCE_OF, Role
from huaxin.live import channels, signals
from huaxin.live import commands as c
from huaxin.live import views as v
from huaxin.live.orders import Orders
from huaxin.live.targets import Targets
from huaxin.orders.model import Order
from huaxin.orders.redact import is_sender_hidden
from huaxin.people.access import roles_on
from huaxin.people.guests import PREFIX
from huaxin.people.model import Principal
from huaxin.people.service import People

log = logging.getLogger(__name__)
BETWEEN_S = 1.0  # positions of one share are passed on at most this often
_AHEAD_MS = 60_000  # a phone's clock may be wrong by this before its time is not believed
_LONGEST_MS = 60 * 60_000
_LOOKED_AT = 500  # newest records of an order among which shares are found
_MOST = 10_000  # shares held at once
_CLOSING = frozenset({"order_delivered", "status_changed"})
_HEARD_BY = (Role.buyer, Role.recipient, Role.shop, Role.courier)
_encode = msgspec.json.Encoder().encode

GiveCommand = Callable[[Order, Any, str], Awaitable[Any]]


class _Share:
    """One live_shared event and where its sender is."""

    __slots__ = ("audience", "latest", "order", "person", "role", "sent_at", "seq", "until")

    def __init__(self, record: Record) -> None:
        self.order, self.seq, self.audience = record.subject, record.seq, record.audience
        self.person, self.role = record.actor, Role(record.role)
        self.until = int(msgspec.json.decode(record.body)["until"])
        self.latest: v.LiveView | None = None
        self.sent_at = -BETWEEN_S


class Sharing:
    """One per node; everything in it comes back with the next position."""

    def __init__(
        self,
        journal: Journal,
        orders: Orders,
        targets: Targets,
        people: People,
        hub: Hub,
        clock: Callable[[], int],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` in ms is the house's; `seconds` run as real ones do."""
        self._journal, self._orders, self._targets, self._people = journal, orders, targets, people
        self._hub, self._clock, self._seconds = hub, clock, seconds
        self._shares: dict[tuple[str, int], _Share] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.give: GiveCommand | None = None  # a command of the system (Dispatcher.system)
        people.changed.append(self._on_rights_changed)

    async def report(self, who: Principal, wish: c.ReportLivePosition) -> dict[str, Any]:
        """Takes a position and passes it on. Raises Rejected live.none, live.ended, message.not_yours."""
        order, _ = await self._orders.access(wish.order, who)
        share = await self._find(order, wish.seq)
        if share.person != who.person or share.role not in roles_on(order, who):
            raise Rejected("message.not_yours", "This message is somebody else's.", wish.seq, status=403)
        now = self._clock()
        if not _is_on(share, order, now):
            self._shares.pop((order.id, wish.seq), None)
            raise Rejected("live.ended", "This position is not shared any more.", wish.seq)
        at = wish.at if 0 < wish.at <= now + _AHEAD_MS else now
        if share.latest is not None and at < share.latest.at:
            return {"accepted": False, "until": share.until}  # from before a tunnel: only the newest counts
        share.latest = v.LiveView(
            seq=share.seq,
            person=share.person,
            role=share.role,
            point=wish.point,
            accuracy_m=wish.accuracy_m,
            at=min(at, now),
            until=share.until,
        )
        seconds = self._seconds()
        if seconds - share.sent_at >= BETWEEN_S:
            share.sent_at = seconds
            self._tell(order, share, share.latest)
        return {"accepted": True, "until": share.until}

    async def _find(self, order: Order, seq: int) -> _Share:
        known = self._shares.get((order.id, seq))
        if known is not None:
            return known
        record = await self._targets.record(order.shop, order.id, seq)
        if record is None or record.type != "live_shared":
            raise Rejected("live.none", "This message shares no position.", seq, status=404)
        if len(self._shares) >= _MOST:
            self._forget_old()
        return self._shares.setdefault((order.id, seq), _Share(record))

    def _forget_old(self) -> None:
        now = self._clock()
        kept = {key: share for key, share in self._shares.items() if share.until > now}
        self._shares = dict(list(kept.items())[-_MOST // 2 :])

    def _tell(self, order: Order, share: _Share, view: v.LiveView) -> None:
        signal = _encode(_signal(order, view))
        payloads = {role.value: signal for role in _HEARD_BY if share.audience & AUDIENCE_OF[role]}
        if Role.recipient.value in payloads:
            payloads[Role.recipient.value] = _encode(_signal(order, _as_seen(view, order, Role.recipient)))
        key = f"live:{share.seq}"
        self._hub.signal(channels.order_channel(order.id), payloads, key)
        self._hub.signal(channels.shop_channel(order.shop), {"shop": signal}, key)
        if order.courier is not None and Role.courier.value in payloads and not order.privacy_closed:
            run = channels.run_channel(order.shop, order.courier.person)
            self._hub.signal(run, {"courier": signal}, key)

    async def latest(self, order: Order, role: Role) -> list[v.LiveView]:
        """Where those are who share their position with this role now; for the snapshot."""
        now, found = self._clock(), []
        for share in [one for (of, _), one in self._shares.items() if of == order.id]:
            if not _is_on(share, order, now):
                self._shares.pop((order.id, share.seq), None)
                continue
            view = share.latest
            if view is None or not share.audience & AUDIENCE_OF[role] or await self._has_left(share, order):
                continue
            found.append(_as_seen(view, order, role))
        return found

    async def _has_left(self, share: _Share, order: Order) -> bool:
        """Who is of the shop, or came by a link, the order itself does not say."""
        if _is_guest(share):
            return await self._people.guests.is_over(share.person)
        if share.role is not Role.shop:
            return False
        return all(one.person.id != share.person for one in await self._people.staff(order.shop))

    # what ends it

    def on_record(self, record: Record, order: Order) -> None:
        """Told by the feed of every record that changed its order."""
        if record.type in ("live_stopped", "message_recalled"):
            self._shares.pop((order.id, msgspec.json.decode(record.body)["seq"]), None)
        elif not order.open and record.type in _CLOSING:
            self._spawn(self._end(order, ""))
        elif record.courier_before:
            self._spawn(self._end(order, record.courier_before))

    def _on_rights_changed(self, about: Callable[[Principal], bool]) -> None:
        """Guests whose link was ended share nothing any more; everybody's screen says so."""
        for share in self._shares.values():
            who = Principal(person=share.person, device="", guest_order=share.order)
            if _is_guest(share) and about(who):
                self._spawn(self._end_of_guest(share))

    async def _end_of_guest(self, share: _Share) -> None:
        order = await self._orders.find(share.order)
        if order is not None and await self._people.guests.is_over(share.person):
            await self._stop(order, share.seq)

    async def _end(self, order: Order, courier: str) -> None:
        """Ends every share of an order, or those of a courier who does not carry it any more."""
        since = self._clock() - _LONGEST_MS
        records = await self._journal.read_subject(order.shop, order.id, 0, _LOOKED_AT, newest=True)
        for record in records:
            if record.type != "live_shared" or record.at < since:
                continue
            if courier and (record.actor != courier or record.role != Role.courier.value):
                continue
            await self._stop(order, record.seq)

    async def _stop(self, order: Order, seq: int) -> None:
        self._shares.pop((order.id, seq), None)
        if self.give is None:
            return
        try:
            # With the order: another shop's journal has the same seqs, and an id is used once only.
            await self.give(order, StopLive(order=order.id, seq=seq), f"stop-{order.id}-{seq}")
        except Rejected as refusal:
            log.debug("sharing of %d: %s", seq, refusal.code)  # it had ended by itself

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(self._guard(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guard(self, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception:
            log.exception("shared positions could not be ended; they end at their time")


def _is_on(share: _Share, order: Order, now: int) -> bool:
    overlay = order.overlays.get(str(share.seq))
    ended = overlay is not None and (overlay.closed_at or overlay.recalled_at)
    if ended or now >= share.until or not order.open:
        return False
    if share.role is Role.courier:
        return order.courier is not None and order.courier.person == share.person
    return share.role is not Role.buyer or order.buyer.person == share.person or _is_guest(share)


def _is_guest(share: _Share) -> bool:
    return share.person.startswith(PREFIX)


def _as_seen(view: v.LiveView, order: Order, role: Role) -> v.LiveView:
    if is_sender_hidden(view.role, role, order):
        return msgspec.structs.replace(view, person="")
    return view


def _signal(order: Order, view: v.LiveView) -> signals.LiveSignal:
    return signals.LiveSignal(
        order=order.id,
        seq=view.seq,
        person=view.person,
        role=view.role,
        point=view.point,
        accuracy_m=view.accuracy_m,
        at=view.at,
        until=view.until,
    )
