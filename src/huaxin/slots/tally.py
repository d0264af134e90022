"""What a shop's orders take of its slots, kept at the head of its journal (journal.model.Tally).

Nothing is booked and given back: what is taken follows from the orders as they are. So whatever moves,
cancels or restores an order (by whom and how ever) moves its seat in the same commit.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from huaxin.journal.model import Command, Record, Rejected
from huaxin.orders.model import Line, Order, Promise, Status
from huaxin.shops.model import Shop
from huaxin.slots.book import Book, Load, Taken, taken_by
from huaxin.slots.free import When, next_free, room_in, say_slots, slot_at, zone_room
from huaxin.slots.model import SlotPlan, Spot


class _Doc(msgspec.Struct, gc=False):
    """As much of an order's state, or of a record's delta, as is counted."""

    status: Status | UnsetType = UNSET
    promise: Promise | UnsetType = UNSET
    lines: list[Line] | UnsetType = UNSET
    zone: str | UnsetType = UNSET


_read = msgspec.json.Decoder(_Doc).decode


class SlotTally:
    """Of one shop. `plan` None: the shop has set no slots, and nothing is counted."""

    def __init__(self, shop: Shop, plan: SlotPlan | None, is_current: Callable[[], bool]) -> None:
        self.shop, self.plan, self._is_current = shop, plan, is_current
        self.book = Book()
        self._known: dict[str, tuple[Taken, bool]] = {}  # what an order takes, and whether it is cancelled

    @property
    def stale(self) -> bool:
        """The shop has changed its slots since: to be opened again."""
        return not self._is_current()

    def load(self, docs: Iterable[tuple[str, bytes]]) -> None:
        """States as they are stored, by subject."""
        for subject, doc in docs:
            self._note(subject, _read(doc))

    def absorb(self, records: Sequence[Record]) -> None:
        if self.plan is None:
            return
        for record in records:
            if record.delta:
                self._note(record.subject, _read(record.delta))

    def draft(self) -> "SlotDraft":
        return SlotDraft(self)

    def _note(self, subject: str, doc: _Doc) -> None:
        was, gone = self._known.get(subject, (None, False))
        if isinstance(doc.promise, UnsetType):
            if was is None:
                return  # of an order that was over before this began
            at = was.at
        else:
            at = doc.promise.end
        bouquets, zone = (was.bouquets, was.zone) if was else (1, "")
        if not isinstance(doc.lines, UnsetType):
            bouquets = sum(line.quantity for line in doc.lines)
        if not isinstance(doc.zone, UnsetType):
            zone = doc.zone
        if was is not None and not gone:
            self.book.add(was, -1)
        if not isinstance(doc.status, UnsetType):
            gone = doc.status is Status.cancelled
        now = Taken(at, bouquets, zone)
        self._known[subject] = now, gone
        if not gone:
            self.book.add(now)


class SlotDraft:
    """A batch being decided: what it would take on top. Thrown away when the batch is."""

    def __init__(self, tally: SlotTally) -> None:
        self._tally, self._book = tally, Book()

    def take(self, before: Any | None, after: Any, command: Command, now: int) -> None:
        """Raises Rejected slot.full (409) with the next free slots; then nothing is taken."""
        tally = self._tally
        if tally.plan is None or not isinstance(after, Order):
            return
        was, will = taken_by(before), taken_by(after)
        if was == will:
            return
        if will is not None and _grows(was, will) and _must_fit(after, command):
            self._check(tally.plan, was, will, now)
        if was is not None:
            self._book.add(was, -1)
        if will is not None:
            self._book.add(will)

    def _check(self, plan: SlotPlan, was: Taken | None, will: Taken, now: int) -> None:
        shop = self._tally.shop
        when = slot_at(plan, shop, will.at)
        if when is None:
            return  # nothing is counted outside the slots
        load = self._load(when, was)
        if was is not None and when.start < was.at <= when.end and will.bouquets <= was.bouquets:
            if was.zone == will.zone:
                return  # it has its seat, however full the slot is
            room = zone_room(plan, load, will.zone)
        else:
            room = room_in(plan, when, load, will.zone, will.bouquets)
        if room.left:
            return
        zone = next((one for one in plan.zones if one.id == will.zone), None)
        spot = Spot(zone=will.zone, fee=zone.fee if zone else 0)
        raise full(plan, shop, self._tally.book, when, now, spot, will.bouquets, room.why)

    def _load(self, when: When, without: Taken | None) -> Load:
        load = self._tally.book.between(when.start, when.end)
        more = self._book.between(when.start, when.end)
        load.orders += more.orders
        load.bouquets += more.bouquets
        load.zones.update(more.zones)
        if without is not None and when.start < without.at <= when.end:
            load.orders -= 1
            load.bouquets -= without.bouquets
            load.zones[without.zone] -= 1
        return load


def _grows(was: Taken | None, will: Taken) -> bool:
    return was is None or was.at != will.at or was.zone != will.zone or will.bouquets > was.bouquets


def _must_fit(after: Order, command: Command) -> bool:
    """The shop may take more than it said it can; what was agreed at the door or on the phone is agreed."""
    if command.actor.role == "system" or after.promise.source == "agreed":
        return False
    return not (command.actor.role == "shop" and getattr(command.body, "overbook", False))


def full(
    plan: SlotPlan,
    shop: Shop,
    book: Book,
    when: When,
    now: int,
    spot: Spot,
    bouquets: int,
    why: str,
) -> Rejected:
    """What somebody reads who came too late: with the slots that are still free."""
    found = next_free(plan, shop, book, now, when.start, spot, bouquets)
    return Rejected(
        "slot.full" if found else "slot.all_full",
        "This time is fully booked. Nothing was ordered; choose another time.",
        {
            "start": when.start,
            "end": when.end,
            "why": why,
            "next": say_slots(shop, found),
            "slots": msgspec.to_builtins(found),
        },
    )
