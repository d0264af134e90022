"""The journal's own words. It knows no flowers: a *subject* is whatever a command changes (an order)."""

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec


class Actor(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Who wants something. The role is found by the access rules before the journal sees it."""

    person: str  # "system" for the system itself
    role: str
    device: str = ""
    name: str = ""


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """A wish in the imperative, with an id made by the client: a repeat returns the first result."""

    shop: str
    subject: str
    actor: Actor
    command_id: str
    body: Any  # a typed command of a domain, with what the server filled in
    wish: Any = None  # the body as the client sent it, to tell a repeat from a reused id; None: body
    device_at: int = 0  # ms since 1970 by the device's own clock; kept, never used for order


class Fact(msgspec.Struct, frozen=True, gc=False):
    """A past-tense event that a decision wants written."""

    type: str
    version: int
    audience: int  # bit mask of roles that may see it
    body: bytes  # raw JSON of the typed event, without its tag
    delta: bytes = b""  # raw JSON: top-level fields of the subject's state that changed, unredacted
    courier: str = ""  # whose run this belongs to after it
    courier_before: str = ""  # whose run it belonged to before, when that differs
    actor: str | None = None  # None: the command's actor; "system" for what the system adds by itself


class Record(msgspec.Struct, frozen=True, gc=False):
    """One event as stored. (shop, seq) is its identity and its place: dense, from 1, never reused."""

    shop: str
    seq: int
    at: int  # ms since 1970, server clock at commit
    subject: str
    type: str
    version: int
    actor: str
    role: str
    audience: int
    body: bytes
    delta: bytes = b""
    courier: str = ""
    courier_before: str = ""
    command_id: str = ""
    nth: int = 0  # which of its command's events; the command's result is stored with nth = 0
    result: bytes = b""
    device_at: int = 0
    digest: int = 0  # of the command's body (nth = 0), to tell a repeat from a reused id; 0: not known


class StateRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The state of a subject after a commit, with the columns lists are made from."""

    shop: str
    subject: str
    seq: int  # of the last event that changed it
    doc: bytes  # raw JSON of the whole state
    status: str = ""
    buyer: str = ""
    courier: str = ""
    due_at: int = 0  # ms since 1970: the promise
    closed: bool = False  # needs no further work: left out of boards
    vouchers: str = ""  # JSON, what a tally counts of it; nearly always empty, and found by an index if not


class Head(msgspec.Struct, frozen=True, gc=False):
    epoch: str
    seq: int


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules answer: facts to write, the state after them (None: unchanged), the command's result.

    The first fact must be the actor's own (`actor` None): the command's id and result are kept with it.
    Without facts nothing is written and `state` must be None; the result is then not kept for a repeat.
    """

    facts: list[Fact]
    result: dict[str, Any]  # the journal adds shop, seq (of the last fact) and at
    state: Any = None


class Rejected(Exception):
    """A command that may not be. Changes nothing.

    `code` is stable ("order.illegal_move"), the sentence says what to do, `value` is the offending value.
    """

    def __init__(self, code: str, sentence: str, value: Any = None, *, status: int = 409) -> None:
        super().__init__(sentence)
        self.code, self.sentence, self.value, self.status = code, sentence, value, status


class TallyDraft(Protocol):
    """What a batch that is being decided would add to a tally. Thrown away with the batch."""

    def take(self, before: Any | None, after: Any, command: Command, now: int) -> None:
        """A decision left this state. Raises Rejected when it does not fit; then it takes nothing."""
        ...


class Tally(Protocol):
    """What a shop's subjects take up together, of which there is only so much. Always as of the journal's
    head, and the commit checks that head: two who are decided upon at once cannot both take the last."""

    @property
    def stale(self) -> bool:
        """To be opened again before the next decision."""
        ...

    def absorb(self, records: Sequence[Record]) -> None:
        """What follows the head, in its order; some of it may be known already."""
        ...

    def draft(self) -> TallyDraft: ...


class Tallies(Protocol):
    async def open(self, shop: str) -> Tally:
        """From the states as they are stored now."""
        ...


class Rules(Protocol):
    """The domain, pure: no I/O, no clock, no randomness."""

    def decide(self, state: Any | None, command: Command, now: int) -> Decision:
        """Raises Rejected. `state` is None when the subject does not exist yet; must not be mutated."""
        ...

    def load(self, doc: bytes) -> Any: ...

    def dump(self, state: Any, seq: int, shop: str, subject: str) -> StateRow: ...
