"""Slot plans in the database: kept in memory, read again now and then where other nodes write too."""

from collections.abc import Callable

import msgspec

from huaxin.slots.model import SlotPlan
from huaxin.storage.port import Database

_KEEP_MS = 3_000
_PUT = """
INSERT INTO slot_plans (shop, doc, changed_at) VALUES ($1, $2, $3)
ON CONFLICT (shop) DO UPDATE SET doc = excluded.doc, changed_at = excluded.changed_at
"""


class SlotPlans:
    """`shared`: other nodes may change them."""

    def __init__(self, db: Database, clock: Callable[[], int], shared: bool) -> None:
        self._db, self._clock, self._shared = db, clock, shared
        self._known: dict[str, tuple[str, SlotPlan | None]] = {}
        self._read_at: dict[str, int] = {}

    async def get(self, shop: str) -> SlotPlan | None:
        """None: the shop has set none, and delivers as it always did."""
        now = self._clock()
        if shop not in self._known or (self._shared and now - self._read_at[shop] >= _KEEP_MS):
            rows = await self._db.fetch("SELECT doc FROM slot_plans WHERE shop = $1", shop)
            self._keep(shop, str(rows[0][0]) if rows else "")
            self._read_at[shop] = now
        return self._known[shop][1]

    def known(self, shop: str) -> SlotPlan | None:
        """As it was read last."""
        found = self._known.get(shop)
        return found[1] if found else None

    async def put(self, shop: str, plan: SlotPlan | None, now: int) -> None:
        """None: as it always did, again."""
        if plan is None:
            await self._db.execute("DELETE FROM slot_plans WHERE shop = $1", shop)
            self._keep(shop, "")
        else:
            doc = msgspec.json.encode(plan).decode()
            await self._db.execute(_PUT, shop, doc, now)
            self._keep(shop, doc)
        self._read_at[shop] = self._clock()

    def _keep(self, shop: str, doc: str) -> None:
        known = self._known.get(shop)
        if known is None or known[0] != doc:  # the same plan stays the same object
            self._known[shop] = (doc, msgspec.json.decode(doc, type=SlotPlan) if doc else None)
