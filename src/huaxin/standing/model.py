"""A standing order, its commands, and the days it falls on. Minutes count from local midnight."""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from huaxin.kernel import Text
from huaxin.orders.commands import Id, PlaceOrder

DAYS_AHEAD = 7  # an order is made so long before its day
MOST_OF_ONE = 50  # standing orders of a shop by one person
Weekdays = Annotated[tuple[Annotated[int, Meta(ge=1, le=7)], ...], Meta(min_length=1, max_length=7)]
Day = Annotated[str, Meta(pattern=r"^(\d{4}-\d{2}-\d{2})?$")]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """`wish` is what each of them is like; its order, promise and what the server says are made anew."""

    id: str
    shop: str
    person: str  # who set it up, and orders
    role: str  # buyer | shop
    wish: PlaceOrder
    days: tuple[int, ...]  # 1 Monday … 7 Sunday
    start: int  # minute of the window, -1: only "by end"
    end: int
    since: str  # first day it may fall on
    until: str = ""  # last day, "": until it is ended
    paused: bool = False
    ended: bool = False
    trouble: Text | None = None  # why the next one could not be made
    created_at: int = 0


class StartStanding(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="start_standing"):
    """An order again on these weekdays, at its time and place, as it is now. The command's id is its id."""

    order: Id
    days: Weekdays
    until: Day = ""


class PauseStanding(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="pause_standing"):
    """None is made while it is paused. Orders that are there already stay."""

    standing: Id
    on: bool = True


class EndStanding(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="end_standing"):
    """No more from now on, for good."""

    standing: Id


class StandingArgs(msgspec.Struct, frozen=True, kw_only=True):
    """Of a shop, for its staff; without a shop one's own."""

    shop: Annotated[str, Meta(max_length=128)] = ""


class StandingView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    shop: str
    shop_name: str
    role: str  # who set it up: buyer | shop
    days: list[int]
    start: int  # minutes, -1: by `end`
    end: int
    until: str
    paused: bool
    ended: bool
    recipient: str
    address: str
    bouquets: Text
    next_day: str  # the next one that is not made yet, "": none
    made: list[str]  # ids of those made for days to come
    trouble: Text | None


def days_of(one: Standing, first: date, last: date) -> Iterator[date]:
    """The days it falls on, from `first` to `last`."""
    day = max(first, date.fromisoformat(one.since))
    while day <= last and (not one.until or day.isoformat() <= one.until):
        if day.isoweekday() in one.days:
            yield day
        day += timedelta(days=1)


def order_id(one: Standing, day: date) -> str:
    """The same for every server and every time it is tried: one order a day."""
    return "s-" + hashlib.blake2b(f"{one.shop}\n{one.id}\n{day}".encode(), digest_size=15).hexdigest()
