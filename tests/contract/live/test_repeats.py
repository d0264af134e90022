"""An answer that got lost: the same id again gets what came of it, whatever has changed since (JR-4)."""

from huaxin.catalogue.model import Product
from huaxin.compose import House
from huaxin.people.model import StaffRole
from tests.contract.live.clients import Line
from tests.house import home, log_in, place


async def test_a_courier_who_lost_the_order_still_gets_the_answer(house: House) -> None:
    """By HTTP and by rpc; another wish under the same id is not answered with it (JR-5)."""
    li, owner, zhang, xiaozhang = [await log_in(house, n) for n in ("li", "owner", "zhang", "xiaozhang")]
    order, other = await place(li), await place(li)
    await owner.done("confirm_order", order=order)
    await owner.done("assign_courier", order=order, courier=zhang.person)
    report = {"order": order, "reason": "vehicle_breakdown", "note": "爆胎"}
    first = await zhang.done("report_incident", key="lost-answer-1", **report)
    await owner.done("assign_courier", order=order, courier=xiaozhang.person)
    assert await zhang.done("report_incident", key="lost-answer-1", **report) == first
    line = await Line(zhang).open()
    assert await line.call("report_incident", command_id="lost-answer-1", **report) == first
    answer = await zhang.do("report_incident", key="lost-answer-1", **(report | {"order": other}))
    assert answer.status_code == 404
    await house.people.remove_staff("huaxin", zhang.person)
    assert await zhang.done("report_incident", key="lost-answer-1", **report) == first
    assert len((await owner.order(order))["order"]["incidents"]) == 1
    await house.people.add_staff("huaxin", zhang.person, StaffRole.courier)
    await line.close()


async def test_taking_back_twice_takes_back_once(house: House) -> None:
    li, owner = await log_in(house, "li"), await log_in(house, "owner")
    order = await place(li)
    await owner.done("confirm_order", order=order)
    await owner.done("start_making", order=order)
    first = await owner.done("undo", key="undo-once-1", order=order)
    assert await owner.done("undo", key="undo-once-1", order=order) == first
    assert (await owner.order(order))["order"]["status"] == "confirmed"
    answer = await owner.do("undo", order=order)
    assert answer.json()["code"] == "undo.nothing"


async def test_an_order_is_placed_once_although_the_flowers_ran_out(house: House) -> None:
    """Prices, stock and windows of today do not matter to a repeat."""
    li, chen = await log_in(house, "li"), await log_in(house, "chen")
    product = Product(shop="huaxin", id="last-one", name="最后一束", name_en="The last", price=9900)
    await house.catalogue.put([product])
    wish = {
        "order": "order-last-one", "shop": "huaxin", "lines": [{"product": "last-one"}],
        "recipient": {"name": "小林", "phone": "139 0000 2222"}, "address": await home(house),
    }  # fmt: skip
    first = await li.done("place_order", key="place-once-1", **wish)
    await house.catalogue.put([Product(**{**fields(product), "available": False, "price": 1})])
    assert await li.done("place_order", key="place-once-1", **wish) == first
    assert (await li.do("place_order", key="place-twice-1", **wish)).json()["code"] == "order.exists"
    assert (await chen.do("place_order", **wish)).json()["code"] == "order.exists"
    assert (await li.order("order-last-one"))["order"]["total"] == 9900


def fields(product: Product) -> dict[str, object]:
    return {name: getattr(product, name) for name in product.__struct_fields__}
