"""PE-4…PE-9: one-time codes and how often one may try."""

import asyncio

import pytest

from huaxin.journal.model import Rejected
from huaxin.people.limits import Limits, Rule
from huaxin.people.sender import DevelopmentSender
from huaxin.people.service import People
from tests.unit.people.conftest import SECRET, World

PHONE = "13812345678"


async def refusal(work) -> Rejected:
    with pytest.raises(Rejected) as refused:
        await work
    return refused.value


async def test_a_code_logs_in_once(world: World) -> None:
    """PE-4: six digits, used once; the phone becomes a person and stays the same one."""
    await world.people.ask_code(PHONE)
    phone, code = world.outbox.sent[-1]
    assert phone == PHONE
    assert len(code) == 6
    assert code.isdigit()
    first = await world.people.login("+86 138 1234 5678", code, "phone", "en")
    assert (await refusal(world.people.login(PHONE, code))).code == "login.no_code"
    world.clock.pass_s(61)
    second = await world.log_in(PHONE)
    assert second.person == first.person
    assert second.device != first.device
    assert (await world.people.authenticate(first.access)).language == "en"


async def test_codes_are_kept_as_hashes(world: World) -> None:
    """PE-4."""
    await world.people.ask_code(PHONE)
    rows = await world.db.fetch("SELECT * FROM login_codes")
    assert world.outbox.sent[-1][1] not in repr(rows)


async def test_a_code_ends_after_five_minutes(world: World) -> None:
    """PE-5."""
    await world.people.ask_code(PHONE)
    world.clock.pass_s(301)
    assert (await refusal(world.people.login(PHONE, world.outbox.sent[-1][1]))).code == "login.no_code"


async def test_five_tries_even_all_at_once(world: World) -> None:
    """PE-5: twenty guesses in one moment use up five tries, and then the right code is no good either."""
    await world.people.ask_code(PHONE)
    guesses = (world.people.login(PHONE, "999999") for _ in range(12))
    found = await asyncio.gather(*guesses, return_exceptions=True)
    codes = [one.code for one in found if isinstance(one, Rejected)]
    assert codes.count("login.wrong_code") == 5
    assert codes.count("login.no_code") == 7
    assert (await refusal(world.people.login(PHONE, world.outbox.sent[-1][1]))).code == "login.no_code"


async def test_a_wrong_code_says_how_many_tries_are_left(world: World) -> None:
    """PE-5."""
    await world.people.ask_code(PHONE)
    refused = await refusal(world.people.login(PHONE, "999999"))
    assert (refused.status, refused.value) == (401, {"tries_left": 4})


async def test_two_logins_with_one_code_make_one_session(world: World) -> None:
    """PE-4: the code is spent by one of them."""
    await world.people.ask_code(PHONE)
    code = world.outbox.sent[-1][1]
    both = await asyncio.gather(*(world.people.login(PHONE, code) for _ in range(2)), return_exceptions=True)
    assert sum(isinstance(one, Rejected) for one in both) == 1


async def test_codes_per_phone_are_limited(world: World) -> None:
    """PE-6: another code only after a minute; the wait is said in seconds."""
    assert (await world.people.ask_code(PHONE)).wait_s == 60
    world.clock.pass_s(20)
    refused = await refusal(world.people.ask_code(PHONE))
    assert (refused.code, refused.status, refused.value) == ("login.too_many", 429, {"wait_s": 40})
    await world.people.ask_code("13800000000")
    world.clock.pass_s(40)
    await world.people.ask_code(PHONE)


async def test_codes_per_hour_are_limited(world: World) -> None:
    """PE-6."""
    for _ in range(6):
        await world.people.ask_code(PHONE)
        world.clock.pass_s(60)
    refused = await refusal(world.people.ask_code(PHONE))
    assert refused.code == "login.too_many"
    assert refused.value["wait_s"] > 60 * 50


@pytest.mark.parametrize("by", ["address", "device"])
async def test_many_phones_from_one_place_are_limited(world: World, by: str) -> None:
    """PE-7: whoever tries many phones is stopped by address and by device; others are not."""
    people = world.again(Limits(code_address=(Rule(3, 60_000),), code_device=(Rule(3, 60_000),)))
    for last in range(3):
        await people.ask_code(f"1380000000{last}", **{by: "one"})
    assert (await refusal(people.ask_code("13800000009", **{by: "one"}))).code == "login.too_many"
    await people.ask_code("13800000009", **{by: "another"})


async def test_an_ipv6_network_counts_as_one(world: World) -> None:
    """PE-7: a household has 2⁶⁴ addresses to try from."""
    people = world.again(Limits(code_address=(Rule(1, 60_000),)))
    await people.ask_code("13800000001", address="2001:db8:1:2::1")
    refused = await refusal(people.ask_code("13800000002", address="2001:db8:1:2:ffff::9"))
    assert refused.code == "login.too_many"
    await people.ask_code("13800000003", address="2001:db8:1:3::1")


async def test_limits_survive_a_restart(world: World) -> None:
    """PE-8: counters are in the database, and addresses in it are not readable."""
    await world.people.ask_code(PHONE, address="203.0.113.7")
    assert (await refusal(world.again().ask_code(PHONE))).code == "login.too_many"
    assert "203.0.113.7" not in repr(await world.db.fetch("SELECT name FROM rate_counters"))


async def test_login_tries_are_limited_across_codes(world: World) -> None:
    """PE-6: new codes do not give endless guesses."""
    people = world.again(Limits(try_phone=(Rule(3, 900_000),)))
    await people.ask_code(PHONE)
    for _ in range(3):
        assert (await refusal(people.login(PHONE, "999999"))).code == "login.wrong_code"
    assert (await refusal(people.login(PHONE, world.outbox.sent[-1][1]))).code == "login.too_many"


async def test_only_a_revealing_sender_shows_codes(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """PE-9: the development sender prints; the answer carries the code only when told so."""
    for reveals in (False, True):
        people = People(world.db, world.clock, SECRET, DevelopmentSender(reveals=reveals))
        world.clock.pass_s(61)
        sent = await people.ask_code(PHONE)
        printed = capsys.readouterr().err
        assert PHONE in printed
        assert (sent.dev_code in printed) == reveals or sent.dev_code == ""
        assert bool(sent.dev_code) == reveals


async def test_a_failed_sending_is_told(world: World) -> None:
    """PE-9."""

    class Broken:
        reveals = False

        async def send(self, phone: str, code: str, language: str) -> None:
            raise Rejected("login.not_sent", "no", status=503)

    people = People(world.db, world.clock, SECRET, Broken())
    assert (await refusal(people.ask_code(PHONE))).code == "login.not_sent"


async def test_sweep_drops_what_is_over(world: World) -> None:
    """PE-8."""
    await world.people.ask_code(PHONE)
    world.clock.pass_s(25 * 3600)
    await world.people.sweep()
    assert await world.db.fetch("SELECT * FROM login_codes") == []
    assert await world.db.fetch("SELECT * FROM rate_counters") == []


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 32"):
        People(None, lambda: 0, "short", DevelopmentSender())  # type: ignore[arg-type]
