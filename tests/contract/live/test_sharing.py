"""Live positions, shared for a while (CO-19; O11: the courier fetches another bouquet)."""

import asyncio
from typing import Any

from huaxin.catalogue.seed import seed_products
from huaxin.compose import House
from huaxin.shops.model import Shop
from tests.contract.live.clients import Ears
from tests.contract.live.conftest import until
from tests.contract.live.test_abilities import Pair, both, carried, open_pair
from tests.contract.live.test_access import guest_of
from tests.house import Member, log_in, place, shop_point

__all__ = ["both"]
HERE = {"lat": 30.251, "lon": 120.012}
THERE = {"lat": 30.252, "lon": 120.013}


async def sharing(house: House, minutes: int = 15, **fields: Any) -> tuple[str, int, list[Member]]:
    order, li, owner, zhang = await carried(house)
    seq = (await zhang.done("share_live", order=order, minutes=minutes, **fields))["seq"]
    return order, seq, [li, owner, zhang]


async def refused(member: Member, command: str, **fields: Any) -> str:
    answer = await member.do(command, **fields)
    assert answer.status_code >= 400
    code: str = answer.json()["code"]
    return code


def lives(ears: Ears) -> list[dict[str, Any]]:
    return [one for one in ears.signals if one["signal"] == "live"]


async def seen_by(member: Member, order: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await member.order(order)).get("live", [])
    return found


async def test_a_position_is_seen_on_every_device_until_it_is_stopped(both: House) -> None:
    """CO-19."""
    order, seq, (li, owner, zhang) = await sharing(both)
    pair: Pair = await open_pair(li, owner, order)
    run = await pair.lines["other"][1].listen("shop:huaxin")
    report = {"order": order, "seq": seq, "point": HERE, "accuracy_m": 8.0}
    answer = await zhang.done("report_live_position", **report)
    assert answer == {"accepted": True, "until": both.clock() + 15 * 60_000}
    every = [ears for two in pair.ears.values() for ears in two] + [run]
    for ears in every:
        await until(lambda ears=ears: len(lives(ears)) == 1)
        signal = lives(ears)[0]
        assert (signal["point"], signal["accuracy_m"], signal["at"]) == (HERE, 8.0, both.clock())
        assert (signal["seq"], signal["person"], signal["order"]) == (seq, zhang.person, order)
    for member in (li, owner):
        assert [one["point"] for one in await seen_by(member, order)] == [HERE]
    stopped = await zhang.done("stop_live", order=order, seq=seq)
    for event in await pair.heard(stopped["seq"]):
        assert event["delta"]["overlays"][str(seq)]["closed_at"] == both.clock()
    assert await refused(zhang, "report_live_position", **report) == "live.ended"
    assert await seen_by(li, order) == []
    await pair.close()


async def test_only_whom_it_is_for_sees_it_and_only_its_sender_moves_it(house: House) -> None:
    """CO-11, CO-19."""
    order, seq, (li, owner, zhang) = await sharing(house, to=["shop"])
    pair = await open_pair(li, owner, order)
    report = {"order": order, "seq": seq, "point": HERE}
    for other in (li, owner):
        assert await refused(other, "report_live_position", **report) == "message.not_yours"
    await zhang.done("report_live_position", **report)
    for ears in pair.ears["other"]:
        await until(lambda ears=ears: len(lives(ears)) == 1)
    assert await seen_by(li, order) == []
    said = (await owner.done("say", order=order, text="看到了"))["seq"]
    assert await refused(zhang, "report_live_position", **(report | {"seq": said})) == "live.none"
    await pair.heard(said)
    assert not any(lives(ears) for ears in pair.ears["one"])
    await pair.close()


async def test_positions_come_at_most_once_a_second_and_the_newest_counts(house: House) -> None:
    order, seq, (li, owner, zhang) = await sharing(house)
    pair = await open_pair(li, owner, order)
    now = house.clock()
    report = {"order": order, "seq": seq, "point": HERE}
    for nth in range(20):
        await zhang.done("report_live_position", **report, at=now + nth)
    late = await zhang.done("report_live_position", order=order, seq=seq, point=THERE, at=now - 5_000)
    assert late["accepted"] is False
    assert (await seen_by(li, order))[0]["point"] == HERE
    said = (await owner.done("say", order=order, text="好"))["seq"]
    await pair.heard(said)
    assert 1 <= len(lives(pair.ears["one"][0])) < 20
    await pair.close()


async def test_it_ends_at_its_time(both: House) -> None:
    order, seq, (li, _, zhang) = await sharing(both, minutes=30)
    report = {"order": order, "seq": seq, "point": HERE}
    await zhang.done("report_live_position", **report)
    both.clock.step(30 * 60_000)
    assert await seen_by(li, order) == []
    assert await refused(zhang, "report_live_position", **report) == "live.ended"
    assert await refused(zhang, "stop_live", order=order, seq=seq) == "live.ended"


async def test_it_ends_when_it_is_recalled(house: House) -> None:
    order, seq, (li, _, zhang) = await sharing(house)
    report = {"order": order, "seq": seq, "point": HERE}
    await zhang.done("report_live_position", **report)
    await zhang.done("recall_message", order=order, seq=seq)
    assert await seen_by(li, order) == []
    assert await refused(zhang, "report_live_position", **report) == "live.ended"


async def test_it_ends_for_a_courier_who_lost_the_order(house: House) -> None:
    """OR-25; everybody sees that it ended."""
    order, seq, (li, owner, zhang) = await sharing(house)
    report = {"order": order, "seq": seq, "point": HERE}
    await zhang.done("report_live_position", **report)
    await owner.done("assign_courier", order=order, courier="")
    assert await refused(zhang, "report_live_position", **report) == "order.not_found"
    assert await seen_by(li, order) == []
    pair = await open_pair(li, owner, order)
    await until_closed(house, order, seq)
    assert "closed_at" in (await li.order(order))["order"]["overlays"][str(seq)]
    await pair.close()


async def test_it_ends_with_the_order(house: House) -> None:
    order, seq, (li, owner, zhang) = await sharing(house)
    mine = (await li.done("share_live", order=order, minutes=60))["seq"]
    await li.done("report_live_position", order=order, seq=mine, point=THERE)
    await zhang.done("pick_up", order=order)
    await zhang.done("deliver", order=order)
    assert await seen_by(owner, order) == []
    await until_closed(house, order, seq)
    await until_closed(house, order, mine)
    assert await refused(li, "report_live_position", order=order, seq=mine, point=THERE) == "live.ended"


async def test_it_ends_with_the_link_of_a_guest(house: House) -> None:
    """CO-19: from the snapshot, and on the screens that show it."""
    order, li, owner, _ = await carried(house)
    guest = await guest_of(li, order)
    seq = (await guest.done("share_live", order=order, minutes=60))["seq"]
    await guest.done("report_live_position", order=order, seq=seq, point=HERE, accuracy_m=8.0)
    assert [one["point"] for one in await seen_by(owner, order)] == [HERE]
    await house.people.revoke_guest_links(order)
    assert await seen_by(owner, order) == []

    async def told() -> bool:
        overlays = (await owner.order(order))["order"].get("overlays", {})
        return bool(overlays.get(str(seq), {}).get("closed_at"))

    for _ in range(200):
        if await told():
            break
        await asyncio.sleep(0.02)
    assert await told()
    await guest.http.aclose()


async def test_it_ends_in_every_shop(house: House) -> None:
    """CO-19: journals of two shops have the same seqs; a share ends in either."""
    other = Shop(id="other", name="别家花店", point=await shop_point(house), created_at=house.clock())
    await house.shops.put(other)
    await house.catalogue.put(seed_products("other"))
    li = await log_in(house, "li")
    seqs = set()
    for shop in ("huaxin", "other"):
        order = await place(li, shop=shop)
        seq = (await li.done("share_live", order=order, minutes=60))["seq"]
        await li.done("cancel_order", order=order, reason="changed_mind")
        await until_closed(house, order, seq, shop)
        seqs.add(seq)
    assert len(seqs) == 1


async def until_closed(house: House, order: str, seq: int, shop: str = "huaxin") -> None:
    def is_closed() -> bool:
        known = house.journal.cached_state(shop, order)
        overlay = known.overlays.get(str(seq)) if known is not None else None
        return overlay is not None and overlay.closed_at > 0

    await until(is_closed)
