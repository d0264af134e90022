"""Mute, block, report, and what is kept no longer (docs/spec/house_rules.md)."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from huaxin.compose import House
from huaxin.live.clock import Clock
from tests.contract.live.clients import Line
from tests.contract.live.conftest import until
from tests.contract.media import tus
from tests.house import Member, log_in, open_house, place, plain_http
from tests.unit.media import samples

DAY_MS = 24 * 3_600_000


@pytest.fixture(params=["sqlite", "postgres"])
async def aged(request: pytest.FixtureRequest, data: Path) -> AsyncIterator[House]:
    """A house whose clock can be moved ahead, on either database."""
    database = (
        str(request.getfixturevalue("postgres_server").make_database()) if request.param == "postgres" else ""
    )
    async with open_house(data, database=database, clock=Clock(1_772_800_000_000, 1.0)) as house:
        yield house


async def _crew(house: House, *names: str) -> list[Member]:
    return [await log_in(house, name) for name in names]


async def _on_the_road(li: Member, owner: Member, zhang: Member) -> str:
    order = await place(li)
    await owner.done("confirm_order", order=order)
    await owner.done("assign_courier", order=order, courier=zhang.person)
    return order


async def _said(member: Member, order: str) -> list[str]:
    events = (await member.order(order))["events"]
    return [one["body"].get("text", "") for one in events if one["type"] == "message_sent"]


async def test_who_is_blocked_is_not_heard_by_who_blocks_and_by_nobody_less(house: House) -> None:
    """HR-4, HR-5: live, in history, in search and in the unread count; the shop hears everybody."""
    li, owner, zhang = await _crew(house, "li", "owner", "zhang")
    order = await _on_the_road(li, owner, zhang)
    await zhang.done("say", order=order, text="之前的话")
    line = await Line(li).open()
    ears = await line.listen(f"order:{order}")
    await li.done("block_member", order=order, role="courier", on=True)
    await zhang.done("say", order=order, text="骂人的话")
    await zhang.done("ask", order=order, text="在吗", options=["在", "不在"])
    await zhang.done("send_place", order=order, point={"lat": 31, "lon": 121}, to=["buyer"])
    await owner.done("say", order=order, text="我来处理")
    await until(lambda: "我来处理" in ears.texts())
    assert "骂人的话" not in ears.texts()
    assert [one["type"] for one in ears.events if one["actor"]["role"] == "courier"] == []
    assert await _said(li, order) == ["之前的话", "我来处理"]
    assert await _said(owner, order) == ["之前的话", "骂人的话", "", "我来处理"]
    assert (await li.ask("search_messages", order=order, text="骂人"))["hits"] == []
    cards = await li.ask("list_orders")
    assert next(one for one in cards if one["order"]["id"] == order)["unread"] == 2
    # `to` shows who hears it; the delivery itself goes on.
    events = (await zhang.order(order))["events"]
    rude = next(one for one in events if one["body"].get("text") == "骂人的话")
    assert rude["body"]["to"] == ["shop", "courier"]
    await zhang.done("pick_up", order=order)
    assert (await li.order(order))["order"]["status"] == "picked_up"
    # Who blocks whom: seen by who blocks and by the shop.
    for member in (li, owner):
        blocks = (await member.order(order))["order"]["blocks"]
        assert [(one["by"], one["role"]) for one in blocks] == [("buyer", "courier")]
    assert "blocks" not in (await zhang.order(order))["order"]
    await li.done("block_member", order=order, role="courier", on=False)
    await zhang.done("say", order=order, text="对不起")
    await until(lambda: "对不起" in ears.texts())
    assert not (await li.order(order))["order"].get("blocks")
    await line.close()


async def test_marks_of_who_is_blocked_are_not_shown_to_who_blocks(house: House) -> None:
    """HR-5: laid before or after, live and in the snapshot; they come back when the block ends."""
    li, owner, zhang = await _crew(house, "li", "owner", "zhang")
    order = await _on_the_road(li, owner, zhang)
    seq = (await owner.done("say", order=order, text="花包好了"))["seq"]
    await zhang.done("react", order=order, seq=seq, emoji="👍")
    await owner.done("react", order=order, seq=seq, emoji="👍")
    line = await Line(li).open()
    ears = await line.listen(f"order:{order}")
    await li.done("block_member", order=order, role="courier", on=True)
    await until(lambda: bool(ears.events))
    assert [one["role"] for one in _marks(ears.events[-1]["delta"], seq)["👍"]] == ["shop"]
    heard = len(ears.events)
    await zhang.done("react", order=order, seq=seq, emoji="🌹")
    await owner.done("react", order=order, seq=seq, emoji="🎉")
    await until(lambda: len(ears.events) > heard)
    assert [one["actor"]["role"] for one in ears.events[heard:]] == ["shop"]
    assert set(_marks(ears.events[-1]["delta"], seq)) == {"👍", "🎉"}
    assert set(_marks((await li.order(order))["order"], seq)) == {"👍", "🎉"}
    assert set(_marks((await owner.order(order))["order"], seq)) == {"👍", "🌹", "🎉"}
    await li.done("block_member", order=order, role="courier", on=False)
    await until(lambda: ears.events[-1]["type"] == "member_blocked")
    assert set(_marks(ears.events[-1]["delta"], seq)) == {"👍", "🌹", "🎉"}
    await line.close()


def _marks(state: dict[str, Any], seq: int) -> dict[str, Any]:
    found: dict[str, Any] = state["overlays"][str(seq)]["reactions"]
    return found


async def test_a_block_is_of_a_person_and_ends_with_them(house: House) -> None:
    """HR-5: another courier is heard."""
    li, owner, zhang, xiaozhang = await _crew(house, "li", "owner", "zhang", "xiaozhang")
    order = await _on_the_road(li, owner, zhang)
    await li.done("block_member", order=order, role="courier")
    await owner.done("assign_courier", order=order, courier=xiaozhang.person)
    await xiaozhang.done("say", order=order, text="我是新的配送员")
    assert await _said(li, order) == ["我是新的配送员"]


async def test_the_shop_is_never_blocked_and_blocks_nobody(house: House) -> None:
    """HR-4."""
    li, owner, zhang = await _crew(house, "li", "owner", "zhang")
    order = await _on_the_road(li, owner, zhang)
    for member, role in ((li, "shop"), (li, "buyer"), (li, "system"), (owner, "buyer"), (zhang, "shop")):
        answer = await member.do("block_member", order=order, role=role, on=True)
        assert (answer.status_code, answer.json()["code"]) == (422, "block.not_this"), role
    assert "花店" in answer.json()["detail"]


async def test_a_report_goes_to_the_shop_and_is_answered(house: House) -> None:
    """HR-6, HR-7: seen by the shop and by who reports, on the board until the shop has looked."""
    li, owner, zhang = await _crew(house, "li", "owner", "zhang")
    order = await _on_the_road(li, owner, zhang)
    seq = (await zhang.done("say", order=order, text="难听的话"))["seq"]
    await li.done("report_message", order=order, seq=seq, reason="骂人")
    seen = await owner.order(order)
    reports = seen["order"]["reports"]
    assert [(one["seq"], one["reason"], one["status"]) for one in reports] == [(seq, "骂人", "open")]
    assert "report" in [one["kind"] for one in seen["attention"]]
    assert "reports" not in (await zhang.order(order))["order"]
    assert "message_reported" not in [one["type"] for one in (await zhang.order(order))["events"]]
    assert len((await li.order(order))["order"]["reports"]) == 1
    for member, number, code in (
        (li, seq, "report.already"), (zhang, seq, "report.own"), (owner, seq, "report.is_shop"),
        (li, 1, "message.not_found"), (li, 9_999, "message.not_found"),
    ):  # fmt: skip
        assert (await member.do("report_message", order=order, seq=number)).json()["code"] == code
    assert (await li.do("resolve_report", order=order, seq=seq)).json()["code"] == "order.not_yours"
    await owner.done("resolve_report", order=order, seq=seq, answer="已提醒配送员")
    assert (await li.order(order))["order"]["reports"][0]["answer"] == "已提醒配送员"
    assert "report" not in [one["kind"] for one in (await owner.order(order))["attention"]]
    assert (await owner.do("resolve_report", order=order, seq=seq)).json()["code"] == "report.none"


async def test_muting_is_a_persons_own_on_all_their_devices(house: House) -> None:
    """HR-3."""
    li, chen, owner = await _crew(house, "li", "chen", "owner")
    order = await place(li)
    assert not (await li.order(order))["muted"]
    await li.done("mute_order", order=order, on=True)
    assert (await li.order(order))["muted"]
    assert not (await owner.order(order))["muted"]
    state = await house.orders.find(order)
    assert state is not None
    assert await house.notify.reach.is_muted(li.person, order)
    await li.done("mute_order", order=order, on=False)
    assert not (await li.order(order))["muted"]
    assert (await chen.do("mute_order", order=order, on=True)).json()["code"] == "order.not_found"


async def _guest_page(house: House, order: str, member: Member) -> dict[str, Any]:
    async with plain_http(base_url=house.url) as http:
        headers = {"authorization": f"Bearer {member.access}"}
        answer = await http.get(f"/api/orders/{order}/export.json", headers=headers)
        found: dict[str, Any] = answer.json()
        return found


async def test_what_is_kept_no_longer_is_gone_and_its_trace_stays(aged: House) -> None:
    """HR-8, HR-9, HR-10: on both databases; the journal stays dense and every role's history stays whole."""
    house = aged
    li, owner, zhang = await _crew(house, "li", "owner", "zhang")
    order = await _on_the_road(li, owner, zhang)
    other = await place(li)
    await li.done("say", order=other, text="还开着的订单的话")
    first = await li.done("say", order=order, text="很私密的一句话")
    await owner.done("say", order=order, text="收到", reply_to=first["seq"])
    edited = await li.done("say", order=order, text="原来写的电话号码")
    await li.done("edit_message", order=order, seq=edited["seq"], text="改过的秘密")
    await li.done("report_message", order=order, seq=first["seq"] + 1, reason="举报的秘密理由")
    await owner.done("ask", order=order, text="秘密的提问", options=["好", "不好"])
    for step in ("pick_up", "set_off", "mark_arrived", "deliver"):
        await zhang.done(step, order=order)
    assert (await li.do("set_retention", shop="huaxin", messages_days=30)).status_code == 403
    await owner.done("set_retention", shop="huaxin", messages_days=30, media_days=7, positions_days=1)
    assert (await owner.ask("get_retention", shop="huaxin"))["messages_days"] == 30
    before = await house.journal.head("huaxin")
    await house.search.catch_up("huaxin")
    house.clock.step(29 * DAY_MS)
    await house.tracking.pulse()  # an event that shows again what lies over the messages
    assert (await li.order(order))["order"]["privacy_closed"]
    assert await house.sweeper.sweep() == 1  # the media alone
    assert "很私密的一句话" in await _said(li, order)
    house.clock.step(2 * DAY_MS)
    assert await house.sweeper.sweep() == 1
    assert await house.sweeper.sweep() == 0
    secrets = ("很私密", "收到", "原来写的", "改过的秘密", "秘密理由", "秘密的提问")
    for member in (li, owner):
        page = await _guest_page(house, order, member)
        for secret in secrets:
            assert secret not in str(page), secret
        messages = [one for one in page["events"] if one["type"] == "message_sent"]
        assert len(messages) == 3
        assert all(one["body"]["expired"] and one["body"]["to"] for one in messages)
        assert "talk_expired" in [one["type"] for one in page["events"]]
        assert page["order"]["talk_expired"]
        assert not page["order"].get("overlays")
        assert (await member.ask("search_messages", order=order, text="私密"))["hits"] == []
    # Nothing of it is in the store either, and nothing else was touched.
    for table, columns in (("journal", ("body", "delta")), ("states", ("doc",))):
        for column in columns:
            rows = await house.store.fetch(f"SELECT {column} FROM {table}")
            kept = b"".join(bytes(row[0]) for row in rows).decode()
            assert not [secret for secret in secrets if secret in kept], (table, column)
    assert "还开着的订单的话" in await _said(li, other)
    await house.search.catch_up("huaxin")
    assert (await owner.ask("search_orders", shop="huaxin", text="私密"))["hits"] == []
    after = await house.journal.head("huaxin")
    records = await house.store.read("huaxin", 0, 1_000)
    assert [one.seq for one in records] == list(range(1, after.seq + 1))
    assert after.seq > before.seq


async def test_what_the_shop_says_later_has_its_own_time(aged: House) -> None:
    """HR-8, HR-10: words, marks and pictures; what is younger stays and is still found."""
    house = aged
    li, owner, zhang = await _crew(house, "li", "owner", "zhang")
    order = await _on_the_road(li, owner, zhang)
    await li.done("say", order=order, text="当天的话")
    for step in ("pick_up", "set_off", "mark_arrived", "deliver"):
        await zhang.done(step, order=order)
    await owner.done("set_retention", shop="huaxin", messages_days=30, media_days=30)
    house.clock.step(31 * DAY_MS)
    assert await house.sweeper.sweep() == 2  # media and words
    picture = await tus.upload(owner, order, "picture", samples.jpeg())
    assert (await tus.send(owner, order, picture, text="补发的照片")).status_code == 200
    house.clock.step(20 * DAY_MS)
    young = (await owner.done("say", order=order, text="刚写的话"))["seq"]
    await owner.done("react", order=order, seq=young, emoji="👍")
    assert await house.sweeper.sweep() == 0  # looked at, and nothing is due
    house.clock.step(11 * DAY_MS)
    await house.search.catch_up("huaxin")
    assert await house.sweeper.sweep() == 2
    assert await house.sweeper.sweep() == 0
    assert await _said(owner, order) == ["", "", "刚写的话"]
    assert await tus.links(owner, order, picture) == {}
    assert (await owner.ask("search_messages", order=order, text="补发"))["hits"] == []
    assert len((await owner.ask("search_messages", order=order, text="刚写"))["hits"]) == 1
    assert list((await owner.order(order))["order"]["overlays"]) == [str(young)]
    house.clock.step(21 * DAY_MS)
    assert await house.sweeper.sweep() == 1
    assert await _said(li, order) == ["", "", ""]
