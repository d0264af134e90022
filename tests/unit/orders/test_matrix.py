"""Role × command × state: what is offered is exactly what is carried out, and every step can be followed.

`pytest -s` prints the counted table.
"""

from collections import Counter
from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from huaxin.http.examples import EXAMPLES
from huaxin.journal.model import Actor, Command, Decision, Record, Rejected
from huaxin.kernel import AUDIENCE_OF, Role, Text
from huaxin.live.render import render
from huaxin.orders import commands as c
from huaxin.orders.lifecycle import allowed_actions
from huaxin.orders.model import Alert, Change, Incident, Order, Promise, Reason, Status
from huaxin.orders.redact import redact
from tests.unit.orders.helpers import HOME, ORDER, RULES, SHOP, Play, assign, wish
from tests.unit.orders.test_views import ROLES, assign_over, clean

HOUR = 3_600_000
ACTORS = {
    Role.buyer: Actor(person="p-li", role="buyer", name="李女士"),
    Role.recipient: Actor(person="guest:1", role="recipient", name="妈妈"),
    Role.shop: Actor(person="p-owner", role="shop", name="店主"),
    Role.courier: Actor(person="p-zhang", role="courier", name="张师傅"),
    Role.system: Actor(person="system", role="system", name="系统"),
}
COMMANDS = {str(kind.__struct_config__.tag): kind for kind in get_args(c.OrderCommands)}
# Not offered by `actions`: given by the system alone, or with a rule of their own.
UNOFFERED = {
    "place_order", "undo", "close_privacy", "raise_alert", "escalate_alert", "close_alert", "expire_change",
    "advance_incident", "settle_substitute",
}  # fmt: skip
# Written for this order; a command that comes to it later must at least never be carried out unoffered.
KNOWN = frozenset(
    {
        "place_order", "confirm_order", "start_making", "mark_ready", "assign_courier", "pick_up", "set_off",
        "agree_time", "mark_arriving", "mark_arrived", "deliver", "rate", "cancel_order", "ask_change",
        "answer_change", "counter_change", "withdraw_change", "expire_change", "report_incident",
        "decide_incident", "advance_incident", "resolve_incident", "fail_delivery", "retry_delivery",
        "start_return", "confirm_return", "undo", "report_slipping", "close_privacy", "confirm_stop",
        "answer_alert", "raise_alert", "escalate_alert", "close_alert",
    }
)  # fmt: skip
OF_THE_SYSTEM = UNOFFERED - {"place_order", "undo"}


def standing(status: Status, now: int) -> Order:
    """An order with a courier, in this status, with something of everything waiting."""
    play = Play(now)
    play.place()
    play.do("shop", c.ConfirmOrder(order=ORDER))
    play.do("shop", assign("zhang"))
    change = Change(
        id="ch-1", asked_by="buyer", asked_at=now, promise=Promise(end=now + 30 * HOUR), expires_at=now
    )
    incident = Incident(
        id="in-1", reason=Reason.no_answer, at=now, reporter="p-zhang", role="courier", playbook="door",
        stage="ask", decides="buyer", choices=["guard"], until=now, default="return",
    )  # fmt: skip
    alert = Alert(kind="silent", at=now, since=now, level="courier", text=Text("静", "silent"), asks=True)
    return replace(
        play.state,
        status=status,
        times={**play.state.times, status.value: now},
        change=change,
        incidents=[incident],
        alerts=[alert],
        undo=None,
    )


def wish_of(name: str, now: int) -> Any:
    more: dict[str, dict[str, Any]] = {
        "assign_courier": {"courier": "p-xiaozhang", "courier_name": "小张"},
        "agree_time": {"at": now + HOUR},
        "rate": {"stars": 5},
        "ask_change": {"promise": Promise(end=now + 9 * HOUR)},
        "answer_change": {"change": "ch-1", "accept": True},
        "counter_change": {"change": "ch-1", "promise": Promise(end=now + 8 * HOUR)},
        "withdraw_change": {"change": "ch-1"},
        "expire_change": {"change": "ch-1"},
        "report_incident": {"reason": Reason.other},
        "decide_incident": {"incident": "in-1", "stage": "ask", "choice": "guard"},
        "advance_incident": {"incident": "in-1", "stage": "ask"},
        "resolve_incident": {"incident": "in-1"},
        "fail_delivery": {"reason": Reason.other},
        "report_slipping": {"eta_at": now + HOUR},
        "answer_alert": {"kind": "silent", "answer": "fine"},
        "raise_alert": {"kind": "battery", "since": now, "level": "shop", "text": Text("电", "battery")},
        "escalate_alert": {"kind": "silent", "level": "shop", "text": Text("静", "silent")},
        "close_alert": {"kind": "silent"},
        "deliver": {"point": HOME},
        "settle_substitute": {"substitution": "none"},
    }
    if name == "place_order":
        return wish()
    if name in more or name not in EXAMPLES:
        return COMMANDS[name](order=ORDER, **more.get(name, {}))
    # What has no rule of its own here is tried with its example.
    return msgspec.convert({**EXAMPLES[name], "command": name, "order": ORDER}, COMMANDS[name])


def given(order: Order, role: Role, name: str, now: int) -> Decision | None:
    """None: refused, with the order as it was."""
    command = Command(
        shop=SHOP, subject=ORDER, actor=ACTORS[role], command_id="c-matrix", body=wish_of(name, now)
    )
    before = msgspec.json.encode(order)
    try:
        return RULES.decide(order, command, now)
    except Rejected:
        return None
    finally:
        assert msgspec.json.encode(order) == before


def test_every_role_command_and_state() -> None:
    """OR-3, OR-8, OR-20: 5 roles × every command × 15 states: carried out exactly when offered; for all that
    is carried out, old snapshot + events = fresh snapshot, for every role."""
    now = Play().now + HOUR
    tried, done, followed = Counter[str](), Counter[str](), 0
    for status in Status:
        for role in Role:
            for name in COMMANDS:
                order = standing(status, now)
                if name == "ask_change":
                    order = replace(order, change=None)
                tried[name] += 1
                offered = name in allowed_actions(order, role, now)
                decision = given(order, role, name, now)
                if name in KNOWN - UNOFFERED:
                    assert offered == (decision is not None), (status, role, name)
                elif name not in UNOFFERED:
                    assert offered or decision is None, (status, role, name)
                elif name in OF_THE_SYSTEM:
                    assert decision is None or role is Role.system, (status, role, name)
                if decision is not None:
                    done[name] += 1
                    followed += follow(order, decision, role, now)
    # An undo needs a tap before it, placing that there is nothing yet: they have tests of their own.
    assert not KNOWN - set(done) - {"place_order", "undo"}
    total, carried = sum(tried.values()), sum(done.values())
    print(f"\n{len(Role)} roles × {len(COMMANDS)} commands × {len(Status)} states = {total}")
    print(f"carried out {carried}, refused with nothing changed {total - carried}, views followed {followed}")
    for name in COMMANDS:
        print(f"  {name:18} {done[name]:3} of {tried[name]}")


def follow(order: Order, decision: Decision, role: Role, now: int) -> int:
    after: Order = decision.state
    for seer in ROLES:
        seen = clean(redact(order, seer))
        for n, fact in enumerate(decision.facts):
            record = Record(
                shop=SHOP, seq=n + 1, at=now, subject=ORDER, type=fact.type, version=1,
                actor=fact.actor or ACTORS[role].person, role=fact.actor or role.value,
                audience=fact.audience, body=fact.body, delta=fact.delta,
            )  # fmt: skip
            data = render(record, after, seer, now)
            if data is not None:
                event = msgspec.json.decode(data)
                seen = assign_over(seen, event.get("delta") or {})
            elif fact.delta:
                assert not fact.audience & AUDIENCE_OF[seer]
        assert seen == clean(redact(after, seer)), (seer, role, decision.facts[0].type)
    return len(ROLES)
