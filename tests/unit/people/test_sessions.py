"""PE-10…PE-16: access tokens, the refresh chain, devices."""

import asyncio

import jwt
import pytest

from huaxin.people import tokens
from huaxin.people.model import StaffRole
from huaxin.shops.model import Shop
from huaxin.shops.store import ShopStore
from tests.unit.people.conftest import SECRET, World
from tests.unit.people.test_login import refusal


async def test_access_tokens_last_ten_minutes(world: World) -> None:
    """PE-10."""
    issued = await world.log_in()
    principal = await world.people.authenticate(issued.access)
    assert (principal.person, principal.device) == (issued.person, issued.device)
    assert principal.expires_at == issued.access_expires_at == world.clock.now // 1000 + 600
    world.clock.pass_s(601)
    assert (await refusal(world.people.authenticate(issued.access))).code == "auth.expired"


async def test_access_tokens_are_plain_jwt(world: World) -> None:
    """PE-10: any JWT library reads them."""
    issued = await world.log_in()
    claims = jwt.decode(
        issued.access, SECRET, algorithms=["HS256"], options={"verify_exp": False, "verify_iat": False}
    )
    assert (claims["iss"], claims["sub"], claims["dev"]) == ("huaxin", issued.person, issued.device)


async def test_forged_tokens_are_refused(world: World) -> None:
    """PE-10: another secret, another algorithm, another issuer, no signature, nonsense."""
    issued = await world.log_in()
    body = jwt.decode(issued.access, options={"verify_signature": False})
    other = {**body, "iss": "somebody"}
    forged = [
        jwt.encode(body, "another secret that is long enough too", algorithm="HS256"),
        jwt.encode(body, SECRET * 2, algorithm="HS512"),
        jwt.encode(other, SECRET, algorithm="HS256"),
        jwt.encode(body, None, algorithm="none"),
        jwt.encode({**body, "exp": "never"}, SECRET, algorithm="HS256"),
        jwt.encode({"exp": body["exp"]}, SECRET, algorithm="HS256"),
        jwt.encode(body, SECRET, algorithm="HS256", headers={"kid": "x"}),
        issued.access[:-3],
        issued.access + "A",
        issued.access + "=",
        issued.refresh,
        "",
        "a.b.c",
        "中文",
    ]
    for token in forged:
        assert (await refusal(world.people.authenticate(token))).code == "auth.invalid"


async def test_refresh_rotates(world: World) -> None:
    """PE-11: every use gives another token; nothing of it is in the database."""
    first = await world.log_in()
    second = await world.people.refresh(first.refresh)
    third = await world.people.refresh(second.refresh)
    assert len({first.refresh, second.refresh, third.refresh}) == 3
    assert third.device == first.device
    stored = repr(await world.db.fetch("SELECT * FROM devices"))
    for issued in (first, second, third):
        assert issued.refresh.split(".")[2] not in stored


async def test_a_lost_answer_may_be_asked_for_again(world: World) -> None:
    """PE-12: within 30 s the same token gives the same successor, so two tabs cannot part."""
    first = await world.log_in()
    second = await world.people.refresh(first.refresh)
    world.clock.pass_s(29)
    assert (await world.people.refresh(first.refresh)).refresh == second.refresh
    both = await asyncio.gather(*(world.people.refresh(second.refresh) for _ in range(5)))
    assert len({one.refresh for one in both}) == 1


async def test_a_copied_token_ends_the_session(world: World) -> None:
    """PE-13: a spent token shown later revokes the device: newest refresh and access token included."""
    first = await world.log_in()
    second = await world.people.refresh(first.refresh)
    await world.people.authenticate(second.access)
    world.clock.pass_s(31)
    assert (await refusal(world.people.refresh(first.refresh))).code == "auth.session_ended"
    assert (await refusal(world.people.refresh(second.refresh))).code == "auth.session_ended"
    assert (await refusal(world.people.authenticate(second.access))).code == "auth.session_ended"


async def test_a_token_two_steps_back_has_no_grace(world: World) -> None:
    """PE-13: its successor was used, so its answer was not lost."""
    first = await world.log_in()
    second = await world.people.refresh(first.refresh)
    third = await world.people.refresh(second.refresh)
    assert (await refusal(world.people.refresh(first.refresh))).code == "auth.session_ended"
    assert (await refusal(world.people.refresh(third.refresh))).code == "auth.session_ended"


async def test_a_guess_harms_nobody(world: World) -> None:
    """PE-13: knowing a device's id is not enough to log it out."""
    issued = await world.log_in()
    device, generation, proof = issued.refresh.split(".")
    guesses = [f"{device}.{n}.{proof}" for n in (0, 7, -1, "9" * 40)]
    for guess in [*guesses, f"{device}.{generation}.guess", f"x.{generation}.{proof}", device, "..", ""]:
        assert (await refusal(world.people.refresh(guess))).code == "auth.session_ended"
    await world.people.refresh(issued.refresh)


async def test_unused_devices_end(world: World) -> None:
    """PE-14: after 60 days of silence."""
    issued = await world.log_in()
    world.clock.pass_s(61 * 24 * 3600)
    assert (await refusal(world.people.refresh(issued.refresh))).code == "auth.session_ended"


async def test_revoking_a_device(world: World) -> None:
    """PE-15: at once, one's own only; the others stay."""
    phone = await world.log_in(device="phone")
    world.clock.pass_s(61)
    tablet = await world.log_in(device="tablet")
    other = await world.log_in("13900000000")
    me = await world.people.authenticate(phone.access)
    assert [(d.name, d.current) for d in await world.people.devices(me)] == [
        ("tablet", False),
        ("phone", True),
    ]
    await world.people.authenticate(tablet.access)
    assert (await refusal(world.people.revoke_device(me, other.device))).code == "device.unknown"
    await world.people.revoke_device(me, tablet.device)
    assert (await refusal(world.people.authenticate(tablet.access))).code == "auth.session_ended"
    assert (await refusal(world.people.refresh(tablet.refresh))).code == "auth.session_ended"
    await world.people.authenticate(phone.access)
    await world.people.authenticate(other.access)


async def test_staff_changes_are_seen_at_once(world: World) -> None:
    """PE-16: the cache of who works where is dropped on a change."""
    await ShopStore(world.db).put(Shop(id="s1", name="花信"))
    issued = await world.log_in()
    assert (await world.people.authenticate(issued.access)).staff == {}
    await world.people.add_staff("s1", issued.person, StaffRole.florist)
    assert (await world.people.authenticate(issued.access)).staff == {"s1": StaffRole.florist}
    await world.people.add_staff("s1", issued.person, StaffRole.courier)
    assert (await world.people.authenticate(issued.access)).staff == {"s1": StaffRole.courier}
    assert [one.id for one in await world.people.couriers("s1")] == [issued.person]
    assert [one.shop_name for one in await world.people.employments(issued.person)] == ["花信"]
    await world.people.remove_staff("s1", issued.person)
    assert (await world.people.authenticate(issued.access)).staff == {}


async def test_a_warm_start_knows_who_was_here(world: World) -> None:
    """PE-16: after `warm` a reconnect does not touch the database."""
    issued = await world.log_in()
    people = world.again()
    assert await people.warm() == 1

    async def fail(*args: object) -> None:
        raise AssertionError("asked the database")

    people.store.device = fail  # type: ignore[method-assign, assignment]
    assert (await people.authenticate(issued.access)).person == issued.person


async def test_language_and_name_follow_the_person(world: World) -> None:
    """PE-17."""
    issued = await world.log_in()
    me = await world.people.authenticate(issued.access)
    await world.people.set_language(me, "en")
    await world.people.set_name(me.person, " 李女士 ")
    me = await world.people.authenticate(issued.access)
    assert (me.language, me.name) == ("en", "李女士")
    assert (await refusal(world.people.set_language(me, "fr"))).code == "language.unknown"
    assert (await refusal(world.people.set_name(me.person, " "))).code == "person.name"


async def test_last_seen_is_written_once_a_minute(world: World) -> None:
    """PE-17."""
    issued = await world.log_in()
    me = await world.people.authenticate(issued.access)
    await world.people.seen(me)
    seen = world.clock.now
    world.clock.pass_s(30)
    await world.people.seen(me)
    person = await world.people.person(me.person)
    assert person is not None
    assert person.last_seen == seen


def test_split_refresh_takes_only_what_could_be_one() -> None:
    for token in ("", "a", "a.b", "a.b.c.d", "a.١.c", "a. 1.c"):
        assert tokens.split_refresh(token) is None


async def test_open_session_needs_no_code(world: World) -> None:
    person = await world.people.add_person("13700000000", "小张")
    issued = await world.people.open_session(person.id, "simulator")
    assert (await world.people.authenticate(issued.access)).name == "小张"


@pytest.mark.parametrize("name", ["", "李"])
async def test_a_known_name_is_not_replaced(world: World, name: str) -> None:
    await world.people.add_person("13700000000", "小张")
    assert (await world.people.add_person("13700000000", name)).name == "小张"


async def test_signs_no_database_takes_are_no_error(world: World) -> None:
    """PE-13, PE-15: a zero in a name is a name nobody has, on both stores."""
    assert (await refusal(world.people.refresh("a\x00b.1.proof"))).code == "auth.session_ended"
    issued = await world.log_in()
    principal = await world.people.authenticate(issued.access)
    assert (await refusal(world.people.revoke_device(principal, "a\x00b"))).code == "device.unknown"
    assert await world.people.set_name(principal.person, " 李\x00\u202e女士 ") == "李女士"
    assert (await refusal(world.people.set_name(principal.person, "\x00\u202e"))).code == "person.name"
