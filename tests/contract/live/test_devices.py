"""Several devices of one person: in step, ended from one another, and back after a month."""

import asyncio
from typing import Any

import pytest

from huaxin.compose import House
from tests.contract.live.clients import Line
from tests.contract.live.conftest import LONG, until
from tests.house import Member, log_in, place, plain_http


async def refreshed(house: House, name: str) -> tuple[Member, str]:
    """A device with the token that keeps it signed in."""
    person = (await log_in(house, name)).person
    issued = await house.people.open_session(person, f"{name}'s tablet")
    return Member(house, person, issued.access), issued.refresh


async def test_what_is_read_on_one_device_is_read_on_all(house: House) -> None:
    """NTF-30: also on one that looks at something else."""
    phone, tablet, owner = [await log_in(house, name) for name in ("li", "li", "owner")]
    order = await place(phone)
    line = await Line(tablet).open()
    mine, room = await line.listen(f"me:{tablet.person}"), await line.listen(f"order:{order}")
    said = await owner.done("say", order=order, text="花已经扎好了")
    assert [card["unread"] for card in await tablet.ask("list_orders")] == [1]
    await phone.done("mark", order=order, received=said["seq"], read=said["seq"])
    await until(lambda: bool(mine.signals) and bool(room.signals))
    for ears in (mine, room):
        signal = ears.signals[-1]
        assert (signal["signal"], signal["order"]) == ("marks", order)
        assert signal["marks"]["read"] == said["seq"]
    assert [card["unread"] for card in await tablet.ask("list_orders")] == [0]
    await line.close()


async def test_what_one_device_says_the_others_show_within_the_second(house: House) -> None:
    """NTF-31."""
    phone, tablet = await log_in(house, "li"), await log_in(house, "li")
    order = await place(phone)
    line = await Line(tablet).open()
    ears = await line.listen(f"order:{order}")
    loop = asyncio.get_running_loop()
    began = loop.time()
    await phone.done("say", order=order, text="晚一点送")
    await until(lambda: ears.texts() == ["晚一点送"])
    print(f"another device shows it after {1000 * (loop.time() - began):.0f} ms")
    await line.close()


async def test_devices_are_listed_and_ended_from_another(house: House) -> None:
    """NTF-32: the connection, the token and its renewal end at once; nobody else's device can be ended."""
    lost, refresh = await refreshed(house, "li")
    phone, chen = await log_in(house, "li"), await log_in(house, "chen")
    order = await place(phone)
    line = await Line(lost).open()
    ears = await line.listen(f"order:{order}")
    devices = await phone.ask("list_devices")
    ended = next(one for one in devices if one["name"] == "li's tablet" and one["online"])
    assert [one["current"] for one in devices].count(True) == 1
    assert not ended["current"]
    answer = await chen.do("sign_out_device", device=ended["id"])
    assert (answer.status_code, answer.json()["code"]) == (404, "device.unknown")
    await phone.done("sign_out_device", device=ended["id"])
    assert (await lost.http.get("/api/me")).json()["code"] == "auth.session_ended"
    async with plain_http(base_url=house.url) as http:
        assert (await http.post("/api/token", json={"refresh": refresh})).status_code == 401
    await until(lambda: all(one.who.device != ended["id"] for one in house.gateway.sessions))
    heard = len(ears.events)
    await phone.done("say", order=order, text="现在只有我")
    assert len(ears.events) == heard
    assert ended["id"] not in [one["id"] for one in await phone.ask("list_devices")]
    again = await phone.do("sign_out_device", device=ended["id"])
    assert again.status_code == 404
    await line.close()


async def test_a_guest_sees_and_ends_its_own_device_alone(house: House) -> None:
    """NTF-32."""
    li, owner = await log_in(house, "li"), await log_in(house, "owner")
    order = await place(li)
    token = (await owner.done("create_guest_link", order=order, role="recipient"))["url"].rpartition("/")[2]
    guests = []
    for _ in range(2):
        tokens = (await li.http.post("/api/guest", json={"token": token})).json()
        guests.append(Member(house, tokens["person"], tokens["access"]))
    one, other = [(await guest.ask("list_devices")) for guest in guests]
    assert len(one) == len(other) == 1
    answer = await guests[0].do("sign_out_device", device=other[0]["id"])
    assert answer.status_code == 403


@pytest.mark.parametrize("count", [1_300])
async def test_a_device_off_for_a_month_catches_up_without_holes(house: House, count: int) -> None:
    """NTF-33: too far behind for the channel, it takes the snapshot and pages back to what it has."""
    house.dispatcher.pace = None
    li, owner = await log_in(house, "li"), await log_in(house, "owner")
    order = await place(li)
    had = await li.order(order)
    texts = [f"第{n}句" for n in range(count)]
    writer = await Line(owner).open()
    for start in range(0, count, 50):
        await asyncio.gather(
            *(
                writer.call("say", command_id=f"m-{n}", order=order, text=texts[n])
                for n in range(start, start + 50)
            )
        )
    line = await Line(li).open()
    subscription = line.client.new_subscription(f"order:{order}", recoverable=True)
    subscription._recover = True
    subscription._offset, subscription._epoch = had["cursor"]["seq"], had["cursor"]["epoch"]
    await subscription.subscribe()
    await subscription.ready(timeout=LONG)
    fresh = await li.order(order)
    found = await page_back(li, order, fresh, had["events"][-1]["seq"])
    assert [e["body"]["text"] for e in found if e["type"] == "message_sent"] == texts
    assert len({e["seq"] for e in found}) == len(found)
    await line.close()
    await writer.close()


async def page_back(who: Member, order: str, snapshot: Any, known: int) -> list[Any]:
    """Everything newer than `known`, ascending, as a screen collects it."""
    events, more = snapshot["events"], snapshot["more"]
    while more and (not events or events[0]["seq"] > known + 1):
        before = events[0]["seq"] if events else snapshot["cursor"]["seq"] + 1
        page = await who.ask("get_history", order=order, before=before, limit=200)
        assert page["events"] or not page["more"], "a page that leads nowhere"
        events, more = page["events"] + events, page["more"]
    return [e for e in events if e["seq"] > known]


async def test_a_page_of_what_others_said_leads_further_back(house: House) -> None:
    """NTF-34: the recipient hears none of a long talk of others, and still finds what came first."""
    house.dispatcher.pace = None
    li, owner = await log_in(house, "li"), await log_in(house, "owner")
    order = await place(li)
    token = (await owner.done("create_guest_link", order=order, role="recipient"))["url"].rpartition("/")[2]
    tokens = (await li.http.post("/api/guest", json={"token": token})).json()
    mother = Member(house, tokens["person"], tokens["access"])
    await mother.done("say", order=order, text="请放门口")
    for n in range(130):
        await owner.done("say", order=order, text=f"{n}")
    snapshot = await mother.order(order)
    assert snapshot["events"] == []
    assert snapshot["more"] is True
    found = await page_back(mother, order, snapshot, 0)
    assert "请放门口" in [e["body"].get("text") for e in found]


async def test_a_cursor_of_another_history_is_told_so(house: House) -> None:
    """NTF-35: recovered is false, the epoch is the new one, and the snapshot is whole."""
    li, owner = await log_in(house, "li"), await log_in(house, "owner")
    order = await place(li)
    await owner.done("say", order=order, text="一")
    line = await Line(li).open()
    ears_of = await line.listen(f"order:{order}")
    assert ears_of.subscribed
    other = await Line(li).open()
    subscription = other.client.new_subscription(f"order:{order}", recoverable=True)
    subscription._recover, subscription._offset, subscription._epoch = True, 1, "a journal that was"
    await subscription.subscribe()
    await subscription.ready(timeout=LONG)
    fresh = await li.order(order)
    assert subscription._epoch == fresh["cursor"]["epoch"] != "a journal that was"
    assert "一" in [e["body"].get("text") for e in fresh["events"]]
    await line.close()
    await other.close()
