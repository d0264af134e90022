"""RM-9 to RM-12 in the living house: from the complaint to the next order's price, and two at once."""

import asyncio

from huaxin.compose import House
from tests.contract.live.test_recipient import delivered
from tests.contract.live.test_slots import a_wish
from tests.house import log_in, place


async def test_a_voucher_is_used_once(house: House) -> None:
    """RM-9, RM-10, RM-11: looked at before, taken with the order, refused to the second in words."""
    owner, li, chen, zhang = [await log_in(house, name) for name in ("owner", "li", "chen", "zhang")]
    first = await place(li)
    await delivered(owner, zhang, first)
    await li.done("complain", order=first, fault="damaged", text="有一朵折了")
    await owner.done("propose_remedy", order=first, kind="voucher", amount=3000, days=30)
    offer = (await li.order(first))["order"]["complaint"]["remedies"][-1]
    await li.done("answer_remedy", order=first, remedy=offer["id"], accept=True)
    given = (await li.order(first))["order"]["vouchers"][0]
    assert "vouchers" not in (await zhang.order(first))["order"]
    lines = [{"product": "carnation"}]
    seen = await li.ask("check_voucher", shop="huaxin", code=given["code"].lower(), lines=lines)
    assert (seen["off"], seen["until"]) == (3000, given["until"])
    wrong = await li.http.post("/api/queries/check_voucher", json={"shop": "huaxin", "code": "NOTHERE2"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "voucher.unknown")
    wish = await a_wish(house) | {"voucher": seen["code"]}
    both = await asyncio.gather(
        li.do("place_order", order="voucher-of-li", **wish),
        chen.do("place_order", order="voucher-of-chen", **wish),
    )
    assert sorted(one.status_code for one in both) == [200, 409]
    lost = next(one for one in both if one.status_code == 409).json()
    assert lost["code"] == "voucher.used"
    assert "已经用过了" in lost["detail"]
    won = "voucher-of-li" if both[0].status_code == 200 else "voucher-of-chen"
    order = (await owner.order(won))["order"]
    assert order["voucher"] == {"code": given["code"], "amount": 3000}
    assert order["total"] == sum(line["price"] for line in order["lines"]) - 3000
    memory = house.journal._memory.shop("huaxin")
    assert memory is not None
    memory.tally = None  # as after a restart: counted anew from the store
    again = await li.http.post("/api/queries/check_voucher", json={"shop": "huaxin", "code": seen["code"]})
    assert again.json()["code"] == "voucher.used"
    await owner.done("cancel_order", order=won)
    assert (await li.ask("check_voucher", shop="huaxin", code=seen["code"]))["off"] == 3000
