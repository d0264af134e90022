"""PE-22…PE-27: who is what on an order."""

from dataclasses import dataclass

import msgspec
import pytest

from huaxin.journal.model import Rejected
from huaxin.kernel import Point, Role
from huaxin.orders.model import Address, Courier, Order, Party, Promise, Status
from huaxin.people.access import access_shop, is_shop_staff, role_on, roles_on, staff_of
from huaxin.people.model import ANONYMOUS, SYSTEM, Principal, StaffRole


def an_order(**changes: object) -> Order:
    order = Order(
        id="order-1",
        shop="s1",
        number=1001,
        status=Status.delivering,
        placed_at=0,
        buyer=Party(person="li", name="李女士", phone="13812345678"),
        recipient=Party(name="妈妈", phone="13900000000", person="mum"),
        lines=[],
        total=0,
        address=Address(text="阳光小区5号楼3单元401", point=Point(31.2, 121.4)),
        promise=Promise(end=1),
        courier=Courier(person="zhang", name="张师傅"),
    )
    return msgspec.structs.replace(order, **changes)


def staff(person: str, role: StaffRole, shop: str = "s1") -> Principal:
    return Principal(person=person, staff={shop: role})


ORDER = an_order()


@dataclass
class Case:
    who: Principal
    role: Role | None
    order: Order = ORDER


CASES = {
    "buyer": Case(Principal(person="li"), Role.buyer),
    "stranger": Case(Principal(person="wang"), None),
    "nobody": Case(ANONYMOUS, None),
    "nobody and an order without an account": Case(ANONYMOUS, None, an_order(buyer=Party(name="李"))),
    "system": Case(SYSTEM, Role.system),
    "owner": Case(staff("o", StaffRole.owner), Role.shop),
    "florist": Case(staff("f", StaffRole.florist), Role.shop),
    "dispatcher": Case(staff("d", StaffRole.dispatcher), Role.shop),
    "owner of another shop": Case(staff("o", StaffRole.owner, "s2"), None),
    "its courier": Case(staff("zhang", StaffRole.courier), Role.courier),
    "another courier of the shop": Case(staff("wang", StaffRole.courier), None),
    "its courier, no longer staff": Case(Principal(person="zhang"), None),
    "its courier, of another shop by now": Case(staff("zhang", StaffRole.courier, "s2"), None),
    "its courier, just delivered": Case(
        staff("zhang", StaffRole.courier), Role.courier, an_order(status=Status.delivered)
    ),
    "its courier, privacy closed": Case(
        staff("zhang", StaffRole.courier), None, an_order(status=Status.delivered, privacy_closed=True)
    ),
    "a courier it was taken from": Case(staff("zhang", StaffRole.courier), None, an_order(courier=None)),
    "a recipient's account is no way in": Case(Principal(person="mum"), None),
    "recipient by link": Case(
        Principal(person="guest:1", guest_order="order-1", guest_role="recipient"), Role.recipient
    ),
    "buyer by link": Case(Principal(person="guest:1", guest_order="order-1", guest_role="buyer"), Role.buyer),
    "a link to another order": Case(
        Principal(person="guest:1", guest_order="order-2", guest_role="buyer"), None
    ),
    "a guest with staff made up": Case(
        Principal(person="g", guest_order="order-2", guest_role="buyer", staff={"s1": StaffRole.owner}), None
    ),
    "staff who ordered it": Case(staff("li", StaffRole.owner), Role.buyer),
    "owner who rides": Case(staff("zhang", StaffRole.owner), Role.courier),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_role_on_an_order(case: Case) -> None:
    """PE-22…PE-25."""
    assert role_on(case.order, case.who) == case.role
    assert (roles_on(case.order, case.who) == []) == (case.role is None)


def test_another_role_can_be_asked_for_but_not_made_up() -> None:
    """PE-26."""
    both = staff("li", StaffRole.dispatcher)
    assert roles_on(an_order(), both) == [Role.buyer, Role.shop]
    assert role_on(an_order(), both, Role.shop) == Role.shop
    assert role_on(an_order(), both, Role.courier) is None
    assert role_on(an_order(), Principal(person="li"), Role.shop) is None


def test_shops_do_not_see_each_other() -> None:
    """PE-27."""
    owner = staff("o", StaffRole.owner, "s1")
    assert staff_of(owner, "s1") == StaffRole.owner
    assert staff_of(owner, "s2") is None
    assert is_shop_staff(owner, "s1")
    assert not is_shop_staff(staff("z", StaffRole.courier), "s1")
    with pytest.raises(Rejected) as refused:
        access_shop(owner, "s2")
    assert (refused.value.code, refused.value.status) == ("access.denied", 403)
    with pytest.raises(Rejected):
        access_shop(staff("f", StaffRole.florist), "s1", StaffRole.owner)
    assert access_shop(owner, "s1", StaffRole.owner) == StaffRole.owner
