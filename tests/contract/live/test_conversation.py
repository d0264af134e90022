"""One order, one conversation, over the wire with real Centrifuge clients (docs/spec/conversation.md)."""

import pytest
from centrifuge import CentrifugeError, ReplyError

from huaxin.compose import House
from tests.contract.live.clients import Line, refusal
from tests.contract.live.conftest import LONG, until
from tests.house import log_in, place


async def test_everyone_sees_the_same_truth(house: House) -> None:
    """O2, CO-6: each member once, in order."""
    li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
    order = await place(li)
    buyer, shop = await Line(li).open(), await Line(owner).open()
    at_home, board = await buyer.listen(f"order:{order}"), await shop.listen("shop:huaxin")
    await owner.done("confirm_order", order=order)
    await owner.done("assign_courier", order=order, courier=zhang.person)
    courier = await Line(zhang).open()
    run, talk = await courier.listen(f"run:huaxin:{zhang.person}"), await courier.listen(f"order:{order}")
    for n in range(10):
        line = (buyer, shop, courier)[n % 3]
        await line.call("say", command_id=f"m-{n}", order=order, text=f"第{n}句")
    said = [f"第{n}句" for n in range(10)]
    for ears in (at_home, board, talk, run):
        await until(lambda ears=ears: len(ears.texts()) == 10)
        assert ears.texts() == said
        seqs = [event["seq"] for event in ears.events]
        assert seqs == sorted(set(seqs))
    for line in (buyer, shop, courier):
        await line.close()


async def test_a_repeat_returns_the_first_result(house: House) -> None:
    """JR: (actor, command_id) is idempotent for ever, over rpc and HTTP alike."""
    li = await log_in(house, "li")
    order = await place(li)
    line = await Line(li).open()
    first = await line.call("say", command_id="same-id-1", order=order, text="一次")
    assert await line.call("say", command_id="same-id-1", order=order, text="一次") == first
    assert (await li.done("say", key="same-id-1", order=order, text="一次")) == first
    answer = await li.do("say", key="same-id-1", order=order, text="另一句")
    assert (answer.status_code, answer.json()["code"]) == (409, "command.id_reused")
    await line.close()


async def test_placing_again_with_the_same_key_is_the_same_order(house: House) -> None:
    """OR-14: the server's own fields (number, price) do not make a retry something else."""
    li = await log_in(house, "li")
    order = await place(li)
    number = (await li.order(order))["order"]["number"]
    wish = {
        "order": "order-retried-1", "shop": "huaxin", "lines": [{"product": "carnation"}],
        "recipient": {"name": "小林", "phone": "13900002222"},
        "address": (await li.order(order))["order"]["address"], "promise": {"end": house.clock() + 9_000_000},
    }  # fmt: skip
    first = await li.done("place_order", key="place-key-1", **wish)
    assert await li.done("place_order", key="place-key-1", **wish) == first
    assert (await li.order("order-retried-1"))["order"]["number"] > number


async def test_strangers_see_nothing(house: House) -> None:
    li, chen, zhang = [await log_in(house, name) for name in ("li", "chen", "zhang")]
    order = await place(li)
    for stranger in (chen, zhang):
        answer = await stranger.do("say", order=order, text="你好")
        assert (answer.status_code, answer.json()["code"]) == (404, "order.not_found")
        line = await Line(stranger).open()
        for channel in (f"order:{order}", f"track:{order}", "shop:huaxin", f"me:{li.person}", "nonsense"):
            subscription = line.client.new_subscription(channel)
            await subscription.subscribe()
            with pytest.raises(CentrifugeError):
                await subscription.ready(timeout=LONG)
        await line.close()


async def test_a_refusal_says_why(house: House) -> None:
    li = await log_in(house, "li")
    order = await place(li)
    line = await Line(li).open()
    with pytest.raises(ReplyError) as error:
        await line.call("deliver", command_id="d-1", order=order)
    assert refusal(error.value)["code"] == "order.not_yours"
    with pytest.raises(ReplyError) as error:
        await line.call("say", command_id="d-2", order=order)
    assert refusal(error.value)["code"] == "request.invalid"
    await line.close()


async def test_a_courier_who_lost_the_order_hears_no_more(house: House) -> None:
    """OR-25: flat tyre; the next courier has it."""
    li, owner, zhang, xiaozhang = [await log_in(house, n) for n in ("li", "owner", "zhang", "xiaozhang")]
    order = await place(li)
    await owner.done("confirm_order", order=order)
    await owner.done("assign_courier", order=order, courier=zhang.person)
    old, new = await Line(zhang).open(), await Line(xiaozhang).open()
    talk, run = await old.listen(f"order:{order}"), await old.listen(f"run:huaxin:{zhang.person}")
    next_run = await new.listen(f"run:huaxin:{xiaozhang.person}")
    await old.call("report_incident", command_id="i-1", order=order, reason="vehicle_breakdown")
    await owner.done("assign_courier", order=order, courier=xiaozhang.person)
    await li.done("say", order=order, text="地址是三单元")
    await until(lambda: next_run.texts() == ["地址是三单元"])
    await until(lambda: run.events[-1]["type"] == "access_ended")
    assert run.events[-1]["body"] == {}
    assert "delta" not in run.events[-1]
    assert talk.texts() == []
    assert talk.gone
    assert (await zhang.do("pick_up", order=order)).status_code == 404
    assert [s["order"]["id"] for s in (await xiaozhang.ask("get_run", shop="huaxin"))["stops"]] == [order]
    await old.close()
    await new.close()


async def test_a_guest_sees_one_order_redacted(house: House) -> None:
    """OR-21: the recipient sees neither price nor an anonymous sender."""
    li = await log_in(house, "li")
    order = await place(li, card={"text": "生日快乐", "anonymous": True}, surprise=True)
    other = await place(li)
    url = (await li.done("create_guest_link", order=order, role="recipient"))["url"]
    answer = await li.http.post("/api/guest", json={"token": url.rpartition("/")[2], "device_name": "t"})
    guest = {"authorization": f"Bearer {answer.json()['access']}"}
    seen = await li.http.post("/api/queries/get_order", json={"order": order}, headers=guest)
    assert seen.status_code == 200
    for secret in ("李女士", "生日快乐", "168", li.person, "13700000021"):
        assert secret not in seen.text.replace(order, "")
    hidden = await li.http.post("/api/queries/get_order", json={"order": other}, headers=guest)
    assert hidden.status_code == 404


async def test_marks_and_typing_are_signals(house: House) -> None:
    """CO-7, CO-8."""
    li, owner = await log_in(house, "li"), await log_in(house, "owner")
    order = await place(li)
    shop = await Line(owner).open()
    ears = await shop.listen(f"order:{order}")
    seq = (await li.done("say", order=order, text="你好"))["seq"]
    await li.done("mark", order=order, read=seq)
    await li.done("type", order=order)
    await until(lambda: {s["signal"] for s in ears.signals} >= {"marks", "typing"})
    marks = (await owner.order(order))["marks"]
    assert {"person": li.person, "role": "buyer", "received": seq, "read": seq} in marks
    await li.done("mark", order=order, read=1)
    assert (await owner.order(order))["marks"] == marks
    await shop.close()
