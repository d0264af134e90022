"""Changes and incidents in every way they can be asked for, answered and decided, for random lives."""

import random
from typing import Any

from huaxin.orders import commands as c
from huaxin.orders.model import Card, Incident, Line, Party, Promise, Reason
from tests.unit.orders.helpers import ORDER, Play


def negotiations(play: Play, rng: random.Random, change: str, later: Promise) -> list[tuple[str, Any]]:
    """`change`: id of the one that waits, if one does."""
    return [
        ("buyer", c.AskChange(order=ORDER, card=Card(text="换成生日快乐", signature="悄悄"))),
        ("buyer", c.AskChange(order=ORDER, recipient=Party(name="外婆", phone="13900003333"))),
        (
            "buyer",
            c.AskChange(
                order=ORDER,
                lines=[c.LineWish(product="rose")],
                priced=[Line(product="rose", name="玫瑰", price=25900)],
            ),
        ),
        ("buyer", c.AskChange(order=ORDER, cancel=True, reason="计划变了")),
        ("shop", c.CounterChange(order=ORDER, change=change, fee=300, note="要多走一趟")),
        ("zhang", c.CounterChange(order=ORDER, change=change, promise=later)),
        ("buyer", c.AnswerChange(order=ORDER, change=change, accept=rng.random() < 0.6)),
        ("system", c.ExpireChange(order=ORDER, change=change)),
        ("xiaozhang", c.ReportIncident(order=ORDER, reason=Reason.no_answer, note="reporter-note")),
        (
            "zhang",
            c.ReportIncident(
                order=ORDER, reason=Reason.flowers_damaged, note="reporter-note", picture="pic-1"
            ),
        ),
        ("xiaozhang", c.ReportIncident(order=ORDER, reason=Reason.vehicle_breakdown)),
        *[(who, decision(play, rng)) for who in ("buyer", "shop", "zhang", "xiaozhang") * 2],
        ("system", advance(play)),
    ]


def open_incident(play: Play) -> Incident:
    incidents = play.order.incidents if play.order else []
    none = Incident(id="none", reason=Reason.other, at=0, reporter="", role="", choices=["x"])
    return next((one for one in incidents if one.stage), none)


def decision(play: Play, rng: random.Random) -> c.DecideIncident:
    one = open_incident(play)
    return c.DecideIncident(
        order=ORDER, incident=one.id, stage=one.stage, choice=rng.choice(one.choices), note="reporter-note"
    )


def advance(play: Play) -> c.AdvanceIncident:
    one = open_incident(play)
    play.now = max(play.now, one.until) if one.until and play.now % 2 else play.now
    return c.AdvanceIncident(order=ORDER, incident=one.id, stage=one.stage)
