"""How orders come in besides one by one: slots, tables, standing orders, the telephone, vouchers; what goes
back."""

from collections.abc import Callable
from typing import Any

from huaxin.catalogue.store import CatalogueStore
from huaxin.journal.journal import Journal
from huaxin.live.customers import Customers
from huaxin.live.dispatch import Dispatcher
from huaxin.live.enrich import Enrich
from huaxin.live.importing import Importing, import_queries
from huaxin.live.orders import Orders
from huaxin.live.refunds import Refunds
from huaxin.live.roads import City
from huaxin.live.searching import Searching
from huaxin.live.slots import SlotDesk, slot_queries
from huaxin.live.standing import StandingRoom
from huaxin.live.vouchers import VoucherDesk, voucher_queries
from huaxin.people.service import People
from huaxin.shops.store import ShopStore
from huaxin.storage.port import Store


class Intake:
    def __init__(
        self,
        store: Store,
        journal: Journal,
        orders: Orders,
        people: People,
        shops: ShopStore,
        catalogue: CatalogueStore,
        city: City,
        slots: SlotDesk,
        enrich: Enrich,
        searching: Searching,
        sentence: Callable[[str, str, Any], str | None],
        clock: Callable[[], int],
    ) -> None:
        self.slots, self.customers = slots, Customers(searching, orders)
        self.imports = Importing(store, journal, orders, shops, catalogue, city, slots, enrich, clock)
        self.vouchers = VoucherDesk(store, journal, catalogue, clock)
        enrich.find_voucher = self.vouchers.find
        self.standing = StandingRoom(store, orders, people, shops, sentence, clock)
        self.refunds = Refunds(store, clock)

    def bind(self, dispatcher: Dispatcher) -> None:
        self.standing.bind(dispatcher)

    async def start(self) -> None:
        await self.imports.start()
        await self.standing.start()

    async def stop(self) -> None:
        await self.standing.stop()
        await self.imports.stop()

    def queries(self) -> dict[str, tuple[Any, Any, Any]]:
        """For the dispatcher: name → (arguments, answer, who answers)."""
        parts = slot_queries(self.slots) | import_queries(self.imports) | voucher_queries(self.vouchers)
        return parts | self.standing.queries() | self.customers.queries() | self.refunds.queries()

    def acts(self) -> dict[str, Any]:
        return {"set_slots": self.slots.set_slots} | self.standing.acts()
