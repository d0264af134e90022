"""Slots of a real house (SL-2 to SL-12): find, book, move, cancel; who may set them."""

import asyncio
from typing import Any

import pytest

from huaxin.compose import House
from tests.house import Member, home, log_in, place, shop_point

PLAN: dict[str, Any] = {
    "slots": [
        {"start": 0, "end": 720, "couriers": 1, "drops": 1, "cut_off": 0, "fee": 300},
        {"start": 720, "end": 1440, "couriers": 1, "drops": 1, "cut_off": 0},
    ],
    "zones": [{"id": "near", "up_to_m": 30_000, "name": "近", "fee": 800}],
}


async def set_plan(owner: Member, **changes: Any) -> None:
    await owner.done("set_slots", shop="huaxin", plan=PLAN | changes)


async def tomorrow(buyer: Member) -> list[dict[str, Any]]:
    found = await buyer.ask(
        "find_slots", shop="huaxin", day=1, days=1, point=(await home(buyer.house))["point"]
    )
    assert found["reachable"]
    slots: list[dict[str, Any]] = found["slots"]
    return slots


async def a_wish(house: House) -> dict[str, Any]:
    return {
        "shop": "huaxin",
        "lines": [{"product": "carnation"}],
        "recipient": {"name": "妈", "phone": "13900001111"},
        "address": await home(house),
    }


def window(slot: dict[str, Any]) -> dict[str, Any]:
    return {"start": slot["start"], "end": slot["end"], "source": "window"}


async def test_two_at_once_for_the_last_seat(house: House) -> None:
    """SL-4, SL-8: exactly one has it; the other reads which are free, and nothing of theirs is there."""
    owner, li, chen = [await log_in(house, name) for name in ("owner", "li", "chen")]
    await set_plan(owner)
    slot = (await tomorrow(li))[0]
    assert (slot["open"], slot["left"], slot["fee"]) == (True, 1, 1100)
    wish = await a_wish(house) | {"promise": window(slot)}
    both = await asyncio.gather(
        li.do("place_order", order="order-of-li-1", **wish),
        chen.do("place_order", order="order-of-chen", **wish),
    )
    assert sorted(one.status_code for one in both) == [200, 409]
    lost = next(one for one in both if one.status_code == 409).json()
    assert lost["code"] == "slot.full"
    assert len(lost["value"]["slots"]) == 3
    assert "最近可约" in lost["detail"]
    loser, gone = (chen, "order-of-chen") if both[0].status_code == 200 else (li, "order-of-li-1")
    assert (await loser.http.post("/api/queries/get_order", json={"order": gone})).status_code == 404
    seen = await owner.ask("get_slot_load", shop="huaxin", days=2)
    assert [one["orders"] for one in seen if one["start"] == slot["start"]] == [1]
    won = "order-of-li-1" if loser is chen else "order-of-chen"
    order = (await owner.order(won))["order"]
    assert (order["fee"], order["zone"]) == (1100, "near")
    assert order["total"] == sum(line["price"] for line in order["lines"]) + 1100
    assert "zone" not in (await (li if loser is chen else chen).order(won))["order"]


async def test_a_seat_comes_back_and_stays_over_a_restart(house: House) -> None:
    """SL-3, SL-9, SL-10: cancelled, moved, overbooked; and read anew from the store."""
    owner, li, chen = [await log_in(house, name) for name in ("owner", "li", "chen")]
    await set_plan(owner)
    first, second = await tomorrow(li)
    one = await place(li, promise=window(first))
    other = await place(chen, promise=window(second))
    refused = await li.do("ask_change", order=one, promise=window(second))
    assert refused.json()["code"] == "slot.full"
    await chen.done("cancel_order", order=other)
    await li.done("ask_change", order=one, promise=window(second))
    await owner.done(
        "answer_change", order=one, change=(await li.order(one))["order"]["change"]["id"], accept=True
    )
    assert [slot["full"] for slot in await tomorrow(li)] == [False, True]
    await place(owner, promise=window(second), overbook=True)
    wish = await a_wish(house) | {"promise": window(second), "overbook": True}
    refused = await li.do("place_order", order="order-overbook", **wish)
    assert refused.json()["code"] == "slot.full"
    memory = house.journal._memory.shop("huaxin")
    assert memory is not None
    memory.tally = None  # as after a restart: counted anew from the stored orders
    assert [slot["full"] for slot in await tomorrow(li)] == [False, True]
    assert [one["orders"] for one in await owner.ask("get_slot_load", shop="huaxin", days=2)][-2:] == [0, 2]


async def test_another_address_needs_a_seat_of_its_zone(house: House) -> None:
    """SL-13: the preview says so, and what it would cost; refused; moved, the old seat is free."""
    owner, li, chen = [await log_in(house, name) for name in ("owner", "li", "chen")]
    point = await shop_point(house)
    inner = {"text": "花店隔壁", "point": {"lat": point.lat, "lon": point.lon}}
    outer = await home(house)
    rings = [
        {"id": "in", "up_to_m": 100, "seats": 1},
        {"id": "out", "up_to_m": 90_000, "seats": 1, "fee": 900},
    ]
    await set_plan(owner, slots=[PLAN["slots"][0] | {"end": 1440, "drops": 9, "fee": 0}], zones=rings)
    slot = (await tomorrow(li))[0]
    one = await place(li, promise=window(slot), address=inner)
    other = await place(chen, promise=window(slot), address=outer)
    seen = await li.ask("preview_change", order=one, address=outer)
    assert "约满" in seen["refused"]["zh"]
    assert seen["total"] - seen["total_before"] == 900
    refused = await li.do("ask_change", order=one, address=outer)
    assert (refused.status_code, refused.json()["code"]) == (409, "slot.full")
    await chen.done("cancel_order", order=other)
    await li.done("ask_change", order=one, address=outer)
    change = (await li.order(one))["order"]["change"]
    assert change["zone"] is None
    await owner.done("answer_change", order=one, change=change["id"], accept=True)
    assert (await owner.order(one))["order"]["zone"] == "out"
    await place(chen, promise=window(slot), address=inner)


async def test_hours_blackouts_zones_and_notes_are_kept_to(house: House) -> None:
    """SL-5, SL-6, SL-7: said in the buyer's language, for windows, notes and "at once" alike."""
    owner, li = await log_in(house, "owner"), await log_in(house, "li")
    late = {"slots": [{"start": 0, "end": 1, "cut_off": 0}], "zones": [], "asap": False}
    await set_plan(owner, **late)

    async def code(**changes: Any) -> str:
        wish = await a_wish(house) | {"order": "order-refused-1"}
        answer = (await li.do("place_order", **(wish | changes))).json()
        return str(answer.get("code", ""))

    assert await code() == "slot.no_asap"
    assert await code(note="后天下午三点前") == "slot.none"
    quote = await li.ask("quote", shop="huaxin", point=(await home(house))["point"], note="后天下午三点前")
    assert quote["note_slot"]["open"] is False
    assert "最近可约" in quote["note_slot"]["words"]["zh"]
    assert quote["asap"]["open"] is False
    await set_plan(owner, zones=[{"id": "near", "up_to_m": 100}])
    assert await code() == "slot.too_far"
    far = await li.ask("find_slots", shop="huaxin", point=(await home(house))["point"])
    assert far["reachable"] is False
    assert far["words"]["zh"]
    await owner.done("set_slots", shop="huaxin", plan=None)
    assert await code() == ""


async def test_only_who_dispatches_sets_slots(house: House) -> None:
    """SL-11: and what is wrong leaves the plan as it was."""
    owner, zhang, li = [await log_in(house, name) for name in ("owner", "zhang", "li")]
    usual = await owner.ask("get_slots", shop="huaxin")
    assert usual["is_set"] is False
    assert len(usual["plan"]["slots"]) == 6
    for nobody in (zhang, li):
        assert (await nobody.do("set_slots", shop="huaxin", plan=PLAN)).status_code == 403
        answer = await nobody.http.post("/api/queries/get_slot_load", json={"shop": "huaxin"})
        assert answer.status_code == 403
    await set_plan(owner)
    wrong = await owner.do("set_slots", shop="huaxin", plan={"slots": [{"start": 9, "end": 9}]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "slots.inverted")
    assert len((await owner.ask("get_slots", shop="huaxin"))["plan"]["slots"]) == 2


@pytest.mark.parametrize("days", [60])
async def test_sixty_days_are_found_at_once(house: House, days: int) -> None:
    owner, li = await log_in(house, "owner"), await log_in(house, "li")
    await set_plan(owner)
    found = await li.ask("find_slots", shop="huaxin", days=days)
    assert len(found["slots"]) == 2 * days
    assert all(one["left"] == 1 for one in found["slots"] if one["open"]), "few are left: that is told"


async def test_two_nodes_cannot_sell_the_last_seat_twice(house: House, open_another: Any) -> None:
    """SL-4: the second node has counted before the first one sells, and hears nothing of it."""
    owner, li = await log_in(house, "owner"), await log_in(house, "li")
    await set_plan(owner)
    slot = (await tomorrow(li))[0]
    other = await open_another(database=house.config.database)
    chen = await log_in(other, "chen")
    assert (await tomorrow(chen))[0]["open"]
    await place(li, promise=window(slot))
    wish = await a_wish(other) | {"promise": window(slot), "order": "order-too-late"}
    refused = await chen.do("place_order", **wish)
    assert (refused.status_code, refused.json()["code"]) == (409, "slot.full")
    assert [one["full"] for one in await tomorrow(chen)] == [True, False]
