"""The ladder, in a whole house on both databases: seen, pushed, then the next channel, once."""

from tests.contract.notify.conftest import Stage
from tests.house import Member, place


async def confirmed(stage: Stage) -> tuple[Member, Member, str]:
    li, owner = await stage.member("li"), await stage.member("owner")
    order = await place(li)
    await owner.done("confirm_order", order=order)
    return li, owner, order


async def test_what_was_not_read_is_pushed_and_says_what_the_screen_says(stage: Stage) -> None:
    """NTF-1, NTF-10, NTF-13, NTF-15."""
    li, owner = await stage.member("li"), await stage.member("owner")
    await stage.subscribe(li, "li", "buyer")
    order = await place(li)
    await owner.done("confirm_order", order=order)
    await stage.settle()
    assert stage.told("li") == [], "a screen that is looked at has its moment first"
    await stage.settle(7)
    (told,) = stage.told("li")
    number = (await li.order(order))["order"]["number"]
    assert told["title"].startswith(f"订单 #{number}")
    assert told["body"].startswith("您的订单已确认")
    assert (told["order"], told["tag"], told["url"]) == (order, f"order:{order}", f"/buyer/orders/{order}")
    assert told["kind"] == "confirmed"
    (arrived,) = stage.pushes.arrived
    assert arrived.headers["Urgency"] == "low"
    assert len(arrived.body) < 1_500


async def test_what_was_read_on_any_device_is_not_pushed(stage: Stage) -> None:
    """NTF-2."""
    li, owner, order = await confirmed(stage)
    await stage.subscribe(li, "li", "buyer")
    said = await owner.done("say", order=order, text="花已经扎好了")
    await stage.settle()
    await li.done("mark", order=order, received=said["seq"], read=said["seq"])
    await stage.settle(60)
    assert stage.told("li") == []
    assert ("buyer", "push", "message", "seen", "") in await stage.steps()


async def test_the_next_channel_is_used_once(stage: Stage) -> None:
    """NTF-3, NTF-4."""
    li, owner, order = await confirmed(stage)
    zhang = await stage.member("zhang")
    await owner.done("assign_courier", order=order, courier=zhang.person)
    await zhang.done("pick_up", order=order)
    await zhang.done("mark_arriving", order=order)
    await stage.settle(30)
    assert stage.sms.sent == []
    await stage.settle(31)
    letters = [one for one in stage.wechat.sent if one.template == "arriving"]
    assert [one.text.endswith("您的鲜花即将送达,请保持手机畅通") for one in letters] == [True]
    assert stage.sms.sent == [], "the first channel that works is enough"
    for _ in range(3):
        await stage.settle(300)
    assert len([one for one in stage.wechat.sent if one.template == "arriving"]) == 1
    _ = li


async def test_a_device_that_showed_the_push_has_received_it(stage: Stage) -> None:
    """NTF-5: the receipt of the push stops the next channel."""
    li, owner, order = await confirmed(stage)
    zhang = await stage.member("zhang")
    await stage.subscribe(li, "li", "buyer")
    await owner.done("assign_courier", order=order, courier=zhang.person)
    await zhang.done("pick_up", order=order)
    await zhang.done("mark_arriving", order=order)
    await stage.settle(10)
    told = stage.told("li")[-1]
    assert (told["kind"], told["urgent"]) == ("arriving", True)
    answer = await li.http.post(
        "/api/pushed", json={"receipt": told["receipt"]}, headers={"authorization": ""}
    )
    assert answer.status_code == 200
    marks = (await li.order(order))["marks"]
    assert [one["received"] for one in marks if one["person"] == li.person] == [told["seq"]]
    await stage.settle(300)
    assert [one.template for one in stage.wechat.sent] == []
    forged = told["receipt"][:-3] + "abc"
    assert (await li.http.post("/api/pushed", json={"receipt": forged})).status_code == 200


async def test_who_did_it_is_not_told(stage: Stage) -> None:
    """NTF-1."""
    li, owner, order = await confirmed(stage)
    await stage.subscribe(li, "li", "buyer")
    await stage.subscribe(owner, "owner", "shop")
    await li.done("cancel_order", order=order, reason="订重了")
    await stage.settle(10)
    assert stage.told("li") == []
    assert [one["kind"] for one in stage.told("owner")] == ["cancelled"]
    assert stage.told("owner")[0]["url"] == f"/shop/orders/{order}"


async def test_the_shop_is_told_in_its_group_chat_when_nobody_takes_it_up(stage: Stage) -> None:
    """NTF-6: without names and words of customers; an act of anybody of the shop settles it."""
    li, owner = await stage.member("li"), await stage.member("owner")
    taken, left = await place(li), await place(li)
    await stage.settle(30)
    await owner.done("confirm_order", order=taken)
    await stage.settle(100)
    number = (await li.order(left))["order"]["number"]
    assert [(shop, text.split(":")[0]) for shop, _, text in stage.chat.sent] == [
        ("huaxin", f"订单 #{number}")
    ]
    await li.done("say", order=left, text="我是李女士,电话 13700000021")
    await stage.settle(200)
    assert stage.chat.sent[-1][2].strip() == f"订单 #{number}:订花人发来新消息"


async def test_a_courier_who_gets_an_order_is_told_and_one_who_lost_it_is_not(stage: Stage) -> None:
    """NTF-7: rights are those of the moment of telling."""
    _, owner, order = await confirmed(stage)
    zhang, xiaozhang = await stage.member("zhang"), await stage.member("xiaozhang")
    await stage.subscribe(zhang, "zhang", "courier")
    await stage.subscribe(xiaozhang, "xiaozhang", "courier")
    await owner.done("assign_courier", order=order, courier=zhang.person)
    await stage.settle()
    await owner.done("assign_courier", order=order, courier=xiaozhang.person)
    await stage.settle(10)
    assert stage.told("zhang") == []
    assert [one["body"] for one in stage.told("xiaozhang")] == ["有一单新的配送交给您"]
    assert ("courier", "push", "given", "skipped", "not theirs") in await stage.steps(person=zhang.person)


async def test_the_recipient_of_a_surprise_hears_nothing_before_the_flowers(stage: Stage) -> None:
    """NTF-8, NTF-9: nor who sent them."""
    li, owner, zhang = [await stage.member(name) for name in ("li", "owner", "zhang")]
    card = {"text": "猜猜我是谁", "signature": "", "anonymous": True}
    surprise = await place(li, surprise=True, card=card)
    await owner.done("confirm_order", order=surprise)
    mother = await guest(stage, li, surprise)
    await stage.subscribe(mother, "mother", "guest")
    await owner.done("assign_courier", order=surprise, courier=zhang.person)
    await zhang.done("pick_up", order=surprise)
    await zhang.done("mark_arriving", order=surprise)
    await zhang.done("mark_arrived", order=surprise)
    await zhang.done("say", order=surprise, text="我在门口", to=["recipient"])
    await stage.settle(30)
    assert stage.told("mother") == []
    await zhang.done("deliver", order=surprise)
    await stage.settle(30)
    (told,) = stage.told("mother")
    assert told["body"] == "鲜花已送达,祝您心情愉快。"
    assert li.person not in str(told)
    assert "李" not in str(told)
    assert not any(one.person.startswith("guest") for one in stage.wechat.sent)


async def test_the_recipient_of_an_ordinary_order_is_told_at_the_gate(stage: Stage) -> None:
    """NTF-8."""
    _, owner, order = await confirmed(stage)
    zhang = await stage.member("zhang")
    mother = await guest(stage, owner, order)
    await stage.subscribe(mother, "mother", "guest")
    await owner.done("assign_courier", order=order, courier=zhang.person)
    await zhang.done("pick_up", order=order)
    await stage.settle(5)
    await zhang.done("mark_arriving", order=order)
    await stage.settle(5)
    assert [one["kind"] for one in stage.told("mother")] == ["arriving"]


async def guest(stage: Stage, maker: Member, order: str) -> Member:
    link = await maker.done("create_guest_link", order=order, role="recipient")
    token = link["url"].rpartition("/")[2]
    tokens = (await maker.http.post("/api/guest", json={"token": token})).json()
    return Member(stage.house, tokens["person"], tokens["access"])


async def test_a_message_taken_back_is_not_told(stage: Stage) -> None:
    """NTF-9."""
    li, owner, order = await confirmed(stage)
    await stage.subscribe(li, "li", "buyer")
    said = await owner.done("say", order=order, text="发错了")
    await stage.settle()
    answer = await owner.do("recall_message", order=order, seq=said["seq"])
    assert answer.status_code == 200, answer.text
    await stage.settle(30)
    assert "发错了" not in str(stage.told("li"))


async def test_a_message_that_was_edited_is_told_as_it_reads_now(stage: Stage) -> None:
    """NTF-9."""
    li, owner, order = await confirmed(stage)
    await stage.settle(20)
    await stage.subscribe(li, "li", "buyer")
    said = await owner.done("say", order=order, text="两点到")
    await owner.done("edit_message", order=order, seq=said["seq"], text="三点到")
    await stage.settle(10)
    assert [body[-3:] for body in stage.bodies("li")] == ["三点到"]
