"""What people wish, what push services answer, and what survives a restart."""

from pathlib import Path

import pytest

from huaxin.journal.model import Head
from huaxin.notify.channels import Unsent
from tests.contract.notify.conftest import Stage, StillClock, open_stage
from tests.contract.notify.test_ladder import confirmed
from tests.pushing import PushService

HOUR = 3_600


async def test_quiet_hours_hold_back_what_can_wait(stage: Stage) -> None:
    """NTF-20: in the person's own time zone; what is urgent comes all the same."""
    li, owner, order = await confirmed(stage)
    await stage.subscribe(li, "li", "buyer")
    # 16:00 in Shanghai is 03:00 in New York.
    wish = {"quiet_from": "22:00", "quiet_to": "07:00", "time_zone": "America/New_York"}
    await li.done("set_notice_preferences", **wish)
    zhang = await stage.member("zhang")
    await owner.done("say", order=order, text="您要蓝色还是白色的丝带?")
    await stage.settle(10)
    assert stage.told("li") == []
    await owner.done("assign_courier", order=order, courier=zhang.person)
    await zhang.done("pick_up", order=order)
    await zhang.done("mark_arriving", order=order)
    await stage.settle(10)
    assert [one["kind"] for one in stage.told("li")] == ["arriving"]
    await stage.settle(4 * HOUR)
    assert "蓝色" in " ".join(stage.bodies("li"))


async def test_a_day_has_a_budget(stage: Stage) -> None:
    """NTF-21: urgent pushes are not held back by it, and the next day begins anew."""
    li, owner, order = await confirmed(stage)
    await stage.settle(20)
    await stage.subscribe(li, "li", "buyer")
    await li.done("set_notice_preferences", budget=2, quiet=False)
    for number in range(4):
        await owner.done("say", order=order, text=f"第{number}句")
        await stage.settle(10)
    assert [body[-3:] for body in stage.bodies("li")] == ["第0句", "第1句"]
    assert ("buyer", "push", "message", "skipped", "budget") in await stage.steps()
    await stage.settle(9 * HOUR)  # past midnight in the shop's zone
    await owner.done("say", order=order, text="早上好")
    await stage.settle(10)
    assert stage.bodies("li")[-1].endswith("早上好")


async def test_a_burst_of_messages_is_one_push(stage: Stage) -> None:
    """NTF-16: the newest, in its order's group."""
    li, owner, order = await confirmed(stage)
    await stage.settle(20)
    await stage.subscribe(li, "li", "buyer")
    for number in range(5):
        await owner.done("say", order=order, text=f"第{number}句")
    await stage.settle(10)
    assert [body[-3:] for body in stage.bodies("li")] == ["第4句"]
    topics = {one.headers["Topic"] for one in stage.pushes.arrived}
    assert len(topics) == 1


async def test_who_wishes_no_preview_sees_none(stage: Stage) -> None:
    """NTF-15, NTF-22."""
    li, owner, order = await confirmed(stage)
    await stage.settle(20)
    await stage.subscribe(li, "li", "buyer")
    await li.done("set_notice_preferences", preview=False)
    await owner.done("say", order=order, text="门禁是 1234")
    await stage.settle(10)
    assert stage.bodies("li") == ["有一条新消息"]


async def test_channels_that_are_not_wished_are_not_used(stage: Stage) -> None:
    """NTF-22."""
    li, owner, order = await confirmed(stage)
    await stage.subscribe(li, "li", "buyer")
    await li.done("set_notice_preferences", channels=["sms"])
    zhang = await stage.member("zhang")
    await owner.done("assign_courier", order=order, courier=zhang.person)
    await zhang.done("pick_up", order=order)
    await zhang.done("mark_arriving", order=order)
    await stage.settle(100)
    assert stage.told("li") == []
    assert [one.person for one in stage.wechat.sent if one.template == "arriving"] == []
    assert [one.phone for one in stage.sms.sent if one.template == "arriving"] == ["13700000021"]


async def test_a_refused_channel_gives_way_to_the_next(stage: Stage) -> None:
    """NTF-3."""
    li, owner, order = await confirmed(stage)
    await stage.settle(20)
    zhang = await stage.member("zhang")
    await owner.done("assign_courier", order=order, courier=zhang.person)
    await zhang.done("pick_up", order=order)
    await stage.settle(1)
    stage.wechat.refusals.append(Unsent("no consent"))
    stage.sms.refusals.append(Unsent("busy", 30))
    await zhang.done("mark_arriving", order=order)
    await stage.settle(70)
    assert [one for one in stage.sms.sent if one.person == li.person] == []
    await stage.settle(31)
    assert [one.template for one in stage.wechat.sent if one.person == li.person] == ["arriving"]


async def test_words_that_cannot_be(stage: Stage) -> None:
    """NTF-12, NTF-14, NTF-22."""
    li = await stage.member("li")
    keys = stage.pushes.browser("x").subscription
    for changes, code in (
        ({"endpoint": "ftp://push.example/a"}, "push.endpoint"),
        ({"p256dh": "A" * 87}, "push.keys"),
        ({"app": "fridge"}, "push.app"),
    ):
        answer = await li.do("add_push", **(keys | changes))
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    for wish, code in (
        ({"time_zone": "Mars/Olympus"}, "notice.time_zone"),
        ({"channels": ["pigeon"]}, "notice.channel"),
        ({"quiet_from": "25:00"}, "request.invalid"),
        ({"budget": -1}, "request.invalid"),
    ):
        answer = await li.do("set_notice_preferences", **wish)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    settings = await li.ask("get_notice_preferences")
    assert settings["available"] == ["push", "wechat", "sms"]
    assert settings["preferences"]["quiet_from"] == "22:00"


@pytest.mark.parametrize("status", [404, 410])
async def test_a_subscription_that_is_gone_is_forgotten(stage: Stage, status: int) -> None:
    """NTF-17."""
    li, owner, order = await confirmed(stage)
    await stage.settle(20)
    await stage.subscribe(li, "old", "buyer")
    stage.pushes.answers["old"] = [(status, {})]
    await owner.done("say", order=order, text="您好")
    await stage.settle(10)
    assert (await li.ask("get_notice_preferences"))["devices"] == 0


async def test_a_busy_push_service_is_asked_again_when_it_said(stage: Stage) -> None:
    """NTF-18: only for the device that did not get it."""
    li, owner, order = await confirmed(stage)
    other = await stage.member("li")
    await stage.settle(20)
    await stage.subscribe(li, "phone", "buyer")
    await stage.subscribe(other, "tablet", "buyer")
    stage.pushes.answers["phone"] = [(429, {"Retry-After": "90"})]
    await owner.done("say", order=order, text="您好")
    await stage.settle(10)
    assert (len(stage.told("phone")), len(stage.told("tablet"))) == (0, 1)
    await stage.settle(60)
    assert len(stage.told("phone")) == 0
    await stage.settle(31)
    assert (len(stage.told("phone")), len(stage.told("tablet"))) == (1, 1)


async def test_a_push_service_that_fails_is_given_up_in_time(stage: Stage) -> None:
    """NTF-18."""
    li, owner, order = await confirmed(stage)
    await stage.settle(20)
    await stage.subscribe(li, "phone", "buyer")
    stage.pushes.answers["phone"] = [(503, {})] * 50
    await owner.done("say", order=order, text="您好")
    for _ in range(10):
        await stage.settle(1_900)
    states = [
        state for _, channel, kind, state, _ in await stage.steps() if (channel, kind) == ("push", "message")
    ]
    assert states == ["failed"]
    assert 2 <= 50 - len(stage.pushes.answers["phone"]) <= 6


async def test_a_restart_forgets_nothing_and_doubles_nothing(
    data: Path, database: str, pushes: PushService
) -> None:
    """NTF-4, NTF-19: what happened while nobody was there to decide is decided afterwards."""
    clock = StillClock()
    async with open_stage(data, database, pushes, clock) as first:
        li, owner, order = await confirmed(first)
        zhang = await first.member("zhang")
        browser = await first.subscribe(li, "li", "buyer")
        await first.settle(20)
        told = len(first.told("li"))
        await owner.done("assign_courier", order=order, courier=zhang.person)
        await zhang.done("pick_up", order=order)
        await first.settle(10)
        await zhang.done("mark_arriving", order=order)
        # Stopped as by a power cut: neither decided nor told.
        await first.house.notify.follower.stop()
        before = await first.house.notify.store.cursor("huaxin")
        assert before is not None
        await first.house.store.execute(
            "UPDATE notice_cursors SET seq = $1 WHERE shop = 'huaxin'", before.seq - 3
        )
        told = len(first.told("li"))
    clock.pass_s(5)
    async with open_stage(data, database, pushes, clock) as second:
        second.browsers["li"] = browser
        await second.settle(5)
        kinds = [one["kind"] for one in second.told("li")]
        assert kinds.count("arriving") == 1
        assert len(kinds) == told + 1
        await second.settle(100)
        assert [one.template for one in second.wechat.sent] == ["arriving"]
        await second.settle(600)
        assert [one.template for one in second.wechat.sent] == ["arriving"]
        assert (await second.house.notify.get_push_key(None, None)).key  # type: ignore[arg-type]


async def test_two_nodes_tell_once(stage: Stage) -> None:
    """NTF-4: a step is claimed by one of all who look."""
    li, owner, order = await confirmed(stage)
    await stage.settle(20)
    await stage.subscribe(li, "li", "buyer")
    await owner.done("say", order=order, text="您好")
    await stage.settle()
    stage.clock.pass_s(10)
    (step,) = await stage.house.notify.store.due(stage.clock())
    claims = [await stage.house.notify.store.claim(step, stage.clock()) for _ in range(3)]
    assert claims == [True, False, False]


async def test_a_sending_cut_off_costs_no_second_text(stage: Stage) -> None:
    """NTF-4: a push cut off by a crash is tried again, a text is not."""
    li, owner, order = await confirmed(stage)
    await stage.subscribe(li, "li", "buyer")
    zhang = await stage.member("zhang")
    await owner.done("assign_courier", order=order, courier=zhang.person)
    await zhang.done("pick_up", order=order)
    await stage.settle(20)
    await zhang.done("mark_arriving", order=order)
    await stage.settle()
    stage.clock.pass_s(61)
    for step in await stage.house.notify.store.due(stage.clock()):
        await stage.house.notify.store.claim(step, stage.clock())
    await stage.settle(130)
    assert [one["kind"] for one in stage.told("li")][-1] == "arriving"
    assert [one for one in stage.wechat.sent if one.person == li.person] == []


async def test_another_epoch_is_followed_from_its_head(stage: Stage) -> None:
    """NTF-19: what another history holds of old is not told again."""
    li, owner, order = await confirmed(stage)
    await stage.subscribe(li, "li", "buyer")
    await stage.settle(20)
    notify = stage.house.notify
    steps = len(await stage.steps())
    notify.follower._at["huaxin"] = Head("another", 1)
    assert await notify.follower.follow("huaxin") == 0
    await owner.done("say", order=order, text="您好")
    await stage.settle(10)
    assert len(await stage.steps()) == steps + 1


async def test_the_test_push(stage: Stage) -> None:
    """NTF-23."""
    li = await stage.member("li")
    assert await li.done("try_push") == {"sent": 0}
    await stage.subscribe(li, "li", "buyer")
    assert await li.done("try_push") == {"sent": 1}
    (told,) = stage.told("li")
    assert (told["kind"], told["url"]) == ("try", "/buyer/")
    await li.done("remove_push", endpoint=stage.browsers["li"].endpoint)
    assert await li.done("try_push") == {"sent": 0}


async def test_a_browser_speaks_for_whoever_is_signed_in_in_it(stage: Stage) -> None:
    """NTF-24: the one before is told nothing there any more; a device signed out neither."""
    li, owner, order = await confirmed(stage)
    chen = await stage.member("chen")
    await stage.settle(20)
    browser = await stage.subscribe(li, "shared", "buyer")
    await chen.done("add_push", **browser.subscription, app="buyer")
    await owner.done("say", order=order, text="只给李女士")
    await stage.settle(10)
    assert stage.told("shared") == []
    phone = await stage.subscribe(li, "phone", "buyer")
    device = next(one for one in await li.ask("list_devices") if one["current"])
    assert device["pushes"] is True
    tablet = await stage.member("li")
    await tablet.done("sign_out_device", device=device["id"])
    await owner.done("say", order=order, text="手机已退出")
    await stage.settle(10)
    assert stage.told("phone") == []
    assert phone.endpoint != browser.endpoint
