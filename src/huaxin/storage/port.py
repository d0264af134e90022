"""The one door to a database. Two rooms behind it, SQLite and PostgreSQL, held to one contract suite."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, runtime_checkable

from huaxin.journal.model import Head, Record, StateRow


class StoreError(Exception):
    """`code`: 'store.full' | 'store.unavailable' | 'store.corrupt' | 'store.newer' | 'store.unsupported'.

    Nothing was half-written. After 'store.unavailable' (a lost connection) it is not known whether the
    last commit came through: the same commands may be sent again with the same ids.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


class HeadMoved(Exception):
    """Another node wrote to one of these shops first: catch up, decide again. Nothing was written."""

    def __init__(self, heads: dict[str, Head]) -> None:
        super().__init__(f"heads moved: {heads}")
        self.heads = heads


class Repeated(Exception):
    """These (actor, command_id) are already in the journal. Nothing was written."""

    def __init__(self, firsts: Sequence[Record]) -> None:
        super().__init__("repeated commands")
        self.firsts = firsts


class ShopAppend:
    """One shop's part of one commit."""

    __slots__ = ("expected", "records", "shop", "states")

    def __init__(self, shop: str, expected: Head, records: list[Record], states: list[StateRow]) -> None:
        self.shop, self.expected, self.records, self.states = shop, expected, records, states


class JournalStore(Protocol):
    async def open_shop(self, shop: str) -> Head:
        """The head of the shop's journal; made with a fresh random epoch when it is new."""
        ...

    async def append(self, parts: Sequence[ShopAppend]) -> None:
        """One transaction for all parts, durable on return. Locks each shop's head (sorted by shop), checks
        that it equals `expected`, writes records and states, moves the head.

        Each part's records are dense from expected.seq + 1; a part without records only checks the head.
        A subject has at most one state in a call.

        Raises HeadMoved (with the heads of all parts' shops), Repeated (checked after the heads) or
        StoreError; then nothing was written.
        """
        ...

    async def read(self, shop: str, after: int, limit: int) -> list[Record]:
        """Records with seq > after, ascending, at most `limit`."""
        ...

    async def read_subject(
        self, shop: str, subject: str, after: int, limit: int, *, before: int = 0, newest: bool = False
    ) -> list[Record]:
        """Ascending records of one subject with after < seq (< before when not 0); with `newest` the last
        `limit` of them."""
        ...

    async def read_run(self, shop: str, courier: str, after: int, limit: int) -> list[Record]:
        """Ascending records that belong or belonged to this courier's run."""
        ...

    async def find_command(self, actor: str, command_id: str) -> Record | None:
        """The first record of a command that was carried out."""
        ...

    async def find_commands(self, keys: Sequence[tuple[str, str]]) -> list[Record]:
        """The first records of those (actor, command_id) that were carried out, in no order."""
        ...

    async def heads(self, shops: Sequence[str]) -> dict[str, Head]:
        """The heads of those shops that exist."""
        ...

    async def state(self, shop: str, subject: str) -> StateRow | None: ...

    async def states_of(self, shop: str, subjects: Sequence[str]) -> list[StateRow]:
        """The states of those subjects that exist, in no order."""
        ...

    async def find_subject(self, subject: str) -> StateRow | None:
        """By id alone: subjects are unguessable and unique on the server."""
        ...

    async def states(
        self,
        shop: str = "",
        *,
        courier: str = "",
        buyer: str = "",
        open_only: bool = False,
        since_due: int = 0,
        limit: int = 500,
    ) -> list[StateRow]:
        """States that match every given filter, by due_at then subject."""
        ...


class Database(Protocol):
    """Plain SQL for everything that is not the journal (people, shops, catalogue, marks, positions).

    Statements use $1, $2 … and the dialect both databases share. Types: int, float, str, bytes, bool, None.
    Column types to use in shared migrations: TEXT, BIGINT, DOUBLE PRECISION, BYTEA, BOOLEAN.
    """

    async def fetch(self, sql: str, *args: Any) -> list[tuple[Any, ...]]:
        """Rows of a SELECT, or of a change with RETURNING (durable on return)."""
        ...

    async def execute(self, sql: str, *args: Any) -> int:
        """Rows changed. Durable on return."""
        ...

    async def execute_many(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> list[int]:
        """All in one transaction, or none; rows changed by each."""
        ...


class Hints(Protocol):
    """Where a store can carry wakes between processes itself (PostgreSQL: NOTIFY in the commit)."""

    async def listen(self, heard: Callable[[str, int], None]) -> None:
        """From now on `heard(shop, seq)` is called for commits of other processes. Hints may be lost."""
        ...


@runtime_checkable
class Signals(Protocol):
    """Where a store can carry signals for a person between processes (PostgreSQL: NOTIFY). Some get lost."""

    on_signal: Callable[[str, bytes], None] | None  # told of those of other processes: person, raw JSON

    async def tell_signal(self, person: str, data: bytes) -> None: ...


class Store(JournalStore, Database, Protocol):
    async def migrate(self) -> list[str]:
        """Brings the schema up to date; the names of the migrations applied now."""
        ...

    async def backup(self, target: str) -> None:
        """A consistent copy while running (SQLite: online backup to a file; PostgreSQL: says how)."""
        ...

    async def close(self) -> None: ...
