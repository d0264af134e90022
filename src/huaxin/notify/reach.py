"""Who could be told of an order at all. Kept in memory: most records concern nobody with a push."""

from collections.abc import Awaitable, Callable

from huaxin.kernel import Role
from huaxin.notify.channels import StaffSender
from huaxin.notify.model import Listener
from huaxin.notify.ports import Persons
from huaxin.notify.store import NotifyStore
from huaxin.orders.model import Order
from huaxin.people.model import SHOP_ROLES

LOOK_MS = 15_000  # another node's new subscription is seen after this


class Reach:
    """`texts`: whether there is an SMS or WeChat sender."""

    def __init__(
        self,
        store: NotifyStore,
        people: Persons,
        staff: StaffSender | None,
        texts: bool,
        now: Callable[[], int],
    ) -> None:
        self._store, self._people, self._staff, self._texts, self._now = store, people, staff, texts, now
        self._persons: set[str] = set()
        self._guests: dict[str, list[tuple[str, str]]] = {}
        self._crew: dict[str, tuple[int, set[str]]] = {}  # shop → when looked, its people but couriers
        self._looked_at = 0
        # (person, order) → whether they want to hear nothing of its messages (conversation/mutes.py).
        self.is_muted: Callable[[str, str], Awaitable[bool]] | None = None

    async def wanting_messages(self, order: Order) -> list[Listener]:
        """Those who could be told of this order and have not muted it."""
        found = await self.of(order)
        if self.is_muted is None:
            return found
        return [one for one in found if not (one.person and await self.is_muted(one.person, order.id))]

    def anybody(self) -> bool:
        """False while nobody at all could be told: then nothing is decided."""
        return bool(self._persons) or self._texts or self._staff is not None

    async def look(self, *, fresh: bool = False) -> None:
        now = self._now()
        if fresh or now - self._looked_at > LOOK_MS or now < self._looked_at:
            self._persons, self._guests = await self._store.reachable(now)
            self._looked_at = now
            if fresh:
                self._crew.clear()

    async def of(self, order: Order) -> list[Listener]:
        """Everybody who could be told of this order."""
        found = []
        texts = self._texts
        if order.buyer.person:
            found.append(self._one(order.buyer.person, Role.buyer, texts))
        if order.courier is not None and not order.privacy_closed:
            found.append(self._one(order.courier.person, Role.courier, texts))
        found += [self._one(person, role, False) for person, role in self._guests.get(order.id, ())]
        crew = await self._crew_of(order.shop)
        found += [self._one(person, Role.shop, False) for person in sorted(crew & self._persons)]
        if self._staff is not None and self._staff.reaches(order.shop):
            found.append(Listener(person="", role=Role.shop.value, further=True))
        return [one for one in found if one.push or one.further]

    def _one(self, person: str, role: str, further: bool) -> Listener:
        return Listener(person=person, role=str(role), push=person in self._persons, further=further)

    async def _crew_of(self, shop: str) -> set[str]:
        now = self._now()
        looked, crew = self._crew.get(shop, (0, set()))
        if not looked or now - looked > LOOK_MS or now < looked:
            crew = {one.person.id for one in await self._people.staff(shop) if one.role in SHOP_ROLES}
            self._crew[shop] = (now, crew)
        return crew
