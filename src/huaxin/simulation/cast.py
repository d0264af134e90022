"""Who plays: the staff and the regulars, as the principals they would be if they had logged in."""

from dataclasses import dataclass, field

from huaxin.people.model import Principal, StaffRole
from huaxin.people.service import People
from huaxin.shops.model import Shop
from huaxin.simulation.plan import invent_buyers

SIMULATOR = "simulator"  # the device of everything the simulator does
EXTRA_COURIER = ("刘姐", "13800000014")


@dataclass(frozen=True)
class Player:
    principal: Principal
    role: str  # on the screens: buyer | courier | shop
    work: str = ""  # owner | florist | dispatcher | courier

    @property
    def person(self) -> str:
        return self.principal.person


@dataclass
class Cast:
    players: dict[str, Player] = field(default_factory=dict)  # by person
    by_phone: dict[str, Player] = field(default_factory=dict)

    def add(self, player: Player) -> None:
        self.players[player.person] = player
        self.by_phone[player.principal.phone] = player

    def working(self, work: str) -> list[Player]:
        """Everyone of this work, in the order they were taken on."""
        return [one for one in self.players.values() if one.work == work]

    @property
    def couriers(self) -> list[Player]:
        return self.working(StaffRole.courier.value)

    @property
    def buyers(self) -> list[Player]:
        return [one for one in self.players.values() if one.role == "buyer"]

    @property
    def dispatcher(self) -> Player:
        return (self.working("dispatcher") or self.working("owner"))[0]

    @property
    def florist(self) -> Player:
        return (self.working("florist") or self.working("owner"))[0]


async def gather_cast(people: People, shop: Shop) -> Cast:
    """The shop's staff with one more pair of wheels, and the regulars; made where they are missing."""
    name, phone = EXTRA_COURIER
    rider = await people.add_person(phone, name)
    await people.add_staff(shop.id, rider.id, StaffRole.courier)
    cast = Cast()
    for member in sorted(await people.staff(shop.id), key=lambda one: one.person.phone):
        person, work = member.person, member.role
        principal = Principal(
            person=person.id, device=SIMULATOR, name=person.name, phone=person.phone, staff={shop.id: work}
        )
        role = "courier" if work is StaffRole.courier else "shop"
        cast.add(Player(principal, role, work.value))
    for buyer in invent_buyers():
        person = await people.add_person(buyer.phone, buyer.name)
        if person.id not in cast.players:
            principal = Principal(
                person=person.id, device=SIMULATOR, name=person.name or buyer.name, phone=person.phone
            )
            cast.add(Player(principal, "buyer"))
    return cast
