"""What this room asks of the house; compose.py hands it in."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from huaxin.conversation.marks import MemberMarks
from huaxin.journal.model import Head, Record
from huaxin.kernel import Role
from huaxin.orders.model import Order
from huaxin.people.model import Member, Person

# The record as this role sees it now (raw JSON of an EventView), None: nothing of it.
See = Callable[[Record, Order, Role], bytes | None]
FindOrder = Callable[[str], Awaitable[Order | None]]
FindMarks = Callable[[str], Awaitable[list[MemberMarks]]]
# order, person, role, received: a device has it, although no screen is open.
Raise = Callable[[str, str, str, int], Awaitable[None]]


class Journals(Protocol):
    async def head(self, shop: str) -> Head: ...

    async def since(self, shop: str, after: int, limit: int) -> list[Record]: ...

    async def read_subject(
        self, shop: str, subject: str, after: int, limit: int, *, before: int = 0, newest: bool = False
    ) -> list[Record]: ...


class Persons(Protocol):
    async def person(self, person: str) -> Person | None: ...

    async def staff(self, shop: str) -> list[Member]: ...
