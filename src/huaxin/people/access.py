"""Who is what on an order. Pure, and the only place that says so."""

from huaxin.journal.model import Rejected
from huaxin.kernel import Role
from huaxin.orders.model import Order
from huaxin.people.model import SHOP_ROLES, Principal, StaffRole


def roles_on(order: Order, principal: Principal) -> list[Role]:
    """Every role the principal has on this order, the one they most likely mean first; empty: no sight of it.

    Buyer comes before courier before shop: somebody's own order is seen with a customer's eyes.
    """
    if principal.person == "system":
        return [Role.system]
    if not principal.person:
        return []
    if principal.guest_order:
        return [Role(principal.guest_role)] if principal.guest_order == order.id else []
    work = principal.staff.get(order.shop)
    roles = []
    if order.buyer.person == principal.person:
        roles.append(Role.buyer)
    # Who has left the shop has left its orders, even those still on the bike.
    if work is not None and _carries(order, principal.person):
        roles.append(Role.courier)
    if work in SHOP_ROLES:
        roles.append(Role.shop)
    return roles


def _carries(order: Order, person: str) -> bool:
    """A courier sees an order only while it is theirs, and a completed one only until privacy closes."""
    return (
        order.courier is not None
        and order.courier.person == person
        and (order.open or not order.privacy_closed)
    )


def role_on(order: Order, principal: Principal, as_role: Role | None = None) -> Role | None:
    """The principal's role, or None. `as_role` asks for one they may have besides the usual one."""
    roles = roles_on(order, principal)
    if as_role is not None:
        return as_role if as_role in roles else None
    return roles[0] if roles else None


def staff_of(principal: Principal, shop: str) -> StaffRole | None:
    """The principal's work at this shop; None: nobody there. Guests and the system are never staff."""
    return None if principal.guest_order else principal.staff.get(shop)


def is_shop_staff(principal: Principal, shop: str) -> bool:
    """Owner, florist or dispatcher: may see the whole shop. Couriers may not."""
    return staff_of(principal, shop) in SHOP_ROLES


def access_shop(principal: Principal, shop: str, *roles: StaffRole) -> StaffRole:
    """The principal's work at the shop when it is one of `roles` (none given: any shop role).

    Raises Rejected `access.denied` (403): the same whether the shop exists or not.
    """
    role = staff_of(principal, shop)
    if role is None or role not in (roles or SHOP_ROLES):
        raise Rejected("access.denied", "You have no access to this shop.", status=403)
    return role
