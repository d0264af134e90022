# length: every command of an order stands in one list here
"""Snapshot + events == fresh snapshot for every command and role; nobody sees what is not theirs."""

import json
import random
from typing import Any

import msgspec
import pytest

from huaxin.calls import commands as cc
from huaxin.conversation import commands as t
from huaxin.conversation.commands import Say, SendPlace
from huaxin.conversation.targets import MESSAGES
from huaxin.journal.model import Record, Rejected
from huaxin.kernel import AUDIENCE_OF, Point, Role, Stem
from huaxin.live.render import render, render_for_all
from huaxin.orders import commands as c
from huaxin.orders.gates import Gates
from huaxin.orders.model import Address, Card, Line, Order, Promise, Reason
from huaxin.orders.recipient import commands as rc
from huaxin.orders.recipient.model import ContactWish, TimeWindow
from huaxin.orders.redact import redact
from huaxin.orders.remedies import commands as mc
from tests.unit.orders.helpers import ACTORS, HOME, ORDER, SHOP, Play, assign, at, wish
from tests.unit.orders.negotiating import negotiations

ROLES = (Role.buyer, Role.recipient, Role.shop, Role.courier)
GATES = Gates(photo="wanted", answer_minutes=5, open_fix="warn")
AWAY = Point(30.29, 120.05)
SECRETS = {
    Role.buyer: ["13800138000", "reporter-note", "秘密配方", "gate-7788"],
    Role.recipient: [
        "秘密配方",
        ": 16800",
        ": 5040",
        ": 3000",
        ": 14800",
        ": 18800",
        '"difference": 2000',
        "13700002222",
        "reporter-note",
        "三点前送到公司",
        "李女士",
        "p-li",
        "pay-ref",
        ": 25900",
        "计划变了",
        "白色丝带",
    ],
    Role.courier: [
        "pay-ref",
        "秘密配方",
        ": 14800",
        ": 18800",
        '"difference": 2000',
        ": 16800",
        ": 5040",
        ": 3000",
        "13700002222",
        "节日快乐",
        ": 25900",
        "换成生日快乐",
        "code-secret",
    ],
}  # fmt: skip


def candidates(play: Play, rng: random.Random) -> list[tuple[str, Any]]:
    change = play.order.change.id if play.order and play.order.change else "none"
    incidents = play.order.incidents if play.order else []
    bouquet = play.order.bouquet.id if play.order and play.order.bouquet else "none"
    later = Promise(end=play.now + rng.randint(1, 9) * 3_600_000)
    elsewhere = Address(text="云溪国际中心12层", point=Point(30.26, 120.02))
    return [
        ("shop", c.ConfirmOrder(order=ORDER)),
        ("shop", c.StartMaking(order=ORDER)),
        ("shop", c.MarkReady(order=ORDER)),
        ("shop", c.MarkReady(order=ORDER, picture="made-0", gates=GATES)),
        ("shop", c.ShowBouquet(order=ORDER, picture=f"made-{rng.randint(1, 9)}", gates=GATES)),
        ("buyer", c.AnswerBouquet(order=ORDER, bouquet=bouquet, approve=rng.random() < 0.5, fix="白色丝带")),
        ("shop", assign(rng.choice(["zhang", "xiaozhang"]))),
        ("shop", c.AssignCourier(order=ORDER, courier="")),
        ("zhang", c.PickUp(order=ORDER, eta_at=play.now + 1_800_000)),
        ("xiaozhang", c.PickUp(order=ORDER, receipt_code="code-secret", anyway=rng.random() < 0.5)),
        ("xiaozhang", c.SetOff(order=ORDER)),
        ("system", c.MarkArriving(order=ORDER)),
        ("zhang", c.MarkArrived(order=ORDER)),
        (
            "zhang",
            c.Deliver(order=ORDER, point=AWAY, left_with="guard", received_by="王师傅", picture="door"),
        ),
        ("zhang", c.Deliver(order=ORDER, point=HOME, code="code-secret", signature="name", accuracy_m=9.0)),
        ("xiaozhang", c.Deliver(order=ORDER)),
        ("buyer", c.Rate(order=ORDER, stars=4, text="很好")),
        ("shop", c.CancelOrder(order=ORDER, reason="缺货")),
        ("buyer", c.AskChange(order=ORDER, promise=later)),
        ("buyer", c.AskChange(order=ORDER, address=elsewhere)),
        ("buyer", c.WithdrawChange(order=ORDER, change=change)),
        ("zhang", c.AnswerChange(order=ORDER, change=change, accept=True)),
        ("shop", c.AnswerChange(order=ORDER, change=change, accept=rng.random() < 0.5)),
        ("xiaozhang", c.AgreeTime(order=ORDER, at=play.now + 900_000)),
        ("zhang", c.ReportIncident(order=ORDER, reason=Reason.heavy_traffic, note="reporter-note")),
        *negotiations(play, rng, change, later),
        ("shop", c.ResolveIncident(order=ORDER, incident=incidents[-1].id if incidents else "none")),
        ("zhang", c.FailDelivery(order=ORDER, reason=Reason.recipient_absent)),
        ("shop", c.RetryDelivery(order=ORDER)),
        ("zhang", c.StartReturn(order=ORDER)),
        ("shop", c.ConfirmReturn(order=ORDER)),
        (rng.choice(["shop", "zhang", "xiaozhang"]), c.UndoLast(order=ORDER)),
        ("system", c.ReportSlipping(order=ORDER, eta_at=play.now + 3_000_000)),
        ("system", c.ClosePrivacy(order=ORDER)),
        *substitutes(play, rng),
        ("shop", c.RecordPayment(order=ORDER, amount=rng.randint(1, 16800), reference="pay-ref")),
        ("shop", c.RecordRefund(order=ORDER, amount=rng.randint(1, 9000), reason="pay-ref")),
        *of_recipient(play, rng, later),
        *of_remedies(play, rng),
        ("buyer", Say(order=ORDER, text="到哪了?")),
        ("shop", SendPlace(order=ORDER, point=HOME, name="东门")),
    ]


def substitutes(play: Play, rng: random.Random) -> list[tuple[str, Any]]:
    """Other flowers than ordered, in every way they can be proposed and answered."""
    known = play.order.substitutions[-1].id if play.order and play.order.substitutions else "none"
    picture = "/pictures/pink_rose.svg"
    difference = rng.choice([-2000, 0, 2000, -90000])
    return [
        (
            "shop",
            c.ProposeSubstitute(
                order=ORDER, stem="粉色康乃馨", name="桔梗", picture=picture, difference=difference
            ),
        ),
        ("shop", c.ProposeSubstitute(order=ORDER, line=rng.randint(0, 1), name="桔梗花束", picture=picture)),
        (
            rng.choice(["buyer", "shop"]),
            c.AnswerSubstitute(order=ORDER, substitution=known, accept=rng.random() < 0.5),
        ),
        ("shop", c.WithdrawSubstitute(order=ORDER, substitution=known)),
        ("shop", c.RefundLine(order=ORDER, line=rng.randint(0, 1))),
        ("system", c.SettleSubstitute(order=ORDER, substitution=known)),
    ]


def of_recipient(play: Play, rng: random.Random, later: Promise) -> list[tuple[str, Any]]:
    preference = play.order.preference.id if play.order and play.order.preference else "none"
    after = {"policy": "after", "after": play.now + 60_000}
    wished: Any = rng.choice([after, {"policy": "never"}, {"policy": "free"}])
    answer = rc.AnswerPreference(order=ORDER, preference=preference, accept=rng.random() < 0.6)
    return [
        (rng.choice(["buyer", "shop"]), rc.SetContact(order=ORDER, contact=ContactWish(**wished))),
        ("system", rc.OpenContact(order=ORDER)),
        ("recipient", rc.PreferTime(order=ORDER, window=TimeWindow(end=later.end), text="下午在家")),
        (rng.choice(["buyer", "shop", "zhang"]), answer),
        ("recipient", rc.HelpGate(order=ORDER, code="gate-7788", text="走东门")),
        ("recipient", rc.Thank(order=ORDER, text="谢谢")),
    ]


def of_remedies(play: Play, rng: random.Random) -> list[tuple[str, Any]]:
    complaint = play.order.complaint if play.order else None
    remedy = complaint.remedies[-1].id if complaint and complaint.remedies else "none"
    party = rng.choice(["buyer", "shop"])
    refund, voucher = {"kind": "refund", "amount": 5040}, {"kind": "voucher", "amount": 3000}
    offer: Any = rng.choice([refund, {"kind": "remake"}, voucher])
    return [
        (rng.choice(["buyer", "recipient"]), mc.Complain(order=ORDER, fault="damaged", pictures=["pic-1"])),
        (party, mc.ProposeRemedy(order=ORDER, text="抱歉", **offer)),
        (party, mc.AnswerRemedy(order=ORDER, remedy=remedy, accept=rng.random() < 0.5)),
        (rng.choice(["buyer", "recipient"]), mc.WithdrawComplaint(order=ORDER)),
        ("shop", mc.AnswerRating(order=ORDER, text="谢谢")),
    ]


def talk(play: Play, rng: random.Random) -> list[tuple[str, Any]]:
    """What may be done with messages, aimed at something that may not be one."""
    who = rng.choice(["buyer", "recipient", "shop", "zhang", "xiaozhang"])
    latest = [one for one in play.messages[-12:] if one.type in MESSAGES]
    own = [one.seq for one in latest if one.person == ACTORS[who].person] or [play.seq]

    def word(kind: str) -> str:
        return f"〔{kind}{play.seq}-{rng.randint(0, 10**6)}〕"

    seq = (
        rng.choice(latest).seq
        if latest and rng.random() < 0.9
        else rng.randint(max(1, play.seq - 12), play.seq)
    )
    to = rng.choice([None, [Role.recipient], [Role.courier], []])
    return [
        (who, Say(order=ORDER, text=word("说"), to=to)),
        (who, Say(order=ORDER, text=word("回"), reply_to=seq, to=to, mentions=[Role.shop])),
        *[(who, Say(order=ORDER, text=word("答"), reply_to=seq)) for _ in range(3)],
        (who, t.RecallMessage(order=ORDER, seq=rng.choice([seq, own[-1]]))),
        (who, t.EditMessage(order=ORDER, seq=rng.choice([seq, own[-1]]), text=word("改"))),
        (who, t.React(order=ORDER, seq=seq, emoji=rng.choice("👍🌹"), on=rng.random() < 0.6)),
        (who, t.React(order=ORDER, seq=seq, emoji="👍", on=True)),
        (who, t.PinMessage(order=ORDER, seq=seq, on=rng.random() < 0.6)),
        (who, t.ForwardMessages(order=ORDER, from_order=ORDER, seqs=[seq], to=to)),
        (who, t.Ask(order=ORDER, text="放哪里?", options=["门口", "前台"], to=to)),
        (who, t.AnswerQuestion(order=ORDER, seq=seq, option=rng.randint(0, 1))),
        (who, t.ShareLive(order=ORDER, to=to)),
        (rng.choice([who, "system"]), t.StopLive(order=ORDER, seq=seq)),
        (who, t.BlockMember(order=ORDER, role=rng.choice([*Role]), on=rng.random() < 0.7)),
        (who, t.ReportMessage(order=ORDER, seq=seq, reason="难听")),
        ("shop", t.ResolveReport(order=ORDER, seq=seq, answer="已处理")),
        *calls(play, rng, who),
    ]


def calls(play: Play, rng: random.Random, who: str) -> list[tuple[str, Any]]:
    """What may be done with calls, of somebody who may not be in one."""
    open_ = play.order.calls if play.order else []
    call = rng.choice(open_).id if open_ else "call-none"
    to = rng.sample([Role.buyer, Role.recipient, Role.shop, Role.courier], rng.randint(1, 3))
    return [
        (who, cc.Ring(order=ORDER, call=f"call-{play.seq:05d}", to=to, device=f"d-{who}")),
        *[(who, cc.AnswerCall(order=ORDER, call=call, device=f"d-{who}")) for _ in range(3)],
        (who, cc.DeclineCall(order=ORDER, call=call, crew=rng.choice([[], ["p-owner", "p-other"]]))),
        (who, cc.InviteToCall(order=ORDER, call=call, to=to)),
        (who, cc.LeaveCall(order=ORDER, call=call)),
        ("system", cc.MissCall(order=ORDER, call=call)),
        ("system", cc.LoseMember(order=ORDER, call=call, person=ACTORS[who].person)),
    ]


def two_lines() -> list[Line]:
    stems = [Stem("粉色康乃馨", 19, "pink carnation")]
    return [
        Line(product="carnation", name="康乃馨", price=16800, recipe=stems),
        Line(product="lily", name="百合", price=16800, recipe=[Stem("秘密配方", 6)]),
    ]


def records_of(play: Play, who: str, count: int) -> list[Record]:
    return [
        Record(
            shop=SHOP, seq=count + n + 1, at=play.now, subject=ORDER, type=fact.type, version=1,
            actor=fact.actor or ACTORS[who].person, role=fact.actor or ACTORS[who].role,
            audience=fact.audience, body=fact.body, delta=fact.delta,
        )
        for n, fact in enumerate(play.last.facts if play.last else [])
    ]  # fmt: skip


def clean(view: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in view.items() if value is not None and (name, value) != EMPTY}


EMPTY: tuple[str, Any] = ("overlays", {})


def assign_over(view: dict[str, Any], delta: dict[str, Any]) -> dict[str, Any]:
    """What a client does with a delta: fields are assigned, overlays are laid over by entry."""
    after = {**view, **delta}
    if delta.get("overlays"):
        laid = {**view.get("overlays", {}), **delta["overlays"]}
        after["overlays"] = {seq: overlay for seq, overlay in laid.items() if overlay is not None}
    return clean(after)


@pytest.mark.parametrize("seed", range(50))
def test_snapshot_and_events_are_the_fresh_snapshot(seed: int) -> None:
    """OR-20, OR-21: along random lives, at every step, for every role; the two ways of rendering agree."""
    rng = random.Random(seed)
    play = Play()
    play.do(
        "buyer",
        wish(
            surprise=seed % 2 == 0,
            card=Card(text="节日快乐", anonymous=True),
            note="三点前送到公司",
            when_out=rng.choice(["ask", "similar", "refund"]),
            priced=two_lines(),
        ),
    )
    seen = {role: clean(redact(play.state, role)) for role in ROLES}
    heard: dict[Role, dict[int, dict[str, Any]]] = {role: {} for role in ROLES}
    kept: list[Record] = []
    count = play.seq
    for _ in range(100):
        who, body = rng.choice((talk if rng.random() < 0.7 else candidates)(play, rng))
        play.now += rng.choice([500, 4_000, 30_000])
        before = play.state
        try:
            play.do(who, body)
        except Rejected:
            assert play.state is before
            continue
        for record in records_of(play, who, count):
            count = record.seq
            kept.append(record)
            shared = render_for_all(record, play.state)
            for role in ROLES:
                data = render(record, play.state, role, record.at)
                assert (data is None) == (role.value not in shared)
                if data is None:
                    continue
                event = msgspec.json.decode(data)
                heard[role][record.seq] = event
                seen[role] = assign_over(seen[role], event.get("delta") or {})
                check_secrets(data, role, play.state)
        for role in ROLES:
            assert seen[role] == clean(redact(play.state, role)), (role, body)
    check_conversations(play.state, kept, heard, seen)


def check_conversations(
    order: Order,
    kept: list[Record],
    heard: dict[Role, dict[int, dict[str, Any]]],
    seen: dict[Role, dict[str, Any]],
) -> None:
    """CO-11, CO-13, CO-14: what was told as it happened is drawn like the history read afresh, and nothing of
    what was recalled, replaced or meant for others is in it."""
    for role in ROLES:
        fresh = {record.seq: render(record, order, role, record.at) for record in kept}
        overlays = seen[role].get("overlays", {})
        for seq, data in fresh.items():
            if data is None or (role is Role.courier and order.privacy_closed):
                continue
            event = msgspec.json.decode(data)
            if event["type"] in MESSAGES:
                assert drawn(event, overlays) == drawn(heard[role][seq], overlays), (role, seq)
        if role is not Role.shop:
            texts = b"".join(data for data in fresh.values() if data).decode() + json.dumps(
                seen[role], ensure_ascii=False
            )
            for word, readable in words_of(order, kept, role).items():
                assert readable or word not in texts, (role, word)


def drawn(event: dict[str, Any], overlays: dict[str, Any]) -> Any:
    """What a screen makes of a message: everything through its overlay."""
    body = {**event["body"]}
    overlay = overlays.get(str(event["seq"]), {})
    if overlay.get("recalled_at"):
        return "recalled"
    body["text"] = overlay.get("text") or body.get("text")
    if quote := body.get("quote"):
        over = overlays.get(str(quote["seq"]), {})
        text = "recalled" if over.get("recalled_at") else over.get("text") or quote.get("text")
        body["quote"] = {"seq": quote["seq"], "name": quote["name"], "text": text}
    return body


def words_of(order: Order, kept: list[Record], role: Role) -> dict[str, bool]:
    """Every word of a message or an edit, and whether this role may read it in some message."""
    found: dict[str, bool] = {}
    for record in kept:
        body = json.loads(record.body)
        text = body.get("text")
        if not isinstance(text, str) or record.type not in ("message_sent", "message_edited"):
            continue
        over = order.overlays.get(str(record.seq))
        gone = over is not None and bool(over.recalled_at or over.edited_at)
        readable = record.type == "message_sent" and bool(record.audience & AUDIENCE_OF[role]) and not gone
        found[text] = found.get(text, False) or readable
    for seq, over in order.overlays.items():  # what an edited message says now
        if over.text:
            found[over.text] |= bool(over.audience & AUDIENCE_OF[role])
            assert int(seq) > 0
    return found


def check_secrets(data: bytes, role: Role, order: Order) -> None:
    text = json.dumps(json.loads(data), ensure_ascii=False)
    for secret in SECRETS.get(role, []):
        assert secret not in text, (role, secret, text)
    if role is Role.recipient and order.status.value not in ("delivered", "rated"):
        assert "节日快乐" not in text
        assert "换成生日快乐" not in text
    if role is Role.courier and order.privacy_closed:
        assert "5号楼" not in text
        assert "13900001111" not in text


def test_the_recipient_learns_of_the_card_when_the_flowers_are_there() -> None:
    """OR-22: a field may appear to a role although it did not change."""
    play = Play()
    play.place()
    play.do("shop", c.ConfirmOrder(order=ORDER))
    play.do("shop", assign())
    play.do("xiaozhang", c.PickUp(order=ORDER))
    assert redact(play.state, Role.recipient)["card"] is None
    play.now = at("2026-03-07 09:00")
    play.do("xiaozhang", c.Deliver(order=ORDER))
    record = records_of(play, "xiaozhang", 9)[0]
    event = msgspec.json.decode(render(record, play.state, Role.recipient) or b"{}")
    assert event["delta"]["card"]["text"] == "妈妈,节日快乐"


def test_a_message_recalled_in_the_same_commit_is_told_without_its_content() -> None:
    """CO-13: the feed renders with the order as it is after the whole commit, by the short way too."""
    play = Play()
    play.place()
    play.do("buyer", Say(order=ORDER, text="发错了"))
    said = records_of(play, "buyer", play.seq - 1)[0]
    play.do("shop", Say(order=ORDER, text="什么?", reply_to=said.seq))
    answer = records_of(play, "shop", play.seq - 1)[0]
    assert len({*render_for_all(answer, play.state).values()}) == 1
    play.do("buyer", t.RecallMessage(order=ORDER, seq=said.seq))
    for record in (said, answer):
        told = render_for_all(record, play.state)
        assert "发错了" not in told["buyer"].decode() + told["courier"].decode()
        assert "发错了" in told["shop"].decode()


def test_nobody_learns_that_others_did_something_with_what_they_do_not_see() -> None:
    """CO-11, HR-4, HR-6: a mark that went, a block and a report of others say nothing to those beside."""
    play = Play()
    play.place()
    play.do("shop", c.ConfirmOrder(order=ORDER))
    play.do("shop", assign())
    play.do("buyer", t.BlockMember(order=ORDER, role=Role.recipient))
    play.do("buyer", Say(order=ORDER, text="请快一点"))
    play.do("shop", Say(order=ORDER, text="嗯"))
    play.do("buyer", t.ReportMessage(order=ORDER, seq=play.seq))
    play.do("xiaozhang", Say(order=ORDER, text="这位客人很凶", to=[Role.shop]))
    private = play.seq
    for what in (
        t.React(order=ORDER, seq=private, emoji="👍", on=True),
        t.React(order=ORDER, seq=private, emoji="👍", on=False),
        t.BlockMember(order=ORDER, role=Role.buyer),
        t.ReportMessage(order=ORDER, seq=private - 3),
    ):
        play.do("xiaozhang", what)
        (record,) = records_of(play, "xiaozhang", play.seq - 1)
        assert set(render_for_all(record, play.state)) == {"shop", "courier"}, what
        assert render(record, play.state, Role.buyer) is None
