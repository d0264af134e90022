"""Who hears what, while they are connected: docs/spec/orders.md and people.md."""

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from centrifuge import CentrifugeError

from huaxin.compose import House
from huaxin.live.clock import Clock
from huaxin.live.privacy_due import PRIVACY_MS
from huaxin.people import admin
from huaxin.people.model import StaffRole
from tests.contract.live.clients import Ears, Line
from tests.contract.live.conftest import LONG, until
from tests.house import Member, home, log_in, place, shop_point
from tests.unit.orders.helpers import at


async def guest_of(buyer: Member, order: str) -> Member:
    """The recipient, come by a link."""
    url = (await buyer.done("create_guest_link", order=order, role="recipient"))["url"]
    answer = await buyer.http.post("/api/guest", json={"token": url.rpartition("/")[2], "device_name": "t"})
    return Member(buyer.house, answer.json()["person"], answer.json()["access"])


async def on_the_way(owner: Member, courier: Member, order: str) -> None:
    await owner.done("confirm_order", order=order)
    await owner.done("assign_courier", order=order, courier=courier.person)
    await courier.done("pick_up", order=order)


async def test_a_recipient_is_not_told_who_else_is_there(house: House) -> None:
    """OR-21: presence would name an anonymous sender."""
    li = await log_in(house, "li")
    order = await place(li, card={"text": "猜猜我是谁", "anonymous": True})
    guest = await guest_of(li, order)
    sender, line = await Line(li).open(), await Line(guest).open()
    await sender.listen(f"order:{order}")
    ears = Ears()
    subscription = line.client.new_subscription(f"order:{order}", events=ears)
    await subscription.subscribe()
    await subscription.ready(timeout=LONG)
    with pytest.raises(CentrifugeError):
        await subscription.presence()
    await li.done("say", order=order, text="生日快乐", to=["recipient"])
    await until(lambda: ears.texts() == ["生日快乐"])
    seen = str(ears.events) + str(ears.signals) + str(await guest.ask("get_history", order=order, before=999))
    assert li.person not in seen
    assert "李女士" not in seen
    await sender.close()
    await line.close()


async def test_an_order_id_is_taken_in_every_shop(house: House) -> None:
    """OR-14: no order at a price the client made up, under an id that another shop knows."""
    point = await shop_point(house)
    other = await admin.add_shop(
        house.store, "别家花店", lat=point.lat, lon=point.lon, owner_phone="13800000091"
    )
    li = await log_in(house, "li")
    order = await place(li)
    wish = {
        "order": order, "shop": other.id, "lines": [{"product": "carnation"}],
        "priced": [{"product": "carnation", "name": "康乃馨", "price": 1}], "number": 7,
        "recipient": {"name": "妈妈", "phone": "13900001111"}, "address": await home(house),
        "buyer": {"person": "somebody-else"}, "shop_name": "别家花店", "time_zone": "Asia/Shanghai",
    }  # fmt: skip
    answer = await li.do("place_order", **wish)
    assert (answer.status_code, answer.json()["code"]) == (409, "order.exists")
    assert (await li.order(order))["order"]["shop"] == "huaxin"
    assert len(await li.ask("list_orders")) == 1


async def test_when_privacy_closes_the_courier_hears_no_more(open_another: Callable[..., Any]) -> None:
    """OR-24: neither live nor after coming back."""
    clock = Clock(start_ms=at("2026-03-06 14:00"), speed=0.0)
    house: House = await open_another(clock=clock)
    li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
    order = await place(li)
    await on_the_way(owner, zhang, order)
    line = await Line(zhang).open()
    run, talk = await line.listen(f"run:huaxin:{zhang.person}"), await line.listen(f"order:{order}")
    await zhang.done("deliver", order=order)
    await li.done("say", order=order, text="谢谢")
    await until(lambda: run.texts() == ["谢谢"])
    clock.step(PRIVACY_MS + 1_000)
    await until(lambda: [e["type"] for e in run.events[-1:]] == ["privacy_closed"])
    assert run.events[-1]["delta"]["address"] is None
    await until(lambda: bool(talk.gone))
    await li.done("say", order=order, text="我家的门禁是2580")
    await li.done("rate", order=order, stars=5)
    await owner.done("say", order=order, text="好的")
    later = await place(li)
    await owner.done("confirm_order", order=later)
    await owner.done("assign_courier", order=later, courier=zhang.person)
    await until(lambda: any(e["order"] == later for e in run.events))
    assert run.texts() == talk.texts() == ["谢谢"]
    done = (await zhang.ask("get_run", shop="huaxin"))["done"]
    assert [card["order"]["id"] for card in done] == [order]
    assert "2580" not in str(done)
    assert "阳光小区" not in str(done)
    await line.close()


async def test_a_guest_link_leads_to_where_the_page_was(house: House) -> None:
    """HT-25: never to this machine's own name for itself, never to a host the request made up."""
    li = await log_in(house, "li")
    order = await place(li)
    li.http.headers["host"] = "evil.example"
    assert (await li.done("create_guest_link", order=order))["url"].startswith("/o/")


async def test_who_leaves_the_shop_hears_no_more(house: House) -> None:
    """PE-16, PE-23: at once, although connected."""
    li, owner = await log_in(house, "li"), await log_in(house, "owner")
    florist = await house.people.add_person("13800000077", "小花")
    await house.people.add_staff("huaxin", florist.id, StaffRole.florist)
    issued = await house.people.open_session(florist.id, "test")
    line = await Line(Member(house, florist.id, issued.access)).open()
    board = await line.listen("shop:huaxin")
    order = await place(li)
    await until(lambda: bool(board.events))
    await house.people.remove_staff("huaxin", florist.id)
    await until(lambda: bool(board.gone))
    await owner.done("say", order=order, text="内部消息")
    assert board.texts() == []
    with pytest.raises(CentrifugeError):
        await line.call("get_board", shop="huaxin")
    await line.close()


async def test_what_another_process_ended_is_seen(house: House) -> None:
    """PE-16: the command line took somebody off the staff, another node logged a device out."""
    owner, zhang = await log_in(house, "owner"), await log_in(house, "zhang")
    shop, courier = await Line(owner).open(), await Line(zhang).open()
    board = await shop.listen("shop:huaxin")
    run = await courier.listen(f"run:huaxin:{zhang.person}")
    assert await house.warden.look() == 0
    store = house.people.store
    await store.end_staff("huaxin", zhang.person)
    device = (await house.people.authenticate(owner.access)).device
    await store.revoke_device(device, owner.person, "elsewhere", house.people._clock())
    assert await house.warden.look() == 2
    await until(lambda: bool(run.gone))
    assert (await owner.http.get("/api/me")).status_code == 401
    await until(lambda: not house.gateway.hub.subscribers("shop:huaxin"))
    assert board.events == []
    await shop.close()
    await courier.close()


async def test_a_login_that_is_ended_ends_its_sessions(house: House) -> None:
    """PE-15: at once."""
    li = await log_in(house, "li")
    order = await place(li)
    line = await Line(li).open()
    await line.listen(f"order:{order}")
    await li.http.post("/api/logout")
    await until(lambda: not house.gateway.sessions)
    await line.close()


async def test_an_owner_who_rides_is_still_the_owner(house: House) -> None:
    """OR-4, PE-26: in the role the tap was made in, whatever else they are on the order."""
    li, owner = await log_in(house, "li"), await log_in(house, "owner")
    order = await place(li)
    await owner.done("confirm_order", order=order)
    await owner.done("assign_courier", order=order, courier=owner.person)
    await owner.done("create_guest_link", order=order, role="buyer")
    await owner.done("undo", order=order)
    assert "courier" not in (await owner.order(order))["order"]


async def test_an_owner_who_rode_goes_on_as_the_owner(house: House) -> None:
    """OR-25, PE-26: the courier's view ends, the shop's begins."""
    li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
    order = await place(li)
    await owner.done("confirm_order", order=order)
    await owner.done("assign_courier", order=order, courier=owner.person)
    line = await Line(owner).open()
    talk = await line.listen(f"order:{order}")
    await owner.done("assign_courier", order=order, courier=zhang.person)
    await until(lambda: len(talk.subscribed) == 2)
    await li.done("say", order=order, text="辛苦了")
    await until(lambda: talk.texts() == ["辛苦了"])
    await line.close()


async def test_a_preview_is_for_couriers_of_the_shop(house: House) -> None:
    """PE-27: nobody learns by a preview where somebody else's courier is."""
    li, owner, chen = [await log_in(house, name) for name in ("li", "owner", "chen")]
    order = await place(li)
    for courier in (chen.person, secrets.token_hex(8)):
        wish = {"order": order, "courier": courier}
        answer = await owner.http.post("/api/queries/preview_assign", json=wish)
        assert (answer.status_code, answer.json()["code"]) == (422, "order.courier_unknown")
