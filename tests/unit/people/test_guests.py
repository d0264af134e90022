"""PE-18…PE-21: guest links."""

import pytest

from huaxin.people.limits import Limits, Rule
from tests.unit.people.conftest import World
from tests.unit.people.test_login import refusal


async def test_a_link_opens_one_order_in_one_role(world: World) -> None:
    """PE-18."""
    link = await world.people.create_guest_link("order-1", "recipient", "p1")
    assert link.expires_at == world.clock.now + 48 * 3_600_000
    issued = await world.people.exchange_guest(link.token, "phone", "en")
    me = await world.people.authenticate(issued.access)
    assert me.person == f"guest:{link.id}"
    assert (me.guest_order, me.guest_role, me.staff, me.language) == ("order-1", "recipient", {}, "en")
    again = await world.people.exchange_guest(link.token)
    assert again.person == issued.person
    assert again.device != issued.device


async def test_links_are_kept_as_hashes(world: World) -> None:
    """PE-19."""
    link = await world.people.create_guest_link("order-1", "buyer", "p1")
    assert link.token not in repr(await world.db.fetch("SELECT * FROM guest_links"))


@pytest.mark.parametrize("token", ["", "x", "y" * 5000, "token-unknown"])
async def test_unknown_links_are_refused(world: World, token: str) -> None:
    """PE-19."""
    assert (await refusal(world.people.exchange_guest(token))).code == "guest.unknown"


async def test_links_end_and_take_their_sessions_along(world: World) -> None:
    """PE-20: neither the link, nor refresh, nor an access token outlives the link."""
    link = await world.people.create_guest_link("order-1", "recipient", "p1", hours=0.1)
    issued = await world.people.exchange_guest(link.token)
    assert issued.access_expires_at == link.expires_at // 1000
    world.clock.pass_s(361)
    assert (await refusal(world.people.exchange_guest(link.token))).code == "guest.expired"
    assert (await refusal(world.people.refresh(issued.refresh))).code == "auth.session_ended"
    assert (await refusal(world.people.authenticate(issued.access))).code == "auth.expired"


async def test_links_of_an_order_can_be_ended(world: World) -> None:
    """PE-20."""
    link = await world.people.create_guest_link("order-1", "recipient", "p1")
    other = await world.people.create_guest_link("order-2", "recipient", "p1")
    issued, kept = (
        await world.people.exchange_guest(link.token),
        await world.people.exchange_guest(other.token),
    )
    await world.people.authenticate(issued.access)
    assert await world.people.revoke_guest_links("order-1") == 1
    assert (await refusal(world.people.authenticate(issued.access))).code == "auth.session_ended"
    assert (await refusal(world.people.exchange_guest(link.token))).code == "guest.expired"
    assert (await world.people.authenticate(kept.access)).guest_order == "order-2"


async def test_only_recipient_and_buyer(world: World) -> None:
    """PE-18."""
    for role in ("shop", "courier", "system", ""):
        assert (await refusal(world.people.create_guest_link("order-1", role, "p1"))).code == "guest.role"


async def test_guessing_links_is_limited(world: World) -> None:
    """PE-19."""
    people = world.again(Limits(guest_address=(Rule(2, 60_000),)))
    for _ in range(2):
        assert (await refusal(people.exchange_guest("x", address="a"))).code == "guest.unknown"
    assert (await refusal(people.exchange_guest("x", address="a"))).code == "login.too_many"


async def test_a_guest_keeps_their_own_language(world: World) -> None:
    """PE-21."""
    link = await world.people.create_guest_link("order-1", "recipient", "p1")
    issued = await world.people.exchange_guest(link.token)
    me = await world.people.authenticate(issued.access)
    assert me.language == "zh-CN"
    await world.people.set_language(me, "en")
    assert (await world.people.authenticate(issued.access)).language == "en"
